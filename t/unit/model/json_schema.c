/*
 * What is a schema, and what fits one.
 */
#include "base/base.h"

#include "model/json_schema.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"

#include "tap.h"

static struct json_object *
parse(struct arena *arena, const char *json)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, json, strlen(json), &tree, &fault) != OK)
		printf("# no JSON: %s\n", json);
	return tree;
}

/* clang-format off */
static const struct {
	const char *schema;
	const char *path, *message; /* NULL: it is one */
	const char *name;
} schemas[] = {
	{ "{}", NULL, NULL, "an empty one" },
	{ "{\"type\":[\"string\",\"null\"],\"x-ours\":1}", NULL, NULL,
	    "several types, and a keyword of nobody" },
	{ "{\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"null\"}]}}}", NULL,
	    NULL, "one in another" },
	{ "[]", "/s", "it must be a schema: an object", "an array" },
	{ "{\"type\":\"text\"}", "/s/type", "type must be string, number,"
	    " integer, boolean, array, object or null, or an array of these",
	    "a type that there is not" },
	{ "{\"type\":[]}", "/s/type", "type must be string, number, integer,"
	    " boolean, array, object or null, or an array of these",
	    "no type" },
	{ "{\"properties\":{\"a\":\"x\"}}", "/s/properties/a",
	    "a must be a schema: an object", "a property in words" },
	{ "{\"properties\":[]}", "/s/properties",
	    "properties must be an object of schemas", "a list of them" },
	{ "{\"properties\":{\"a/b\":{\"items\":{\"type\":1}}}}",
	    "/s/properties/a~1b/items/type", "type must be string, number,"
	    " integer, boolean, array, object or null, or an array of these",
	    "a fault deep within" },
	{ "{\"required\":\"a\"}", "/s/required",
	    "required must be an array of names", "one name" },
	{ "{\"required\":[1]}", "/s/required",
	    "required must be an array of names", "a number as a name" },
	{ "{\"enum\":[]}", "/s/enum",
	    "enum must be an array of at least one value", "no choice" },
	{ "{\"minimum\":\"1\"}", "/s/minimum", "minimum must be a number",
	    "a limit in quotes" },
	{ "{\"maxLength\":-1}", "/s/maxLength",
	    "maxLength must be an integer that is not negative",
	    "a length below 0" },
	{ "{\"description\":{}}", "/s/description",
	    "description must be a string", "a description that is none" },
	{ "{\"additionalProperties\":1}", "/s/additionalProperties",
	    "additionalProperties must be a schema: an object",
	    "additional properties in numbers" },
	{ "{\"oneOf\":{}}", "/s/oneOf", "oneOf must be an array of schemas",
	    "a choice that is no list" },
};

#define OBJECT(rest) "{\"type\":\"object\"," rest "}"
#define A(schema) OBJECT("\"properties\":{\"a\":" schema "}")

static const struct {
	const char *schema, *value, *fault, *name;
} values[] = {
	{ A("{\"type\":\"string\"}"), "{\"a\":\"x\"}", NULL, "a text" },
	{ A("{\"type\":\"string\"}"), "{\"a\":1}", "a must be a string",
	    "a number is no text" },
	{ A("{\"type\":\"string\"}"), "{}", NULL, "what is not required" },
	{ A("{\"type\":\"integer\"}"), "{\"a\":2.0}", NULL, "a whole number" },
	{ A("{\"type\":\"integer\"}"), "{\"a\":2.5}", "a must be an integer",
	    "a half" },
	{ A("{\"type\":\"integer\"}"), "{\"a\":\"2\"}",
	    "a must be an integer", "an integer in quotes" },
	{ A("{\"type\":\"number\"}"), "{\"a\":2}", NULL, "an integer" },
	{ A("{\"type\":\"boolean\"}"), "{\"a\":\"true\"}",
	    "a must be true or false", "a word" },
	{ A("{\"type\":[\"string\",\"null\"]}"), "{\"a\":null}", NULL,
	    "one of several types" },
	{ A("{\"type\":[\"string\",\"null\"]}"), "{\"a\":1}",
	    "a must be a string", "none of them" },
	{ A("{\"type\":\"string\"}"), "{\"a\":null}", "a must be a string",
	    "null is no text" },
	{ OBJECT("\"required\":[\"a\",\"b\"]"), "{\"b\":null}",
	    "a is missing", "what is required" },
	{ OBJECT("\"additionalProperties\":false"), "{\"a\":1}",
	    "a is not known", "no more than there is" },
	{ OBJECT("\"additionalProperties\":true"), "{\"a\":1}", NULL,
	    "more where it may be" },
	{ OBJECT("\"additionalProperties\":{\"type\":\"string\"}"),
	    "{\"a\":1}", "a must be a string", "more of one type" },
	{ A("{\"enum\":[\"red\",3]}"), "{\"a\":\"red\"}", NULL, "a choice" },
	{ A("{\"enum\":[\"red\",3]}"), "{\"a\":\"Red\"}",
	    "a must be one of [\"red\",3]", "no choice" },
	{ A("{\"minimum\":1,\"maximum\":9}"), "{\"a\":0}",
	    "a must be at least 1", "too small" },
	{ A("{\"minimum\":1,\"maximum\":9}"), "{\"a\":10}",
	    "a must be at most 9", "too large" },
	{ A("{\"exclusiveMinimum\":1}"), "{\"a\":1}",
	    "a must be greater than 1", "at the limit" },
	{ A("{\"exclusiveMaximum\":1}"), "{\"a\":1}", "a must be less than 1",
	    "at the other" },
	{ A("{\"minLength\":2}"), "{\"a\":\"\xc3\xa4\"}",
	    "a must have at least 2 characters", "characters are counted" },
	{ A("{\"maxItems\":1}"), "{\"a\":[1,2]}",
	    "a must have at most 1 items", "too many items" },
	{ A("{\"items\":{\"type\":\"string\"}}"), "{\"a\":[\"x\",1]}",
	    "a.1 must be a string", "an item is named" },
	{ A("{\"type\":\"object\",\"required\":[\"b\"]}"), "{\"a\":{}}",
	    "a.b is missing", "a member of a member" },
	{ OBJECT("\"required\":[\"a\",\"b\"]"), "{}",
	    "a is missing; b is missing", "all is said at once" },
	{ OBJECT("\"title\":\"x\""), "[]", "the value must be an object",
	    "the whole" },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	struct faults faults;
	enum outcome rc;
	size_t i;

	for (i = 0; i < COUNT(schemas); i++) {
		faults_init(&faults, arena);
		rc = json_schema_check(
		    arena, parse(arena, schemas[i].schema), "/s", &faults);
		is_int(rc, schemas[i].path == NULL ? OK : INVALID,
		    "as a schema: %s", schemas[i].name);
		is_int((int64_t)faults.count, schemas[i].path != NULL,
		    "with its fault");
		if (faults.count == 0)
			continue;
		is_text(faults.list[0].field, schemas[i].path, "at its place");
		is_text(faults.list[0].message, schemas[i].message,
		    "that says what is right");
	}
	for (i = 0; i < COUNT(values); i++)
		is_text(json_schema_fault(arena, parse(arena, values[i].schema),
			    parse(arena, values[i].value)),
		    values[i].fault, "as a value: %s", values[i].name);
	arena_free(arena);
	return done();
}
