#include "base/base.h"

#include "model/extraction.h"

#include "base/arena.h"
#include "base/json.h"

#include <json-c/json.h>
#include <string.h>

static const char *const status_words[] = {
	[EXTRACTION_SUCCESS] = "success",
	[EXTRACTION_SKIPPED] = "skipped",
	[EXTRACTION_ERROR] = "error",
};
static_assert(
    COUNT(status_words) == EXTRACTION_STATUS_N, "a word for every status");

const struct names extraction_status_names = NAMES(status_words);

#define ORDER_AT(member) FIELD_AT(struct extraction_order, member)
#define RESULT_AT(member) FIELD_AT(struct extraction_result, member)

/* clang-format off */
static const struct field order_fields[] = {
	{ "schema_ids", FIELD_TEXTS, FIELD_REQUIRED, ORDER_AT(schema_ids) },
	{ "document", FIELD_OBJECT, FIELD_NULLABLE, ORDER_AT(document) },
	{ "keep", FIELD_BOOLEAN, FIELD_REQUIRED, ORDER_AT(keep) },
	{ "findings", FIELD_LIST, 0, ORDER_AT(findings),
	    .schema = &finding_schema },
};

static const struct field result_fields[] = {
	{ "status", FIELD_NAME, FIELD_REQUIRED, RESULT_AT(status),
	    .names = &extraction_status_names },
	{ "variables", FIELD_OBJECT, FIELD_REQUIRED, RESULT_AT(variables) },
	{ "citations", FIELD_ARRAY, FIELD_REQUIRED, RESULT_AT(citations) },
	{ "count", FIELD_INTEGER, FIELD_REQUIRED, RESULT_AT(count) },
	{ "messages", FIELD_INTEGER, FIELD_REQUIRED, RESULT_AT(messages) },
	{ "previous", FIELD_OBJECT, FIELD_NULLABLE, RESULT_AT(previous) },
	{ "final", FIELD_OBJECT, FIELD_NULLABLE, RESULT_AT(final) },
	{ "error", FIELD_TEXT, FIELD_NULLABLE, RESULT_AT(error) },
};
/* clang-format on */

const struct schema extraction_order_schema =
    SCHEMA("ExtractionOrder", order_fields, struct extraction_order);
const struct schema extraction_result_schema =
    SCHEMA("ExtractionResult", result_fields, struct extraction_result);

static enum outcome
read(struct arena *arena, const struct schema *schema, const char *text,
    void *out)
{
	return text != NULL ? field_read_text(arena, schema, text, out)
			    : INVALID;
}

const char *
extraction_order_write(
    struct arena *arena, const struct extraction_order *order)
{
	return field_write_text(arena, &extraction_order_schema, order);
}

enum outcome
extraction_order_read(
    struct arena *arena, const char *text, struct extraction_order *order)
{
	*order = (struct extraction_order){ .keep = false };
	return read(arena, &extraction_order_schema, text, order);
}

const char *
extraction_result_write(
    struct arena *arena, const struct extraction_result *result)
{
	return field_write_text(arena, &extraction_result_schema, result);
}

enum outcome
extraction_result_read(
    struct arena *arena, const char *text, struct extraction_result *result)
{
	*result = (struct extraction_result){ .count = 0 };
	return read(arena, &extraction_result_schema, text, result);
}

/* Adds a finding's items to an array. */
static void
add_citations(
    struct arena *arena, const char *result, struct json_object *citations)
{
	struct json_object *found, *list;
	struct json_fault ignored;
	size_t i;

	if (json_parse(arena, result, strlen(result), &found, &ignored) != OK ||
	    !json_object_object_get_ex(found, "citations", &list))
		return;
	for (i = 0; i < json_object_array_length(list); i++)
		(void)json_object_array_add(citations,
		    json_object_get(json_object_array_get_idx(list, i)));
}

static int64_t
count_members(struct arena *arena, const char *text)
{
	struct json_object *object;
	struct json_fault ignored;

	if (json_parse(arena, text, strlen(text), &object, &ignored) != OK)
		return 0;
	return json_object_object_length(object);
}

struct extraction_result
extraction_conclude(struct arena *arena, const struct list *findings)
{
	const struct finding *list = findings->items;
	struct json_object *citations =
	    json_own(arena, json_object_new_array());
	struct extraction_result result = { .variables = "{}" };
	size_t i;

	for (i = 0; i < findings->count; i++) {
		if (list[i].status == FINDING_COMPLETE) {
			result.variables =
			    analysis_merge(arena, result.variables,
				analysis_variables(arena, &list[i]));
			add_citations(arena, list[i].result, citations);
		} else if (result.error == NULL) {
			result.status = EXTRACTION_ERROR;
			result.error = list[i].error;
		}
	}
	result.citations = json_text(arena, citations);
	result.count = count_members(arena, result.variables);
	return result;
}
