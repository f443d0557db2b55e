#include "base/base.h"

#include "model/function.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/field.h"
#include "model/field_schema.h"
#include "model/message.h"

#include <json-c/json.h>

#define REASON_MOST 1000 /* characters */

static const char *const function_words[] = {
	[FUNCTION_END] = "end_conversation",
	[FUNCTION_HAND_OFF] = "hand_off_to_human",
};
static_assert(COUNT(function_words) == FUNCTION_N, "a word for every function");

const struct names function_names = NAMES(function_words);

#define AT(member) FIELD_AT(struct function_arguments, member)

/* clang-format off */
static const struct field end_fields[] = {
	{ "reason", FIELD_TEXT, FIELD_REQUIRED, AT(reason), 0, REASON_MOST,
	    .about = "Why the conversation is over, in a few words." },
	{ "farewell", FIELD_TEXT, 0, AT(farewell), 0, MESSAGE_MOST,
	    .about = "The last message to the user, if one is fitting." },
};

static const struct field hand_off_fields[] = {
	{ "reason", FIELD_TEXT, FIELD_REQUIRED, AT(reason), 0, REASON_MOST,
	    .about = "What the person should know, in a few words." },
};

static const struct {
	struct schema arguments;
	const char *about;
} functions[] = {
	[FUNCTION_END] = {
	    SCHEMA("EndConversation", end_fields, struct function_arguments),
	    "Ends this conversation. Only when it is complete, or the user"
	    " wants no more of it." },
	[FUNCTION_HAND_OFF] = {
	    SCHEMA("HandOff", hand_off_fields, struct function_arguments),
	    "Hands this conversation over to a person of the team. When the"
	    " user asks for one, or you cannot help." },
};
/* clang-format on */
static_assert(COUNT(functions) == FUNCTION_N, "a row for every function");

struct json_object *
function_write(struct arena *arena, enum function function)
{
	struct json_object *made = json_object_new_object();

	(void)json_object_object_add(
	    made, "name", json_string(names_text(&function_names, function)));
	(void)json_object_object_add(
	    made, "description", json_string(functions[function].about));
	(void)json_object_object_add(made, "parameters",
	    field_schema_write(
		arena, &functions[function].arguments, FIELD_REQUEST));
	return function_item(made);
}

struct function_arguments
function_read(
    struct arena *arena, enum function function, const char *arguments)
{
	struct function_arguments read = { NULL, NULL };

	/* What is right is filled all the same. */
	(void)!field_read_text(
	    arena, &functions[function].arguments, arguments, &read);
	if (read.reason == NULL)
		read.reason = "";
	if (read.farewell == NULL)
		read.farewell = "";
	return read;
}

struct json_object *
function_item(struct json_object *function)
{
	struct json_object *item = json_object_new_object();

	(void)json_object_object_add(item, "type", json_string("function"));
	(void)json_object_object_add(item, "function", function);
	return item;
}
