/*
 * Every value becomes text first, and what it stands for is read from the
 * text: so 5 and "5" are the same, and what is compared as text is there
 * for a field of any kind.
 */
#include "base/base.h"

#include "model/filter.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/reason.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <string.h>

#define PATH "/filters"
#define NAME_MOST 64 /* bytes of an unknown name that are repeated */

typedef bool reading(const char *text, struct filter *filter);

static reading read_text, read_number, read_boolean, read_when;

/* clang-format off */
static const char *const operator_words[] = {
	[FILTER_EQ]          = "eq",
	[FILTER_CONTAINS]    = "contains",
	[FILTER_STARTS_WITH] = "startsWith",
	[FILTER_ENDS_WITH]   = "endsWith",
	[FILTER_GT]          = "gt",
	[FILTER_GTE]         = "gte",
	[FILTER_LT]          = "lt",
	[FILTER_LTE]         = "lte",
};
static_assert(COUNT(operator_words) == FILTER_OPERATOR_N,
    "a word for every operator");

/* How a value of each kind is read, and what to ask for where it is not. */
static const struct {
	reading *read;
	const char *wanted;
} kinds[] = {
	[FILTER_TEXT]    = { read_text,    "a string" },
	[FILTER_NUMBER]  = { read_number,  "a number" },
	[FILTER_BOOLEAN] = { read_boolean, "true or false" },
	[FILTER_WHEN]    = { read_when,
	    "a time of RFC 3339, for instance 2026-11-21T09:00:00Z" },
};
static_assert(COUNT(kinds) == FILTER_KIND_N, "a reading for every kind");

static const char *const member_words[] = { "field", "operator", "value" };
/* clang-format on */

const struct names filter_operator_names = NAMES(operator_words);

/* One of the array, and what it may say. */
struct item {
	struct arena *arena;
	struct faults *faults;
	const struct filter_field *fields;
	const struct names *names; /* of the fields */
	struct json_object *object;
	size_t index;
};

static enum outcome parse(struct arena *arena, const char *json,
    struct faults *faults, struct json_object **list);
static const char **field_words(
    struct arena *arena, const struct filter_field *fields, size_t count);
static enum outcome read_item(const struct item *item, struct filter *filter);

enum outcome
filter_read(struct arena *arena, const char *json,
    const struct filter_field *fields, size_t count, struct faults *faults,
    struct filters *filters)
{
	const struct names names = { field_words(arena, fields, count), count };
	struct item item = { arena, faults, fields, &names, NULL, 0 };
	struct filters found = { .count = 0 };
	struct json_object *list = NULL;
	enum outcome rc = parse(arena, json, faults, &list);

	if (rc != OK)
		return rc;
	found.count = json_object_array_length(list);
	for (; item.index < found.count; item.index++) {
		item.object = json_object_array_get_idx(list, item.index);
		if (read_item(&item, &found.list[item.index]))
			rc = INVALID;
	}
	if (rc == OK)
		*filters = found;
	return rc;
}

/* An array of not too many items. */
static enum outcome
parse(struct arena *arena, const char *json, struct faults *faults,
    struct json_object **list)
{
	const struct reason *reason = &reasons[INVALID_FILTER];
	struct json_object *document;
	struct json_fault fault;
	size_t count;

	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return fault_add(faults, reason, PATH,
		    "filters must be JSON: line %zu, column %zu: %s",
		    fault.line, fault.column, fault.what);
	if (!json_object_is_type(document, json_type_array))
		return fault_add(faults, reason, PATH,
		    "filters must be an array of objects with field, operator"
		    " and value");
	count = json_object_array_length(document);
	if (count > FILTERS_MOST)
		return fault_add(faults, reason, PATH,
		    "filters must be at most %d, not %zu", FILTERS_MOST, count);
	*list = document;
	return OK;
}

static const char **
field_words(
    struct arena *arena, const struct filter_field *fields, size_t count)
{
	const char **words = arena_alloc(arena, (count + 1) * sizeof(*words));
	size_t i;

	for (i = 0; i < count; i++)
		words[i] = fields[i].name;
	return words;
}

PRINTF(2, 3)
static enum outcome
refuse(const struct item *item, const char *format, ...)
{
	const char *what;
	va_list values;

	va_start(values, format);
	what = arena_format_values(item->arena, format, values);
	va_end(values);
	return fault_add(item->faults, &reasons[INVALID_FILTER], PATH,
	    "filters[%zu]: %s", item->index, what);
}

static bool
is_member(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(member_words); i++)
		if (text_equal(name, member_words[i]))
			return true;
	return false;
}

static enum outcome
check_members(const struct item *item)
{
	enum outcome rc = OK;
	size_t i;

	json_object_object_foreach(item->object, name, value)
	{
		(void)value;
		if (!is_member(name))
			rc = refuse(item,
			    "%s is unknown; a filter has field, operator and"
			    " value",
			    strlen(name) <= NAME_MOST ? name : "a long name");
	}
	for (i = 0; i < COUNT(member_words); i++)
		if (!json_object_object_get_ex(
			item->object, member_words[i], NULL))
			rc = refuse(item, "%s is required", member_words[i]);
	return rc;
}

/* A member that is one of some words.  One that is missing was refused
 * already, and is no word. */
static enum outcome
read_word(const struct item *item, const char *member,
    const struct names *names, int *found)
{
	struct json_object *value;

	if (!json_object_object_get_ex(item->object, member, &value))
		return INVALID;
	if (json_object_is_type(value, json_type_string) &&
	    names_find(names, json_object_get_string(value), found) == OK)
		return OK;
	return refuse(
	    item, "%s must be %s", member, names_list(item->arena, names));
}

/* The value as text, and as NULL where it is null. */
static enum outcome
read_scalar(const struct item *item, const char **text)
{
	struct json_object *value;
	const char *string;

	if (!json_object_object_get_ex(item->object, "value", &value))
		return INVALID;
	*text = NULL;
	if (value == NULL)
		return OK;
	if (json_object_is_type(value, json_type_array) ||
	    json_object_is_type(value, json_type_object))
		return refuse(item,
		    "value must be a string, a number, true, false or null");
	if (json_object_is_type(value, json_type_double)) {
		*text = text_from_number(
		    item->arena, json_object_get_double(value));
		return OK;
	}
	string = json_object_get_string(value);
	/* Only a string has a length here; the others are clean. */
	if (!text_is_clean(string, (size_t)json_object_get_string_len(value)))
		return refuse(
		    item, "value must be text without control characters");
	*text = arena_text(item->arena, string);
	return OK;
}

static bool
compares_text(enum filter_operator how)
{
	return how == FILTER_CONTAINS || how == FILTER_STARTS_WITH ||
	       how == FILTER_ENDS_WITH;
}

/* Does the value go with the field and the operator? */
static enum outcome
check_value(const struct item *item, struct filter *filter)
{
	enum filter_kind kind = item->fields[filter->field].kind;
	enum filter_operator how = filter->operator;

	if (filter->is_null && how != FILTER_EQ)
		return refuse(item, "value may be null only with eq");
	if (filter->is_null || compares_text(how))
		return OK;
	if (kinds[kind].read(filter->text, filter))
		return OK;
	return refuse(item, "value must be %s for %s", kinds[kind].wanted,
	    item->fields[filter->field].name);
}

static enum outcome
read_item(const struct item *item, struct filter *filter)
{
	const char *text = NULL;
	int field = 0, how = 0;
	enum outcome rc;

	if (!json_object_is_type(item->object, json_type_object))
		return refuse(
		    item, "must be an object with field, operator and value");
	rc = check_members(item);
	if (read_word(item, "field", item->names, &field))
		rc = INVALID;
	if (read_word(item, "operator", &filter_operator_names, &how))
		rc = INVALID;
	if (read_scalar(item, &text))
		rc = INVALID;
	if (rc != OK)
		return rc;
	*filter = (struct filter){ (size_t)field, (enum filter_operator)how,
		.is_null = text == NULL, .text = text };
	return check_value(item, filter);
}

static bool
read_text(const char *text, struct filter *filter)
{
	(void)filter;
	return text != NULL;
}

static bool
read_number(const char *text, struct filter *filter)
{
	return text_to_number(text, &filter->number) == OK;
}

static bool
read_boolean(const char *text, struct filter *filter)
{
	return text_to_boolean(text, &filter->boolean) == OK;
}

static bool
read_when(const char *text, struct filter *filter)
{
	return when_parse(text, &filter->when) == OK;
}
