#include "base/base.h"

#include "api/tree.h"

#include "base/arena.h"
#include "base/json.h"

#include <json-c/json.h>

void
tree_add(
    struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

void
tree_add_text(struct json_object *object, const char *name, const char *text)
{
	tree_add(object, name, json_string(text));
}

void
tree_append(struct json_object *array, struct json_object *value)
{
	(void)json_object_array_add(array, value);
}

struct json_object *
tree_only(const char *name, struct json_object *value)
{
	struct json_object *object = json_object_new_object();

	tree_add(object, name, value);
	return object;
}

struct json_object *
tree_refer(struct arena *arena, const char *kind, const char *name)
{
	return tree_only("$ref",
	    json_string(arena_format(arena, "#/components/%s/%s", kind, name)));
}

struct json_object *
tree_typed(const char *type)
{
	return tree_only("type", json_string(type));
}

struct json_object *
tree_array_of(struct json_object *item)
{
	struct json_object *array = tree_typed("array");

	tree_add(array, "items", item);
	return array;
}

struct json_object *
tree_closed(void)
{
	struct json_object *object = tree_typed("object");

	tree_add(object, "properties", json_object_new_object());
	tree_add(object, "required", json_object_new_array());
	tree_add(object, "additionalProperties", json_object_new_boolean(0));
	return object;
}

void
tree_may_have(
    struct json_object *object, const char *name, struct json_object *schema)
{
	tree_add(json_object_object_get(object, "properties"), name, schema);
}

void
tree_must_have(
    struct json_object *object, const char *name, struct json_object *schema)
{
	tree_may_have(object, name, schema);
	tree_append(
	    json_object_object_get(object, "required"), json_string(name));
}
