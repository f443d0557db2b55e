/*
 * Schemas of inputs, from definitions that may be anything.
 */
#include "base/base.h"

#include "model/tool_schema.h"

#include "base/arena.h"
#include "base/json.h"

#include "tap.h"

#define EMPTY "{\"type\":\"object\",\"properties\":{}}"

/* clang-format off */
static const struct {
	const char *given, *schema, *name;
} schemas[] = {
	{ "{}", EMPTY, "nothing is an object without properties" },
	{ "{\"type\":\"object\"}", EMPTY, "so is an object" },
	{ "{\"type\":\"object\",\"properties\":{\"a\":{}},\"x\":1}",
	    "{\"type\":\"object\",\"properties\":{\"a\":{}},\"x\":1}",
	    "a whole one stays as it is" },
	{ "{\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}",
	    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
	    "\"string\"}},\"required\":[\"a\"]}", "one without a type has it" },
	{ "{\"type\":\"object\",\"properties\":{\"a\":\"HH:MM\",\"b\":{"
	    "\"type\":\"time\"}}}",
	    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\","
	    "\"description\":\"HH:MM\"},\"b\":{\"description\":"
	    "\"{\\\"type\\\":\\\"time\\\"}\"}}}",
	    "what is no schema is a description" },
	{ "{\"speech\":\"what to say\",\"example\":{\"a\":1},\"type\":"
	    "\"object\"}",
	    "{\"type\":\"object\",\"properties\":{\"speech\":{\"type\":"
	    "\"string\",\"description\":\"what to say\"}}}",
	    "members are properties where there are none, but for keywords" },
	{ "{\"properties\":{\"a\":{}},\"required\":true}",
	    "{\"type\":\"object\",\"properties\":{\"a\":{}}}",
	    "what is required in no list is not" },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	struct json_object *given;
	struct json_fault fault;
	size_t i;

	for (i = 0; i < COUNT(schemas); i++) {
		if (!ok(json_parse(arena, schemas[i].given,
			    strlen(schemas[i].given), &given, &fault) == OK,
			"a definition is JSON"))
			continue;
		is_text(json_text(arena, tool_schema(arena, given)),
		    schemas[i].schema, "%s", schemas[i].name);
	}
	arena_free(arena);
	return done();
}
