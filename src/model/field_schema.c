/*
 * The keywords are those of JSON Schema Validation (2020-12), sections 6
 * and 7.  Left out is what they cannot say: limits in bytes, and the rules
 * of a text, which stand in its description.
 */
#include "base/base.h"

#include "model/field_schema.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/names.h"
#include "base/text.h"
#include "model/field.h"
#include "model/url.h"

#include <json-c/json.h>
#include <string.h>

#define REFERENCE "#/components/schemas/"
#define DEFINITIONS "#/$defs/"
#define NOT_BLANK "\\S"
#define REQUEST_SUFFIX "Request"

/* The schema of an object on its way. */
struct draft {
	struct arena *arena;
	enum field_view view;
	struct json_object *properties;
	struct json_object *required;
	struct json_object *choices; /* names of which any one is required */
	bool optional;               /* the fields may all be left out */
};

typedef void limiting(const struct field *field, struct json_object *value);

static limiting limit_text, limit_url, limit_value, limit_count;

/* What each kind is, and in requests its limits.  A struct has no type: it
 * is referred to. */
/* clang-format off */
static const struct {
	const char *type;
	const char *format;
	const char *pattern;
	limiting *limit;
} kinds[] = {
	[FIELD_TEXT]    = { "string",  NULL,        NULL, limit_text },
	[FIELD_PHONE]   = { "string",  NULL, "^\\+[1-9][0-9]{7,14}$", NULL },
	[FIELD_URL]     = { "string",  "uri",       NULL, limit_url },
	[FIELD_NUMBER]  = { "number",  NULL,        NULL, limit_value },
	[FIELD_INTEGER] = { "integer", "int64",     NULL, limit_value },
	[FIELD_BOOLEAN] = { "boolean", NULL,        NULL, NULL },
	[FIELD_ID]      = { "string",  "uuid",      NULL, NULL },
	[FIELD_WHEN]    = { "string",  "date-time", NULL, NULL },
	[FIELD_NAME]    = { "string",  NULL,        NULL, NULL },
	[FIELD_OBJECT]  = { "object",  NULL,        NULL, NULL },
	[FIELD_ARRAY]   = { "array",   NULL,        NULL, NULL },
	[FIELD_TEXTS]   = { "array",   NULL,        NULL, limit_count },
	[FIELD_STRUCT]  = { NULL,      NULL,        NULL, NULL },
	[FIELD_LIST]    = { "array",   NULL,        NULL, limit_count },
	[FIELD_INLINE]  = { NULL,      NULL,        NULL, NULL },
};
/* clang-format on */

static void write_fields(
    const struct draft *draft, const struct schema *schema);
static struct json_object *write_value(
    struct arena *arena, const struct field *field, enum field_view view);
static void describe(struct arena *arena, const struct field *field,
    enum field_view view, struct json_object *value);

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

/* An array without items says nothing. */
static void
add_some(
    struct json_object *object, const char *name, struct json_object *array)
{
	if (json_object_array_length(array) > 0)
		add(object, name, array);
	else
		(void)json_object_put(array);
}

struct json_object *
field_schema_write(
    struct arena *arena, const struct schema *schema, enum field_view view)
{
	struct json_object *object = json_object_new_object();
	struct draft draft = { arena, view, json_object_new_object(),
		json_object_new_array(), json_object_new_array(), false };

	write_fields(&draft, schema);
	add(object, "type", json_string("object"));
	add(object, "properties", draft.properties);
	add_some(object, "required", draft.required);
	add_some(object, "allOf", draft.choices);
	add(object, "additionalProperties",
	    json_object_new_boolean(view == FIELD_REQUEST));
	return object;
}

static const char *
component_name(
    struct arena *arena, const struct schema *schema, enum field_view view)
{
	if (view == FIELD_ANSWER || text_ends(schema->name, REQUEST_SUFFIX))
		return schema->name;
	return arena_format(arena, "%s" REQUEST_SUFFIX, schema->name);
}

struct json_object *
field_schema_refer(
    struct arena *arena, const struct schema *schema, enum field_view view)
{
	struct json_object *reference = json_object_new_object();

	add(reference, "$ref",
	    json_string(arena_format(
		arena, REFERENCE "%s", component_name(arena, schema, view))));
	return reference;
}

/* Does the field stand in this view? */
static bool
is_shown(const struct field *field, enum field_view view)
{
	unsigned hidden = view == FIELD_REQUEST
			      ? FIELD_READ_ONLY
			      : FIELD_ALIAS | FIELD_WRITE_ONLY;

	return (field->flags & hidden) == 0;
}

static void
collect_fields(struct arena *arena, const struct schema *schema,
    enum field_view view, struct json_object *components)
{
	const struct field *field;
	size_t i;

	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		if (field->schema == NULL || !is_shown(field, view))
			continue;
		if (field->kind == FIELD_INLINE)
			collect_fields(arena, field->schema, view, components);
		else
			field_schema_collect(
			    arena, field->schema, view, components);
	}
}

void
field_schema_collect(struct arena *arena, const struct schema *schema,
    enum field_view view, struct json_object *components)
{
	const char *name = component_name(arena, schema, view);
	struct json_object *there,
	    *object = field_schema_write(arena, schema, view);

	if (json_object_object_get_ex(components, name, &there)) {
		assert(json_object_equal(there, object));
		(void)json_object_put(object);
		return;
	}
	/* Before what it refers to, which may be itself. */
	add(components, name, object);
	collect_fields(arena, schema, view, components);
}

/* Lets every reference lead to where JSON Schema itself has things. */
static void
point_within(struct arena *arena, struct json_object *node)
{
	const char *target;
	size_t i;

	if (json_object_is_type(node, json_type_array))
		for (i = 0; i < json_object_array_length(node); i++)
			point_within(arena, json_object_array_get_idx(node, i));
	if (!json_object_is_type(node, json_type_object))
		return;
	json_object_object_foreach(node, name, value)
	{
		target = text_equal(name, "$ref")
			     ? json_object_get_string(value)
			     : NULL;
		if (target == NULL)
			point_within(arena, value);
		else if (text_starts(target, REFERENCE))
			(void)json_object_set_string(
			    value, arena_format(arena, DEFINITIONS "%s",
				       target + strlen(REFERENCE)));
	}
}

struct json_object *
field_schema_document(struct arena *arena, const struct schema *schema)
{
	struct json_object *document = json_object_new_object();
	struct json_object *definitions = json_object_new_object();
	struct json_object *root =
	    field_schema_write(arena, schema, FIELD_REQUEST);

	collect_fields(arena, schema, FIELD_REQUEST, definitions);
	add(document, "$schema", json_string(FIELD_SCHEMA_DIALECT));
	add(document, "title", json_string(schema->name));
	json_object_object_foreach(root, name, value)
	    add(document, name, json_object_get(value));
	(void)json_object_put(root);
	add(document, "$defs", definitions);
	point_within(arena, document);
	return document;
}

void
field_schema_parameters(struct arena *arena, const struct schema *schema,
    struct json_object *parameters)
{
	const struct field *field;
	struct json_object *parameter;
	size_t i;

	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		if (!is_shown(field, FIELD_REQUEST))
			continue;
		if (field->kind == FIELD_INLINE) {
			field_schema_parameters(
			    arena, field->schema, parameters);
			continue;
		}
		parameter = json_object_new_object();
		add(parameter, "name", json_string(field->name));
		add(parameter, "in", json_string("query"));
		describe(arena, field, FIELD_REQUEST, parameter);
		add(parameter, "required",
		    json_object_new_boolean(
			(field->flags & FIELD_REQUIRED) != 0));
		add(parameter, "schema",
		    write_value(arena, field, FIELD_REQUEST));
		(void)json_object_array_add(parameters, parameter);
	}
}

bool
field_schema_requires(const struct schema *schema)
{
	const struct field *field;
	size_t i;

	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		if (!is_shown(field, FIELD_REQUEST))
			continue;
		if (field->kind == FIELD_INLINE
			? field_schema_requires(field->schema)
			: (field->flags & FIELD_REQUIRED) != 0)
			return true;
	}
	return false;
}

static void
describe(struct arena *arena, const struct field *field, enum field_view view,
    struct json_object *value)
{
	const char *about = field->about;

	if (field->rule != NULL && view == FIELD_REQUEST)
		about = arena_format(arena, "%s%sIt must be %s.",
		    about != NULL ? about : "", about != NULL ? " " : "",
		    field->rule->wanted);
	if (about != NULL)
		add(value, "description", json_string(about));
}

static struct json_object *
require_one(const char *name)
{
	struct json_object *names = json_object_new_array();
	struct json_object *choice = json_object_new_object();

	(void)json_object_array_add(names, json_string(name));
	add(choice, "required", names);
	return choice;
}

/* Says that the field is required, by its name or by another of the same
 * member. */
static void
require(const struct draft *draft, const struct schema *schema,
    const struct field *field)
{
	struct json_object *names = json_object_new_array(), *choice;
	const struct field *other;
	size_t i;

	for (i = 0; i < schema->count; i++) {
		other = &schema->fields[i];
		if (other == field || ((other->flags & FIELD_ALIAS) != 0 &&
					  other->offset == field->offset))
			(void)json_object_array_add(
			    names, require_one(other->name));
	}
	if (json_object_array_length(names) == 1) {
		(void)json_object_put(names);
		(void)json_object_array_add(
		    draft->required, json_string(field->name));
		return;
	}
	choice = json_object_new_object();
	add(choice, "anyOf", names);
	(void)json_object_array_add(draft->choices, choice);
}

static void
write_field(const struct draft *draft, const struct schema *schema,
    const struct field *field)
{
	struct json_object *value =
	    write_value(draft->arena, field, draft->view);

	describe(draft->arena, field, draft->view, value);
	add(draft->properties, field->name, value);
	if (draft->optional ||
	    (draft->view == FIELD_ANSWER && (field->flags & FIELD_SPARSE) != 0))
		return;
	if (draft->view == FIELD_ANSWER)
		(void)json_object_array_add(
		    draft->required, json_string(field->name));
	else if ((field->flags & FIELD_REQUIRED) != 0)
		require(draft, schema, field);
}

static void
write_fields(const struct draft *draft, const struct schema *schema)
{
	const struct field *field;
	struct draft inside = *draft;
	size_t i;

	for (i = 0; i < schema->count; i++) {
		field = &schema->fields[i];
		if (!is_shown(field, draft->view))
			continue;
		inside.optional =
		    draft->optional || (field->flags & FIELD_POINTER) != 0;
		if (field->kind == FIELD_INLINE)
			write_fields(&inside, field->schema);
		else
			write_field(draft, schema, field);
	}
}

/* A type, or the array of those that are not NULL. */
static struct json_object *
type_of(const char *type, const char *second, const char *third)
{
	struct json_object *types;

	if (second == NULL && third == NULL)
		return json_string(type);
	types = json_object_new_array();
	(void)json_object_array_add(types, json_string(type));
	if (second != NULL)
		(void)json_object_array_add(types, json_string(second));
	if (third != NULL)
		(void)json_object_array_add(types, json_string(third));
	return types;
}

/* What stands for a text or a boolean before it was read, and for what an
 * object may be beside. */
static const char *
second_type(const struct field *field, enum field_view view)
{
	if (field->kind == FIELD_OBJECT && (field->flags & FIELD_OR_ARRAY) != 0)
		return "array";
	if ((field->flags & FIELD_OR_TEXT) != 0 &&
	    (field->kind == FIELD_OBJECT || view == FIELD_REQUEST))
		return "string";
	if (view == FIELD_REQUEST && (field->flags & FIELD_OR_NUMBER) != 0)
		return "integer";
	return NULL;
}

/* A default's null is only read. */
static bool
takes_null(const struct field *field, enum field_view view)
{
	return (field->flags & (FIELD_NULLABLE | FIELD_POINTER)) != 0 ||
	       (view == FIELD_REQUEST &&
		   (field->flags & FIELD_OR_DEFAULT) != 0);
}

static struct json_object *
words_of(const struct field *field, enum field_view view)
{
	struct json_object *words = json_object_new_array();
	size_t i;

	/* The word "" is how null is written in the table. */
	for (i = 0; i < field->names->count; i++)
		if (field->names->list[i][0] != '\0')
			(void)json_object_array_add(
			    words, json_string(field->names->list[i]));
	if (takes_null(field, view))
		(void)json_object_array_add(words, NULL);
	return words;
}

static struct json_object *
text_item(const struct field *field, enum field_view view)
{
	struct json_object *item = json_object_new_object();
	bool request = view == FIELD_REQUEST;

	add(item, "type",
	    type_of("string",
		(field->flags & FIELD_OBJECTS) != 0 ? "object" : NULL,
		request && (field->flags & FIELD_NUMBERS) != 0 ? "integer"
							       : NULL));
	if (request)
		add(item, "pattern", json_string(NOT_BLANK));
	return item;
}

/* A reference takes no type beside it, so null is the other choice. */
static struct json_object *
write_struct(
    struct arena *arena, const struct field *field, enum field_view view)
{
	struct json_object *value =
	    field_schema_refer(arena, field->schema, view);
	struct json_object *either, *choices, *null;

	/* In an answer a struct that is not pointed to is always there. */
	if (view == FIELD_ANSWER ? (field->flags & FIELD_POINTER) == 0
				 : !takes_null(field, view))
		return value;
	null = json_object_new_object();
	add(null, "type", json_string("null"));
	choices = json_object_new_array();
	(void)json_object_array_add(choices, value);
	(void)json_object_array_add(choices, null);
	either = json_object_new_object();
	add(either, "anyOf", choices);
	return either;
}

static struct json_object *
write_value(
    struct arena *arena, const struct field *field, enum field_view view)
{
	struct json_object *value;

	if (field->kind == FIELD_STRUCT)
		return write_struct(arena, field, view);
	value = json_object_new_object();
	add(value, "type",
	    type_of(kinds[field->kind].type, second_type(field, view),
		takes_null(field, view) ? "null" : NULL));
	if (kinds[field->kind].format != NULL)
		add(value, "format", json_string(kinds[field->kind].format));
	if (kinds[field->kind].pattern != NULL)
		add(value, "pattern", json_string(kinds[field->kind].pattern));
	if (field->kind == FIELD_NAME)
		add(value, "enum", words_of(field, view));
	if (field->kind == FIELD_TEXTS)
		add(value, "items", text_item(field, view));
	if (field->kind == FIELD_LIST)
		add(value, "items",
		    field_schema_refer(arena, field->schema, view));
	if (view == FIELD_REQUEST && kinds[field->kind].limit != NULL)
		kinds[field->kind].limit(field, value);
	return value;
}

static void
limit_text(const struct field *field, struct json_object *value)
{
	if (field->least > 0)
		add(value, "minLength", json_number(field->least));
	if (field->most > 0)
		add(value, "maxLength", json_number(field->most));
	if ((field->flags & FIELD_NOT_BLANK) != 0)
		add(value, "pattern", json_string(NOT_BLANK));
}

/* Its characters are ASCII, so bytes are characters. */
static void
limit_url(const struct field *field, struct json_object *value)
{
	(void)field;
	add(value, "maxLength", json_object_new_int(URL_MOST));
}

static void
limit_value(const struct field *field, struct json_object *value)
{
	bool above = (field->flags & FIELD_ABOVE_LEAST) != 0;

	if (above)
		add(value, "exclusiveMinimum", json_number(field->least));
	else if (field->least != 0 || field->most != 0)
		add(value, "minimum", json_number(field->least));
	if (field->most != 0)
		add(value, "maximum", json_number(field->most));
}

static void
limit_count(const struct field *field, struct json_object *value)
{
	if (field->least > 0)
		add(value, "minItems", json_number(field->least));
	if (field->most > 0)
		add(value, "maxItems", json_number(field->most));
}
