/*
 * What is said about names: where they stand, and which are unknown.
 */
#include "base/base.h"

#include "model/field.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "model/reason.h"

#include <json-c/json.h>
#include <string.h>

#define NAMES_MOST 64 /* fields of a schema with those that are inline */
#define NAME_MOST 255 /* bytes of an unknown name that are repeated */

static size_t known_names(
    const struct schema *schema, const char **names, size_t count);
static bool is_known(const char *name, const char *const *names);
static const char *meant_by(const struct schema *schema, const char *name);
static const char *short_name(const char *name);

void
field_warn(struct reader *reader, const struct schema *schema,
    struct json_object *object, const char *path)
{
	const char *names[NAMES_MOST + 1], *nearest, *hint;
	struct arena *arena = reader->arena;

	names[known_names(schema, names, 0)] = NULL;
	json_object_object_foreach(object, name, value)
	{
		(void)value;
		nearest = meant_by(schema, name);
		if (nearest != NULL)
			(void)fault_add(reader->warnings,
			    &reasons[INVALID_PARAMETER],
			    field_path(arena, path, name),
			    "%s is not a field of this request; it is taken"
			    " for %s where that is not given",
			    name, nearest);
		if (is_known(name, names))
			continue;
		nearest = text_nearest(name, names);
		hint = nearest == NULL
			   ? ""
			   : arena_format(arena, "; did you mean %s?", nearest);
		(void)fault_add(reader->warnings, &reasons[INVALID_PARAMETER],
		    field_path(arena, path, short_name(name)),
		    "%s is not a field of this request and was ignored%s",
		    short_name(name), hint);
	}
}

const char *
field_path(struct arena *arena, const char *path, const char *name)
{
	size_t length = strlen(path);
	char *pointer, *at;

	pointer = arena_alloc(arena, length + 2 * strlen(name) + 2);
	(void)memcpy(pointer, path, length);
	at = pointer + length;
	*at++ = '/';
	for (; *name != '\0'; name++) {
		*at++ = *name == '/' ? '~' : *name;
		if (*name == '~' || *name == '/')
			*at++ = *name == '~' ? '0' : '1';
	}
	return pointer;
}

/* Every name that may be written, for the question whether a name is known
 * and for the nearest to one that is not. */
static size_t
known_names(const struct schema *schema, const char **names, size_t count)
{
	size_t i;

	for (i = 0; i < schema->count; i++) {
		if (schema->fields[i].kind == FIELD_INLINE) {
			count =
			    known_names(schema->fields[i].schema, names, count);
		} else if ((schema->fields[i].flags & FIELD_READ_ONLY) == 0) {
			assert(count < NAMES_MOST);
			names[count++] = schema->fields[i].name;
		}
	}
	return count;
}

static bool
is_known(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (text_equal(name, *names))
			return true;
	return false;
}

/* The field that is meant by a name which is a known mistake; NULL: it is
 * none. */
static const char *
meant_by(const struct schema *schema, const char *name)
{
	const struct field *field, *meant;
	size_t i, j;

	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		if ((field->flags & FIELD_MISTAKEN) == 0 ||
		    !text_equal(field->name, name))
			continue;
		for (j = i + 1; j < schema->count; j++) {
			meant = &schema->fields[j];
			if (meant->offset == field->offset &&
			    (meant->flags & FIELD_ALIAS) == 0)
				return meant->name;
		}
	}
	return NULL;
}

/* What a sentence may repeat of a name that somebody made up. */
static const char *
short_name(const char *name)
{
	return strlen(name) <= NAME_MOST ? name : "a name of many letters";
}
