/*
 * Variables: a conversation's over its number's.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/variables.h"

#include "tap.h"

static const char *
read_text(struct arena *arena, const char *number, const char *own)
{
	return json_text(arena, variables_read(arena, number, own));
}

int
main(void)
{
	struct arena *arena = arena_new();
	const char *own = "{\"b\":2,\"c\":null}";

	is_text(
	    read_text(arena, NULL, NULL), "{}", "without any there is none");
	is_text(read_text(arena, "[]", NULL), "{}",
	    "a number's empty array is none");
	is_text(read_text(arena, "{\"a\":1,\"b\":1}", own),
	    "{\"a\":1,\"b\":2,\"c\":null}", "its own win over its number's");
	is_text(read_text(arena, "{", "null"), "{}", "what is none is none");
	is_text(variables_lay(arena, own, NULL), own,
	    "nothing laid over it leaves it as it was");
	is_text(variables_lay(arena, own,
		    variables_read(arena, NULL, "{\"b\":{\"x\":3}}")),
	    "{\"b\":{\"x\":3},\"c\":null}", "what is laid over it wins, whole");
	is_text(variables_lay(
		    arena, NULL, variables_read(arena, NULL, "{\"n\":1}")),
	    "{\"n\":1}", "also over none");
	is_text(variables_text(arena, "{\"timezone\":\"UTC\"}", "timezone"),
	    "UTC", "a text is found by its name");
	ok(variables_text(arena, "{\"timezone\":1}", "timezone") == NULL &&
		variables_text(arena, "{}", "timezone") == NULL &&
		variables_text(arena, NULL, "timezone") == NULL,
	    "and nothing else is");
	arena_free(arena);
	return done();
}
