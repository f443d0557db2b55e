#include "base/base.h"

#include "api/sms_handoff.h"

#include "api/call.h"
#include "api/sms_overrides.h"
#include "api/sms_sending.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/text.h"
#include "db/tx.h"
#include "model/conversation.h"
#include "model/field.h"
#include "store/conversation.h"
#include "store/handoff.h"
#include "store/reference.h"

#include <string.h>

#define REASON_MOST 500
#define ACTOR_MOST 255
#define METADATA_MOST 16384

struct handoff_request {
	const char *reason;
	const char *metadata; /* JSON object */
	const char *actor;
	const char *webhook;
	const char *notify_number;
};

struct handed_off {
	const char *message;
	bool already_active;
	struct conversation conversation;
};

struct resume_request {
	const char *node_id;
	const char *message;
	bool generate_reply;
	const char *actor;
};

struct resumed {
	const char *message;
	bool was_active;
	struct conversation conversation;
	const char *status;
	struct id message_id;
	struct id work_id;
};

#define HANDOFF_AT(member) FIELD_AT(struct handoff_request, member)
#define HANDED_AT(member) FIELD_AT(struct handed_off, member)
#define RESUME_AT(member) FIELD_AT(struct resume_request, member)
#define RESUMED_AT(member) FIELD_AT(struct resumed, member)

/* clang-format off */
static const struct field handoff_fields[] = {
	{ "reason", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    HANDOFF_AT(reason), 1, REASON_MOST,
	    .about = "Why a person is needed; told to who is notified." },
	{ "metadata", FIELD_OBJECT, FIELD_NULLABLE, HANDOFF_AT(metadata),
	    .most = METADATA_MOST,
	    .about = "Is human_handoff in the metadata of every webhook"
	             " meanwhile, with source and actor." },
	{ "actor", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    HANDOFF_AT(actor), 1, ACTOR_MOST,
	    .about = "Who hands it off." },
	{ "webhook", FIELD_URL, FIELD_NULLABLE, HANDOFF_AT(webhook),
	    .about = "Is told meanwhile, in place of the conversation's." },
	{ "notify_number", FIELD_PHONE, FIELD_NULLABLE,
	    HANDOFF_AT(notify_number),
	    .about = "Is sent a text with the conversation's id and the"
	             " reason." },
};

static const struct field handed_fields[] = {
	{ "message", FIELD_TEXT, 0, HANDED_AT(message) },
	{ "already_active", FIELD_BOOLEAN, 0, HANDED_AT(already_active),
	    .about = "true: a person had it before; nobody is told again." },
	{ "conversation", FIELD_STRUCT, 0, HANDED_AT(conversation),
	    .schema = &conversation_state_schema },
};

static const struct field resume_fields[] = {
	{ "node_id", FIELD_TEXT, FIELD_NULLABLE, RESUME_AT(node_id), 1, 255,
	    .about = "The node of its pathway at which the agent goes on." },
	{ "message", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    RESUME_AT(message), 1, MESSAGE_MOST,
	    .about = "What the agent says, word for word." },
	{ "generate_reply", FIELD_BOOLEAN, FIELD_NULLABLE,
	    RESUME_AT(generate_reply),
	    .about = "true: the agent answers now. Not with message." },
	{ "actor", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    RESUME_AT(actor), 1, ACTOR_MOST,
	    .about = "Who gives it back: resumed_by in"
	             " last_human_handoff." },
};

static const struct field resumed_fields[] = {
	{ "message", FIELD_TEXT, 0, RESUMED_AT(message) },
	{ "was_active", FIELD_BOOLEAN, 0, RESUMED_AT(was_active),
	    .about = "false: no person had it." },
	{ "conversation", FIELD_STRUCT, 0, RESUMED_AT(conversation),
	    .schema = &conversation_state_schema },
	{ "status", FIELD_TEXT, FIELD_NULLABLE, RESUMED_AT(status),
	    .about = "processing where the agent says something." },
	{ "message_id", FIELD_ID, FIELD_NULLABLE, RESUMED_AT(message_id),
	    .about = "Of `message`." },
	{ "workflow_id", FIELD_ID, FIELD_NULLABLE, RESUMED_AT(work_id),
	    .about = "The work that sends it, or the agent's turn." },
};
/* clang-format on */

const struct schema handoff_request_schema =
    SCHEMA("HandoffRequest", handoff_fields, struct handoff_request);
const struct schema handed_off_schema =
    SCHEMA("HandedOff", handed_fields, struct handed_off);
const struct schema resume_request_schema =
    SCHEMA("ResumeRequest", resume_fields, struct resume_request);
const struct schema resumed_schema =
    SCHEMA("Resumed", resumed_fields, struct resumed);

static const struct position_fields position_fields = { "/node_id", "/node_id",
	"/node_id" };

static enum outcome check_notified(
    struct call *call, const struct conversation *conversation);
static enum outcome notify(struct call *call, const struct sending *sending);

/* --- Taking over. */

/* The moment is of this handoff alone. */
static enum outcome
is_handed_off(struct db *db, void *context)
{
	struct call *call = context;
	const struct handed_off *made = call->witness;
	struct conversation found;
	enum outcome rc = conversation_find(db, call->arena,
	    &call->key.account_id, &made->conversation.id, &found);

	if (rc == OK &&
	    found.human_handoff_at != made->conversation.human_handoff_at)
		return NOT_FOUND;
	return rc;
}

static void
fill_handed_off(struct call *call, const struct conversation *conversation,
    bool already_active)
{
	struct handed_off *answer = call->answer;

	answer->message = already_active
			      ? "Conversation was handed off to a human already"
			      : "Conversation handed off to a human";
	answer->already_active = already_active;
	answer->conversation = *conversation;
	call->witness = answer;
	call->settled = already_active ? tx_repeat : is_handed_off;
}

enum outcome
sms_handoff(struct call *call)
{
	const struct handoff_request *body = call->body;
	struct sending sending;
	struct conversation *conversation = &sending.thread.conversation;
	struct handoff handoff = {
		.reason = body->reason,
		.webhook = body->webhook,
	};
	bool already_active = false;
	enum outcome rc = sending_find(call, &sending);

	if (rc == OK)
		rc = check_notified(call, conversation);
	if (rc != OK)
		return rc;
	already_active = conversation->human_handoff_at != 0;
	handoff.metadata = conversation_handoff_metadata(
	    call->arena, conversation, body->metadata, body->actor);
	if (strlen(handoff.metadata) > DATA_MOST)
		return call_refuse(call, INVALID_PARAMETER, "/metadata",
		    "the handoff's metadata must be at most %d bytes of JSON"
		    " with what it has already",
		    DATA_MOST);
	rc = handoff_begin(call->db, call->arena, &sending.thread, &handoff);
	if (rc == OK && !already_active && body->notify_number != NULL)
		rc = notify(call, &sending);
	if (rc == OK)
		fill_handed_off(call, conversation, already_active);
	return rc;
}

static enum outcome
check_notified(struct call *call, const struct conversation *conversation)
{
	const struct handoff_request *body = call->body;
	const char *number = body->notify_number;

	if (number == NULL ||
	    (!text_equal(number, conversation->pair.user) &&
		!text_equal(number, conversation->pair.agent)))
		return OK;
	return call_refuse(call, INVALID_PARAMETER, "/notify_number",
	    "notify_number must be neither the user's nor the agent's own"
	    " number");
}

/* A text to a person of the client's, who has a conversation with the number
 * like anybody else. */
static enum outcome
notify(struct call *call, const struct sending *sending)
{
	const struct handoff_request *body = call->body;
	const struct conversation *about = &sending->thread.conversation;
	const struct pair pair = { about->pair.channel, body->notify_number,
		about->pair.agent };
	struct sending notice = { .config = sending->config };
	struct saying saying = { .sender = SENDER_AGENT };
	struct message ignored;
	enum outcome rc = thread_open(call->db, call->arena, &about->account_id,
	    &pair, false, &notice.thread);

	if (rc != OK)
		return rc;
	notice.thread.webhook = sending->config.webhook;
	if (notice.thread.is_new)
		notice.thread.conversation.direction = DIRECTION_OUTBOUND;
	rc = sending_check(call, &notice, NULL, NULL, "/notify_number");
	if (rc != OK)
		return rc;
	saying.text = arena_format(call->arena,
	    "The conversation %s with %s was handed off to a human%s%s",
	    id_text(call->arena, &about->id), about->pair.user,
	    body->reason != NULL ? ": " : ".",
	    body->reason != NULL ? body->reason : "");
	return thread_say(
	    call->db, call->arena, &notice.thread, &saying, &ignored);
}

/* --- Giving back. */

/* A conversation that is not in a pathway of its own is in its number's. */
static enum outcome
move(struct call *call, struct sending *sending)
{
	const struct resume_request *body = call->body;
	struct conversation *conversation = &sending->thread.conversation;
	struct position to = { .node_id = body->node_id };

	if (conversation->position.pathway_id == NULL &&
	    body->node_id != NULL) {
		to.pathway_id = sending->config.pathway_id;
		to.pathway_version = sending->config.pathway_version;
	}
	return overrides_position(call, conversation, &to, &position_fields);
}

static enum outcome
check_resume(struct call *call, const struct sending *sending)
{
	const struct resume_request *body = call->body;

	if (body->message == NULL && !body->generate_reply)
		return OK;
	return sending_check(call, sending, body->message, "/message", NULL);
}

/* The agent is to speak, also where a person had the last word. */
static const char *
event(const struct sending *sending)
{
	const struct conversation *conversation = &sending->thread.conversation;

	return conversation->user_seq == conversation->last_seq ? "resumed"
								: "opened";
}

static enum outcome
speak(struct call *call, struct sending *sending)
{
	const struct resume_request *body = call->body;
	struct resumed *answer = call->answer;
	struct message message;
	enum outcome rc;

	call->settled = tx_repeat;
	if (body->message == NULL && !body->generate_reply)
		return thread_write(call->db, &sending->thread);
	answer->status = "processing";
	if (body->generate_reply) {
		rc = sending_check_agent(call, sending);
		return rc == OK ? sending_ask(call, sending, event(sending),
				      &answer->work_id)
				: rc;
	}
	rc = sending_say(call, sending, SENDER_AGENT, body->message, &message);
	answer->message_id = message.id;
	answer->work_id = message.work_id;
	return rc;
}

enum outcome
sms_resume(struct call *call)
{
	const struct resume_request *body = call->body;
	struct resumed *answer = call->answer;
	struct sending sending;
	struct conversation *conversation = &sending.thread.conversation;
	enum outcome rc;

	if (body->message != NULL && body->generate_reply)
		return call_refuse(call, INVALID_PARAMETER, "/generate_reply",
		    "generate_reply must not be true where message gives the"
		    " words");
	*answer = (struct resumed){ .message = "Conversation resumed" };
	rc = sending_find(call, &sending);
	if (rc == OK)
		rc = move(call, &sending);
	if (rc == OK)
		rc = check_resume(call, &sending);
	if (rc != OK)
		return rc;
	answer->was_active = conversation->human_handoff_at != 0;
	conversation_note(call->arena, conversation, "resumed_by", body->actor);
	rc = handoff_end(
	    call->db, call->arena, &sending.thread, &sending.config.silence);
	if (rc == OK)
		rc = speak(call, &sending);
	answer->conversation = *conversation;
	return rc;
}
