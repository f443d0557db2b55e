#include "base/base.h"

#include "model/condition.h"

#include "base/text.h"
#include "model/field.h"

#include <json-c/json.h>
#include <string.h>

#define NAME_MOST 255
#define VALUE_MOST 1000

static const char *const comparison_words[] = {
	[COMPARISON_EQUAL] = "===",
	[COMPARISON_UNEQUAL] = "!==",
	[COMPARISON_ABOVE] = ">",
	[COMPARISON_AT_LEAST] = ">=",
	[COMPARISON_BELOW] = "<",
	[COMPARISON_AT_MOST] = "<=",
	[COMPARISON_CONTAINS] = "contains",
};
static_assert(
    COUNT(comparison_words) == COMPARISON_N, "a word for every comparison");

const struct names comparison_names = NAMES(comparison_words);

#define AT(member) FIELD_AT(struct condition, member)

/* clang-format off */
static const struct field fields[] = {
	{ "variable", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    AT(variable), 1, NAME_MOST, .about = "Whose value is compared." },
	{ "operator", FIELD_NAME, FIELD_REQUIRED, AT(operator),
	    .names = &comparison_names },
	{ "value", FIELD_TEXT, FIELD_REQUIRED | FIELD_OR_NUMBER, AT(value),
	    0, VALUE_MOST,
	    .about = "As text; a number is compared as one, true and false"
	             " with booleans." },
};
/* clang-format on */

const struct schema condition_schema =
    SCHEMA("Condition", fields, struct condition);

static bool
is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double);
}

static bool
equals(struct json_object *value, const char *text)
{
	double number;

	if (value == NULL)
		return false;
	if (is_number(value))
		return text_to_number(text, &number) == OK &&
		       number == json_object_get_double(value);
	if (json_object_is_type(value, json_type_boolean))
		return text_equal(text,
		    json_object_get_boolean(value) != 0 ? "true" : "false");
	return json_object_is_type(value, json_type_string) &&
	       text_equal(json_object_get_string(value), text);
}

/* Negative, 0 or positive, as the value is before, at or behind the text;
 * false: they have no order. */
static bool
compare(struct json_object *value, const char *text, int *order)
{
	double number, limit;
	bool is_text = json_object_is_type(value, json_type_string);

	if (!is_text && !is_number(value))
		return false;
	number = json_object_get_double(value);
	if (text_to_number(text, &limit) == OK &&
	    (!is_text ||
		text_to_number(json_object_get_string(value), &number) == OK)) {
		*order = (number > limit) - (number < limit);
		return true;
	}
	if (!is_text)
		return false;
	*order = strcmp(json_object_get_string(value), text);
	return true;
}

static bool
contains(struct json_object *value, const char *text)
{
	size_t i;

	if (json_object_is_type(value, json_type_string))
		return strstr(json_object_get_string(value), text) != NULL;
	if (!json_object_is_type(value, json_type_array))
		return false;
	for (i = 0; i < json_object_array_length(value); i++)
		if (equals(json_object_array_get_idx(value, i), text))
			return true;
	return false;
}

bool
condition_holds(
    const struct condition *condition, struct json_object *variables)
{
	struct json_object *value = NULL;
	const char *text = condition->value;
	int order;

	if (condition->variable == NULL)
		return true;
	(void)json_object_object_get_ex(variables, condition->variable, &value);
	switch ((enum comparison)condition->operator) {
	case COMPARISON_EQUAL:
		return equals(value, text);
	case COMPARISON_UNEQUAL:
		return !equals(value, text);
	case COMPARISON_ABOVE:
		return compare(value, text, &order) && order > 0;
	case COMPARISON_AT_LEAST:
		return compare(value, text, &order) && order >= 0;
	case COMPARISON_BELOW:
		return compare(value, text, &order) && order < 0;
	case COMPARISON_AT_MOST:
		return compare(value, text, &order) && order <= 0;
	case COMPARISON_CONTAINS:
		return contains(value, text);
	case COMPARISON_N:
		break;
	}
	return false;
}
