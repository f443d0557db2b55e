#include "base/base.h"

#include "model/tool_schema.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "model/json_schema.h"

#include <json-c/json.h>

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

static bool
is_schema(struct arena *arena, struct json_object *schema)
{
	struct faults ignored;

	faults_init(&ignored, arena);
	return json_schema_check(arena, schema, "", &ignored) == OK;
}

/* What stands for a property in words ("YYYY-MM-DD") describes a text. */
static struct json_object *
property_of(struct arena *arena, struct json_object *given)
{
	struct json_object *schema;
	bool text = json_object_is_type(given, json_type_string);

	if (is_schema(arena, given))
		return json_object_get(given);
	schema = json_object_new_object();
	if (text)
		add(schema, "type", json_string("string"));
	add(schema, "description",
	    json_string(text ? json_object_get_string(given)
			     : json_text(arena, given)));
	return schema;
}

static bool
is_keyword(const char *name)
{
	static const char *const words[] = { "type", "required", "example",
		"examples", "description", "title", "properties",
		"additionalProperties" };
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (text_equal(name, words[i]))
			return true;
	return false;
}

/* The oldest documents are no JSON Schema: properties in words, or none and
 * in their place the schema's own members. */
static struct json_object *
loose_schema(struct arena *arena, struct json_object *given)
{
	struct json_object *schema = json_own(arena, json_object_new_object());
	struct json_object *properties = json_object_new_object();
	struct json_object *from = json_object_object_get(given, "properties");
	struct json_object *required =
	    json_object_object_get(given, "required");
	bool own = !json_object_is_type(from, json_type_object);

	add(schema, "type", json_string("object"));
	add(schema, "properties", properties);
	json_object_object_foreach(own ? given : from, name, value)
	{
		if (!own || !is_keyword(name))
			add(properties, name, property_of(arena, value));
	}
	add(schema, "required", json_object_get(required));
	if (!is_schema(arena, schema))
		json_object_object_del(schema, "required");
	return schema;
}

/* Given whole: an object, with its properties. */
static bool
is_whole(struct arena *arena, struct json_object *given)
{
	struct json_object *type = json_object_object_get(given, "type");

	return is_schema(arena, given) &&
	       json_object_object_get_ex(given, "properties", NULL) &&
	       json_object_is_type(type, json_type_string) &&
	       text_equal(json_object_get_string(type), "object");
}

struct json_object *
tool_schema(struct arena *arena, struct json_object *given)
{
	return is_whole(arena, given) ? given : loose_schema(arena, given);
}
