/*
 * Calls as models write them, well and badly.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/turn_call.h"

#include "tap.h"

#define CALL(id, name, arguments)                                              \
	"{\"id\":\"" id                                                        \
	"\",\"type\":\"function\",\"function\":{\"name\":\"" name              \
	"\",\"arguments\":" arguments "}}"

static const struct {
	const char *calls;
	size_t count;
	const char *id, *called, *arguments; /* of the last */
	bool right;
	const char *name;
} cases[] = {
	/* clang-format off */
	{ "[" CALL("a", "look_up", "\"{\\\"x\\\":1}\"") "]", 1,
	    "a", "look_up", "{\"x\":1}", true, "a call is read" },
	{ "[" CALL("a", "one", "\"{}\"") "," CALL("b", "two", "\"{}\"") "]",
	    2, "b", "two", "{}", true, "several are read in order" },
	{ "[" CALL("a", "one", "{\"x\": 1}") "]", 1,
	    "a", "one", "{\"x\":1}", true, "arguments may be an object" },
	{ "[" CALL("a", "one", "\"\"") "]", 1,
	    "a", "one", "{}", true, "or nothing" },
	{ "[" CALL("a", "one", "null") "]", 1,
	    "a", "one", "{}", true, "or null" },
	{ "[" CALL("a", "one", "\"{\\\"x\\\":\"") "]", 1,
	    "a", "one", "{\"x\":", false, "what is cut is not right" },
	{ "[" CALL("a", "one", "\"[1]\"") "]", 1,
	    "a", "one", "[1]", false, "nor is an array" },
	{ "[" CALL("", "one", "\"{}\"") "]", 1,
	    "call_7_0", "one", "{}", true, "a call without an id is given one" },
	{ "[" CALL("a", "one", "\"{}\"") "," CALL("a", "two", "\"{}\"") "]",
	    2, "call_7_1", "two", "{}", true, "and one with another's" },
	{ "[" CALL("a\\u0001", "one", "\"{}\"") "]", 1,
	    "call_7_0", "one", "{}", true, "and one with a strange one" },
	{ "[" CALL("a", "get weather!", "\"{}\"") "]", 1,
	    "a", "get_weather_", "{}", true, "a name is put right" },
	{ "[" CALL("a", "", "\"{}\"") "]", 1,
	    "a", "unknown", "{}", true, "or made up" },
	{ "[{\"function\":{\"name\":\"one\"}}]", 1,
	    "call_7_0", "one", "{}", true, "the rest may be missing" },
	{ "[]", 0, NULL, NULL, NULL, false, "none is none" },
	{ "{}", 0, NULL, NULL, NULL, false, "an object is none" },
	{ "[1,null,\"x\",{},[],{\"function\":1},{\"function\":{\"name\":2}}]",
	    0, NULL, NULL, NULL, false, "what is no call is passed over" },
	{ "[{", 0, NULL, NULL, NULL, false, "what is no JSON is none" },
	{ "", 0, NULL, NULL, NULL, false, "nothing is none" },
	/* clang-format on */
};

static void
test_read(struct arena *arena)
{
	struct turn_call calls[TURN_CALLS_AT_ONCE];
	const struct turn_call *last;
	size_t i, count;

	for (i = 0; i < COUNT(cases); i++) {
		count = turn_call_read(arena, cases[i].calls, 7, calls);
		is_int((int64_t)count, (int64_t)cases[i].count, "%s",
		    cases[i].name);
		if (count == 0 || count != cases[i].count)
			continue;
		last = &calls[count - 1];
		is_text(last->id, cases[i].id, "with its id");
		is_text(last->name, cases[i].called, "its name");
		is_text(last->arguments, cases[i].arguments, "its arguments");
		ok(turn_call_is_right(arena, last) == cases[i].right,
		    "and whether they are right");
	}
}

static void
test_many(struct arena *arena)
{
	struct turn_call calls[TURN_CALLS_AT_ONCE];
	const char *text = CALL("a", "one", "\"{}\"");
	int i;

	for (i = 0; i < 6; i++)
		text = arena_format(arena, "%s,%s", text, text);
	is_int((int64_t)turn_call_read(
		   arena, arena_format(arena, "[%s]", text), 7, calls),
	    TURN_CALLS_AT_ONCE, "too many calls are dropped");
}

static void
test_write(struct arena *arena)
{
	struct turn_call call = { .id = "a",
		.name = "one",
		.arguments = "{\"x\":1}",
		.result = "Say \"hi\"" };

	is_text(
	    json_text(arena, json_own(arena, turn_call_write(arena, &call))),
	    CALL("a", "one", "\"{\\\"x\\\":1}\""),
	    "a call is shown as it was written");
	is_text(json_text(arena, json_own(arena, turn_call_result(&call))),
	    "{\"role\":\"tool\",\"content\":\"Say \\\"hi\\\"\","
	    "\"tool_call_id\":\"a\"}",
	    "its result names it");
	call.arguments = "{\"x\":";
	is_text(
	    json_text(arena, json_own(arena, turn_call_write(arena, &call))),
	    CALL("a", "one", "\"{}\""), "wrong arguments are shown as none");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_read(arena);
	test_many(arena);
	test_write(arena);
	arena_free(arena);
	return done();
}
