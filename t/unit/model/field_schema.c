/*
 * Tables as JSON Schema: what stands in which view, and in which words.
 */
#include "base/base.h"

#include "model/field_schema.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/names.h"
#include "model/field.h"

#include "tap.h"

#include <json-c/json.h>

#define REFERENCE(name) "{\"$ref\":\"#/components/schemas/" name "\"}"
#define REQUEST(properties, rest)                                              \
	"{\"type\":\"object\",\"properties\":{" properties "}" rest            \
	",\"additionalProperties\":true}"

static const char *const colour_words[] = { "", "red", "blue" };
static const struct names colours = NAMES(colour_words);

static bool
is_any(const char *text)
{
	return text != NULL;
}

static const struct text_rule rule = { is_any, "a text" };

/* Room for a member of any kind: nothing is read into it. */
struct sample {
	const char *text, *other;
	double number;
	int64_t integer;
	int colour;
	struct id id;
	struct list list;
};

#define AT(member) FIELD_AT(struct sample, member)

/* clang-format off */
static const struct field part_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED, AT(text), 1, 5 },
	{ "id", FIELD_ID, FIELD_READ_ONLY, AT(id) },
};
/* clang-format on */
static const struct schema part_schema =
    SCHEMA("Part", part_fields, struct sample);

static const struct schema loop_schema;
static const struct field loop_fields[] = {
	{ "next", FIELD_STRUCT, FIELD_NULLABLE, AT(text),
	    .schema = &loop_schema },
	{ "parts", FIELD_LIST, 0, AT(list), .schema = &part_schema },
};
static const struct schema loop_schema =
    SCHEMA("LoopRequest", loop_fields, struct sample);

/* A field, and what it is in each view; NULL: it is not in it. */
struct sample_field {
	struct field field;
	const char *request;
	const char *answer;
	const char *name;
};

/* clang-format off */
static const struct sample_field samples[] = {
	{ { "f", FIELD_TEXT, 0, AT(text) },
	    "{\"type\":\"string\"}",
	    "{\"type\":\"string\"}", "a text" },
	{ { "f", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK, AT(text),
	        1, 255 },
	    "{\"type\":[\"string\",\"null\"],\"minLength\":1,"
	    "\"maxLength\":255,\"pattern\":\"\\\\S\"}",
	    "{\"type\":[\"string\",\"null\"]}",
	    "a text that may be null, with limits" },
	{ { "f", FIELD_TEXT, FIELD_OR_NUMBER | FIELD_NULLABLE, AT(text) },
	    "{\"type\":[\"string\",\"integer\",\"null\"]}",
	    "{\"type\":[\"string\",\"null\"]}",
	    "a text that may be a number" },
	{ { "f", FIELD_TEXT, 0, AT(text), .rule = &rule, .about = "It." },
	    "{\"type\":\"string\",\"description\":\"It. It must be a"
	    " text.\"}",
	    "{\"type\":\"string\",\"description\":\"It.\"}",
	    "a text with a rule" },
	{ { "f", FIELD_TEXT, 0, AT(text), .rule = &rule },
	    "{\"type\":\"string\",\"description\":\"It must be a text.\"}",
	    "{\"type\":\"string\"}",
	    "a text with nothing but a rule" },
	{ { "f", FIELD_TEXT, FIELD_OR_DEFAULT, AT(text) },
	    "{\"type\":[\"string\",\"null\"]}",
	    "{\"type\":\"string\"}",
	    "a text that has a default" },
	{ { "f", FIELD_PHONE, 0, AT(text) },
	    "{\"type\":\"string\",\"pattern\":\"^\\\\+[1-9][0-9]{7,14}$\"}",
	    "{\"type\":\"string\",\"pattern\":\"^\\\\+[1-9][0-9]{7,14}$\"}",
	    "a phone number" },
	{ { "f", FIELD_URL, 0, AT(text) },
	    "{\"type\":\"string\",\"format\":\"uri\",\"maxLength\":2048}",
	    "{\"type\":\"string\",\"format\":\"uri\"}", "an address" },
	{ { "f", FIELD_NUMBER, 0, AT(number) },
	    "{\"type\":\"number\"}", "{\"type\":\"number\"}", "a number" },
	{ { "f", FIELD_NUMBER, 0, AT(number), 0, 2.5 },
	    "{\"type\":\"number\",\"minimum\":0,\"maximum\":2.5}",
	    "{\"type\":\"number\"}", "a number from 0" },
	{ { "f", FIELD_NUMBER, FIELD_ABOVE_LEAST, AT(number), 0, 0 },
	    "{\"type\":\"number\",\"exclusiveMinimum\":0}",
	    "{\"type\":\"number\"}", "a number above 0" },
	{ { "f", FIELD_INTEGER, FIELD_NULLABLE, AT(integer), 1, 50 },
	    "{\"type\":[\"integer\",\"null\"],\"format\":\"int64\","
	    "\"minimum\":1,\"maximum\":50}",
	    "{\"type\":[\"integer\",\"null\"],\"format\":\"int64\"}",
	    "an integer" },
	{ { "f", FIELD_INTEGER, 0, AT(integer), -7, 0 },
	    "{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":-7}",
	    "{\"type\":\"integer\",\"format\":\"int64\"}",
	    "an integer that has a least value alone" },
	{ { "f", FIELD_BOOLEAN, 0, AT(text) },
	    "{\"type\":\"boolean\"}", "{\"type\":\"boolean\"}", "a boolean" },
	{ { "f", FIELD_ID, 0, AT(id) },
	    "{\"type\":\"string\",\"format\":\"uuid\"}",
	    "{\"type\":\"string\",\"format\":\"uuid\"}", "an id" },
	{ { "f", FIELD_WHEN, FIELD_NULLABLE, AT(integer) },
	    "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}",
	    "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}",
	    "a moment" },
	{ { "f", FIELD_NAME, 0, AT(colour), .names = &colours },
	    "{\"type\":\"string\",\"enum\":[\"red\",\"blue\"]}",
	    "{\"type\":\"string\",\"enum\":[\"red\",\"blue\"]}", "a name" },
	{ { "f", FIELD_NAME, FIELD_NULLABLE, AT(colour), .names = &colours },
	    "{\"type\":[\"string\",\"null\"],"
	    "\"enum\":[\"red\",\"blue\",null]}",
	    "{\"type\":[\"string\",\"null\"],"
	    "\"enum\":[\"red\",\"blue\",null]}", "a name that may be null" },
	{ { "f", FIELD_OBJECT, 0, AT(text), .most = 100 },
	    "{\"type\":\"object\"}", "{\"type\":\"object\"}", "an object" },
	{ { "f", FIELD_OBJECT, FIELD_OR_ARRAY | FIELD_NULLABLE, AT(text) },
	    "{\"type\":[\"object\",\"array\",\"null\"]}",
	    "{\"type\":[\"object\",\"array\",\"null\"]}",
	    "an object or an array" },
	{ { "f", FIELD_OBJECT, FIELD_OR_TEXT, AT(text) },
	    "{\"type\":[\"object\",\"string\"]}",
	    "{\"type\":[\"object\",\"string\"]}",
	    "an object or a string" },
	{ { "f", FIELD_BOOLEAN, FIELD_OR_TEXT, AT(text) },
	    "{\"type\":[\"boolean\",\"string\"]}",
	    "{\"type\":\"boolean\"}", "a boolean, be it in quotes" },
	{ { "f", FIELD_ARRAY, 0, AT(text), .most = 100 },
	    "{\"type\":\"array\"}", "{\"type\":\"array\"}", "an array" },
	{ { "f", FIELD_TEXTS, 0, AT(text), 1, 9 },
	    "{\"type\":\"array\",\"items\":{\"type\":\"string\","
	    "\"pattern\":\"\\\\S\"},\"minItems\":1,\"maxItems\":9}",
	    "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}",
	    "an array of texts" },
	{ { "f", FIELD_TEXTS, FIELD_OBJECTS | FIELD_NUMBERS, AT(text) },
	    "{\"type\":\"array\",\"items\":{\"type\":[\"string\",\"object\","
	    "\"integer\"],\"pattern\":\"\\\\S\"}}",
	    "{\"type\":\"array\",\"items\":{\"type\":[\"string\","
	    "\"object\"]}}",
	    "an array of texts, objects and numbers" },
	{ { "f", FIELD_STRUCT, 0, AT(text), .schema = &part_schema },
	    REFERENCE("PartRequest"), REFERENCE("Part"), "a struct" },
	{ { "f", FIELD_STRUCT, FIELD_NULLABLE, AT(text),
	        .schema = &part_schema },
	    "{\"anyOf\":[" REFERENCE("PartRequest") ",{\"type\":\"null\"}]}",
	    REFERENCE("Part"), "a struct that may be null" },
	{ { "f", FIELD_LIST, 0, AT(list), 0, 3, .schema = &part_schema },
	    "{\"type\":\"array\",\"items\":" REFERENCE("PartRequest")
	    ",\"maxItems\":3}",
	    "{\"type\":\"array\",\"items\":" REFERENCE("Part") "}", "a list" },
	{ { "f", FIELD_TEXT, FIELD_READ_ONLY, AT(text) },
	    NULL, "{\"type\":\"string\"}", "what is only shown" },
	{ { "f", FIELD_TEXT, FIELD_WRITE_ONLY, AT(text) },
	    "{\"type\":\"string\"}", NULL, "a secret" },
	{ { "f", FIELD_TEXT, FIELD_ALIAS, AT(text) },
	    "{\"type\":\"string\"}", NULL, "another name" },
	{ { "f", FIELD_STRUCT, FIELD_READ_ONLY | FIELD_POINTER, AT(text),
	    .schema = &part_schema },
	    NULL, "{\"anyOf\":[" REFERENCE("Part") ",{\"type\":\"null\"}]}",
	    "a struct that is pointed to" },
};

/* What is required goes by either name, here and within. */
static const struct field whole_fields[] = {
	{ "must", FIELD_TEXT, FIELD_REQUIRED, AT(other) },
	{ "may", FIELD_TEXT, 0, AT(text) },
	{ "number", FIELD_NUMBER, FIELD_REQUIRED, AT(number) },
	{ "amount", FIELD_NUMBER, FIELD_ALIAS, AT(number) },
	{ "sum", FIELD_NUMBER, FIELD_ALIAS, AT(number) },
	{ "part", FIELD_INLINE, 0, AT(text), .schema = &part_schema },
};
/* clang-format on */
static const struct schema whole_schema =
    SCHEMA("Whole", whole_fields, struct sample);

static const char *
text_of(struct arena *arena, struct json_object *tree)
{
	return json_text(arena, json_own(arena, tree));
}

/* The one property of a schema that has no other. */
static const char *
value_text(struct arena *arena, const struct field *field, enum field_view view)
{
	const struct schema schema = { "One", field, 1, 0 };
	struct json_object *properties, *value,
	    *object = json_own(arena, field_schema_write(arena, &schema, view));

	if (!json_object_object_get_ex(object, "properties", &properties) ||
	    !json_object_object_get_ex(properties, "f", &value))
		return NULL;
	return json_text(arena, value);
}

static void
test_values(struct arena *arena)
{
	const struct sample_field *sample;

	for (sample = samples; sample < samples + COUNT(samples); sample++) {
		is_text(value_text(arena, &sample->field, FIELD_REQUEST),
		    sample->request, "%s in a request", sample->name);
		is_text(value_text(arena, &sample->field, FIELD_ANSWER),
		    sample->answer, "%s in an answer", sample->name);
	}
}

static void
test_objects(struct arena *arena)
{
	const struct schema none = { "None", NULL, 0, 0 };

	is_text(text_of(arena,
		    field_schema_write(arena, &part_schema, FIELD_ANSWER)),
	    "{\"type\":\"object\",\"properties\":{"
	    "\"name\":{\"type\":\"string\"},"
	    "\"id\":{\"type\":\"string\",\"format\":\"uuid\"}},"
	    "\"required\":[\"name\",\"id\"],\"additionalProperties\":false}",
	    "an answer has all of its fields, and no others");
	is_text(text_of(arena,
		    field_schema_write(arena, &part_schema, FIELD_REQUEST)),
	    REQUEST("\"name\":{\"type\":\"string\",\"minLength\":1,"
		    "\"maxLength\":5}",
		",\"required\":[\"name\"]"),
	    "a request has those that are required, and may have others");
	is_text(text_of(arena, field_schema_write(arena, &none, FIELD_REQUEST)),
	    REQUEST("", ""), "what requires nothing does not say so");
}

static void
test_other_names(struct arena *arena)
{
	is_text(text_of(arena,
		    field_schema_write(arena, &whole_schema, FIELD_REQUEST)),
	    REQUEST("\"must\":{\"type\":\"string\"},"
		    "\"may\":{\"type\":\"string\"},"
		    "\"number\":{\"type\":\"number\"},"
		    "\"amount\":{\"type\":\"number\"},"
		    "\"sum\":{\"type\":\"number\"},"
		    "\"name\":{\"type\":\"string\",\"minLength\":1,"
		    "\"maxLength\":5}",
		",\"required\":[\"must\",\"name\"],"
		"\"allOf\":[{\"anyOf\":[{\"required\":[\"number\"]},"
		"{\"required\":[\"amount\"]},{\"required\":[\"sum\"]}]}]"),
	    "any of a field's names will do, and inline fields stand among"
	    " the others");
	is_text(text_of(arena,
		    field_schema_write(arena, &whole_schema, FIELD_ANSWER)),
	    "{\"type\":\"object\",\"properties\":{"
	    "\"must\":{\"type\":\"string\"},\"may\":{\"type\":\"string\"},"
	    "\"number\":{\"type\":\"number\"},\"name\":{\"type\":\"string\"},"
	    "\"id\":{\"type\":\"string\",\"format\":\"uuid\"}},"
	    "\"required\":[\"must\",\"may\",\"number\",\"name\",\"id\"],"
	    "\"additionalProperties\":false}",
	    "in an answer they have one name");
}

static void
test_references(struct arena *arena)
{
	is_text(text_of(arena,
		    field_schema_refer(arena, &part_schema, FIELD_ANSWER)),
	    REFERENCE("Part"), "an answer goes by the schema's name");
	is_text(text_of(arena,
		    field_schema_refer(arena, &part_schema, FIELD_REQUEST)),
	    REFERENCE("PartRequest"), "a request is called so");
	is_text(text_of(arena,
		    field_schema_refer(arena, &loop_schema, FIELD_REQUEST)),
	    REFERENCE("LoopRequest"), "but not twice");
}

static void
test_document(struct arena *arena)
{
	static const struct field item = { "items", FIELD_LIST, 0, AT(list),
		.schema = &part_schema };
	const struct schema schema = { "Some", &item, 1, 0 };

	is_text(text_of(arena, field_schema_document(arena, &schema)),
	    "{\"$schema\":\"" FIELD_SCHEMA_DIALECT "\",\"title\":\"Some\","
	    "\"type\":\"object\",\"properties\":{\"items\":{"
	    "\"type\":\"array\",\"items\":{\"$ref\":"
	    "\"#/$defs/PartRequest\"}}},\"additionalProperties\":true,"
	    "\"$defs\":{\"PartRequest\":" REQUEST(
		"\"name\":{\"type\":\"string\",\"minLength\":1,"
		"\"maxLength\":5}",
		",\"required\":[\"name\"]") "}}",
	    "a schema by itself has within it what it refers to");
}

static void
test_collected(struct arena *arena)
{
	struct json_object *components =
	    json_own(arena, json_object_new_object());

	field_schema_collect(arena, &loop_schema, FIELD_REQUEST, components);
	is_int(json_object_object_length(components), 2,
	    "a schema is collected with those that it refers to");
	ok(json_object_object_get_ex(components, "LoopRequest", NULL) &&
		json_object_object_get_ex(components, "PartRequest", NULL),
	    "under the names by which they are referred to");
	field_schema_collect(arena, &part_schema, FIELD_REQUEST, components);
	is_int(json_object_object_length(components), 2, "each once");
	field_schema_collect(arena, &part_schema, FIELD_ANSWER, components);
	is_int(json_object_object_length(components), 3, "and each view apart");
	field_schema_collect(arena, &whole_schema, FIELD_ANSWER, components);
	is_int(json_object_object_length(components), 4,
	    "what is inline is nothing of its own");
}

static void
test_parameters(struct arena *arena)
{
	/* clang-format off */
	static const struct field query_fields[] = {
		{ "page", FIELD_INTEGER, 0, AT(integer), 1, 9,
		    .about = "From 1." },
		{ "part", FIELD_INLINE, 0, AT(text), .schema = &part_schema },
	};
	/* clang-format on */
	const struct schema query =
	    SCHEMA("Query", query_fields, struct sample);
	struct json_object *list = json_own(arena, json_object_new_array());

	field_schema_parameters(arena, &query, list);
	is_text(json_text(arena, list),
	    "[{\"name\":\"page\",\"in\":\"query\","
	    "\"description\":\"From 1.\",\"required\":false,"
	    "\"schema\":{\"type\":\"integer\",\"format\":\"int64\","
	    "\"minimum\":1,\"maximum\":9}},"
	    "{\"name\":\"name\",\"in\":\"query\",\"required\":true,"
	    "\"schema\":{\"type\":\"string\",\"minLength\":1,"
	    "\"maxLength\":5}}]",
	    "a query's fields are its parameters");
}

/* What is pointed to and inline may be left out. */
static void
test_left_out(struct arena *arena)
{
	/* clang-format off */
	static const struct field pointing_fields[] = {
		{ "part", FIELD_INLINE, FIELD_POINTER, AT(text),
		    .schema = &part_schema },
		{ "more", FIELD_NUMBER, 0, AT(number) },
	};
	/* clang-format on */
	const struct schema pointing =
	    SCHEMA("Pointing", pointing_fields, struct sample);

	is_text(
	    text_of(arena, field_schema_write(arena, &pointing, FIELD_ANSWER)),
	    "{\"type\":\"object\",\"properties\":{"
	    "\"name\":{\"type\":\"string\"},"
	    "\"id\":{\"type\":\"string\",\"format\":\"uuid\"},"
	    "\"more\":{\"type\":\"number\"}},"
	    "\"required\":[\"more\"],\"additionalProperties\":false}",
	    "what is pointed to and inline may be left out");
}

static void
test_requires(void)
{
	/* clang-format off */
	static const struct field inside_fields[] = {
		{ "part", FIELD_INLINE, 0, AT(text), .schema = &part_schema },
	};
	/* clang-format on */
	const struct schema inside =
	    SCHEMA("Inside", inside_fields, struct sample);

	ok(field_schema_requires(&part_schema), "a required field is needed");
	ok(field_schema_requires(&inside), "an inline one too");
	ok(!field_schema_requires(&loop_schema), "one within a struct is not");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_values(arena);
	test_objects(arena);
	test_other_names(arena);
	test_references(arena);
	test_document(arena);
	test_collected(arena);
	test_parameters(arena);
	test_left_out(arena);
	test_requires();
	arena_free(arena);
	return done();
}
