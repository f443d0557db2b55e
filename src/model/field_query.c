/*
 * Reading the parameters of a query, and texts of our own: they become a
 * document first.
 */
#include "base/base.h"

#include "model/field.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "model/reason.h"

#include <json-c/json.h>
#include <string.h>

static enum outcome fill(struct reader *reader, const struct schema *schema,
    const char *const *pairs, struct json_object *object);
static const struct field *find_field(
    const struct schema *schema, const char *name);
static struct json_object *query_value(
    const struct field *field, const char *text);

enum outcome
field_read_query(struct reader *reader, const struct schema *schema,
    const char *const *pairs, void *out)
{
	struct json_object *object =
	    json_own(reader->arena, json_object_new_object());
	enum outcome rc = fill(reader, schema, pairs, object);

	if (field_read(reader, schema, object, "", out))
		rc = INVALID;
	return rc;
}

static enum outcome
fill(struct reader *reader, const struct schema *schema,
    const char *const *pairs, struct json_object *object)
{
	const struct field *field;
	enum outcome rc = OK;

	for (; pairs[0] != NULL; pairs += 2) {
		field = find_field(schema, pairs[0]);
		/* Where nobody asks what else there is, it may be repeated. */
		if (field == NULL && reader->warnings == NULL)
			continue;
		if (json_object_object_get_ex(object, pairs[0], NULL))
			rc = fault_add(reader->faults,
			    &reasons[INVALID_PARAMETER],
			    field_path(reader->arena, "", pairs[0]),
			    "a query parameter is given twice");
		(void)json_object_object_add(
		    object, pairs[0], query_value(field, pairs[1]));
	}
	return rc;
}

static const struct field *
find_field(const struct schema *schema, const char *name)
{
	const struct field *field, *found;
	size_t i;

	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		if (field->kind == FIELD_INLINE) {
			found = find_field(field->schema, name);
			if (found != NULL)
				return found;
		} else if (text_equal(field->name, name)) {
			return field;
		}
	}
	return NULL;
}

/* A query's values are text; what they stand for says the field. */
static struct json_object *
query_value(const struct field *field, const char *text)
{
	enum field_kind kind = field != NULL ? field->kind : FIELD_TEXT;
	int64_t integer;
	double number;
	bool boolean;

	if (kind == FIELD_INTEGER && text_to_integer(text, &integer) == OK)
		return json_object_new_int64(integer);
	if (kind == FIELD_NUMBER && text_to_number(text, &number) == OK)
		return json_number(number);
	if (kind == FIELD_BOOLEAN && text_to_boolean(text, &boolean) == OK)
		return json_object_new_boolean(boolean);
	return json_string(text);
}

enum outcome
field_read_text(struct arena *arena, const struct schema *schema,
    const char *text, void *out)
{
	struct faults *faults = arena_alloc(arena, sizeof(*faults));
	struct reader reader = { .arena = arena, .faults = faults };
	struct json_object *document;
	struct json_fault ignored;

	faults_init(faults, arena);
	if (json_parse(arena, text, strlen(text), &document, &ignored) != OK ||
	    !json_object_is_type(document, json_type_object))
		return INVALID;
	return field_read(&reader, schema, document, "", out);
}
