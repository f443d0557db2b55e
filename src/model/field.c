/*
 * Reading a document into a struct, by its table.
 */
#include "base/base.h"

#include "model/field.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/json.h"
#include "base/names.h"
#include "base/text.h"
#include "base/when.h"
#include "model/phone.h"
#include "model/reason.h"
#include "model/url.h"

#include <json-c/json.h>
#include <string.h>

#define ITEM_MOST 255   /* characters of an item of TEXTS */
#define ITEM_BYTES 8192 /* of an item that is an object */

/* A value on its way into its member. */
struct place {
	struct reader *reader;
	const struct field *field;
	const char *path;
	struct json_object *value;
	void *member;
};

static enum outcome read_fields(struct reader *reader,
    const struct schema *schema, struct json_object *object, const char *path,
    char *out);

typedef enum outcome reading(const struct place *place);

static reading read_text, read_phone, read_url, read_number, read_integer;
static reading read_boolean, read_id, read_when, read_name, read_tree;
static reading read_texts, read_struct, read_list;

#define TEXT sizeof(const char *)

/* How each kind is read, what to call it where it is not that, and how large
 * its member is; a struct's schema says so itself. */
/* clang-format off */
static const struct {
	reading *read;
	const char *wanted;
	size_t size;
} kinds[] = {
	[FIELD_TEXT]    = { read_text,    "a string",     TEXT },
	[FIELD_PHONE]   = { read_phone,   "a string",     TEXT },
	[FIELD_URL]     = { read_url,     "a string",     TEXT },
	[FIELD_NUMBER]  = { read_number,  "a number",     sizeof(double) },
	[FIELD_INTEGER] = { read_integer, "an integer",    sizeof(int64_t) },
	[FIELD_BOOLEAN] = { read_boolean, "true or false", sizeof(bool) },
	[FIELD_ID]      = { read_id,      "a string",     sizeof(struct id) },
	[FIELD_WHEN]    = { read_when,    "a string",     sizeof(int64_t) },
	[FIELD_NAME]    = { read_name,    "a string",     sizeof(int) },
	[FIELD_OBJECT]  = { read_tree,    "an object",     TEXT },
	[FIELD_ARRAY]   = { read_tree,    "an array",     TEXT },
	[FIELD_TEXTS]   = { read_texts,   "an array",     TEXT },
	[FIELD_STRUCT]  = { read_struct,  "an object",     0 },
	[FIELD_LIST]    = { read_list,    "an array",     sizeof(struct list) },
	[FIELD_INLINE]  = { NULL,         "",             0 },
};
/* clang-format on */

enum outcome
field_read(struct reader *reader, const struct schema *schema,
    struct json_object *object, const char *path, void *out)
{
	enum outcome rc = read_fields(reader, schema, object, path, out);

	if (reader->warnings != NULL)
		field_warn(reader, schema, object, path);
	return rc;
}

static enum outcome
bad(const struct place *place, const char *wanted)
{
	int reason = place->field->reason;

	return fault_add(place->reader->faults,
	    &reasons[reason != 0 ? reason : INVALID_PARAMETER], place->path,
	    "%s must be %s", place->field->name, wanted);
}

static size_t
member_size(const struct field *field)
{
	return field->kind == FIELD_STRUCT ? field->schema->size
					   : kinds[field->kind].size;
}

/* null stands for "not set", or for the default, where that is allowed. */
static enum outcome
read_null(const struct place *place)
{
	if ((place->field->flags & FIELD_OR_DEFAULT) != 0)
		return OK;
	if ((place->field->flags & FIELD_NULLABLE) == 0)
		return bad(place, kinds[place->field->kind].wanted);
	(void)memset(place->member, 0, member_size(place->field));
	return OK;
}

/* The member points to what is read. */
static enum outcome
read_pointed(struct place *place)
{
	const void **member = place->member;
	void *value =
	    arena_alloc(place->reader->arena, member_size(place->field));
	enum outcome rc;

	place->member = value;
	rc = kinds[place->field->kind].read(place);
	if (rc == OK)
		*member = value;
	return rc;
}

/* Is the field's member given by another name? */
static bool
has_alias(const struct schema *schema, const struct field *field,
    struct json_object *object)
{
	const struct field *other;
	size_t i;

	for (i = 0; i < schema->count; i++) {
		other = &schema->fields[i];
		if ((other->flags & FIELD_ALIAS) != 0 &&
		    other->offset == field->offset &&
		    json_object_object_get_ex(object, other->name, NULL))
			return true;
	}
	return false;
}

static enum outcome
read_field(struct reader *reader, const struct schema *schema,
    const struct field *field, struct json_object *object, const char *path,
    char *out)
{
	struct place place = { reader, field, path, NULL, out + field->offset };

	if (field->kind == FIELD_INLINE)
		return read_fields(
		    reader, field->schema, object, path, place.member);
	if ((field->flags & FIELD_READ_ONLY) != 0)
		return OK;
	place.path = field_path(reader->arena, path, field->name);
	if (!json_object_object_get_ex(object, field->name, &place.value)) {
		if ((field->flags & FIELD_REQUIRED) == 0 ||
		    has_alias(schema, field, object))
			return OK;
		return fault_add(reader->faults,
		    &reasons[MISSING_REQUIRED_FIELDS], place.path,
		    "%s is required", field->name);
	}
	if (place.value == NULL)
		return read_null(&place);
	if ((field->flags & FIELD_POINTER) != 0)
		return read_pointed(&place);
	return kinds[field->kind].read(&place);
}

static enum outcome
read_fields(struct reader *reader, const struct schema *schema,
    struct json_object *object, const char *path, char *out)
{
	enum outcome rc = OK;
	size_t i;

	for (i = 0; i < schema->count; i++)
		if (read_field(
			reader, schema, &schema->fields[i], object, path, out))
			rc = INVALID;
	return rc;
}

/* The text of a string, or NULL where it is none or holds what text may
 * not hold. */
static const char *
clean(struct reader *reader, struct json_object *value)
{
	const char *text = json_object_get_string(value);
	size_t length = (size_t)json_object_get_string_len(value);

	if (!text_is_clean(text, length))
		return NULL;
	return arena_copy(reader->arena, text, length);
}

static bool
is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double);
}

static enum outcome
text_of(const struct place *place, const char **text)
{
	const char *found;

	if ((place->field->flags & FIELD_OR_NUMBER) != 0 &&
	    is_number(place->value)) {
		*text = json_text(place->reader->arena, place->value);
		return OK;
	}
	if (!json_object_is_type(place->value, json_type_string))
		return bad(place, kinds[place->field->kind].wanted);
	found = clean(place->reader, place->value);
	if (found == NULL)
		return bad(place, "text without control characters");
	*text = found;
	return OK;
}

static enum outcome
check_length(const struct place *place, const char *text)
{
	const struct field *field = place->field;
	double length = (double)text_length(text);
	struct arena *arena = place->reader->arena;

	if ((field->flags & FIELD_NOT_BLANK) != 0 && text_is_blank(text))
		return bad(place, "more than white space");
	if (length < field->least)
		return bad(
		    place, arena_format(arena, "at least %.0f characters long",
			       field->least));
	if (field->most > 0 && length > field->most)
		return bad(place, arena_format(arena,
				      "at most %.0f characters long, not %.0f",
				      field->most, length));
	if (field->rule != NULL && !field->rule->holds(text))
		return bad(place, field->rule->wanted);
	return OK;
}

static enum outcome
read_text(const struct place *place)
{
	const char *text;
	enum outcome rc = text_of(place, &text);

	if (rc == OK)
		rc = check_length(place, text);
	if (rc == OK)
		*(const char **)place->member = text;
	return rc;
}

static enum outcome
read_phone(const struct place *place)
{
	const char *text;
	enum outcome rc = text_of(place, &text);

	if (rc != OK)
		return rc;
	if (!phone_is_e164(text))
		return bad(place,
		    "a phone number in E.164: +, then 8 to 15 digits, the"
		    " first not 0, for instance +14155550123");
	*(const char **)place->member = text;
	return OK;
}

static enum outcome
read_url(const struct place *place)
{
	bool socket = (place->field->flags & FIELD_OR_SOCKET) != 0;
	const char *text, *url;
	enum outcome rc = text_of(place, &text);

	if (rc != OK)
		return rc;
	url = socket ? url_of_http(place->reader->arena, text) : text;
	if ((place->field->flags & FIELD_OR_SMTP) != 0 &&
	    url_is_mail_server(text)) {
		*(const char **)place->member = text;
		return OK;
	}
	if (!url_is_callable(url, place->reader->net_allow))
		return bad(place,
		    socket ? "an absolute https URL, or wss for LiveKit,"
			     " without user and password (http and ws only to"
			     " hosts that the operator allows)"
			   : "an absolute https URL without user and password"
			     " (http only to hosts that the operator allows)");
	*(const char **)place->member = text;
	return OK;
}

static enum outcome
check_range(const struct place *place, double value)
{
	const struct field *field = place->field;
	struct arena *arena = place->reader->arena;
	bool above = (field->flags & FIELD_ABOVE_LEAST) != 0;
	bool limited = above || field->least != 0 || field->most != 0;
	const char *least;

	if (!limited)
		return OK;
	if (value > field->least || (!above && value == field->least))
		if (field->most == 0 || value <= field->most)
			return OK;
	least =
	    arena_format(arena, "%s %s", above ? "greater than" : "at least",
		text_from_number(arena, field->least));
	if (field->most == 0)
		return bad(place, least);
	return bad(place, arena_format(arena, "%s and at most %s", least,
			      text_from_number(arena, field->most)));
}

static enum outcome
read_number(const struct place *place)
{
	double value;
	enum outcome rc;

	if (!is_number(place->value))
		return bad(place, kinds[place->field->kind].wanted);
	value = json_object_get_double(place->value);
	rc = check_range(place, value);
	if (rc == OK)
		*(double *)place->member = value;
	return rc;
}

static enum outcome
read_integer(const struct place *place)
{
	int64_t value;
	enum outcome rc;

	if (!json_object_is_type(place->value, json_type_int))
		return bad(place, kinds[place->field->kind].wanted);
	/* What fits 64 bits only without a sign would come out clamped. */
	if (json_object_get_uint64(place->value) > INT64_MAX)
		return bad(place, "an integer of 64 bits");
	value = json_object_get_int64(place->value);
	rc = check_range(place, (double)value);
	if (rc == OK)
		*(int64_t *)place->member = value;
	return rc;
}

static enum outcome
read_boolean(const struct place *place)
{
	if ((place->field->flags & FIELD_OR_TEXT) != 0 &&
	    json_object_is_type(place->value, json_type_string) &&
	    text_to_boolean(
		json_object_get_string(place->value), place->member) == OK)
		return OK;
	if (!json_object_is_type(place->value, json_type_boolean))
		return bad(place, kinds[place->field->kind].wanted);
	*(bool *)place->member = json_object_get_boolean(place->value) != 0;
	return OK;
}

static enum outcome
read_id(const struct place *place)
{
	const char *text;
	struct id id;
	enum outcome rc = text_of(place, &text);

	if (rc != OK)
		return rc;
	if (id_parse(text, &id) != OK)
		return bad(place, "an id as Parley gave it: a UUID");
	*(struct id *)place->member = id;
	return OK;
}

static enum outcome
read_when(const struct place *place)
{
	const char *text;
	int64_t when;
	enum outcome rc = text_of(place, &text);

	if (rc != OK)
		return rc;
	if (when_parse(text, &when) != OK)
		return bad(place,
		    "a time of RFC 3339, for instance 2026-11-21T09:00:00Z");
	*(int64_t *)place->member = when;
	return OK;
}

static enum outcome
read_name(const struct place *place)
{
	const struct names *names = place->field->names;
	const char *text;
	int value;
	enum outcome rc = text_of(place, &text);

	if (rc != OK)
		return rc;
	if (text[0] == '\0' || names_find(names, text, &value) != OK)
		return bad(place, names_list(place->reader->arena, names));
	*(int *)place->member = value;
	return OK;
}

/* What a field of a tree may be, by its flags. */
static const char *
tree_wanted(const struct field *field)
{
	if ((field->flags & FIELD_OR_ARRAY) != 0)
		return "an object or an array";
	if ((field->flags & FIELD_OR_TEXT) != 0)
		return "an object or a string";
	return kinds[field->kind].wanted;
}

static bool
is_tree(const struct field *field, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_object:
		return field->kind == FIELD_OBJECT;
	case json_type_array:
		return field->kind == FIELD_ARRAY ||
		       (field->flags & FIELD_OR_ARRAY) != 0;
	case json_type_string:
		return (field->flags & FIELD_OR_TEXT) != 0;
	case json_type_null:
	case json_type_boolean:
	case json_type_double:
	case json_type_int:
		break;
	}
	return false;
}

static enum outcome
read_tree(const struct place *place)
{
	const struct field *field = place->field;
	const char *text;

	if (!is_tree(field, place->value))
		return bad(place, tree_wanted(field));
	if (json_object_is_type(place->value, json_type_string) &&
	    clean(place->reader, place->value) == NULL)
		return bad(place, "text without control characters");
	text = json_text(place->reader->arena, place->value);
	if (field->most > 0 && (double)strlen(text) > field->most)
		return bad(
		    place, arena_format(place->reader->arena,
			       "at most %.0f bytes of JSON", field->most));
	*(const char **)place->member = text;
	return OK;
}

static bool
is_good_item(const struct place *place, struct json_object *item)
{
	const struct field *field = place->field;
	const char *text;

	if (json_object_is_type(item, json_type_object))
		return (field->flags & FIELD_OBJECTS) != 0 &&
		       strlen(json_text(place->reader->arena, item)) <=
			   ITEM_BYTES;
	if (is_number(item))
		return (field->flags & FIELD_NUMBERS) != 0;
	if (!json_object_is_type(item, json_type_string))
		return false;
	text = clean(place->reader, item);
	return text != NULL && !text_is_blank(text) &&
	       text_length(text) <= ITEM_MOST;
}

/* The items of an array, where there are as many as there may be. */
static enum outcome
count_items(const struct place *place, size_t *count)
{
	const struct field *field = place->field;
	struct arena *arena = place->reader->arena;
	size_t length;

	if (!json_object_is_type(place->value, json_type_array))
		return bad(place, kinds[field->kind].wanted);
	length = json_object_array_length(place->value);
	if ((double)length < field->least && field->most == 0)
		return bad(place,
		    arena_format(arena, "an array of at least %.0f items",
			field->least));
	if ((double)length < field->least ||
	    (field->most > 0 && (double)length > field->most))
		return bad(
		    place, arena_format(arena, "an array of %.0f to %.0f items",
			       field->least, field->most));
	*count = length;
	return OK;
}

static enum outcome
read_item(const struct place *place, size_t i)
{
	struct place at = *place;
	struct arena *arena = place->reader->arena;
	struct json_object *item = json_object_array_get_idx(place->value, i);

	if (!is_good_item(place, item)) {
		at.path = arena_format(arena, "%s/%zu", place->path, i);
		return bad(
		    &at, (place->field->flags & FIELD_OBJECTS) != 0
			     ? "an array of strings (or objects), none blank"
			     : "an array of strings, none blank, each at most"
			       " 255 characters long");
	}
	if (is_number(item))
		(void)json_object_array_put_idx(
		    place->value, i, json_string(json_text(arena, item)));
	return OK;
}

static enum outcome
read_texts(const struct place *place)
{
	size_t i, count = 0;
	enum outcome rc = count_items(place, &count);

	for (i = 0; i < count; i++)
		if (read_item(place, i))
			rc = INVALID;
	if (rc == OK)
		*(const char **)place->member =
		    json_text(place->reader->arena, place->value);
	return rc;
}

static enum outcome
read_list(const struct place *place)
{
	const struct schema *schema = place->field->schema;
	struct place item = *place;
	struct arena *arena = place->reader->arena;
	size_t i, count = 0;
	char *items;
	enum outcome rc = count_items(place, &count);

	items = arena_alloc(arena, count * schema->size + 1);
	for (i = 0; i < count; i++) {
		item.path = arena_format(arena, "%s/%zu", place->path, i);
		item.value = json_object_array_get_idx(place->value, i);
		item.member = items + i * schema->size;
		if (!json_object_is_type(item.value, json_type_object))
			rc = bad(&item, "an array of objects");
		else if (read_struct(&item))
			rc = INVALID;
	}
	if (rc == OK)
		*(struct list *)place->member = (struct list){ items, count };
	return rc;
}

static enum outcome
read_struct(const struct place *place)
{
	if (!json_object_is_type(place->value, json_type_object))
		return bad(place, kinds[FIELD_STRUCT].wanted);
	return field_read(place->reader, place->field->schema, place->value,
	    place->path, place->member);
}
