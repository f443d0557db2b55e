/*
 * The state between turns: written and read again.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/turn_state.h"

#include "tap.h"

static const char *const none[] = { "", "[]", "7", "{", "null" };

int
main(void)
{
	struct arena *arena = arena_new();
	struct turn_state state = {
		.node = "a \"b\"",
		.entered = true,
		.previous = "c",
		.returns = { "d", "e" },
		.return_count = 2,
	};
	struct turn_state read;
	const char *text = turn_state_write(arena, &state);
	size_t i;

	is_text(text,
	    "{\"node\":\"a \\\"b\\\"\",\"entered\":true,\"previous\":\"c\","
	    "\"returns\":[\"d\",\"e\"]}",
	    "a state is a small object");
	is_int(turn_state_read(arena, text, &read), OK, "it is read again");
	is_text(turn_state_write(arena, &read), text, "as it was");
	is_int(turn_state_read(arena, "{}", &read), OK, "all may be left out");
	ok(read.node == NULL && !read.entered && read.return_count == 0,
	    "and then nothing has begun");
	is_int(turn_state_read(arena,
		   "{\"node\":7,\"entered\":\"x\",\"returns\":[1,\"a\",\"b\","
		   "\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]}",
		   &read),
	    OK, "what is of a wrong type is left out");
	is_int((int64_t)read.return_count, TURN_RETURNS,
	    "and there are only so many returns");
	for (i = 0; i < COUNT(none); i++)
		is_int(turn_state_read(arena, none[i], &read), INVALID,
		    "it is no state: %s", none[i]);
	arena_free(arena);
	return done();
}
