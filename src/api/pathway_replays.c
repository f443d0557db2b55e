#include "base/base.h"

#include "api/pathway_replays.h"

#include "api/call.h"
#include "api/pathways.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/agent.h"
#include "model/analysis.h"
#include "model/conversation.h"
#include "model/field.h"
#include "model/key.h"
#include "model/pathway.h"
#include "model/rehearsal.h"
#include "model/turn_record.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/tool.h"
#include "store/turns.h"

#include <json-c/json.h>
#include <string.h>

#define CONVERSATIONS 20     /* if not given */
#define SINCE (7 * WHEN_DAY) /* before `until`, if not given */

struct replay_request {
	const char *version;
	const char *conversation_ids; /* JSON array of texts; NULL */
	int64_t since, until;
	int64_t limit;
};

struct replay_result {
	struct id conversation_id;
	const char *version;
	int outcome; /* enum rehearsal_outcome */
	const char *reason;
	int64_t turns;
	int64_t reworded;
	const char *parts_at; /* JSON; NULL: it does not */
};

struct replay_answer {
	const char *pathway_id;
	const char *version; /* NULL: the draft */
	int64_t conversations, same, parted, unknown;
	struct list results; /* struct replay_result */
};

#define AT(member) FIELD_AT(struct replay_request, member)
#define RESULT_AT(member) FIELD_AT(struct replay_result, member)
#define ANSWER_AT(member) FIELD_AT(struct replay_answer, member)

/* clang-format off */
static const struct field request_fields[] = {
	{ "version", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(version), 1, 255,
	    .about = "The version to replay over: a number, a name, latest,"
	             " production, staging or draft. The draft if not given." },
	{ "conversation_ids", FIELD_TEXTS, 0, AT(conversation_ids), 1,
	    REPLAY_CONVERSATIONS,
	    .about = "These; else the latest that are in the pathway and were"
	             " opened between since and until." },
	{ "since", FIELD_WHEN, FIELD_NULLABLE, AT(since),
	    .about = "A week before until, if not given." },
	{ "until", FIELD_WHEN, FIELD_NULLABLE, AT(until),
	    .about = "Now, if not given." },
	{ "limit", FIELD_INTEGER, 0, AT(limit), 1, REPLAY_CONVERSATIONS,
	    .about = "20 if not given." },
};

static const struct field result_fields[] = {
	{ "conversation_id", FIELD_ID, 0, RESULT_AT(conversation_id) },
	{ "version", FIELD_TEXT, FIELD_NULLABLE, RESULT_AT(version),
	    .about = "That it was recorded with." },
	{ "outcome", FIELD_NAME, 0, RESULT_AT(outcome),
	    .names = &rehearsal_outcome_names,
	    .about = "same, parted, or unknown where it was not recorded"
	             " whole." },
	{ "reason", FIELD_TEXT, FIELD_NULLABLE, RESULT_AT(reason),
	    .about = "Why it is unknown." },
	{ "turns", FIELD_INTEGER, 0, RESULT_AT(turns),
	    .about = "That are the same." },
	{ "reworded", FIELD_INTEGER, 0, RESULT_AT(reworded),
	    .about = "Answers of the model that were taken although it would"
	             " be asked in other words now, and might answer"
	             " otherwise." },
	{ "parts_at", FIELD_OBJECT, FIELD_NULLABLE, RESULT_AT(parts_at),
	    .about = "The first turn that differs: turn, turn_id, message,"
	             " node_id and node_name where both were last; then and"
	             " now, each with said, node_id and ending; and needs, what"
	             " would be asked that was never asked." },
};

static const struct schema result_schema =
    SCHEMA("ReplayResult", result_fields, struct replay_result);

static const struct field answer_fields[] = {
	{ "pathway_id", FIELD_TEXT, 0, ANSWER_AT(pathway_id) },
	{ "version", FIELD_TEXT, FIELD_NULLABLE, ANSWER_AT(version),
	    .about = "null: the draft." },
	{ "conversations", FIELD_INTEGER, 0, ANSWER_AT(conversations) },
	{ "same", FIELD_INTEGER, 0, ANSWER_AT(same) },
	{ "parted", FIELD_INTEGER, 0, ANSWER_AT(parted) },
	{ "unknown", FIELD_INTEGER, 0, ANSWER_AT(unknown) },
	{ "results", FIELD_LIST, 0, ANSWER_AT(results),
	    .schema = &result_schema },
};
/* clang-format on */

const struct schema replay_request_schema =
    SCHEMA("Replay", request_fields, struct replay_request);
const struct schema replay_answer_schema =
    SCHEMA("ReplayAnswer", answer_fields, struct replay_answer);

/* --- What is replayed over. */

/* Words that were said are shown. */
static enum outcome
check_scope(struct call *call)
{
	unsigned wants =
	    SCOPE(CONVERSATIONS_READ_SENSITIVE) | SCOPE(CONVERSATIONS_MANAGE);

	if (key_allows(call->scopes, wants))
		return OK;
	return call_refuse(call, FORBIDDEN, NULL, "this key lacks the scope %s",
	    key_scopes_text(call->arena, wants));
}

static enum outcome
find_tools(struct call *call, struct rehearsal_stage *stage)
{
	struct list found = { NULL, 0 }, ignored = { NULL, 0 };
	enum outcome rc = tool_resolve(call->db, call->arena,
	    call->server->config, &call->key.account_id,
	    pathway_tools(call->arena, stage->pathway), &found, &ignored);

	stage->tools = agent_tools(call->arena, &found, 0, stage->pathway);
	return rc;
}

static enum outcome
find_stage(struct call *call, struct rehearsal_stage *stage)
{
	const struct replay_request *body = call->body;
	struct replay_answer *answer = call->answer;
	const char *word = body->version != NULL ? body->version : "draft";
	struct pathway_head head;
	struct pathway_version version;
	struct json_object *document;
	struct json_fault ignored;
	struct pathway *pathway;
	enum outcome rc = pathways_find(call, call->values[0], NULL, &head);

	if (rc == OK)
		rc = pathways_find_version(
		    call, &head, word, "/version", &version);
	if (rc != OK)
		return rc;
	if (json_parse(call->arena, version.document, strlen(version.document),
		&document, &ignored) != OK ||
	    pathway_read(call->arena, document, &pathway) != OK)
		return call_refuse(call, INVALID_NODE, "/version",
		    "version %s is no pathway", word);
	stage->pathway_id = answer->pathway_id = head.id;
	stage->pathway = pathway;
	if (version.number != PATHWAY_DRAFT)
		answer->version = arena_format(
		    call->arena, "%lld", (long long)version.number);
	return find_tools(call, stage);
}

/* --- The conversations. */

static enum outcome
find_given(struct call *call, const char *const *texts, struct list *found)
{
	struct conversation *list =
	    arena_alloc(call->arena, REPLAY_CONVERSATIONS * sizeof(*list));
	struct id id;
	size_t i;
	enum outcome rc = OK;

	for (i = 0; rc == OK && texts[i] != NULL; i++) {
		rc = id_parse(texts[i], &id) == OK
			 ? conversation_find(call->db, call->arena,
			       &call->key.account_id, &id, &list[i])
			 : NOT_FOUND;
		rc = call_missing(call, rc, CONVERSATION_NOT_FOUND,
		    arena_format(call->arena, "/conversation_ids/%zu", i),
		    "conversation");
	}
	*found = (struct list){ list, i };
	return rc;
}

static enum outcome
find_conversations(struct call *call, struct list *found)
{
	const struct replay_request *body = call->body;
	const struct replay_answer *answer = call->answer;
	int64_t until = body->until != 0 ? body->until : when_now();
	struct rows rows;
	enum outcome rc;

	if (body->conversation_ids != NULL)
		return find_given(call,
		    (const char *const *)analysis_references(
			call->arena, body->conversation_ids),
		    found);
	rc = conversation_list_pathway(call->db, call->arena,
	    &call->key.account_id, answer->pathway_id,
	    body->since != 0 ? body->since : until - SINCE, until,
	    body->limit != 0 ? body->limit : CONVERSATIONS, &rows);
	if (rc == OK)
		*found = (struct list){ rows.list, rows.count };
	return rc;
}

/* --- One of them. */

/* Kept beyond the conversation's own arena. */
static void
conclude(struct call *call, const struct rehearsal *rehearsal,
    struct replay_result *result)
{
	struct arena *arena = call->arena;

	result->outcome = rehearsal->outcome;
	result->turns = rehearsal->turns;
	result->reworded = rehearsal->reworded;
	if (rehearsal->version != NULL)
		result->version = arena_text(arena, rehearsal->version);
	if (rehearsal->outcome == REHEARSAL_UNKNOWN)
		result->reason = arena_format(arena, "turn %lld: %s",
		    (long long)rehearsal->turns + 1, rehearsal->why);
	if (rehearsal->outcome == REHEARSAL_PARTED)
		result->parts_at = field_write_text(
		    arena, &rehearsal_parting_schema, &rehearsal->parting);
	if (rehearsal->outcome == REHEARSAL_SAME && rehearsal->turns == 0) {
		result->outcome = REHEARSAL_UNKNOWN;
		result->reason = "no turn of it was taken in this pathway";
	}
}

static enum outcome
rehearse(struct call *call, struct arena *arena,
    const struct conversation *conversation,
    const struct rehearsal_stage *stage, struct replay_result *result)
{
	const struct id *account = &call->key.account_id;
	struct rehearsal rehearsal;
	struct rows messages, turns;
	const struct turn_record *records;
	size_t i;
	enum outcome rc = message_list(call->db, arena, account,
	    &conversation->id, &conversation->pair, &messages);

	if (rc == OK)
		rc = turns_list_done(call->db, arena, account,
		    &conversation->id, NULL, REPLAY_TURNS, &turns);
	if (rc != OK)
		return rc;
	rehearsal_init(&rehearsal, arena, stage,
	    (struct list){ messages.list, messages.count },
	    conversation->initial_context);
	records = turns.list;
	for (i = 0; i < turns.count; i++)
		rehearsal_take(&rehearsal, &records[i]);
	conclude(call, &rehearsal, result);
	return OK;
}

static enum outcome
replay(struct call *call, const struct conversation *conversation,
    const struct rehearsal_stage *stage, int64_t *room,
    struct replay_result *result)
{
	struct turns_size size;
	struct arena *arena;
	enum outcome rc = turns_measure(call->db, call->arena,
	    &call->key.account_id, &conversation->id, &size);

	*result = (struct replay_result){
		.conversation_id = conversation->id,
		.outcome = REHEARSAL_UNKNOWN,
	};
	if (rc != OK)
		return rc;
	if (size.turns > REPLAY_TURNS || size.bytes > REPLAY_EACH)
		result->reason = "it is longer than is replayed";
	else if (size.bytes > *room)
		result->reason = "it does not fit into one request beside"
				 " those before it";
	if (result->reason != NULL)
		return OK;
	*room -= size.bytes;
	arena = arena_new();
	rc = rehearse(call, arena, conversation, stage, result);
	arena_free(arena);
	return rc;
}

enum outcome
pathway_replays_make(struct call *call)
{
	struct replay_answer *answer = call->answer;
	struct rehearsal_stage stage = { .pathway = NULL };
	struct list found = { NULL, 0 };
	const struct conversation *list;
	struct replay_result *results;
	int64_t room = REPLAY_BYTES;
	size_t i;
	enum outcome rc = check_scope(call);

	if (rc == OK)
		rc = find_stage(call, &stage);
	if (rc == OK)
		rc = find_conversations(call, &found);
	list = found.items;
	results =
	    arena_alloc(call->arena, (found.count + 1) * sizeof(*results));
	for (i = 0; rc == OK && i < found.count; i++) {
		rc = replay(call, &list[i], &stage, &room, &results[i]);
		answer->same += results[i].outcome == REHEARSAL_SAME;
		answer->parted += results[i].outcome == REHEARSAL_PARTED;
		answer->unknown += results[i].outcome == REHEARSAL_UNKNOWN;
	}
	answer->conversations = (int64_t)found.count;
	answer->results = (struct list){ results, found.count };
	return rc;
}
