#include "base/base.h"

#include "model/tool.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/json_schema.h"

#include <json-c/json.h>
#include <string.h>

#define INPUT_FAULT_MOST 2200 /* bytes of what the model is told */

static const char *const methods[] = {
	[TOOL_GET] = "GET",
	[TOOL_POST] = "POST",
	[TOOL_PUT] = "PUT",
	[TOOL_PATCH] = "PATCH",
	[TOOL_DELETE] = "DELETE",
};
static_assert(COUNT(methods) == TOOL_METHOD_N, "a word for every method");

static const char *const actions[] = {
	[TOOL_GET] = "get",
	[TOOL_POST] = "post",
	[TOOL_PUT] = "put",
	[TOOL_PATCH] = "patch",
	[TOOL_DELETE] = "delete",
};
static_assert(COUNT(actions) == TOOL_METHOD_N, "a word for every action");

const struct names tool_method_names = NAMES(methods);
const struct names tool_action_names = NAMES(actions);

/* --- The function. */

static bool
is_safe(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Each run of what cannot stand in it becomes one "_". */
static const char *
safe_name(struct arena *arena, const char *name)
{
	char *safe = arena_alloc(arena, TOOL_FUNCTION_MOST + 1);
	size_t length = 0;

	for (; *name != '\0' && length < TOOL_FUNCTION_MOST; name++) {
		if (is_safe(*name))
			safe[length++] = *name;
		else if (length > 0 && safe[length - 1] != '_')
			safe[length++] = '_';
	}
	while (length > 0 && safe[length - 1] == '_')
		safe[--length] = '\0';
	return length > 0 ? safe : "tool";
}

static bool
is_taken(const struct tool *tools, size_t count, const char *function)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (text_equal_nocase(tools[i].function, function))
			return true;
	return false;
}

void
tool_name_all(struct arena *arena, struct tool *tools, size_t count)
{
	const char *name, *ending;
	size_t i, number;

	for (i = 0; i < count; i++) {
		name = safe_name(arena, tools[i].name);
		tools[i].function = name;
		for (number = 2; is_taken(tools, i, tools[i].function);
		     number++) {
			ending = arena_format(arena, "_%zu", number);
			tools[i].function = arena_format(arena, "%.*s%s",
			    (int)(TOOL_FUNCTION_MOST - strlen(ending)), name,
			    ending);
		}
	}
}

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

/* An example stands in the description: few models look for one in the
 * schema. */
static const char *
description_of(struct arena *arena, const struct tool *tool)
{
	const char *text = tool->description != NULL ? tool->description : "";
	struct json_object *schema, *example;
	struct json_fault ignored;

	if (tool->given_schema == NULL ||
	    json_parse(arena, tool->given_schema, strlen(tool->given_schema),
		&schema, &ignored) != OK ||
	    !json_object_object_get_ex(schema, "example", &example))
		return text;
	return arena_format(
	    arena, "%s\nExample: %s", text, json_text(arena, example));
}

const char *
tool_function(struct arena *arena, const struct tool *tool)
{
	struct json_object *function =
	    json_own(arena, json_object_new_object());

	assert(tool->function != NULL);
	add(function, "name", json_string(tool->function));
	add(function, "description", json_string(description_of(arena, tool)));
	add(function, "parameters", json_object_get(tool->schema));
	return json_text(arena, function);
}

/* --- What the model filled in. */

enum outcome
tool_read_input(struct arena *arena, const struct tool *tool, const char *text,
    struct json_object **input, const char **fault)
{
	struct json_object *found;
	struct json_fault wrong;
	const char *words;

	/* No argument at all is written in many ways. */
	if (text == NULL || text_is_blank(text))
		text = "{}";
	if (json_parse(arena, text, strlen(text), &found, &wrong) != OK) {
		*fault = arena_format(arena,
		    "the arguments are no JSON: column %zu: %s", wrong.column,
		    wrong.what);
		return INVALID;
	}
	if (!json_object_is_type(found, json_type_object)) {
		*fault = "the arguments must be a JSON object";
		return INVALID;
	}
	words = json_schema_fault(arena, tool->schema, found);
	if (words != NULL) {
		*fault = arena_format(arena, "the arguments are wrong: %.*s",
		    INPUT_FAULT_MOST, words);
		return INVALID;
	}
	*input = found;
	return OK;
}

/* --- How it is shown. */

/* The document, without what only the row says. */
static struct json_object *
document_of(struct arena *arena, const struct tool *tool)
{
	static const char *const ours[] = { "id", "tool_id", "tool",
		"created_at" };
	struct json_object *document;
	struct json_fault ignored;
	size_t i;

	if (json_parse(arena, tool->document, strlen(tool->document), &document,
		&ignored) != OK ||
	    !json_object_is_type(document, json_type_object))
		document = json_own(arena, json_object_new_object());
	for (i = 0; i < COUNT(ours); i++)
		json_object_object_del(document, ours[i]);
	return document;
}

/* The method of a document that may be anything. */
static int
method_of(struct json_object *document, const char *name, int otherwise)
{
	const char *word = json_member_text(document, name);
	int method;

	for (method = 0; word != NULL && method < TOOL_METHOD_N; method++)
		if (text_equal_nocase(word, methods[method]))
			return method;
	return otherwise;
}

const char *
tool_show(struct arena *arena, const struct tool *tool)
{
	struct json_object *document = document_of(arena, tool);
	struct json_object *shown = json_own(arena, json_object_new_object());

	add(shown, "id", json_string(tool->id));
	json_object_object_foreach(document, name, value)
	{
		add(shown, name, json_object_get(value));
	}
	if (json_member_text(document, "integration") == NULL) {
		add(shown, "integration", json_string(TOOL_INTEGRATION));
		add(shown, "action",
		    json_string(
			actions[method_of(document, "method", TOOL_GET)]));
	}
	add(shown, "created_at",
	    json_string(when_text(arena, tool->created_at)));
	return json_text(arena, shown);
}

const char *
tool_show_legacy(struct arena *arena, const struct tool *tool)
{
	struct json_object *document = document_of(arena, tool);
	struct json_object *shown = json_own(arena, json_object_new_object());

	if (json_member_text(document, "method") == NULL)
		add(document, "method",
		    json_string(
			methods[method_of(document, "action", TOOL_GET)]));
	add(shown, "tool_id", json_string(tool->id));
	add(shown, "label", NULL);
	add(shown, "public", json_object_new_boolean(false));
	json_object_object_foreach(document, name, value)
	{
		if (value != NULL)
			add(shown, name, json_object_get(value));
	}
	add(shown, "tool", json_object_get(document));
	return json_text(arena, shown);
}

bool
tool_is_called(const struct tool *tool, const char *name)
{
	const char *const names[] = { tool->function, tool->name, tool->id };
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (names[i] != NULL && text_equal(names[i], name))
			return true;
	return false;
}
