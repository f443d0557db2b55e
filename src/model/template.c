/*
 * One pass from left to right, with no looking back: what was filled in is
 * behind, so it cannot be taken for a place.
 */
#include "base/base.h"

#include "model/template.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"

#include <json-c/json.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#define SECRET_PREFIX "SECRET."
#define SECRET_LENGTH (sizeof(SECRET_PREFIX) - 1)
#define INDEX_DIGITS 9

/* What a text is filled from. */
struct source {
	struct json_object *variables;
	struct json_object *secrets;
};

static size_t place_length(const char *text);
static bool fill_place(struct buf *out, const char *place, size_t length,
    const struct source *source);
static enum outcome find_value(
    const struct source *source, const char *path, struct json_object **value);
static bool find_member(struct json_object *object, const char *name,
    size_t length, struct json_object **value);
static bool find_item(struct json_object *array, const char *name,
    size_t length, struct json_object **value);
static void add_value(struct buf *out, struct json_object *value);
static void add_cut(struct buf *out, const char *text, size_t length);

const char *
template_fill(struct arena *arena, const char *text,
    struct json_object *variables, struct json_object *secrets)
{
	const struct source source = { variables, secrets };
	struct buf out;
	size_t plain, length;

	buf_init(&out, arena, TEMPLATE_MOST);
	while (*text != '\0' && buf_ok(&out)) {
		plain = strcspn(text, "{");
		add_cut(&out, text, plain);
		text += plain;
		if (*text == '\0')
			break;
		length = place_length(text);
		if (length == 0 || !fill_place(&out, text, length, &source)) {
			length = length > 0 ? length : 1;
			add_cut(&out, text, length);
		}
		text += length;
	}
	return buf_text(&out);
}

/* The bytes of the place that begins here with "{{"; 0: none does.  Of
 * three braces in a row the last two open it, so that a place may stand at
 * the edge of an object in a JSON text. */
static size_t
place_length(const char *text)
{
	size_t i;

	if (text[0] != '{' || text[1] != '{')
		return 0;
	for (i = 2; i < TEMPLATE_PATH_MOST + 2 && text[i] != '\0'; i++) {
		if (text[i] == '{')
			return 0;
		if (text[i] == '}' && text[i + 1] == '}')
			return i + 2;
	}
	return 0;
}

/* Says whether there is a value for it. */
static bool
fill_place(struct buf *out, const char *place, size_t length,
    const struct source *source)
{
	const char *path = text_trim(
	    out->arena, arena_copy(out->arena, place + 2, length - 4));
	struct json_object *value;

	if (find_value(source, path, &value) != OK)
		return false;
	add_value(out, value);
	return true;
}

static enum outcome
find_value(
    const struct source *source, const char *path, struct json_object **value)
{
	if (strncasecmp(path, SECRET_PREFIX, SECRET_LENGTH) == 0)
		return template_find(
		    source->secrets, path + SECRET_LENGTH, value);
	return template_find(source->variables, path, value);
}

/* Columns of spreadsheets have points in their names, so what is left of
 * the path is looked for as one name first. */
enum outcome
template_find(
    struct json_object *variables, const char *path, struct json_object **value)
{
	struct json_object *at = variables, *next;
	size_t length = strlen(path);

	if (at == NULL || length == 0 || length > TEMPLATE_PATH_MOST)
		return NOT_FOUND;
	for (;;) {
		if (find_member(at, path, strlen(path), &next)) {
			*value = next;
			return OK;
		}
		length = strcspn(path, ".");
		if (path[length] == '\0' ||
		    !find_member(at, path, length, &next))
			return NOT_FOUND;
		at = next;
		path += length + 1;
	}
}

/* As it is written, or else in any case. */
static bool
find_member(struct json_object *object, const char *name, size_t length,
    struct json_object **value)
{
	struct json_object *found = NULL;
	bool is_found = false;

	if (json_object_is_type(object, json_type_array))
		return find_item(object, name, length, value);
	if (!json_object_is_type(object, json_type_object))
		return false;
	json_object_object_foreach(object, key, member)
	{
		if (strncasecmp(key, name, length) != 0 || key[length] != '\0')
			continue;
		if (!is_found || memcmp(key, name, length) == 0)
			found = member;
		is_found = true;
		if (memcmp(key, name, length) == 0)
			break;
	}
	if (is_found)
		*value = found;
	return is_found;
}

static bool
find_item(struct json_object *array, const char *name, size_t length,
    struct json_object **value)
{
	size_t index = 0, i;

	if (length == 0 || length > INDEX_DIGITS)
		return false;
	for (i = 0; i < length; i++) {
		if (name[i] < '0' || name[i] > '9')
			return false;
		index = index * 10 + (size_t)(name[i] - '0');
	}
	if (index >= json_object_array_length(array))
		return false;
	*value = json_object_array_get_idx(array, index);
	return true;
}

static void
add_value(struct buf *out, struct json_object *value)
{
	const char *text;
	double number;

	switch (json_object_get_type(value)) {
	case json_type_null:
		return;
	case json_type_string:
		text = json_object_get_string(value);
		break;
	case json_type_double:
		number = json_object_get_double(value);
		text = isfinite(number) ? text_from_number(out->arena, number)
					: json_text(out->arena, value);
		break;
	case json_type_boolean:
	case json_type_int:
	case json_type_object:
	case json_type_array:
		text = json_text(out->arena, value);
		break;
	default:
		return;
	}
	add_cut(out, text, strlen(text));
}

/* As much as fits; what does not marks the buffer as over. */
static void
add_cut(struct buf *out, const char *text, size_t length)
{
	size_t room = out->ceiling - out->length, fits = room;

	if (length <= room) {
		buf_add(out, text, length);
		return;
	}
	while (fits > 0 && ((unsigned char)text[fits] & 0xc0) == 0x80)
		fits--;
	buf_add(out, text, fits);
	out->over = true;
}
