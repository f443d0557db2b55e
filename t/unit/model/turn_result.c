/*
 * What came of a turn: written by the worker, read by who waits for it.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/id.h"
#include "model/turn.h"
#include "model/turn_result.h"

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	const char *const texts[] = { "Hello.", "How are \"you\"?" };
	struct turn_result made = {
		.turn_id = id_new(),
		.said = turn_result_sayings(arena, texts, 2),
		.ending = ACTION_HAND_OFF,
		.number = "+15550001",
		.widgets = "[{\"type\":\"info\",\"data\":{}}]",
		.tool_calls = 2,
	};
	struct turn_result read = { .ending = -1 };
	const char *text = turn_result_write(arena, &made);

	is_int(turn_result_read(arena, text, &read), OK, "it is read back");
	ok(id_equal(&read.turn_id, &made.turn_id), "with its turn");
	is_text(turn_result_text(arena, &read), "Hello.\n\nHow are \"you\"?",
	    "and what was said as one text");
	is_int(read.ending, ACTION_HAND_OFF, "how it ended");
	is_int(read.tool_calls, 2, "how many tools it called");
	is_text(read.widgets, made.widgets, "what it shows");
	is_text(read.number, "+15550001", "and to whom it is handed over");
	made =
	    (struct turn_result){ .turn_id = id_new(), .ending = ACTION_WAIT };
	text = turn_result_write(arena, &made);
	ok(strstr(text, "said") == NULL, "words that a carrier took are not"
					 " in it");
	is_int(turn_result_read(arena, text, &read), OK, "it is read as well");
	is_text(turn_result_text(arena, &read), "", "and nothing was said");
	is_int(turn_result_read(arena, "{\"stopped\":\"it ended\"}", &read),
	    INVALID, "a turn that was stopped has no such result");
	is_int(turn_result_read(arena, NULL, &read), INVALID,
	    "nor has one that is not done");
	arena_free(arena);
	return done();
}
