#include "base/base.h"

#include "model/rule.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/keyword.h"
#include "model/template.h"

#include <json-c/json.h>
#include <string.h>
#include <strings.h>

static const char *const operator_words[] = {
	[RULE_EQUAL] = "==",
	[RULE_UNEQUAL] = "!=",
	[RULE_ABOVE] = ">",
	[RULE_AT_LEAST] = ">=",
	[RULE_BELOW] = "<",
	[RULE_AT_MOST] = "<=",
	[RULE_CONTAINS] = "contains",
	[RULE_IS] = "is",
	[RULE_KEYWORDS] = "keywords",
	[RULE_COMPLETED] = "completed",
	[RULE_FAILED] = "failed",
};
static_assert(
    COUNT(operator_words) == RULE_OPERATOR_N, "a word for every operator");

const struct names rule_operator_names = NAMES(operator_words);

/* What stands in a variable's place where the request itself is meant. */
/* clang-format off */
static const struct {
	const char *word;
	enum rule_operator kind;
} outcomes[] = {
	{ "API Request Completion",     RULE_COMPLETED },
	{ "Default/Webhook Completion", RULE_COMPLETED },
	{ "Default/Webhook Failure",    RULE_FAILED },
};
/* clang-format on */

/* Not only a comparison: other spellings of the same. */
static const struct {
	const char *word;
	enum rule_operator kind;
} spellings[] = {
	{ "===", RULE_EQUAL },
	{ "=", RULE_EQUAL },
	{ "!==", RULE_UNEQUAL },
};

static enum outcome
find_operator(const char *word, int *kind)
{
	size_t i;

	for (i = 0; i < COUNT(spellings); i++)
		if (text_equal(spellings[i].word, word)) {
			*kind = (int)spellings[i].kind;
			return OK;
		}
	/* The last three have forms of their own. */
	if (names_find(&rule_operator_names, word, kind) != OK ||
	    *kind >= RULE_KEYWORDS)
		return INVALID;
	return OK;
}

/* A value as a text: 7 and "7" are the same in these documents. */
static const char *
text_of(struct arena *arena, struct json_object *value)
{
	if (value == NULL)
		return "";
	if (json_object_is_type(value, json_type_string))
		return text_trim(arena, json_object_get_string(value));
	return json_text(arena, value);
}

static enum outcome
read_keywords(struct arena *arena, struct json_object *list, struct rule *rule)
{
	size_t i, count;

	if (!json_object_is_type(list, json_type_array))
		return INVALID;
	count = json_object_array_length(list);
	for (i = 0; i < count; i++)
		if (!json_object_is_type(
			json_object_array_get_idx(list, i), json_type_string))
			return INVALID;
	*rule = (struct rule){
		.kind = RULE_KEYWORDS,
		.variable = "",
		.value = json_text(arena, list),
	};
	return count > 0 ? OK : INVALID;
}

static enum outcome
read_comparison(struct arena *arena, struct json_object *variable,
    struct json_object *operator, struct json_object * value, struct rule *rule)
{
	const char *word = text_of(arena, operator);
	size_t i;

	if (!json_object_is_type(variable, json_type_string))
		return INVALID;
	rule->variable = text_of(arena, variable);
	rule->value = text_of(arena, value);
	for (i = 0; i < COUNT(outcomes); i++) {
		if (!text_equal_nocase(outcomes[i].word, rule->variable))
			continue;
		rule->kind = (int)outcomes[i].kind;
		if (text_equal_nocase(rule->value, "false"))
			rule->kind = RULE_COMPLETED + RULE_FAILED - rule->kind;
		return OK;
	}
	if (text_is_blank(rule->variable) ||
	    find_operator(word, &rule->kind) != OK)
		return INVALID;
	if (rule->kind != RULE_IS)
		return OK;
	return text_equal_nocase(rule->value, "null") ||
		       text_equal_nocase(rule->value, "not null")
		   ? OK
		   : INVALID;
}

static struct json_object *
member(struct json_object *object, const char *name)
{
	return json_object_object_get(object, name);
}

enum outcome
rule_read(struct arena *arena, struct json_object *document, struct rule *rule)
{
	struct rule made = { 0 };
	enum outcome rc = INVALID;

	if (json_object_is_type(document, json_type_array))
		rc = read_comparison(arena,
		    json_object_array_get_idx(document, 0),
		    json_object_array_get_idx(document, 1),
		    json_object_array_get_idx(document, 2), &made);
	else if (json_object_is_type(document, json_type_object))
		rc = member(document, "keywords") != NULL
			 ? read_keywords(
			       arena, member(document, "keywords"), &made)
			 : read_comparison(arena, member(document, "variable"),
			       member(document, "operator"),
			       member(document, "value"), &made);
	if (rc == OK)
		*rule = made;
	return rc;
}

/* Negative, 0 or positive; false: they have no order. */
static bool
compare(struct arena *arena, struct json_object *found, const char *value,
    int *order)
{
	const char *text = text_of(arena, found);
	double number, limit;

	if (text_to_number(text, &number) == OK &&
	    text_to_number(value, &limit) == OK) {
		*order = (number > limit) - (number < limit);
		return true;
	}
	*order = strcasecmp(text, value);
	return found != NULL;
}

static bool
contains(struct arena *arena, struct json_object *found, const char *value)
{
	size_t i;
	int order;

	if (json_object_is_type(found, json_type_array)) {
		for (i = 0; i < json_object_array_length(found); i++)
			if (compare(arena, json_object_array_get_idx(found, i),
				value, &order) &&
			    order == 0)
				return true;
		return false;
	}
	return found != NULL && strcasestr(text_of(arena, found), value);
}

static bool
is_null(struct json_object *found)
{
	return found == NULL ||
	       (json_object_is_type(found, json_type_string) &&
		   text_equal_nocase(json_object_get_string(found), "null"));
}

static bool
equals(struct arena *arena, struct json_object *found, const char *value)
{
	int order = 1;

	if (is_null(found))
		return value[0] == '\0' || text_equal_nocase(value, "null");
	return compare(arena, found, value, &order) && order == 0;
}

static bool
is_ordered(int kind, int order)
{
	switch (kind) {
	case RULE_ABOVE:
		return order > 0;
	case RULE_AT_LEAST:
		return order >= 0;
	case RULE_BELOW:
		return order < 0;
	case RULE_AT_MOST:
		return order <= 0;
	default:
		return false;
	}
}

static bool
comparison_holds(
    struct arena *arena, const struct rule *rule, struct json_object *variables)
{
	struct json_object *found = NULL;
	const char *value = template_fill(arena, rule->value, variables, NULL);
	int order;

	if (template_find(variables, rule->variable, &found) != OK)
		found = NULL;
	switch (rule->kind) {
	case RULE_EQUAL:
		return equals(arena, found, value);
	case RULE_UNEQUAL:
		return !equals(arena, found, value);
	case RULE_CONTAINS:
		return contains(arena, found, value);
	case RULE_IS:
		return is_null(found) == text_equal_nocase(value, "null");
	default:
		return compare(arena, found, value, &order) &&
		       is_ordered(rule->kind, order);
	}
}

bool
rule_holds(struct arena *arena, const struct rule *rule,
    const struct rule_facts *facts)
{
	switch (rule->kind) {
	case RULE_KEYWORDS:
		return facts->said != NULL &&
		       keyword_ignores(arena, rule->value, facts->said);
	case RULE_COMPLETED:
		return facts->completed;
	case RULE_FAILED:
		return !facts->completed;
	default:
		return comparison_holds(arena, rule, facts->variables);
	}
}

const char *
rule_text(struct arena *arena, const struct rule *rule)
{
	switch (rule->kind) {
	case RULE_KEYWORDS:
		return arena_format(arena, "said one of %s", rule->value);
	case RULE_COMPLETED:
		return "the request was answered";
	case RULE_FAILED:
		return "the request failed";
	default:
		return arena_format(arena, "%s %s %s", rule->variable,
		    names_text(&rule_operator_names, rule->kind),
		    rule->value[0] != '\0' ? rule->value : "\"\"");
	}
}
