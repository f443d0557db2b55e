#include "base/base.h"

#include "api/analyze.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/extraction.h"
#include "model/field.h"
#include "model/work.h"
#include "store/citation.h"
#include "store/conversation.h"
#include "store/work.h"

#include <json-c/json.h>
#include <string.h>

#define SCHEMAS_MOST 50

struct analyze_request {
	const char *schema_id;
	struct id conversation_id;
};

struct analyzed {
	const char *status;
	struct id conversation_id;
	const char *schema_id;
	const char *schema_name;
	struct extraction_result result;
};

struct analyze_answer {
	struct analyzed data;
	const char *errors; /* JSON array: none */
};

struct backfill_request {
	const char *schema_id;
	const char *schema_ids; /* JSON array of texts */
	struct citation_rules rules;
	const char *conversation_id;
	const char *conversation_ids; /* JSON array of texts */
	const char *call_id;
	const char *call_ids;
};

struct backfilled {
	const char *conversation_id;
	struct extraction_result result;
};

struct backfill_answer {
	const char *status;
	int64_t call_count, conversation_count, schema_count;
	struct list conversations; /* struct backfilled */
};

#define ASKED_AT(member) FIELD_AT(struct analyze_request, member)
#define ANALYZED_AT(member) FIELD_AT(struct analyzed, member)
#define REQUEST_AT(member) FIELD_AT(struct backfill_request, member)
#define ENTRY_AT(member) FIELD_AT(struct backfilled, member)
#define ANSWER_AT(member) FIELD_AT(struct backfill_answer, member)

/* clang-format off */
static const struct field analyze_fields[] = {
	{ "schema_id", FIELD_TEXT, 0, ASKED_AT(schema_id),
	    1, CITATION_ID_MOST, .about = "A citation schema. It is needed." },
	{ "conversation_id", FIELD_ID, FIELD_REQUIRED,
	    ASKED_AT(conversation_id) },
};

static const struct field analyzed_fields[] = {
	{ "status", FIELD_TEXT, 0, ANALYZED_AT(status) },
	{ "conversation_id", FIELD_ID, 0, ANALYZED_AT(conversation_id) },
	{ "schema_id", FIELD_TEXT, 0, ANALYZED_AT(schema_id) },
	{ "schema_name", FIELD_TEXT, 0, ANALYZED_AT(schema_name) },
	{ "variables_extracted", FIELD_INTEGER, 0,
	    ANALYZED_AT(result.count) },
	{ "extracted_variables", FIELD_OBJECT, 0,
	    ANALYZED_AT(result.variables) },
	{ "citations", FIELD_ARRAY, 0, ANALYZED_AT(result.citations),
	    .about = "variable, message and confidence of each." },
	{ "messages_processed", FIELD_INTEGER, 0,
	    ANALYZED_AT(result.messages) },
};

static const struct schema analyzed_schema =
    SCHEMA("Analysis", analyzed_fields, struct analyzed);

static const struct field analyze_answer_fields[] = {
	{ "data", FIELD_STRUCT, 0, FIELD_AT(struct analyze_answer, data),
	    .schema = &analyzed_schema },
	{ "errors", FIELD_ARRAY, 0, FIELD_AT(struct analyze_answer, errors) },
};

static const struct field backfill_fields[] = {
	{ "schema_id", FIELD_TEXT, 0, REQUEST_AT(schema_id),
	    1, CITATION_ID_MOST, .about = "One citation schema, or" },
	{ "schema_ids", FIELD_TEXTS, 0, REQUEST_AT(schema_ids),
	    1, SCHEMAS_MOST, .about = "several, or" },
	{ "schema", FIELD_STRUCT, 0, REQUEST_AT(rules),
	    .schema = &citation_rules_schema, .about = "one in place." },
	{ "conversation_id", FIELD_TEXT, 0, REQUEST_AT(conversation_id),
	    1, CITATION_ID_MOST },
	{ "conversation_ids", FIELD_TEXTS, 0, REQUEST_AT(conversation_ids),
	    1, AWAIT_MOST, .about = "At most 50 conversations in all." },
	{ "call_id", FIELD_TEXT, FIELD_NULLABLE, REQUEST_AT(call_id),
	    .about = "Refused: there are no calls here." },
	{ "call_ids", FIELD_ARRAY, FIELD_NULLABLE, REQUEST_AT(call_ids),
	    .about = "Refused: there are no calls here." },
};

static const struct field backfilled_fields[] = {
	{ "conversation_id", FIELD_TEXT, 0, ENTRY_AT(conversation_id) },
	{ "status", FIELD_NAME, 0, ENTRY_AT(result.status),
	    .names = &extraction_status_names },
	{ "variables_extracted", FIELD_INTEGER, 0, ENTRY_AT(result.count) },
	{ "previous_variables", FIELD_OBJECT, FIELD_NULLABLE,
	    ENTRY_AT(result.previous) },
	{ "newly_extracted_variables", FIELD_OBJECT, FIELD_NULLABLE,
	    ENTRY_AT(result.variables) },
	{ "final_variables", FIELD_OBJECT, FIELD_NULLABLE,
	    ENTRY_AT(result.final) },
	{ "error", FIELD_TEXT, FIELD_NULLABLE, ENTRY_AT(result.error) },
};

static const struct schema backfilled_schema =
    SCHEMA("Backfilled", backfilled_fields, struct backfilled);

static const struct field backfill_answer_fields[] = {
	{ "status", FIELD_TEXT, 0, ANSWER_AT(status) },
	{ "call_count", FIELD_INTEGER, 0, ANSWER_AT(call_count) },
	{ "conversation_count", FIELD_INTEGER, 0,
	    ANSWER_AT(conversation_count) },
	{ "schema_count", FIELD_INTEGER, 0, ANSWER_AT(schema_count) },
	{ "conversations", FIELD_LIST, 0, ANSWER_AT(conversations),
	    .schema = &backfilled_schema },
};
/* clang-format on */

const struct schema analyze_request_schema =
    SCHEMA("Analyze", analyze_fields, struct analyze_request);
const struct schema analyze_answer_schema =
    SCHEMA("AnalyzeAnswer", analyze_answer_fields, struct analyze_answer);
const struct schema backfill_request_schema =
    SCHEMA("Backfill", backfill_fields, struct backfill_request);
const struct schema backfill_answer_schema =
    SCHEMA("BackfillAnswer", backfill_answer_fields, struct backfill_answer);

static const char conversation_thing[] = "conversation";
static const char schema_thing[] = "citation schema";

/* A request that is repeated under its key waits for the work that the first
 * one wrote, and writes none. */
static void
resume(struct call *call)
{
	call->await.works = call->resumed;
	call->await.count = call->resumed_count;
}

/* The work of one conversation. */
static enum outcome
order(struct call *call, const struct id *conversation,
    const struct extraction_order *order, struct id *id)
{
	struct work work = {
		.id = id_new(),
		.account_id = call->key.account_id,
		.subject_id = *conversation,
		.kind = WORK_ANALYSE,
		.state = WORK_WAITING,
		.due = when_now(),
		.payload = extraction_order_write(call->arena, order),
	};

	*id = work.id;
	return work_insert(call->db, &work);
}

static enum outcome
is_ordered(struct db *db, void *context)
{
	struct call *call = context;
	struct work ignored;

	return work_find(
	    db, call->arena, &call->key.account_id, call->witness, &ignored);
}

/* What came of a piece of work: an error where it has no result. */
static struct extraction_result
result_of(struct call *call, const struct work *work)
{
	struct extraction_result result;
	const char *reason = work->reason;

	if (work->state == WORK_DONE &&
	    extraction_result_read(call->arena, work->result, &result) == OK)
		return result;
	if (work->state != WORK_DEAD)
		reason = "it takes longer than a request may wait, and goes"
			 " on";
	return (struct extraction_result){
		.status = EXTRACTION_ERROR,
		.variables = "{}",
		.citations = "[]",
		.error = arena_format(call->arena,
		    "RESULT_NOT_READY: GET /v1/workflows/%s says more: %s",
		    id_text(call->arena, &work->id),
		    reason != NULL ? reason : "it has no result"),
	};
}

/* One conversation. */

static enum outcome
finish_analyze(struct call *call, const struct work *works)
{
	struct analyze_answer *answer = call->answer;

	answer->data.result = result_of(call, &works[0]);
	if (answer->data.result.status == EXTRACTION_ERROR)
		return await_refuse(call, answer->data.result.error);
	return OK;
}

static enum outcome
check_analyze(struct call *call, const struct analyze_request *body)
{
	if (body->schema_id != NULL)
		return OK;
	if (call_gives(call, "questions") || call_gives(call, "goal"))
		return call_refuse(call, INVALID_PARAMETER,
		    call_gives(call, "questions") ? "/questions" : "/goal",
		    "this route takes schema_id: make a citation schema of"
		    " the questions (POST /v1/citation_schemas), a variable"
		    " for each");
	return call_refuse(call, MISSING_REQUIRED_FIELDS, "/schema_id",
	    "schema_id is required");
}

static enum outcome
find_asked(struct call *call, const struct analyze_request *body,
    struct citation_schema *schema, struct conversation *conversation)
{
	const struct id *account = &call->key.account_id;
	enum outcome rc = citation_find(
	    call->db, call->arena, account, body->schema_id, schema);

	if (rc != OK)
		return call_missing(call, rc, CITATION_SCHEMA_NOT_FOUND,
		    "/schema_id", schema_thing);
	rc = conversation_find(call->db, call->arena, account,
	    &body->conversation_id, conversation);
	return call_missing(call, rc, CONVERSATION_NOT_FOUND,
	    "/conversation_id", conversation_thing);
}

enum outcome
sms_analyze(struct call *call)
{
	const struct analyze_request *body = call->body;
	struct analyze_answer *answer = call->answer;
	struct conversation conversation;
	struct citation_schema schema;
	struct extraction_order asked = { .keep = false };
	struct id *work = arena_alloc(call->arena, sizeof(*work));
	struct json_object *ids =
	    json_own(call->arena, json_object_new_array());
	enum outcome rc = check_analyze(call, body);

	if (rc == OK)
		rc = find_asked(call, body, &schema, &conversation);
	if (rc == OK)
		rc = await_begin(call);
	if (rc != OK)
		return rc;
	(void)json_object_array_add(ids, json_string(schema.id));
	asked.schema_ids = json_text(call->arena, ids);
	answer->errors = "[]";
	answer->data = (struct analyzed){ .status = "success",
		.conversation_id = conversation.id,
		.schema_id = schema.id,
		.schema_name = schema.name };
	call->await = (struct await){ work, 1, NULL, false, finish_analyze };
	if (call->resumed != NULL) {
		resume(call);
		return OK;
	}
	call->witness = work;
	call->settled = is_ordered;
	return order(call, &conversation.id, &asked, work);
}

/* Several conversations. */

static enum outcome
refuse_calls(struct call *call)
{
	const char *const fields[] = { "call_id", "call_ids" };
	size_t i;

	for (i = 0; i < COUNT(fields); i++)
		if (call_gives(call, fields[i]))
			return call_refuse(call, INVALID_PARAMETER,
			    arena_format(call->arena, "/%s", fields[i]),
			    "there are no calls here: give conversation_ids");
	return OK;
}

/* Exactly one of the three. */
static enum outcome
check_schemas(struct call *call)
{
	const char *const fields[] = { "schema_id", "schema_ids", "schema" };
	size_t i, given = 0;

	for (i = 0; i < COUNT(fields); i++)
		given += call_gives(call, fields[i]);
	if (given == 1)
		return OK;
	return call_refuse(call,
	    given == 0 ? MISSING_REQUIRED_FIELDS : INVALID_PARAMETER,
	    given == 0 ? "/schema_id" : "/schema",
	    "give one of schema_id, schema_ids and schema");
}

/* Those that are there; how many they are. */
static enum outcome
resolve(struct call *call, struct extraction_order *asked, int64_t *count)
{
	const struct backfill_request *body = call->body;
	const char *const alone[] = { body->schema_id, NULL };
	const char *const *ids = body->schema_id != NULL
				     ? alone
				     : (const char *const *)analysis_references(
					   call->arena, body->schema_ids);
	struct json_object *found =
	    json_own(call->arena, json_object_new_array());
	struct citation_schema schema = { .rules = body->rules };
	enum outcome rc = OK;

	if (call_gives(call, "schema")) {
		rc = citation_check(
		    call->arena, &body->rules, "/schema", &call->faults);
		asked->document = citation_write(call->arena, &schema);
	}
	*count = asked->document != NULL;
	for (; *ids != NULL && (rc == OK || rc == NOT_FOUND); ids++) {
		rc = citation_find(call->db, call->arena, &call->key.account_id,
		    *ids, &schema);
		if (rc != OK)
			continue;
		(void)json_object_array_add(found, json_string(schema.id));
		++*count;
	}
	asked->schema_ids = json_text(call->arena, found);
	if ((rc == OK || rc == NOT_FOUND) && *count == 0)
		return call_refuse(call, NO_RESOLVABLE_SCHEMAS, NULL,
		    "none of these citation schemas is in this account");
	return rc == NOT_FOUND ? OK : rc;
}

/* Each conversation once, in the order in which they are given. */
static struct list
list_conversations(struct call *call)
{
	const struct backfill_request *body = call->body;
	struct backfilled *entries =
	    arena_alloc(call->arena, (AWAIT_MOST + 1) * sizeof(*entries));
	const char **ids =
	    analysis_references(call->arena, body->conversation_ids);
	const char *id = body->conversation_id;
	size_t i, count = 0;

	for (; id != NULL || *ids != NULL; id = NULL) {
		if (id == NULL)
			id = *ids++;
		for (i = 0; i < count; i++)
			if (text_equal(entries[i].conversation_id, id))
				break;
		if (i == count)
			entries[count++].conversation_id = id;
	}
	return (struct list){ entries, count };
}

/* Of those that are about it, the first; none where it is not there. */
static struct extraction_result
result_about(
    struct call *call, const struct work *works, const char *conversation)
{
	struct id id;
	size_t i;

	for (i = 0; id_parse(conversation, &id) == OK && i < call->await.count;
	     i++)
		if (id_equal(&works[i].subject_id, &id))
			return result_of(call, &works[i]);
	return (struct extraction_result){
		.status = EXTRACTION_ERROR,
		.error = "CONVERSATION_NOT_FOUND: there is no such"
			 " conversation in this account",
	};
}

static enum outcome
finish_backfill(struct call *call, const struct work *works)
{
	struct backfill_answer *answer = call->answer;
	struct backfilled *entries =
	    (void *)(uintptr_t)answer->conversations.items;
	size_t i;

	for (i = 0; i < answer->conversations.count; i++)
		entries[i].result =
		    result_about(call, works, entries[i].conversation_id);
	return OK;
}

/* The work of one; none for what is not there, which the others are not in
 * the way of. */
static enum outcome
order_entry(struct call *call, const struct extraction_order *asked,
    const struct backfilled *entry, struct id *works)
{
	struct conversation conversation;
	struct id id;
	enum outcome rc = id_parse(entry->conversation_id, &id);

	if (rc == OK)
		rc = conversation_find(call->db, call->arena,
		    &call->key.account_id, &id, &conversation);
	if (rc == OK)
		return order(call, &id, asked, &works[call->await.count++]);
	return rc == NOT_FOUND || rc == INVALID ? OK : rc;
}

static enum outcome
order_all(struct call *call, const struct extraction_order *asked,
    const struct list *conversations)
{
	const struct backfilled *entries = conversations->items;
	struct id *works =
	    arena_alloc(call->arena, AWAIT_MOST * sizeof(*works));
	size_t i;
	enum outcome rc = OK;

	call->await.works = works;
	for (i = 0; i < conversations->count && rc == OK; i++)
		rc = order_entry(call, asked, &entries[i], works);
	call->witness = works;
	call->settled = is_ordered;
	return rc;
}

enum outcome
citations_backfill(struct call *call)
{
	struct backfill_answer *answer = call->answer;
	struct extraction_order asked = { .keep = true };
	struct list conversations = list_conversations(call);
	enum outcome rc = refuse_calls(call);

	if (rc == OK)
		rc = check_schemas(call);
	if (rc == OK && conversations.count == 0)
		rc = call_refuse(call, MISSING_REQUIRED_FIELDS,
		    "/conversation_ids", "conversation_ids is required");
	if (rc == OK && conversations.count > AWAIT_MOST)
		rc = call_refuse(call, INVALID_PARAMETER, "/conversation_ids",
		    "at most %d conversations at once", AWAIT_MOST);
	if (rc == OK)
		rc = resolve(call, &asked, &answer->schema_count);
	if (rc == OK)
		rc = await_begin(call);
	if (rc != OK)
		return rc;
	answer->status = "complete";
	answer->conversation_count = (int64_t)conversations.count;
	answer->conversations = conversations;
	call->await = (struct await){ .finish = finish_backfill };
	if (call->resumed == NULL)
		return order_all(call, &asked, &conversations);
	resume(call);
	return OK;
}
