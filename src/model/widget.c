#include "base/base.h"

#include "model/widget.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/names.h"
#include "model/agent.h"
#include "model/field.h"
#include "model/field_schema.h"

#include <json-c/json.h>
#include <string.h>

struct widget {
	int type;
	const char *data;
};

static const char *const type_words[] = { "detail", "carousel", "info", "list",
	"action_grid", "collect_otp", "collect_phone_number", "order_tracker",
	"comparison" };

static const struct names type_names = NAMES(type_words);

#define AT(member) FIELD_AT(struct widget, member)

/* clang-format off */
static const struct field fields[] = {
	{ "type", FIELD_NAME, FIELD_REQUIRED, AT(type), .names = &type_names },
	{ "data", FIELD_OBJECT, FIELD_REQUIRED, AT(data), .most = WIDGET_MOST,
	    .about = "What it shows: title, items, fields and their labels, as"
	             " fits its type." },
};
/* clang-format on */

static const struct schema schema = SCHEMA("Widget", fields, struct widget);

static const char about[] =
    "Shows a widget to the user beside your next message: use it where a"
    " picture of the facts is clearer than words, or to collect a code or a"
    " phone number.";

struct agent_tool
widget_tool(struct arena *arena)
{
	struct json_object *function =
	    json_own(arena, json_object_new_object());

	(void)json_object_object_add(
	    function, "name", json_string(WIDGET_FUNCTION));
	(void)json_object_object_add(
	    function, "description", json_string(about));
	(void)json_object_object_add(function, "parameters",
	    field_schema_write(arena, &schema, FIELD_REQUEST));
	return (struct agent_tool){ .name = WIDGET_FUNCTION,
		.function = json_text(arena, function) };
}

static struct json_object *
read_list(struct arena *arena, const char *text)
{
	struct json_object *list;
	struct json_fault ignored;

	if (text == NULL ||
	    json_parse(arena, text, strlen(text), &list, &ignored) != OK)
		return json_own(arena, json_object_new_array());
	return list;
}

enum outcome
widget_add(struct arena *arena, const char *arguments, const char **widgets,
    const char **why)
{
	struct json_object *list = read_list(arena, *widgets), *object;
	struct json_fault fault;
	struct faults faults;
	struct reader reader = { .arena = arena, .faults = &faults };
	struct widget widget;

	faults_init(&faults, arena);
	*why = "a turn shows no more widgets";
	if (json_object_array_length(list) >= WIDGETS_MOST)
		return INVALID;
	*why = "the arguments are no JSON object";
	if (json_parse(arena, arguments, strlen(arguments), &object, &fault) !=
		OK ||
	    !json_object_is_type(object, json_type_object))
		return INVALID;
	if (field_read(&reader, &schema, object, "", &widget) != OK) {
		*why = faults.list[0].message;
		return INVALID;
	}
	(void)json_object_array_add(list, field_write(arena, &schema, &widget));
	*widgets = json_text(arena, list);
	return OK;
}
