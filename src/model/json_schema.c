#include "base/base.h"

#include "model/json_schema.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "model/field.h"
#include "model/reason.h"

#include <json-c/json.h>
#include <math.h>

#define WORDS_MOST 2000 /* bytes of what is said about a value */
#define FAULTS_SAID 8
#define CHOICES_MOST 500 /* bytes of an enum that are repeated */

/* --- Is it a schema? */

struct check {
	struct arena *arena;
	struct faults *faults;
};

typedef enum outcome checking(const struct check *check, const char *name,
    struct json_object *value, const char *path);

static checking check_text, check_count, check_number, check_more, check_schema;
static checking check_schemas, check_choices, check_type, check_names;
static checking check_enum;

/* clang-format off */
static const struct {
	const char *name;
	checking *check;
} keywords[] = {
	{ "type",                 check_type },
	{ "properties",           check_schemas },
	{ "required",             check_names },
	{ "additionalProperties", check_more },
	{ "items",                check_schema },
	{ "enum",                 check_enum },
	{ "minimum",              check_number },
	{ "maximum",              check_number },
	{ "exclusiveMinimum",     check_number },
	{ "exclusiveMaximum",     check_number },
	{ "minLength",            check_count },
	{ "maxLength",            check_count },
	{ "minItems",             check_count },
	{ "maxItems",             check_count },
	{ "title",                check_text },
	{ "description",          check_text },
	{ "format",               check_text },
	{ "pattern",              check_text },
	{ "anyOf",                check_choices },
	{ "oneOf",                check_choices },
	{ "allOf",                check_choices },
	{ "not",                  check_schema },
};
/* clang-format on */

static enum outcome
bad(const struct check *check, const char *name, const char *path,
    const char *wanted)
{
	return fault_add(check->faults, &reasons[INVALID_PARAMETER], path,
	    "%s must be %s", name, wanted);
}

static checking *
find_keyword(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(keywords); i++)
		if (text_equal(name, keywords[i].name))
			return keywords[i].check;
	return NULL;
}

static enum outcome
check_schema(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	enum outcome rc = OK;
	checking *keyword;

	if (!json_object_is_type(value, json_type_object))
		return bad(check, name, path, "a schema: an object");
	json_object_object_foreach(value, key, member)
	{
		keyword = find_keyword(key);
		if (keyword != NULL &&
		    keyword(check, key, member,
			field_path(check->arena, path, key)) != OK)
			rc = INVALID;
	}
	return rc;
}

enum outcome
json_schema_check(struct arena *arena, struct json_object *schema,
    const char *path, struct faults *faults)
{
	struct check check = { arena, faults };

	return check_schema(&check, "it", schema, path);
}

static enum outcome
check_text(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	return json_object_is_type(value, json_type_string)
		   ? OK
		   : bad(check, name, path, "a string");
}

static bool
is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double);
}

static enum outcome
check_number(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	return is_number(value) ? OK : bad(check, name, path, "a number");
}

static enum outcome
check_count(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	if (json_object_is_type(value, json_type_int) &&
	    json_object_get_int64(value) >= 0)
		return OK;
	return bad(check, name, path, "an integer that is not negative");
}

static enum outcome
check_more(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	if (json_object_is_type(value, json_type_boolean))
		return OK;
	return check_schema(check, name, value, path);
}

static enum outcome
check_schemas(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	enum outcome rc = OK;

	if (!json_object_is_type(value, json_type_object))
		return bad(check, name, path, "an object of schemas");
	json_object_object_foreach(value, key, member)
	{
		if (check_schema(check, key, member,
			field_path(check->arena, path, key)) != OK)
			rc = INVALID;
	}
	return rc;
}

static enum outcome
check_choices(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	enum outcome rc = OK;
	size_t i;

	if (!json_object_is_type(value, json_type_array) ||
	    json_object_array_length(value) == 0)
		return bad(check, name, path, "an array of schemas");
	for (i = 0; i < json_object_array_length(value); i++)
		if (check_schema(check, name,
			json_object_array_get_idx(value, i),
			arena_format(check->arena, "%s/%zu", path, i)) != OK)
			rc = INVALID;
	return rc;
}

static enum outcome
check_enum(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	if (json_object_is_type(value, json_type_array) &&
	    json_object_array_length(value) > 0)
		return OK;
	return bad(check, name, path, "an array of at least one value");
}

static enum outcome
check_names(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	size_t i;
	bool good = json_object_is_type(value, json_type_array);

	for (i = 0; good && i < json_object_array_length(value); i++)
		good = json_object_is_type(
		    json_object_array_get_idx(value, i), json_type_string);
	return good ? OK : bad(check, name, path, "an array of names");
}

/* --- Types. */

static bool
is_integer(struct json_object *value)
{
	double number = json_object_get_double(value);

	return json_object_is_type(value, json_type_int) ||
	       (json_object_is_type(value, json_type_double) &&
		   trunc(number) == number);
}

static bool
is_string(struct json_object *value)
{
	return json_object_is_type(value, json_type_string);
}

static bool
is_boolean(struct json_object *value)
{
	return json_object_is_type(value, json_type_boolean);
}

static bool
is_object(struct json_object *value)
{
	return json_object_is_type(value, json_type_object);
}

static bool
is_array(struct json_object *value)
{
	return json_object_is_type(value, json_type_array);
}

static bool
is_null(struct json_object *value)
{
	return value == NULL;
}

/* clang-format off */
static const struct {
	const char *name;
	bool (*holds)(struct json_object *value);
	const char *wanted;
} types[] = {
	{ "string",  is_string,  "a string" },
	{ "number",  is_number,  "a number" },
	{ "integer", is_integer, "an integer" },
	{ "boolean", is_boolean, "true or false" },
	{ "array",   is_array,   "an array" },
	{ "object",  is_object,  "an object" },
	{ "null",    is_null,    "null" },
};
/* clang-format on */

/* The row of a type; COUNT(types): there is none such. */
static size_t
find_type(struct json_object *word)
{
	size_t i = 0;

	if (!is_string(word))
		return COUNT(types);
	while (i < COUNT(types) &&
	       !text_equal(json_object_get_string(word), types[i].name))
		i++;
	return i;
}

static enum outcome
check_type(const struct check *check, const char *name,
    struct json_object *value, const char *path)
{
	bool good = !is_array(value) || json_object_array_length(value) > 0;
	size_t i;

	if (!is_array(value))
		good = find_type(value) < COUNT(types);
	else
		for (i = 0; i < json_object_array_length(value); i++)
			if (find_type(json_object_array_get_idx(value, i)) ==
			    COUNT(types))
				good = false;
	if (good)
		return OK;
	return bad(check, name, path,
	    "string, number, integer, boolean, array, object or null, or an"
	    " array of these");
}

/* --- Is it what the schema asks for? */

struct judge {
	struct arena *arena;
	struct buf words;
	int count;
};

static void judge_value(struct judge *judge, struct json_object *schema,
    struct json_object *value, const char *name);

static void
say(struct judge *judge, const char *name, const char *what)
{
	if (judge->count++ >= FAULTS_SAID)
		return;
	buf_add_format(&judge->words, "%s%s %s", judge->count > 1 ? "; " : "",
	    name[0] != '\0' ? name : "the value", what);
}

static struct json_object *
member(struct json_object *object, const char *name)
{
	return json_object_object_get(object, name);
}

static const char *
inner_name(struct judge *judge, const char *outer, const char *name)
{
	return outer[0] == '\0'
		   ? name
		   : arena_format(judge->arena, "%s.%.100s", outer, name);
}

/* Of several types the first stands for all of them in what is said. */
static bool
judge_type(struct judge *judge, struct json_object *type,
    struct json_object *value, const char *name)
{
	struct json_object *word = type;
	size_t i, count = is_array(type) ? json_object_array_length(type) : 1;

	if (type == NULL)
		return true;
	for (i = 0; i < count; i++) {
		if (is_array(type))
			word = json_object_array_get_idx(type, i);
		if (types[find_type(word)].holds(value))
			return true;
	}
	if (is_array(type))
		word = json_object_array_get_idx(type, 0);
	say(judge, name,
	    arena_format(
		judge->arena, "must be %s", types[find_type(word)].wanted));
	return false;
}

static void
judge_enum(struct judge *judge, struct json_object *choices,
    struct json_object *value, const char *name)
{
	size_t i;

	for (i = 0; i < json_object_array_length(choices); i++)
		if (json_object_equal(
			json_object_array_get_idx(choices, i), value))
			return;
	say(judge, name,
	    arena_format(judge->arena, "must be one of %.*s", CHOICES_MOST,
		json_text(judge->arena, choices)));
}

static double
number_of(struct json_object *value)
{
	return json_object_get_double(value);
}

static double
length_of(struct json_object *value)
{
	return (double)text_length(json_object_get_string(value));
}

static double
count_of(struct json_object *value)
{
	return (double)json_object_array_length(value);
}

enum limit { LIMIT_LEAST, LIMIT_MOST, LIMIT_ABOVE, LIMIT_BELOW };

/* clang-format off */
static const struct {
	const char *keyword;
	bool (*concerns)(struct json_object *value);
	double (*measure)(struct json_object *value);
	enum limit limit;
	const char *before, *after;
} limits[] = {
	{ "minimum", is_number, number_of, LIMIT_LEAST,
	    "must be at least", "" },
	{ "maximum", is_number, number_of, LIMIT_MOST,
	    "must be at most", "" },
	{ "exclusiveMinimum", is_number, number_of, LIMIT_ABOVE,
	    "must be greater than", "" },
	{ "exclusiveMaximum", is_number, number_of, LIMIT_BELOW,
	    "must be less than", "" },
	{ "minLength", is_string, length_of, LIMIT_LEAST,
	    "must have at least", " characters" },
	{ "maxLength", is_string, length_of, LIMIT_MOST,
	    "must have at most", " characters" },
	{ "minItems", is_array, count_of, LIMIT_LEAST,
	    "must have at least", " items" },
	{ "maxItems", is_array, count_of, LIMIT_MOST,
	    "must have at most", " items" },
};
/* clang-format on */

static bool
is_within(double value, double limit, enum limit kind)
{
	switch (kind) {
	case LIMIT_LEAST:
		return value >= limit;
	case LIMIT_MOST:
		return value <= limit;
	case LIMIT_ABOVE:
		return value > limit;
	case LIMIT_BELOW:
		break;
	}
	return value < limit;
}

static void
judge_limits(struct judge *judge, struct json_object *schema,
    struct json_object *value, const char *name)
{
	struct json_object *limit;
	size_t i;

	for (i = 0; i < COUNT(limits); i++) {
		limit = member(schema, limits[i].keyword);
		if (limit == NULL || !limits[i].concerns(value) ||
		    is_within(limits[i].measure(value),
			json_object_get_double(limit), limits[i].limit))
			continue;
		say(judge, name,
		    arena_format(judge->arena, "%s %s%s", limits[i].before,
			json_text(judge->arena, limit), limits[i].after));
	}
}

static void
judge_items(struct judge *judge, struct json_object *schema,
    struct json_object *value, const char *name)
{
	struct json_object *items = member(schema, "items");
	size_t i;

	if (items == NULL)
		return;
	for (i = 0; i < json_object_array_length(value); i++)
		judge_value(judge, items, json_object_array_get_idx(value, i),
		    inner_name(
			judge, name, arena_format(judge->arena, "%zu", i)));
}

static void
judge_required(struct judge *judge, struct json_object *schema,
    struct json_object *value, const char *name)
{
	struct json_object *names = member(schema, "required");
	const char *wanted;
	size_t i, count = names != NULL ? json_object_array_length(names) : 0;

	for (i = 0; i < count; i++) {
		wanted =
		    json_object_get_string(json_object_array_get_idx(names, i));
		if (!json_object_object_get_ex(value, wanted, NULL))
			say(judge, inner_name(judge, name, wanted),
			    "is missing");
	}
}

static void
judge_members(struct judge *judge, struct json_object *schema,
    struct json_object *value, const char *name)
{
	struct json_object *properties = member(schema, "properties");
	struct json_object *more = member(schema, "additionalProperties");
	struct json_object *known;
	const char *inner;

	judge_required(judge, schema, value, name);
	json_object_object_foreach(value, key, item)
	{
		inner = inner_name(judge, name, key);
		if (json_object_object_get_ex(properties, key, &known))
			judge_value(judge, known, item, inner);
		else if (is_object(more))
			judge_value(judge, more, item, inner);
		else if (more != NULL && !json_object_get_boolean(more))
			say(judge, inner, "is not known");
	}
}

static void
judge_value(struct judge *judge, struct json_object *schema,
    struct json_object *value, const char *name)
{
	struct json_object *choices = member(schema, "enum");

	if (!judge_type(judge, member(schema, "type"), value, name))
		return;
	if (choices != NULL)
		judge_enum(judge, choices, value, name);
	judge_limits(judge, schema, value, name);
	if (is_array(value))
		judge_items(judge, schema, value, name);
	if (is_object(value))
		judge_members(judge, schema, value, name);
}

const char *
json_schema_fault(
    struct arena *arena, struct json_object *schema, struct json_object *value)
{
	struct judge judge = { .arena = arena };

	buf_init(&judge.words, arena, WORDS_MOST);
	judge_value(&judge, schema, value, "");
	if (judge.count == 0)
		return NULL;
	return judge.words.length > 0 ? buf_text(&judge.words)
				      : "the value does not fit its schema";
}
