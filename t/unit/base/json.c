/*
 * Parsing and printing.  What is refused is tested with json_check.
 */
#include "base/base.h"

#include "base/json.h"

#include "base/arena.h"

#include "tap.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

struct test {
	const char *name;
	const char *text;
	const char *wanted;
};

struct number {
	double number;
	const char *wanted;
};

/* clang-format off */
static const struct test round_trips[] = {
	{ "white space goes", " { \"a\" : [ 1 , 2 ] } ", "{\"a\":[1,2]}" },
	{ "members keep their order", "{\"z\":1,\"a\":2,\"m\":3}",
	    "{\"z\":1,\"a\":2,\"m\":3}" },
	{ "a slash is not escaped", "[\"a\\/b\"]", "[\"a/b\"]" },
	{ "words stay", "[true,false,null]", "[true,false,null]" },
	{ "null alone stays", "null", "null" },
	{ "a word alone stays", "true", "true" },
	{ "a number alone stays", "12", "12" },
	{ "a double alone stays", "-1.5e3", "-1.5e3" },
	{ "a string alone stays", "\"a\"", "\"a\"" },
	{ "empty things stay", "[{},[],\"\"]", "[{},[],\"\"]" },
	{ "an empty name stays", "{\"\":1}", "{\"\":1}" },
	{ "a double keeps its spelling", "[1.50,1E5,0.10]",
	    "[1.50,1E5,0.10]" },
	{ "64 bits stay",
	    "[9223372036854775807,-9223372036854775808,18446744073709551615]",
	    "[9223372036854775807,-9223372036854775808,18446744073709551615]" },
	{ "escapes become what they stand for",
	    "\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"",
	    "\"A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
	{ "UTF-8 stays", "\"\xc3\xa9\xf0\x9f\x98\x80\"",
	    "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
	{ "short escapes are used", "\"\\u0008\\u0009\\u000a\\u000c\\u000d\"",
	    "\"\\b\\t\\n\\f\\r\"" },
	{ "other controls are lower-case \\u00xx", "\"\\u001F\\u000B\\u0000x\"",
	    "\"\\u001f\\u000b\\u0000x\"" },
	{ "quotes and backslashes are escaped", "\"\\u0022\\u005c\"",
	    "\"\\\"\\\\\"" },
	{ "DEL, U+2028 and U+2029 are not escaped",
	    "\"\\u007f\\u2028\\u2029\"",
	    "\"\x7f\xe2\x80\xa8\xe2\x80\xa9\"" },
	{ "names are escaped as texts are", "{\"a\\n\\u0001/\":1}",
	    "{\"a\\n\\u0001/\":1}" },
	{ "a depth of 32 stays",
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" },
};

static const struct number numbers[] = {
	{ 900, "900" },
	{ 0, "0" },
	{ -0.0, "0" },
	{ 0.7, "0.7" },
	{ 0.1 + 0.2, "0.30000000000000004" },
	{ -1.5, "-1.5" },
	{ 1e21, "1e+21" },
	{ 123456789012345680000.0, "123456789012345680000" },
	{ 1e-7, "1e-7" },
	{ 0.000001, "0.000001" },
	{ 5e-324, "5e-324" },
	{ 1.7976931348623157e308, "1.7976931348623157e+308" },
};
/* clang-format on */

static void
test_round_trip(const struct test *test)
{
	struct arena *arena = arena_new();
	struct json_object *tree = NULL;
	struct json_fault fault;
	const char *text = NULL;
	enum outcome rc;

	rc = json_parse(arena, test->text, strlen(test->text), &tree, &fault);
	if (rc == OK)
		text = json_text(arena, tree);
	is_text(text, test->wanted, "%s", test->name);
	if (rc == OK)
		rc = json_parse(arena, text, strlen(text), &tree, &fault);
	is_text(rc == OK ? json_text(arena, tree) : NULL, text,
	    "%s, and stays so", test->name);
	arena_free(arena);
}

static void
test_numbers(void)
{
	struct arena *arena = arena_new();
	struct json_object *node;
	size_t i;

	for (i = 0; i < COUNT(numbers); i++) {
		node = json_own(arena, json_number(numbers[i].number));
		is_text(json_text(arena, node), numbers[i].wanted,
		    "a number is printed as %s", numbers[i].wanted);
		ok(json_object_get_double(node) == numbers[i].number,
		    "%s has its value", numbers[i].wanted);
	}
	arena_free(arena);
}

static void
test_parse(void)
{
	struct arena *arena = arena_new();
	struct json_object *tree = NULL, *before, *value = NULL;
	struct json_fault fault = { 0, 0, "" };

	/* The text is not ended by a NUL. */
	ok(json_parse(arena, "123456", 3, &tree, &fault) == OK &&
		json_object_get_int64(tree) == 123,
	    "a number ends where the text does");
	ok(json_parse(arena, "nullnull", 4, &tree, &fault) == OK &&
		tree == NULL,
	    "a word ends where the text does");
	ok(json_parse(arena, "{\"a\":\"x\\u0000y\"}", 16, &tree, &fault) ==
		    OK &&
		json_object_object_get_ex(tree, "a", &value) &&
		json_object_get_string_len(value) == 3,
	    "U+0000 in a value is kept");
	before = tree;
	ok(json_parse(arena, "[1,\n01]", 7, &tree, &fault) == INVALID,
	    "what is wrong is refused");
	ok(tree == before, "a refusal leaves the result alone");
	ok(fault.line == 2 && fault.column == 1, "a refusal has its place");
	ok(json_parse(arena, "", 0, &tree, &fault) == INVALID,
	    "an empty text is refused");
	ok(json_parse(arena, NULL, 0, &tree, &fault) == INVALID,
	    "no text at all is refused");
	arena_free(arena);
}

static void
test_nodes(void)
{
	struct arena *arena = arena_new();
	struct json_object *tree = json_own(arena, json_object_new_object());
	struct json_object *copy = NULL;
	char raw[] = "{\"b\":[1, 1.50]}", text[] = "a/\"b\"";

	json_object_object_add(tree, "raw", json_raw(raw));
	json_object_object_add(tree, "text", json_string(text));
	json_object_object_add(tree, "none", json_string(NULL));
	json_object_object_add(tree, "number", json_number(0.7));
	memset(raw, '?', sizeof(raw) - 1);
	memset(text, '?', sizeof(text) - 1);
	is_text(json_text(arena, tree),
	    "{\"raw\":{\"b\":[1, 1.50]},\"text\":\"a/\\\"b\\\"\","
	    "\"none\":null,\"number\":0.7}",
	    "nodes have copies of their texts");
	is_text(json_text(arena, tree), json_text(arena, tree),
	    "a tree is printed twice alike");
	ok(json_object_deep_copy(tree, &copy, NULL) == 0, "a tree is copied");
	is_text(json_text(arena, json_own(arena, copy)), json_text(arena, tree),
	    "the copy is printed alike");
	ok(json_string(NULL) == NULL, "no text is null");
	ok(json_own(arena, NULL) == NULL, "null can be owned");
	is_text(json_text(arena, NULL), "null", "null is printed");
	arena_free(arena);
}

static void
test_own(void)
{
	struct arena *arena = arena_new();
	struct json_object *tree = json_string("a");

	(void)json_object_get(tree);
	ok(json_own(arena, tree) == tree, "an owned tree is handed through");
	arena_clear(arena);
	is_text(json_object_get_string(tree), "a",
	    "the arena gives up only its own share");
	is_int(json_object_put(tree), 1, "and does give that up");
	arena_free(arena);
}

static void
test_finish(void)
{
	struct arena *arena = arena_new();
	struct json_object *tree = json_object_new_array();
	struct json_object *item = json_string("a");

	(void)json_object_array_add(tree, json_object_get(item));
	is_text(json_finish(arena, tree), "[\"a\"]",
	    "a tree is printed for the last time");
	is_int(json_object_put(item), 1, "and was freed by it");
	arena_free(arena);
}

static void
test_member(void)
{
	struct arena *arena = arena_new();
	struct json_object *object, *array;
	struct json_fault ignored;
	const char *text = "{\"a\":\"b\",\"n\":1,\"z\":null}";

	if (json_parse(arena, text, strlen(text), &object, &ignored) != OK ||
	    json_parse(arena, "[]", 2, &array, &ignored) != OK)
		abort();
	is_text(json_member_text(object, "a"), "b", "a text is found");
	is_text(json_member_text(object, "n"), NULL, "a number is none");
	is_text(json_member_text(object, "z"), NULL, "nor is null");
	is_text(json_member_text(object, "x"), NULL, "nor what is not there");
	is_text(json_member_text(array, "a"), NULL, "an array has no members");
	arena_free(arena);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(round_trips); i++)
		test_round_trip(&round_trips[i]);
	test_numbers();
	test_parse();
	test_nodes();
	test_own();
	test_finish();
	test_member();
	return done();
}
