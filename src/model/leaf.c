#include "base/base.h"

#include "model/leaf.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/secret.h"

#include <json-c/json.h>
#include <string.h>

const struct leaf leaf_of_anything;

/* Numbers that are equal read the same. */
static const char *
scalar_text(struct arena *arena, struct json_object *value)
{
	if (json_object_is_type(value, json_type_int) ||
	    json_object_is_type(value, json_type_double))
		return json_text(
		    arena, json_own(arena,
			       json_number(json_object_get_double(value))));
	return json_text(arena, value);
}

static void
add(struct arena *arena, struct leaves *leaves, const char *way,
    const char *what)
{
	const char *text = arena_format(arena, "%s%s", way, what);
	unsigned char digest[SECRET_DIGEST];
	size_t i;

	secret_digest(text, strlen(text), digest);
	for (i = 0; i < leaves->count && i < LEAVES_MOST; i++)
		if (memcmp(leaves->list[i].digest, digest, LEAF_DIGEST) == 0)
			return;
	if (leaves->count < LEAVES_MOST)
		(void)memcpy(
		    leaves->list[leaves->count].digest, digest, LEAF_DIGEST);
	leaves->count++;
}

static void take_apart(struct arena *arena, struct leaves *leaves,
    const char *way, struct json_object *value);

static void
take_members(struct arena *arena, struct leaves *leaves, const char *way,
    struct json_object *object)
{
	struct json_object *key;

	json_object_object_foreach(object, name, value)
	{
		key = json_own(arena, json_string(name));
		take_apart(arena, leaves,
		    arena_format(arena, "%s%s:", way, json_text(arena, key)),
		    value);
	}
}

/* An object is as deep as base/json lets it be, so this ends. */
static void
take_apart(struct arena *arena, struct leaves *leaves, const char *way,
    struct json_object *value)
{
	size_t i;

	if (leaves->count > LEAVES_MOST)
		return;
	if (json_object_is_type(value, json_type_object)) {
		add(arena, leaves, way, "{}");
		take_members(arena, leaves, way, value);
	} else if (json_object_is_type(value, json_type_array)) {
		add(arena, leaves, way, "[]");
		for (i = 0; i < json_object_array_length(value); i++)
			take_apart(arena, leaves, way,
			    json_object_array_get_idx(value, i));
	} else {
		add(arena, leaves, way, scalar_text(arena, value));
	}
}

void
leaves_read(struct arena *arena, const char *json, struct leaves *leaves)
{
	struct json_object *object;
	struct json_fault ignored;

	leaves->count = 0;
	if (json == NULL ||
	    json_parse(arena, json, strlen(json), &object, &ignored) != OK ||
	    !json_object_is_type(object, json_type_object))
		return;
	take_members(arena, leaves, "", object);
	if (leaves->count <= LEAVES_MOST)
		return;
	leaves->list[0] = leaf_of_anything;
	leaves->count = 1;
}
