#include "base/base.h"

#include "model/tag.h"

#include "base/json.h"

#include <json-c/json.h>
#include <string.h>

static bool
has_name(struct json_object *tag, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(tag, "name", &value) &&
	       json_object_is_type(value, json_type_string) &&
	       strcmp(json_object_get_string(value), name) == 0;
}

const char *
tag_add(
    struct arena *arena, const char *tags, const char *name, const char *color)
{
	struct json_object *list, *tag;
	struct json_fault ignored;
	size_t i;

	if (tags == NULL ||
	    json_parse(arena, tags, strlen(tags), &list, &ignored) != OK ||
	    !json_object_is_type(list, json_type_array))
		list = json_own(arena, json_object_new_array());
	for (i = 0; i < json_object_array_length(list); i++)
		if (has_name(json_object_array_get_idx(list, i), name))
			return tags;
	if (i == TAGS_MOST)
		return tags;
	tag = json_object_new_object();
	(void)json_object_object_add(tag, "name", json_string(name));
	(void)json_object_object_add(tag, "color", json_string(color));
	(void)json_object_array_add(list, tag);
	return json_text(arena, list);
}
