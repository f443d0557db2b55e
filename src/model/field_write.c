/*
 * Writing a struct as a document, by its table.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/names.h"
#include "base/when.h"
#include "model/field.h"

#include <json-c/json.h>

static struct json_object *write_value(
    struct arena *arena, const struct field *field, const void *member);

/* null is NULL, so what is absent is found by its value. */
static void
add_value(struct json_object *object, const struct field *field,
    struct json_object *value)
{
	if (value == NULL && (field->flags & FIELD_SPARSE) != 0)
		return;
	(void)json_object_object_add_ex(object, field->name, value,
	    JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

/* Where its value is; NULL: there is none. */
static const char *
member_of(const struct field *field, const char *in)
{
	const char *member = in + field->offset;

	if ((field->flags & FIELD_POINTER) == 0)
		return member;
	return *(const void *const *)(const void *)member;
}

static void
write_fields(struct arena *arena, const struct schema *schema, const char *in,
    struct json_object *object)
{
	const struct field *field;
	const char *member;
	size_t i;

	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		if ((field->flags & (FIELD_ALIAS | FIELD_WRITE_ONLY)) != 0)
			continue;
		member = member_of(field, in);
		if (field->kind != FIELD_INLINE)
			add_value(object, field,
			    member != NULL ? write_value(arena, field, member)
					   : NULL);
		else if (member != NULL)
			write_fields(arena, field->schema, member, object);
	}
}

struct json_object *
field_write(struct arena *arena, const struct schema *schema, const void *in)
{
	struct json_object *object = json_object_new_object();

	write_fields(arena, schema, in, object);
	return object;
}

const char *
field_write_text(
    struct arena *arena, const struct schema *schema, const void *in)
{
	return json_text(
	    arena, json_own(arena, field_write(arena, schema, in)));
}

struct json_object *
field_write_list(
    struct arena *arena, const struct schema *schema, const struct list *list)
{
	struct json_object *array =
	    json_object_new_array_ext((int)list->count + 1);
	const char *item = list->items;
	size_t i;

	for (i = 0; i < list->count; i++, item += schema->size)
		(void)json_object_array_add(
		    array, field_write(arena, schema, item));
	return array;
}

static struct json_object *
write_number(const struct field *field, double number)
{
	if (number == 0 && (field->flags & FIELD_NULLABLE) != 0)
		return NULL;
	return json_number(number);
}

static struct json_object *
write_integer(const struct field *field, int64_t integer)
{
	if (integer == 0 && (field->flags & FIELD_NULLABLE) != 0)
		return NULL;
	return json_object_new_int64(integer);
}

static struct json_object *
write_id(struct arena *arena, const struct id *id)
{
	return id_is_none(id) ? NULL : json_string(id_text(arena, id));
}

static struct json_object *
write_when(struct arena *arena, int64_t when)
{
	return when == 0 ? NULL : json_string(when_text(arena, when));
}

static struct json_object *
write_name(const struct field *field, int value)
{
	const char *word = names_text(field->names, value);

	return word[0] == '\0' ? NULL : json_string(word);
}

static struct json_object *
write_tree(const char *text)
{
	return text == NULL ? NULL : json_raw(text);
}

static struct json_object *
write_value(struct arena *arena, const struct field *field, const void *member)
{
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_PHONE:
	case FIELD_URL:
		return json_string(*(const char *const *)member);
	case FIELD_NUMBER:
		return write_number(field, *(const double *)member);
	case FIELD_INTEGER:
		return write_integer(field, *(const int64_t *)member);
	case FIELD_BOOLEAN:
		return json_object_new_boolean(*(const bool *)member);
	case FIELD_ID:
		return write_id(arena, member);
	case FIELD_WHEN:
		return write_when(arena, *(const int64_t *)member);
	case FIELD_NAME:
		return write_name(field, *(const int *)member);
	case FIELD_OBJECT:
	case FIELD_ARRAY:
	case FIELD_TEXTS:
		return write_tree(*(const char *const *)member);
	case FIELD_STRUCT:
		return field_write(arena, field->schema, member);
	case FIELD_LIST:
		return field_write_list(arena, field->schema, member);
	case FIELD_INLINE:
		break;
	}
	return NULL;
}
