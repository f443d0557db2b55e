/*
 * What is shown of a turn.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/turn_record.h"

#include "tap.h"

#include <string.h>

int
main(void)
{
	struct arena *arena = arena_new();
	const struct turn_record record = {
		.event = "texted",
		.outcome = TURN_DISCARDED,
		.reason = "something was said meanwhile",
		.user_seq = 3,
		.trace = "[{\"event\":\"texted\"}]",
	};
	const char *text = json_text(arena,
	    json_own(arena, field_write(arena, &turn_record_schema, &record)));

	ok(strstr(text, "\"outcome\":\"discarded\"") != NULL,
	    "its outcome is a word");
	ok(strstr(text, "\"seen\":3") != NULL, "what it saw is a number");
	ok(strstr(text, "\"trace\":[{\"event\":\"texted\"}]") != NULL,
	    "its trace is a list");
	arena_free(arena);
	return done();
}
