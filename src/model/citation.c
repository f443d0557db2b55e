#include "base/base.h"

#include "model/citation.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "model/message.h"
#include "model/reason.h"
#include "model/strict.h"

#include <json-c/json.h>
#include <string.h>

#define NAME_MOST 255
#define VARIABLE_MOST 64 /* characters of a variable's name */
#define TEXT_MOST 20000  /* characters of a description */
#define VARIABLES_MOST 100
#define OPTIONS_MOST 100
#define INSTRUCTIONS_MOST (4 << 20)

static const char *const type_words[] = {
	[CITATION_STRING] = "string",
	[CITATION_NUMBER] = "number",
	[CITATION_BOOLEAN] = "boolean",
	[CITATION_ARRAY] = "array",
	[CITATION_CATEGORY] = "category",
};
static_assert(COUNT(type_words) == CITATION_TYPE_N, "a word for every type");

const struct names citation_type_names = NAMES(type_words);

#define VARIABLE_AT(member) FIELD_AT(struct citation_variable, member)
#define GROUPING_AT(member) FIELD_AT(struct citation_grouping, member)
#define CONDITION_AT(member) FIELD_AT(struct citation_condition, member)
#define RULES_AT(member) FIELD_AT(struct citation_rules, member)
#define SCHEMA_AT(member) FIELD_AT(struct citation_schema, member)
#define CITATION_AT(member) FIELD_AT(struct citation, member)

/* clang-format off */
static const struct field variable_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    VARIABLE_AT(name), 1, VARIABLE_MOST },
	{ "description", FIELD_TEXT, FIELD_NULLABLE, VARIABLE_AT(description),
	    0, TEXT_MOST, .about = "What the model is told of it." },
	{ "type", FIELD_NAME, 0, VARIABLE_AT(type),
	    .names = &citation_type_names,
	    .about = "string if not given; array is one of strings." },
	{ "options", FIELD_TEXTS, FIELD_NULLABLE, VARIABLE_AT(options),
	    1, OPTIONS_MOST, .about = "What a category may be." },
	{ "categories", FIELD_TEXTS, FIELD_NULLABLE | FIELD_ALIAS,
	    VARIABLE_AT(options), 1, OPTIONS_MOST,
	    .about = "Another name for options." },
	{ "choices", FIELD_TEXTS, FIELD_NULLABLE | FIELD_ALIAS,
	    VARIABLE_AT(options), 1, OPTIONS_MOST,
	    .about = "Another name for options." },
	{ "enum", FIELD_TEXTS, FIELD_NULLABLE | FIELD_ALIAS,
	    VARIABLE_AT(options), 1, OPTIONS_MOST,
	    .about = "Another name for options." },
};

static const struct field grouping_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    GROUPING_AT(name), 1, NAME_MOST },
	{ "variables", FIELD_TEXTS, FIELD_REQUIRED, GROUPING_AT(variables),
	    0, VARIABLES_MOST, .about = "Names of variables." },
	{ "description", FIELD_TEXT, FIELD_NULLABLE, GROUPING_AT(description),
	    0, TEXT_MOST },
};

static const struct field condition_fields[] = {
	{ "condition", FIELD_STRUCT, FIELD_REQUIRED, CONDITION_AT(condition),
	    .schema = &condition_schema },
	{ "variables", FIELD_TEXTS, FIELD_REQUIRED, CONDITION_AT(variables),
	    0, VARIABLES_MOST,
	    .about = "Names of variables that are kept where it holds." },
};

static const struct schema variable_schema =
    SCHEMA("CitationVariable", variable_fields, struct citation_variable);
static const struct schema grouping_schema =
    SCHEMA("CitationGrouping", grouping_fields, struct citation_grouping);
static const struct schema guard_schema =
    SCHEMA("CitationCondition", condition_fields, struct citation_condition);

static const struct field rules_fields[] = {
	{ "variables", FIELD_LIST, 0, RULES_AT(variables),
	    0, VARIABLES_MOST, .schema = &variable_schema },
	{ "groupings", FIELD_LIST, 0, RULES_AT(groupings),
	    0, VARIABLES_MOST, .schema = &grouping_schema },
	{ "conditions", FIELD_LIST, 0, RULES_AT(conditions),
	    0, VARIABLES_MOST, .schema = &guard_schema },
};

const struct schema citation_rules_schema =
    SCHEMA("CitationRules", rules_fields, struct citation_rules);

#define DEFINITION_FIELDS                                                 \
	{ "description", FIELD_TEXT, FIELD_NULLABLE,                      \
	    SCHEMA_AT(description), 0, TEXT_MOST },                       \
	{ "schema", FIELD_STRUCT, 0, SCHEMA_AT(rules),                    \
	    .schema = &citation_rules_schema,                             \
	    .about = "Variables, groupings and conditions." }

static const struct field schema_fields[] = {
	{ "id", FIELD_TEXT, FIELD_READ_ONLY, SCHEMA_AT(id) },
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    SCHEMA_AT(name), 1, NAME_MOST },
	DEFINITION_FIELDS,
	{ "org_id", FIELD_ID, FIELD_READ_ONLY, SCHEMA_AT(account_id),
	    .about = "The account that owns it." },
	{ "created_at", FIELD_WHEN, FIELD_READ_ONLY, SCHEMA_AT(created_at) },
};

static const struct field patch_fields[] = {
	{ "name", FIELD_TEXT, FIELD_NOT_BLANK, SCHEMA_AT(name),
	    1, NAME_MOST },
	DEFINITION_FIELDS,
};

static const struct field document_fields[] = { DEFINITION_FIELDS };

static const struct field citation_fields[] = {
	{ "variable", FIELD_TEXT, 0, CITATION_AT(variable) },
	{ "message", FIELD_TEXT, 0, CITATION_AT(message),
	    .about = "The words that the value was taken from." },
	{ "confidence", FIELD_NUMBER, 0, CITATION_AT(confidence),
	    .about = "From 0 to 1, as the model sees it." },
};
/* clang-format on */

const struct schema citation_schema_schema =
    SCHEMA("CitationSchema", schema_fields, struct citation_schema);
const struct schema citation_patch_schema =
    SCHEMA("CitationSchemaPatch", patch_fields, struct citation_schema);
static const struct schema document_schema =
    SCHEMA("CitationDocument", document_fields, struct citation_schema);
const struct schema citation_entry_schema =
    SCHEMA("Citation", citation_fields, struct citation);

/* Our own tables read and wrote it: it is JSON. */
static struct json_object *
tree(struct arena *arena, const char *text)
{
	struct json_object *found = NULL;
	struct json_fault ignored;
	enum outcome rc =
	    json_parse(arena, text, strlen(text), &found, &ignored);

	assert(rc == OK);
	return found;
}

/* What must hold. */

static const struct citation_variable *
find_variable(const struct citation_rules *rules, const char *name)
{
	const struct citation_variable *list = rules->variables.items;
	size_t i;

	for (i = 0; i < rules->variables.count; i++)
		if (text_equal(list[i].name, name))
			return &list[i];
	return NULL;
}

static enum outcome
check_variable(struct arena *arena, const struct citation_rules *rules,
    size_t i, const char *path, struct faults *faults)
{
	const struct citation_variable *list = rules->variables.items;
	const char *at = arena_format(arena, "%s/variables/%zu", path, i);
	bool category = list[i].type == CITATION_CATEGORY;

	if (find_variable(rules, list[i].name) != &list[i])
		return fault_add(faults, &reasons[INVALID_PARAMETER],
		    arena_format(arena, "%s/name", at),
		    "another variable is called %s", list[i].name);
	if (category && list[i].options == NULL)
		return fault_add(faults, &reasons[MISSING_REQUIRED_FIELDS],
		    arena_format(arena, "%s/options", at),
		    "a category needs options: what it may be");
	if (!category && list[i].options != NULL)
		return fault_add(faults, &reasons[INVALID_PARAMETER],
		    arena_format(arena, "%s/options", at),
		    "only a category has options, not a %s",
		    type_words[list[i].type]);
	return OK;
}

static enum outcome
check_names(struct arena *arena, const struct citation_rules *rules,
    const char *json, const char *path, struct faults *faults)
{
	struct json_object *names = tree(arena, json);
	const char *name;
	size_t i;
	enum outcome rc = OK;

	for (i = 0; i < json_object_array_length(names); i++) {
		name =
		    json_object_get_string(json_object_array_get_idx(names, i));
		if (find_variable(rules, name) == NULL)
			rc = fault_add(faults, &reasons[INVALID_PARAMETER],
			    arena_format(arena, "%s/variables/%zu", path, i),
			    "there is no variable %s", name);
	}
	return rc;
}

static enum outcome
check_condition(struct arena *arena, const struct citation_rules *rules,
    const struct citation_condition *condition, const char *path,
    struct faults *faults)
{
	enum outcome rc =
	    check_names(arena, rules, condition->variables, path, faults);

	if (find_variable(rules, condition->condition.variable) != NULL)
		return rc;
	return fault_add(faults, &reasons[INVALID_PARAMETER],
	    arena_format(arena, "%s/condition/variable", path),
	    "there is no variable %s", condition->condition.variable);
}

enum outcome
citation_check(struct arena *arena, const struct citation_rules *rules,
    const char *path, struct faults *faults)
{
	const struct citation_grouping *groupings = rules->groupings.items;
	const struct citation_condition *conditions = rules->conditions.items;
	size_t i;
	enum outcome rc = OK;

	for (i = 0; i < rules->variables.count; i++)
		if (check_variable(arena, rules, i, path, faults))
			rc = INVALID;
	for (i = 0; i < rules->groupings.count; i++)
		if (check_names(arena, rules, groupings[i].variables,
			arena_format(arena, "%s/groupings/%zu", path, i),
			faults))
			rc = INVALID;
	for (i = 0; i < rules->conditions.count; i++)
		if (check_condition(arena, rules, &conditions[i],
			arena_format(arena, "%s/conditions/%zu", path, i),
			faults))
			rc = INVALID;
	return rc;
}

const char *
citation_write(struct arena *arena, const struct citation_schema *schema)
{
	return field_write_text(arena, &document_schema, schema);
}

enum outcome
citation_read(
    struct arena *arena, const char *text, struct citation_schema *schema)
{
	return field_read_text(arena, &document_schema, text, schema);
}

/* What a model is asked. */

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static void
add_variables(struct buf *buf, const struct citation_rules *rules)
{
	const struct citation_variable *list = rules->variables.items;
	size_t i;

	buf_add_text(buf, "\nVariables:\n");
	for (i = 0; i < rules->variables.count; i++)
		buf_add_format(buf, "- %s (%s%s%s)%s%s\n", list[i].name,
		    type_words[list[i].type],
		    list[i].options != NULL ? ", one of " : "",
		    or_empty(list[i].options),
		    list[i].description != NULL ? ": " : "",
		    or_empty(list[i].description));
}

static void
add_groupings(struct buf *buf, const struct citation_rules *rules)
{
	const struct citation_grouping *list = rules->groupings.items;
	size_t i;

	if (rules->groupings.count > 0)
		buf_add_text(buf, "\nThese belong together:\n");
	for (i = 0; i < rules->groupings.count; i++)
		buf_add_format(buf, "- %s: %s%s%s\n", list[i].name,
		    list[i].variables, list[i].description != NULL ? ": " : "",
		    or_empty(list[i].description));
}

static void
add_conditions(struct buf *buf, const struct citation_rules *rules)
{
	const struct citation_condition *list = rules->conditions.items;
	size_t i;

	if (rules->conditions.count > 0)
		buf_add_text(buf, "\nThese are null unless:\n");
	for (i = 0; i < rules->conditions.count; i++)
		buf_add_format(buf, "- %s: %s %s %s\n", list[i].variables,
		    list[i].condition.variable,
		    comparison_names.list[list[i].condition.operator],
		    list[i].condition.value);
}

const char *
citation_instructions(struct arena *arena, const struct citation_schema *schema)
{
	struct buf buf;

	buf_init(&buf, arena, INSTRUCTIONS_MOST);
	buf_add_format(&buf,
	    "Extract the variables below from the conversation. Take null"
	    " for each that it does not say. For each that you take, cite the"
	    " words of one message that say it, letter for letter, with your"
	    " confidence from 0 to 1.\n\nExtraction: %s\n",
	    schema->name);
	if (schema->description != NULL)
		buf_add_format(&buf, "%s\n", schema->description);
	add_variables(&buf, &schema->rules);
	add_groupings(&buf, &schema->rules);
	add_conditions(&buf, &schema->rules);
	return buf_text(&buf);
}

static struct json_object *
variable_answer(struct arena *arena, const struct citation_variable *variable)
{
	switch ((enum citation_type)variable->type) {
	case CITATION_NUMBER:
		return strict_value("number", true, NULL);
	case CITATION_BOOLEAN:
		return strict_value("boolean", true, NULL);
	case CITATION_ARRAY:
		return strict_array(
		    strict_value("string", false, NULL), true, NULL);
	case CITATION_CATEGORY:
		return strict_choice(
		    tree(arena, variable->options), true, NULL);
	case CITATION_STRING:
	case CITATION_TYPE_N:
		break;
	}
	return strict_value("string", true, NULL);
}

static struct json_object *
citations_answer(struct arena *arena, const struct citation_rules *rules)
{
	const struct citation_variable *list = rules->variables.items;
	struct json_object *names = json_own(arena, json_object_new_array());
	struct json_object *item = strict_object();
	size_t i;

	for (i = 0; i < rules->variables.count; i++)
		(void)json_object_array_add(names, json_string(list[i].name));
	strict_add(item, "variable", strict_choice(names, false, NULL));
	strict_add(item, "message",
	    strict_value("string", false, "words of a message, as they are"));
	strict_add(item, "confidence", strict_value("number", false, "0 to 1"));
	return strict_array(item, false, NULL);
}

const char *
citation_answer_schema(
    struct arena *arena, const struct citation_schema *schema)
{
	const struct citation_variable *list = schema->rules.variables.items;
	struct json_object *answer = json_own(arena, strict_object());
	struct json_object *variables = strict_object();
	size_t i;

	strict_add(answer, "variables", variables);
	for (i = 0; i < schema->rules.variables.count; i++)
		strict_add(
		    variables, list[i].name, variable_answer(arena, &list[i]));
	strict_add(
	    answer, "citations", citations_answer(arena, &schema->rules));
	return json_text(arena, answer);
}

/* What is kept. */

static bool
names_hold(struct arena *arena, const char *json, const char *name)
{
	struct json_object *names = tree(arena, json);
	size_t i;

	for (i = 0; i < json_object_array_length(names); i++)
		if (text_equal(json_object_get_string(
				   json_object_array_get_idx(names, i)),
			name))
			return true;
	return false;
}

/* Under no condition, or under one that holds. */
static bool
is_wanted(struct arena *arena, const struct citation_rules *rules,
    const char *name, struct json_object *variables)
{
	const struct citation_condition *list = rules->conditions.items;
	bool named = false;
	size_t i;

	for (i = 0; i < rules->conditions.count; i++) {
		if (!names_hold(arena, list[i].variables, name))
			continue;
		named = true;
		if (condition_holds(&list[i].condition, variables))
			return true;
	}
	return !named;
}

/* What goes may be what another's condition is about: until nothing does. */
static void
drop_variables(struct arena *arena, const struct citation_rules *rules,
    struct json_object *variables)
{
	const struct citation_variable *list = rules->variables.items;
	struct json_object *value;
	size_t i, before;

	for (i = 0; i < rules->variables.count; i++)
		if (json_object_object_get_ex(
			variables, list[i].name, &value) &&
		    value == NULL)
			json_object_object_del(variables, list[i].name);
	do {
		before = (size_t)json_object_object_length(variables);
		for (i = 0; i < rules->variables.count; i++)
			if (!is_wanted(arena, rules, list[i].name, variables))
				json_object_object_del(variables, list[i].name);
	} while ((size_t)json_object_object_length(variables) < before);
}

static bool
was_said(const struct list *messages, const char *words)
{
	const struct message *list = messages->items;
	size_t i;

	for (i = 0; i < messages->count; i++)
		if (strstr(list[i].text, words) != NULL)
			return true;
	return false;
}

static struct json_object *
member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	(void)json_object_object_get_ex(object, name, &value);
	return value;
}

static struct json_object *
keep_citations(struct arena *arena, struct json_object *given,
    struct json_object *variables, const struct list *messages)
{
	struct json_object *kept = json_object_new_array(), *item;
	struct citation citation;
	size_t i;

	for (i = 0; i < json_object_array_length(given); i++) {
		item = json_object_array_get_idx(given, i);
		citation = (struct citation){
			json_object_get_string(member(item, "variable")),
			json_object_get_string(member(item, "message")),
			json_object_get_double(member(item, "confidence")),
		};
		if (text_is_blank(citation.message) ||
		    !was_said(messages, citation.message) ||
		    member(variables, citation.variable) == NULL)
			continue;
		if (citation.confidence < 0)
			citation.confidence = 0;
		if (citation.confidence > 1)
			citation.confidence = 1;
		(void)json_object_array_add(kept,
		    field_write(arena, &citation_entry_schema, &citation));
	}
	return kept;
}

const char *
citation_keep(struct arena *arena, const struct citation_schema *schema,
    const char *answer, const struct list *messages)
{
	struct json_object *given = tree(arena, answer);
	struct json_object *kept = json_own(arena, json_object_new_object());
	struct json_object *variables = member(given, "variables");

	drop_variables(arena, &schema->rules, variables);
	(void)json_object_object_add(
	    kept, "variables", json_object_get(variables));
	(void)json_object_object_add(kept, "citations",
	    keep_citations(
		arena, member(given, "citations"), variables, messages));
	return json_text(arena, kept);
}
