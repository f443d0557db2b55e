/*
 * The engine's own functions, as the model is told of them and as it calls
 * them.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/function.h"
#include "model/template.h"

#include "tap.h"

static const char *
member(struct arena *arena, struct json_object *tree, const char *path)
{
	return template_fill(
	    arena, arena_format(arena, "{{%s}}", path), tree, NULL);
}

static void
test_write(struct arena *arena)
{
	struct json_object *tree =
	    json_own(arena, function_write(arena, FUNCTION_END));

	is_text(member(arena, tree, "type"), "function", "it is a function");
	is_text(member(arena, tree, "function.name"), "end_conversation",
	    "it has its name");
	is_text(member(arena, tree, "function.parameters.type"), "object",
	    "its parameters are an object");
	is_text(member(arena, tree, "function.parameters.required"),
	    "[\"reason\"]", "of which the reason is required");
	is_text(
	    member(arena, tree, "function.parameters.properties.farewell.type"),
	    "string", "and the farewell is a text");
	tree = json_own(arena, function_write(arena, FUNCTION_HAND_OFF));
	is_text(member(arena, tree, "function.name"), "hand_off_to_human",
	    "the other one has its name");
	is_text(member(arena, tree, "function.parameters.properties.farewell"),
	    "{{function.parameters.properties.farewell}}", "and no farewell");
}

static const struct {
	const char *arguments, *reason, *farewell, *name;
} cases[] = {
	/* clang-format off */
	{ "{\"reason\":\"done\",\"farewell\":\"Bye\"}", "done", "Bye",
	    "arguments are read" },
	{ "{\"farewell\":\"Bye\"}", "", "Bye", "one may be missing" },
	{ "{\"reason\":7,\"farewell\":\"Bye\"}", "", "Bye", "or wrong" },
	{ "{\"reason\":null,\"more\":1}", "", "", "or null" },
	{ "{}", "", "", "or all of them" },
	{ "", "", "", "nothing is none" },
	{ "[]", "", "", "an array is none" },
	{ "{\"reason\":\"do", "", "", "what is cut is none" },
	{ "{{{{{{{{", "", "", "what is no JSON is none" },
	/* clang-format on */
};

static void
test_read(struct arena *arena)
{
	struct function_arguments read;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		read = function_read(arena, FUNCTION_END, cases[i].arguments);
		is_text(read.reason, cases[i].reason, "%s", cases[i].name);
		is_text(read.farewell, cases[i].farewell, "and so is the rest");
	}
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_write(arena);
	test_read(arena);
	arena_free(arena);
	return done();
}
