#include "base/base.h"

#include "model/turn_call.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/prompt.h"

#include <json-c/json.h>
#include <string.h>

#define NAME_MOST 64 /* bytes of a tool's name */
#define ID_MOST 128  /* bytes of a call's own name */

/* Of the names that OpenAI takes for functions. */
static const char name_characters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-";

/* The calls that were read so far. */
struct reading {
	struct arena *arena;
	int64_t round;
	struct turn_call *calls;
	size_t count;
};

static void read_call(struct reading *reading, struct json_object *item);
static struct json_object *member(
    struct json_object *object, const char *name, enum json_type type);
static const char *read_id(
    const struct reading *reading, struct json_object *item);
static const char *read_name(struct arena *arena, struct json_object *name);
static const char *read_arguments(
    struct arena *arena, struct json_object *function);

size_t
turn_call_read(struct arena *arena, const char *tool_calls, int64_t round,
    struct turn_call calls[TURN_CALLS_AT_ONCE])
{
	struct reading reading = { arena, round, calls, 0 };
	struct json_object *array;
	struct json_fault ignored;
	size_t i, count;

	if (json_parse(arena, tool_calls, strlen(tool_calls), &array,
		&ignored) != OK ||
	    !json_object_is_type(array, json_type_array))
		return 0;
	count = json_object_array_length(array);
	for (i = 0; i < count && reading.count < TURN_CALLS_AT_ONCE; i++)
		read_call(&reading, json_object_array_get_idx(array, i));
	return reading.count;
}

bool
turn_call_is_right(struct arena *arena, const struct turn_call *call)
{
	struct json_object *object;
	struct json_fault ignored;

	return json_parse(arena, call->arguments, strlen(call->arguments),
		   &object, &ignored) == OK &&
	       json_object_is_type(object, json_type_object);
}

struct json_object *
turn_call_write(struct arena *arena, const struct turn_call *call)
{
	struct json_object *made = json_object_new_object();
	struct json_object *function = json_object_new_object();
	bool is_right = turn_call_is_right(arena, call);

	(void)json_object_object_add(made, "id", json_string(call->id));
	(void)json_object_object_add(made, "type", json_string("function"));
	(void)json_object_object_add(made, "function", function);
	(void)json_object_object_add(function, "name", json_string(call->name));
	(void)json_object_object_add(function, "arguments",
	    json_string(is_right ? call->arguments : "{}"));
	return made;
}

struct json_object *
turn_call_result(const struct turn_call *call)
{
	struct json_object *message = prompt_message("tool", call->result);

	(void)json_object_object_add(
	    message, "tool_call_id", json_string(call->id));
	return message;
}

static void
read_call(struct reading *reading, struct json_object *item)
{
	struct json_object *function =
	    member(item, "function", json_type_object);
	struct json_object *name = member(function, "name", json_type_string);

	if (name == NULL)
		return;
	reading->calls[reading->count] = (struct turn_call){
		.id = read_id(reading, item),
		.name = read_name(reading->arena, name),
		.arguments = read_arguments(reading->arena, function),
	};
	reading->count++;
}

/* NULL where there is none of this type. */
static struct json_object *
member(struct json_object *object, const char *name, enum json_type type)
{
	struct json_object *value;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, name, &value) ||
	    !json_object_is_type(value, type))
		return NULL;
	return value;
}

/* The model's own, or one of ours where it has none or the same again. */
static const char *
read_id(const struct reading *reading, struct json_object *item)
{
	struct json_object *id = member(item, "id", json_type_string);
	const char *text = id != NULL ? json_object_get_string(id) : "";
	size_t i;

	for (i = 0; i < reading->count; i++)
		if (text_equal(reading->calls[i].id, text))
			text = "";
	if (text_is_blank(text) || strlen(text) > ID_MOST ||
	    !text_is_clean(text, strlen(text)))
		return arena_format(reading->arena, "call_%lld_%zu",
		    (long long)reading->round, reading->count);
	return arena_text(reading->arena, text);
}

static const char *
read_name(struct arena *arena, struct json_object *name)
{
	const char *text = json_object_get_string(name);
	char *made = arena_copy(arena, text, strnlen(text, NAME_MOST)), *at;

	for (at = made; *at != '\0'; at++)
		if (strchr(name_characters, *at) == NULL)
			*at = '_';
	return made[0] != '\0' ? made : "unknown";
}

/* OpenAI has them as a text; some servers give the object itself, and some
 * nothing at all where there are none. */
static const char *
read_arguments(struct arena *arena, struct json_object *function)
{
	struct json_object *arguments =
	    member(function, "arguments", json_type_object);

	if (arguments != NULL)
		return json_text(arena, arguments);
	arguments = member(function, "arguments", json_type_string);
	if (arguments == NULL || json_object_get_string_len(arguments) == 0)
		return "{}";
	return arena_text(arena, json_object_get_string(arguments));
}
