#include "base/base.h"

#include "model/strict.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "model/field.h"

#include <json-c/json.h>

#define FAULT_MOST 2048 /* bytes of all sentences */

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

static struct json_object *
get(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	(void)json_object_object_get_ex(object, name, &value);
	return value;
}

/* A value's schema, with null beside the type where it may be that. */
static struct json_object *
typed(const char *type, bool nullable, const char *about)
{
	struct json_object *schema = json_object_new_object(), *types;

	if (nullable) {
		types = json_object_new_array();
		(void)json_object_array_add(types, json_string(type));
		(void)json_object_array_add(types, json_string("null"));
		add(schema, "type", types);
	} else {
		add(schema, "type", json_string(type));
	}
	if (about != NULL)
		add(schema, "description", json_string(about));
	return schema;
}

struct json_object *
strict_object(void)
{
	struct json_object *schema = typed("object", false, NULL);

	add(schema, "properties", json_object_new_object());
	add(schema, "required", json_object_new_array());
	add(schema, "additionalProperties", json_object_new_boolean(false));
	return schema;
}

void
strict_add(
    struct json_object *object, const char *name, struct json_object *schema)
{
	add(get(object, "properties"), name, schema);
	(void)json_object_array_add(get(object, "required"), json_string(name));
}

struct json_object *
strict_value(const char *type, bool nullable, const char *about)
{
	return typed(type, nullable, about);
}

struct json_object *
strict_array(struct json_object *items, bool nullable, const char *about)
{
	struct json_object *schema = typed("array", nullable, about);

	add(schema, "items", items);
	return schema;
}

struct json_object *
strict_choice(struct json_object *texts, bool nullable, const char *about)
{
	struct json_object *schema = typed("string", nullable, about);
	struct json_object *words = json_object_new_array();
	size_t i;

	for (i = 0; i < json_object_array_length(texts); i++)
		(void)json_object_array_add(words,
		    json_object_get(json_object_array_get_idx(texts, i)));
	if (nullable)
		(void)json_object_array_add(words, NULL);
	add(schema, "enum", words);
	return schema;
}

/* Holding a value to a schema. */

/* How many sentences there are is not counted: `said` has its ceiling. */
struct check {
	struct arena *arena;
	struct buf said;
	bool fits;
};

static void check_value(struct check *check, struct json_object *schema,
    struct json_object *value, const char *path);

static const char *
type_word(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		return "null";
	case json_type_boolean:
		return "boolean";
	case json_type_int:
	case json_type_double:
		return "number";
	case json_type_object:
		return "object";
	case json_type_array:
		return "array";
	case json_type_string:
		break;
	}
	return "string";
}

static void
fault(
    struct check *check, const char *path, const char *what, const char *detail)
{
	check->fits = false;
	buf_add_format(&check->said, "%s%s %s%s%s.",
	    check->said.length > 0 ? " " : "",
	    path[0] != '\0' ? path : "the answer", what,
	    detail[0] != '\0' ? " " : "", detail);
}

static bool
has_type(struct json_object *schema, const char *word)
{
	struct json_object *types = get(schema, "type");
	size_t i;

	if (json_object_is_type(types, json_type_string))
		return text_equal(json_object_get_string(types), word);
	for (i = 0; i < json_object_array_length(types); i++)
		if (text_equal(json_object_get_string(
				   json_object_array_get_idx(types, i)),
			word))
			return true;
	return false;
}

static bool
is_among(struct json_object *words, struct json_object *value)
{
	size_t i;

	for (i = 0; i < json_object_array_length(words); i++)
		if (json_object_equal(
			json_object_array_get_idx(words, i), value))
			return true;
	return false;
}

static void
check_members(struct check *check, struct json_object *schema,
    struct json_object *value, const char *path)
{
	struct json_object *properties = get(schema, "properties"), *member;

	json_object_object_foreach(properties, name, wanted)
	{
		const char *at = field_path(check->arena, path, name);

		if (json_object_object_get_ex(value, name, &member))
			check_value(check, wanted, member, at);
		else
			fault(check, at, "is missing", "");
	}
	json_object_object_foreach(value, given, ignored)
	{
		(void)ignored;
		if (!json_object_object_get_ex(properties, given, NULL))
			fault(check, field_path(check->arena, path, given),
			    "is not asked for", "");
	}
}

static void
check_items(struct check *check, struct json_object *schema,
    struct json_object *value, const char *path)
{
	size_t i;

	for (i = 0; i < json_object_array_length(value); i++)
		check_value(check, get(schema, "items"),
		    json_object_array_get_idx(value, i),
		    arena_format(check->arena, "%s/%zu", path, i));
}

/* As deep as the schema, which is ours. */
static void
check_value(struct check *check, struct json_object *schema,
    struct json_object *value, const char *path)
{
	struct json_object *words = get(schema, "enum");

	if (!has_type(schema, type_word(value)))
		fault(check, path, "must be",
		    arena_format(check->arena, "%s, not %s",
			json_text(check->arena, get(schema, "type")),
			type_word(value)));
	else if (words != NULL && !is_among(words, value))
		fault(check, path, "must be one of",
		    json_text(check->arena, words));
	else if (json_object_is_type(value, json_type_object))
		check_members(check, schema, value, path);
	else if (json_object_is_type(value, json_type_array))
		check_items(check, schema, value, path);
}

enum outcome
strict_check(struct arena *arena, struct json_object *schema,
    struct json_object *value, const char **said)
{
	struct check check = { .arena = arena, .fits = true };

	buf_init(&check.said, arena, FAULT_MOST);
	check_value(&check, schema, value, "");
	if (check.fits)
		return OK;
	*said = arena_text(arena, buf_text(&check.said));
	return INVALID;
}
