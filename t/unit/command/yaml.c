/*
 * YAML becomes the JSON that it stands for, and nothing more than that.
 */
#include "base/base.h"

#include "command/yaml.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "tap.h"

#include <string.h>

static const struct {
	const char *yaml, *json;
} good[] = {
	{ "", "null" },
	{ "# nothing\n", "null" },
	{ "a: 1\nb: [x, 'y', \"z\\n\"]\n",
	    "{\"a\":1,\"b\":[\"x\",\"y\",\"z\\n\"]}" },
	{ "{\"a\": {\"b\": null}}", "{\"a\":{\"b\":null}}" },
	{ "- ~\n-\n- null\n- Null\n- nULL\n",
	    "[null,null,null,null,\"nULL\"]" },
	{ "[true, True, FALSE, yes, no, on, off]",
	    "[true,true,false,\"yes\",\"no\",\"on\",\"off\"]" },
	{ "[1, -1, +1, 007, 9223372036854775807]",
	    "[1,-1,1,7,9223372036854775807]" },
	{ "[1.5, .5, 1e3, 1.10, -2.]", "[1.5,0.5,1000,1.1,-2]" },
	{ "['1', \"true\", !!str 1, ! 2]", "[\"1\",\"true\",\"1\",\"2\"]" },
	{ "[1.2.3, 1-2, -, +, ., e3, 0x10, .inf, 2026-01-01, 1e999]",
	    "[\"1.2.3\",\"1-2\",\"-\",\"+\",\".\",\"e3\",\"0x10\",\".inf\","
	    "\"2026-01-01\",\"1e999\"]" },
	{ "a: |\n  one\n  two\nb: >-\n  one\n  two\n",
	    "{\"a\":\"one\\ntwo\\n\",\"b\":\"one two\"}" },
	{ "1: a\ntrue: b\n", "{\"1\":\"a\",\"true\":\"b\"}" },
	{ "a: &x {b: 1}\nc: *x\n", "{\"a\":{\"b\":1},\"c\":{\"b\":1}}" },
	{ "[&x 1, &x 2, *x]", "[1,2,2]" },
	{ "a: &x\nb: *x\n", "{\"a\":null,\"b\":null}" },
	{ "<<: {a: 1}\n", "{\"<<\":{\"a\":1}}" },
	{ "--- \na: \xc3\xa9\n...\n", "{\"a\":\"\xc3\xa9\"}" },
};

static const struct {
	const char *yaml;
	size_t line;
	const char *what;
} bad[] = {
	{ "a: 1\na: 2\n", 2, "a name is repeated" },
	{ "a: 1\n--- \nb: 2\n", 2, "there is a second document" },
	{ "a: !!python/object:os.system x\n", 1,
	    "a tag but !!str is not allowed" },
	{ "a: !!int 1\n", 1, "a tag but !!str is not allowed" },
	{ "a: !thing {b: 1}\n", 1, "a tag but !!str is not allowed" },
	{ "a: !!set [b]\n", 1, "a tag but !!str is not allowed" },
	{ "? [a, b]\n: c\n", 1, "a name must be a text" },
	{ "? *x\n: c\n", 1, "a name must be a text" },
	{ "a: *b\n", 1, "an alias names nothing before it" },
	{ "a: &a [*a]\n", 1, "an alias names nothing before it" },
	{ "a: \"\\0\"\n", 1, "a text has a control character in it" },
	{ "\"\\0\": a\n", 1, "a text has a control character in it" },
	{ "a: [1\n", 2, NULL },
	{ "a: \xff\n", 1, NULL },
	{ "a:\n\t- b\n", 2, NULL },
};

static void
test_good(struct arena *arena)
{
	struct json_object *tree;
	struct yaml_fault fault;
	size_t i;

	for (i = 0; i < COUNT(good); i++) {
		if (yaml_parse(arena, good[i].yaml, strlen(good[i].yaml), &tree,
			&fault) != OK)
			is_text(fault.what, "", "%s", good[i].yaml);
		else
			is_text(json_text(arena, tree), good[i].json, "%s",
			    good[i].json);
	}
}

static void
test_bad(struct arena *arena)
{
	struct json_object *tree;
	struct yaml_fault fault = { 0, 0, NULL };
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		is_int(yaml_parse(arena, bad[i].yaml, strlen(bad[i].yaml),
			   &tree, &fault),
		    INVALID, "it is refused");
		is_int(
		    (int64_t)fault.line, (int64_t)bad[i].line, "with its line");
		if (bad[i].what != NULL)
			is_text(fault.what, bad[i].what, "%s", bad[i].what);
	}
}

static enum outcome
parse(struct arena *arena, const char *text, struct yaml_fault *fault)
{
	struct json_object *ignored;

	return yaml_parse(arena, text, strlen(text), &ignored, fault);
}

static const char *
brackets(struct arena *arena, int depth)
{
	struct buf buf;
	int i;

	buf_init(&buf, arena, 4096);
	for (i = 0; i < depth; i++)
		buf_add_text(&buf, "[");
	for (i = 0; i < depth; i++)
		buf_add_text(&buf, "]");
	return buf_text(&buf);
}

/* Nine lines that stand for nine to the ninth: a classic. */
static void
test_bounds(struct arena *arena)
{
	struct yaml_fault fault = { 0, 0, "" };
	struct buf buf;
	int i, j;

	is_int(parse(arena, brackets(arena, JSON_DEPTH), &fault), OK,
	    "as deep as JSON may be is deep enough");
	is_int(parse(arena, brackets(arena, JSON_DEPTH + 1), &fault), INVALID,
	    "deeper is too deep");
	is_text(fault.what, "it is too deep", "and that is said");
	is_int(parse(arena,
		   arena_format(arena, "- &x %s\n- [*x]\n",
		       brackets(arena, JSON_DEPTH - 1)),
		   &fault),
	    INVALID, "an alias makes nothing deeper");
	buf_init(&buf, arena, 4096);
	buf_add_text(&buf, "- &a0 [x,x,x,x,x,x,x,x,x]\n");
	for (i = 1; i < 9; i++) {
		buf_add_format(&buf, "- &a%d [", i);
		for (j = 0; j < 9; j++)
			buf_add_format(&buf, "%s*a%d", j ? "," : "", i - 1);
		buf_add_text(&buf, "]\n");
	}
	is_int(parse(arena, buf_text(&buf), &fault), INVALID,
	    "aliases do not become more than may be written out");
	is_text(fault.what, "it is too much", "and that is said");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_good(arena);
	test_bad(arena);
	test_bounds(arena);
	arena_free(arena);
	return done();
}
