/*
 * Places of a definition, filled for where they stand.
 */
#include "base/base.h"

#include "model/tool_fill.h"

#include "base/arena.h"
#include "base/json.h"

#include "tap.h"

static const char variables[] =
    "{\"a\":\"x y\",\"n\":5,\"lines\":\"a\\nb\",\"quote\":\"\\\"\","
    "\"dots\":\"{{n}}\",\"input\":{\"id\":\"7\"}}";

/* clang-format off */
static const struct {
	const char *text;
	enum tool_place where;
	const char *filled, *fault, *name;
} texts[] = {
	{ "{{a}} {{n}}", IN_TEXT, "x y 5", NULL, "a text" },
	{ "{{dots}}", IN_TEXT, "{{n}}", NULL, "a value is not filled" },
	{ "{{who}} {{", IN_TEXT, "{{who}} {{", NULL, "the unknown stays" },
	{ "<{{input.none}}>", IN_TEXT, "<>", NULL, "no input is nothing" },
	{ "/{{a}}", IN_URL, "/x%20y", NULL, "a part of a path" },
	{ "/{{input.none}}", IN_URL, "/", "the tool's URL needs a value that"
	    " is not known: input.none", "a part that is missing" },
	{ "/?b={{input.none}}", IN_URL, "/?b=", NULL, "not in a query" },
	{ "b={{input.none}}&a={{a}}", IN_FORM, "b=&a=x%20y", NULL,
	    "nor in a form" },
	{ "{{lines}}", IN_HEADER, "a b", NULL, "a header is one line" },
	{ "\"{{quote}}\"", IN_JSON, "\"\\\"\"", NULL, "within quotes" },
	{ "{{quote}}", IN_JSON, "\"\\\"\"", NULL, "outside of them" },
	{ "[{{n}},{{input.none}}]", IN_JSON, "[5,null]", NULL, "a value" },
	{ "{{SECRET.K}}", IN_TEXT, "hush", NULL, "a secret" },
	{ "{{SECRET.X}}", IN_TEXT, "{{SECRET.X}}", "the tool is not set up:"
	    " there is no secret SECRET.X", "a secret that there is not" },
	{ "0123456789012345678901234567890123456789", IN_TEXT,
	    "01234567890123456789012345678901",
	    "the values are too long for the tool", "a text that is too long" },
};

static const struct {
	const char *tree, *filled, *name;
} trees[] = {
	{ "{\"a\":\"{{n}}\",\"b\":\"{{input.id}}\"}",
	    "{\"a\":5,\"b\":\"7\"}", "a place alone is its value" },
	{ "{\"a\":\"{{input.none}}\",\"b\":null}", "{\"b\":null}",
	    "a member without one is left out" },
	{ "[\"{{input.none}}\",\"n={{n}}\",1,true]",
	    "[null,\"n=5\",1,true]", "an item is null" },
	{ "{\"a\":{\"b\":[\"{{SECRET.K}}\"]}}", "{\"a\":{\"b\":[\"hush\"]}}",
	    "however deep" },
};
/* clang-format on */

static struct json_object *
parse(struct arena *arena, const char *json)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, json, strlen(json), &tree, &fault) != OK)
		printf("# no JSON: %s\n", json);
	return tree;
}

static struct tool_filler
filler_of(struct arena *arena)
{
	return (struct tool_filler){ .arena = arena,
		.variables = parse(arena, variables),
		.secrets = parse(arena, "{\"K\":\"hush\"}") };
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct tool_filler filler;
	const char *text;
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		filler = filler_of(arena);
		text =
		    tool_fill_text(&filler, texts[i].text, texts[i].where, 32);
		is_text(text, texts[i].filled, "%s", texts[i].name);
		is_text(filler.fault, texts[i].fault, "with its fault");
	}
	for (i = 0; i < COUNT(trees); i++) {
		filler = filler_of(arena);
		is_text(json_text(arena,
			    json_own(arena, tool_fill_tree(&filler,
						parse(arena, trees[i].tree)))),
		    trees[i].filled, "%s", trees[i].name);
		ok(filler.fault == NULL, "without a fault");
	}
	tool_fill_complain(&filler, "first ", "a");
	tool_fill_complain(&filler, "second ", "b");
	is_text(filler.fault, "first a", "the first fault is kept");
	filler.secrets = NULL;
	is_text(tool_fill_text(&filler, "/{{SECRET.K}}", IN_URL, 32),
	    "/{{SECRET.K}}", "without secrets their places stay");
	arena_free(arena);
	return done();
}
