/*
 * What strict mode asks of a schema, and what does not fit one.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/strict.h"

#include "tap.h"

#include <json-c/json.h>
#include <string.h>

/* clang-format off */
static const char written[] =
    "{\"type\":\"object\",\"properties\":{"
    "\"day\":{\"type\":\"string\",\"description\":\"a day\"},"
    "\"seats\":{\"type\":[\"number\",\"null\"]},"
    "\"sure\":{\"type\":\"boolean\"},"
    "\"plan\":{\"type\":[\"string\",\"null\"],"
    "\"enum\":[\"gold\",\"basic\",null]},"
    "\"names\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},"
    "\"required\":[\"day\",\"seats\",\"sure\",\"plan\",\"names\"],"
    "\"additionalProperties\":false}";

#define REST ",\"sure\":true,\"plan\":\"gold\",\"names\":[]}"

static const struct {
	const char *value, *fault, *name;
} checks[] = {
	{ "{\"day\":\"x\",\"seats\":2" REST, NULL, "what fits, fits" },
	{ "{\"day\":\"x\",\"seats\":2.5" REST, NULL,
	    "an integer is a number, and a number need be none" },
	{ "{\"day\":\"x\",\"seats\":null" REST, NULL,
	    "null is fine where it may be" },
	{ "{\"day\":null,\"seats\":2" REST,
	    "/day must be \"string\", not null.", "and nowhere else" },
	{ "{\"seats\":2" REST, "/day is missing.",
	    "every property is required" },
	{ "{\"day\":\"x\",\"seats\":2,\"more\":1" REST,
	    "/more is not asked for.", "and no other is allowed" },
	{ "{\"day\":\"x\",\"seats\":\"2\"" REST,
	    "/seats must be [\"number\",\"null\"], not string.",
	    "a text is no number" },
	{ "{\"day\":\"x\",\"seats\":2,\"sure\":1,\"plan\":\"tin\","
	    "\"names\":[\"a\",2]}",
	    "/sure must be \"boolean\", not number."
	    " /plan must be one of [\"gold\",\"basic\",null]."
	    " /names/1 must be \"string\", not number.",
	    "every fault is named" },
	{ "[]", "the answer must be \"object\", not array.",
	    "an array is no object" },
};
/* clang-format on */

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault ignored;

	if (json_parse(arena, text, strlen(text), &tree, &ignored) != OK)
		tree = NULL;
	return tree;
}

static struct json_object *
make(struct arena *arena)
{
	struct json_object *schema = json_own(arena, strict_object());

	strict_add(schema, "day", strict_value("string", false, "a day"));
	strict_add(schema, "seats", strict_value("number", true, NULL));
	strict_add(schema, "sure", strict_value("boolean", false, NULL));
	strict_add(schema, "plan",
	    strict_choice(parse(arena, "[\"gold\",\"basic\"]"), true, NULL));
	strict_add(schema, "names",
	    strict_array(strict_value("string", false, NULL), false, NULL));
	return schema;
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct json_object *schema = make(arena);
	const char *fault;
	size_t i;

	is_text(json_text(arena, schema), written,
	    "a schema requires all that it has, and allows no more");
	for (i = 0; i < COUNT(checks); i++) {
		fault = NULL;
		is_int(strict_check(arena, schema,
			   parse(arena, checks[i].value), &fault),
		    checks[i].fault == NULL ? OK : INVALID, "%s",
		    checks[i].name);
		is_text(fault, checks[i].fault, "%s: in words", checks[i].name);
	}
	arena_free(arena);
	return done();
}
