#include "base/base.h"

#include "api/pathway_chats.h"

#include "api/call.h"
#include "api/sms_overrides.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "model/builtin.h"
#include "model/channel.h"
#include "model/chat.h"
#include "model/conversation.h"
#include "model/field.h"
#include "model/message.h"
#include "model/turn_state.h"
#include "model/variables.h"
#include "model/work.h"
#include "store/pathway.h"
#include "store/pathway_chat.h"
#include "store/pathway_version.h"
#include "store/reference.h"
#include "store/work.h"

#include <json-c/json.h>
#include <string.h>

struct chat_create {
	struct position position;
	const char *request_data;
	bool use_candidate_model;
};

struct chat_created {
	struct id chat_id;
	const char *message;
	const char *variables;
};

struct chat_answer {
	struct id chat_id;
	const char *assistant_responses;
	const char *current_node_id, *current_node_name;
	const char *chat_history;
	const char *pathway_id, *pathway_version;
	bool use_candidate_model;
	const char *variables;
	bool completed;
};

#define CREATE_AT(member) FIELD_AT(struct chat_create, member)
#define CREATED_AT(member) FIELD_AT(struct chat_created, member)
#define ANSWER_AT(member) FIELD_AT(struct chat_answer, member)

/* clang-format off */
static const struct field create_fields[] = {
	{ "pathway_id", FIELD_TEXT, FIELD_REQUIRED,
	    CREATE_AT(position.pathway_id), 1, 64 },
	{ "pathway_version", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    CREATE_AT(position.pathway_version), 1, 64,
	    .about = "A number, a version's name, latest, production, staging"
	             " or draft. If not given: the one in production, else the"
	             " latest, else the draft." },
	{ "start_node_id", FIELD_TEXT, FIELD_NULLABLE,
	    CREATE_AT(position.node_id), 1, 255,
	    .about = "Where it begins, if not at the start." },
	{ "request_data", FIELD_OBJECT, 0, CREATE_AT(request_data),
	    .most = DATA_MOST, .about = "Variables." },
	{ "use_candidate_model", FIELD_BOOLEAN, FIELD_NULLABLE,
	    CREATE_AT(use_candidate_model),
	    .about = "Passed over: there is one model." },
};

static const struct field created_fields[] = {
	{ "chat_id", FIELD_ID, 0, CREATED_AT(chat_id) },
	{ "message", FIELD_TEXT, 0, CREATED_AT(message) },
	{ "variables", FIELD_OBJECT, 0, CREATED_AT(variables) },
};

static const struct field message_fields[] = {
	{ "message", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    FIELD_AT(struct chat_order, message), 1, MESSAGE_MOST,
	    .about = "What the user says. Without it the agent speaks"
	             " first." },
};

static const struct field answer_fields[] = {
	{ "chat_id", FIELD_ID, 0, ANSWER_AT(chat_id) },
	{ "assistant_responses", FIELD_ARRAY, 0,
	    ANSWER_AT(assistant_responses), .about = "To this message." },
	{ "current_node_id", FIELD_TEXT, FIELD_NULLABLE,
	    ANSWER_AT(current_node_id) },
	{ "current_node_name", FIELD_TEXT, FIELD_NULLABLE,
	    ANSWER_AT(current_node_name) },
	{ "chat_history", FIELD_ARRAY, 0, ANSWER_AT(chat_history),
	    .about = "role and content of all that was said." },
	{ "pathway_id", FIELD_TEXT, 0, ANSWER_AT(pathway_id) },
	{ "pathway_version", FIELD_TEXT, FIELD_NULLABLE,
	    ANSWER_AT(pathway_version), .about = "null: the draft." },
	{ "use_candidate_model", FIELD_BOOLEAN, 0,
	    ANSWER_AT(use_candidate_model) },
	{ "variables", FIELD_OBJECT, 0, ANSWER_AT(variables) },
	{ "completed", FIELD_BOOLEAN, 0, ANSWER_AT(completed),
	    .about = "It is over: the pathway ended, or handed over to a"
	             " person." },
};
/* clang-format on */

const struct schema chat_create_schema =
    SCHEMA("ChatCreate", create_fields, struct chat_create);
const struct schema chat_created_schema =
    SCHEMA("ChatCreated", created_fields, struct chat_created);
const struct schema chat_message_schema =
    SCHEMA("ChatMessage", message_fields, struct chat_order);
const struct schema chat_answer_schema =
    SCHEMA("ChatAnswer", answer_fields, struct chat_answer);

static const struct position_fields position_fields = { "/pathway_id",
	"/pathway_version", "/start_node_id" };
static const char thing[] = "chat";

/* Its own, with those that every conversation has. */
static const char *
variables_of(struct call *call, const struct pathway_chat *chat)
{
	const struct facts facts = {
		.channel = CHANNEL_SMS,
		.user = "",
		.agent = "",
		.user_began = true,
		.id = id_text(call->arena, &chat->id),
		.now = when_now(),
	};

	return json_text(call->arena,
	    builtin_variables(call->arena, &facts,
		variables_read(call->arena, NULL, chat->variables)));
}

static enum outcome
find_version(struct call *call, struct pathway_chat *chat)
{
	const struct chat_create *body = call->body;
	const struct id *account = &call->key.account_id;
	struct pathway_head head;
	enum outcome rc = pathway_head_find(
	    call->db, call->arena, account, body->position.pathway_id, &head);

	if (rc != OK)
		return call_missing(
		    call, rc, PATHWAY_NOT_FOUND, "/pathway_id", "pathway");
	rc = reference_check_position(call->db, call->arena, account,
	    &body->position, &position_fields, &call->faults);
	if (rc != OK)
		return rc;
	chat->pathway_id = head.id;
	rc = pathway_version_resolve(call->db, call->arena, account, &head,
	    body->position.pathway_version, &chat->version);
	if (rc == NOT_FOUND && body->position.pathway_version == NULL) {
		chat->version = PATHWAY_DRAFT;
		return OK;
	}
	return call_missing(call, rc, PATHWAY_VERSION_NOT_FOUND,
	    "/pathway_version", "version of this pathway");
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	struct pathway_chat ignored;

	return pathway_chat_find(
	    db, call->arena, &call->key.account_id, call->witness, &ignored);
}

enum outcome
pathway_chats_create(struct call *call)
{
	const struct chat_create *body = call->body;
	struct chat_created *answer = call->answer;
	struct turn_state state = { .node = body->position.node_id };
	struct pathway_chat chat = {
		.id = id_new(),
		.variables = body->request_data,
		.history = "[]",
	};
	enum outcome rc = find_version(call, &chat);

	if (rc != OK)
		return rc;
	if (state.node != NULL)
		chat.state = turn_state_write(call->arena, &state);
	answer->chat_id = chat.id;
	answer->message = "Chat created";
	answer->variables = variables_of(call, &chat);
	call->witness = &answer->chat_id;
	call->settled = is_there;
	return pathway_chat_insert(call->db, &call->key.account_id, &chat);
}

/* --- A message. */

static enum outcome
find(struct call *call,
    enum outcome (*how)(struct db *db, struct arena *arena,
	const struct id *account, const struct id *id,
	struct pathway_chat *chat),
    struct pathway_chat *chat)
{
	struct id id;
	enum outcome rc = call_path_id(call, 0, CHAT_NOT_FOUND, thing, &id);

	if (rc == OK)
		rc = how(
		    call->db, call->arena, &call->key.account_id, &id, chat);
	return call_missing(call, rc, CHAT_NOT_FOUND, NULL, thing);
}

static const char *
responses_of(struct arena *arena, const char *result)
{
	struct json_object *document, *said;
	struct json_fault ignored;

	if (result == NULL ||
	    json_parse(arena, result, strlen(result), &document, &ignored) !=
		OK ||
	    !json_object_object_get_ex(document, "assistant_responses", &said))
		return "[]";
	return json_text(arena, said);
}

static enum outcome
finish(struct call *call, const struct work *works)
{
	struct chat_answer *answer = call->answer;
	struct turn_state state = { .node = NULL };
	struct pathway_chat chat;
	enum outcome rc = OK;

	if (works[0].state == WORK_DEAD)
		return await_refuse(call, works[0].reason != NULL
					      ? works[0].reason
					      : "LLM_UNAVAILABLE: no answer");
	if (works[0].state != WORK_DONE)
		return await_refuse(call,
		    arena_format(call->arena,
			"RESULT_NOT_READY: it takes longer than a request may"
			" wait, and goes on: GET /v1/pathway/chat/%s",
			call->values[0]));
	rc = find(call, pathway_chat_find, &chat);
	if (rc != OK)
		return rc;
	if (chat.state != NULL &&
	    turn_state_read(call->arena, chat.state, &state) != OK)
		state.node = NULL;
	*answer = (struct chat_answer){
		.chat_id = chat.id,
		.assistant_responses =
		    responses_of(call->arena, works[0].result),
		.current_node_id = state.node,
		.current_node_name = chat.node_name,
		.chat_history = chat.history,
		.pathway_id = chat.pathway_id,
		.pathway_version = chat.version != PATHWAY_DRAFT
				       ? arena_format(call->arena, "%lld",
					     (long long)chat.version)
				       : NULL,
		.variables = variables_of(call, &chat),
		.completed = chat.completed,
	};
	return OK;
}

/* One turn after the other. */
static enum outcome
check(struct call *call, const struct pathway_chat *chat)
{
	struct work work = { .state = WORK_DEAD };
	enum outcome rc = OK;

	if (chat->completed)
		return call_refuse(call, CONVERSATION_HAS_ENDED, NULL,
		    "this chat has ended: POST /v1/pathway/chat/create opens a"
		    " new one");
	if (chat_read(call->arena, chat->history).count >=
	    PATHWAY_CHAT_MESSAGES)
		return call_refuse(call, CONVERSATION_HAS_ENDED, NULL,
		    "a chat has at most %d messages: open a new one",
		    PATHWAY_CHAT_MESSAGES);
	if (!id_is_none(&chat->work_id))
		rc = work_find(call->db, call->arena, &call->key.account_id,
		    &chat->work_id, &work);
	if (rc == OK && work.state != WORK_DEAD && work.state != WORK_DONE)
		return call_refuse(call, CHAT_IS_BUSY, NULL,
		    "the message before is yet to be answered");
	return rc == NOT_FOUND ? OK : rc;
}

static enum outcome
is_ordered(struct db *db, void *context)
{
	struct call *call = context;
	struct work ignored;

	return work_find(
	    db, call->arena, &call->key.account_id, call->witness, &ignored);
}

static const char *
payload_of(struct call *call)
{
	const struct chat_order *body = call->body;
	struct json_object *order =
	    json_own(call->arena, json_object_new_object());

	(void)json_object_object_add(
	    order, "message", json_string(body->message));
	return json_text(call->arena, order);
}

enum outcome
pathway_chats_say(struct call *call)
{
	struct work work = {
		.id = id_new(),
		.account_id = call->key.account_id,
		.kind = WORK_CHAT,
		.state = WORK_WAITING,
		.due = when_now(),
	};
	struct id *id = arena_alloc(call->arena, sizeof(*id));
	struct pathway_chat chat;
	enum outcome rc = find(call, pathway_chat_lock, &chat);

	if (rc == OK && call->resumed == NULL)
		rc = check(call, &chat);
	if (rc == OK)
		rc = await_begin(call);
	if (rc != OK)
		return rc;
	*id = call->resumed != NULL ? call->resumed[0] : work.id;
	call->await = (struct await){ id, 1, NULL, false, finish };
	if (call->resumed != NULL)
		return OK;
	work.subject_id = chat.id;
	work.payload = payload_of(call);
	call->witness = id;
	call->settled = is_ordered;
	chat.work_id = work.id;
	rc = pathway_chat_save(call->db, &call->key.account_id, &chat);
	return rc == OK ? work_insert(call->db, &work) : rc;
}

enum outcome
pathway_chats_show(struct call *call)
{
	struct list *answer = call->answer;
	struct pathway_chat chat;
	enum outcome rc = find(call, pathway_chat_find, &chat);

	if (rc == OK)
		*answer = chat_read(call->arena, chat.history);
	return rc;
}
