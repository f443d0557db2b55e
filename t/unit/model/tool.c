/*
 * Tools as the model is told of them, and what it fills in.
 */
#include "base/base.h"

#include "model/tool.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"

#include <json-c/json.h>

#include "tap.h"

#define HEAD                                                                   \
	"\"name\":\"Look up\",\"description\":\"Finds an order.\","            \
	"\"url\":\"https://x.example/\""

static struct tool
tool_of(struct arena *arena, const char *json)
{
	struct faults *faults = arena_alloc(arena, sizeof(*faults));
	struct reader reader = { .arena = arena, .faults = faults };
	struct tool tool = { .id = "TL-1",
		.document = json,
		.created_at = INT64_C(1790000000000000) };
	struct json_object *document;
	struct json_fault fault;

	faults_init(faults, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK ||
	    tool_read(&reader, document, "", &tool) != OK)
		printf("# %s: %s\n", json,
		    faults->count > 0 ? faults->list[0].message : "no JSON");
	return tool;
}

/* clang-format off */
static const struct {
	const char *name, *function;
} names[] = {
	{ "lookup", "lookup" },
	{ "Look up (order)", "Look_up_order" },
	{ "lookup", "lookup_2" },
	{ "Lookup", "Lookup_3" },
	{ "\xc3\xa4", "tool" },
	{ "--", "--" },
	{ "a123456789b123456789c123456789d123456789e123456789f123456789g123456",
	    "a123456789b123456789c123456789d123456789e123456789f123456789g123" },
	{ "a123456789b123456789c123456789d123456789e123456789f123456789g1234",
	    "a123456789b123456789c123456789d123456789e123456789f123456789g1_2" },
};

static const struct {
	const char *schema, *parameters, *name;
} schemas[] = {
	{ "", "{\"type\":\"object\",\"properties\":{}}",
	    "without a schema nothing is filled in" },
	{ ",\"input_schema\":{\"type\":\"object\",\"properties\":{\"id\":"
	    "{\"type\":\"string\"}},\"additionalProperties\":false}",
	    "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}"
	    "},\"additionalProperties\":false}",
	    "a schema is told as it was given" },
	{ ",\"input_schema\":{\"type\":\"object\",\"properties\":{\"date\":"
	    "\"YYYY-MM-DD\"},\"required\":[\"date\"]}",
	    "{\"type\":\"object\",\"properties\":{\"date\":{\"type\":"
	    "\"string\",\"description\":\"YYYY-MM-DD\"}},\"required\":"
	    "[\"date\"]}", "a property in words is a text" },
	{ ",\"input_schema\":{\"day\":\"monday, tuesday\",\"count\":3}",
	    "{\"type\":\"object\",\"properties\":{\"day\":{\"type\":"
	    "\"string\",\"description\":\"monday, tuesday\"},\"count\":"
	    "{\"description\":\"3\"}}}",
	    "a schema without properties is made of its members" },
	{ ",\"input_schema\":{\"properties\":{\"a\":{}},\"required\":\"a\"}",
	    "{\"type\":\"object\",\"properties\":{\"a\":{}}}",
	    "what cannot be told is left out" },
};
/* clang-format on */

static void
test_names(struct arena *arena)
{
	struct tool tools[COUNT(names)];
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		tools[i] = (struct tool){ .name = names[i].name };
	tool_name_all(arena, tools, COUNT(names));
	for (i = 0; i < COUNT(names); i++)
		is_text(tools[i].function, names[i].function,
		    "%s has a name for the model", names[i].name);
}

static void
test_functions(struct arena *arena)
{
	struct json_object *function;
	struct json_fault fault;
	struct tool tool;
	const char *text;
	size_t i;

	for (i = 0; i < COUNT(schemas); i++) {
		tool = tool_of(arena,
		    arena_format(arena, "{" HEAD "%s}", schemas[i].schema));
		tool_name_all(arena, &tool, 1);
		text = tool_function(arena, &tool);
		ok(json_parse(arena, text, strlen(text), &function, &fault) ==
			OK,
		    "a function is JSON");
		is_text(json_text(arena,
			    json_object_object_get(function, "parameters")),
		    schemas[i].parameters, "%s", schemas[i].name);
	}
	tool = tool_of(arena,
	    "{" HEAD ",\"input_schema\":{\"example\":{\"id\":\"A-1\"}}}");
	tool_name_all(arena, &tool, 1);
	is_text(tool_function(arena, &tool),
	    "{\"name\":\"Look_up\",\"description\":\"Finds an order.\\n"
	    "Example: {\\\"id\\\":\\\"A-1\\\"}\",\"parameters\":{\"type\":"
	    "\"object\",\"properties\":{}}}",
	    "an example is described");
}

static void
test_input(struct arena *arena)
{
	struct tool tool = tool_of(arena,
	    "{" HEAD ",\"input_schema\":{\"type\":\"object\",\"properties\":"
	    "{\"id\":{\"type\":\"string\"}},\"required\":[\"id\"]}}");
	struct tool plain = tool_of(arena, "{" HEAD "}");
	struct json_object *input = NULL;
	const char *fault = NULL;

	is_int(tool_read_input(arena, &tool, "{\"id\":\"7\"}", &input, &fault),
	    OK, "what fits is read");
	is_text(json_text(arena, input), "{\"id\":\"7\"}", "as it is");
	is_int(tool_read_input(arena, &tool, "{\"id\":7}", &input, &fault),
	    INVALID, "what does not fit is refused");
	is_text(fault, "the arguments are wrong: id must be a string",
	    "in words for the model");
	is_int(tool_read_input(arena, &tool, "{\"id\":", &input, &fault),
	    INVALID, "so is what is no JSON");
	ok(strncmp(fault, "the arguments are no JSON: column 7", 35) == 0,
	    "and where it is not");
	is_int(tool_read_input(arena, &tool, "[]", &input, &fault), INVALID,
	    "an array is none");
	is_text(fault, "the arguments must be a JSON object", "in words");
	is_int(tool_read_input(arena, &plain, "", &input, &fault), OK,
	    "nothing is an object without members");
	is_int(tool_read_input(arena, &plain, NULL, &input, &fault), OK,
	    "however nothing is written");
}

static void
test_shown(struct arena *arena)
{
	struct tool old = tool_of(
	    arena, "{" HEAD ",\"method\":\"post\",\"id\":\"x\",\"more\":1}");
	struct tool new = tool_of(arena,
	    "{" HEAD ",\"integration\":\"rest_api\",\"action\":\"put\","
	    "\"label\":\"L\",\"public\":true}");

	is_text(tool_show(arena, &new),
	    "{\"id\":\"TL-1\"," HEAD ",\"integration\":\"rest_api\","
	    "\"action\":\"put\",\"label\":\"L\",\"public\":true,"
	    "\"created_at\":\"2026-09-21T14:13:20.000Z\"}",
	    "a newer one is shown as it was given");
	is_text(tool_show(arena, &old),
	    "{\"id\":\"TL-1\"," HEAD ",\"method\":\"post\",\"more\":1,"
	    "\"integration\":\"rest_api\",\"action\":\"post\","
	    "\"created_at\":\"2026-09-21T14:13:20.000Z\"}",
	    "an old one with what newer routes say of it");
	is_text(tool_show_legacy(arena, &old),
	    "{\"tool_id\":\"TL-1\",\"label\":null,\"public\":false," HEAD
	    ",\"method\":\"post\",\"more\":1,\"tool\":{" HEAD
	    ",\"method\":\"post\",\"more\":1}}",
	    "an old one is shown as it was given, twice over");
	is_text(tool_show_legacy(arena, &new),
	    "{\"tool_id\":\"TL-1\",\"label\":\"L\",\"public\":true," HEAD
	    ",\"integration\":\"rest_api\",\"action\":\"put\","
	    "\"method\":\"PUT\",\"tool\":{" HEAD
	    ",\"integration\":\"rest_api\",\"action\":\"put\",\"label\":\"L\","
	    "\"public\":true,\"method\":\"PUT\"}}",
	    "a newer one with what old routes say of it");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_names(arena);
	test_functions(arena);
	test_input(arena);
	test_shown(arena);
	arena_free(arena);
	return done();
}
