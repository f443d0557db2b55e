#include "base/base.h"

#include "api/sms_end.h"

#include "api/call.h"
#include "db/tx.h"
#include "model/conversation.h"
#include "model/field.h"
#include "model/work.h"
#include "store/conversation.h"
#include "store/thread.h"
#include "store/work.h"

#define REASON_MOST 500
#define ACTOR_MOST 255

struct conversation_end {
	const char *reason;
	const char *actor;
};

struct conversation_ended {
	const char *message;
	bool was_active;
	bool was_handed_off;
	struct conversation conversation;
	struct id work_id;
};

#define ENDED_AT(member) FIELD_AT(struct conversation_ended, member)

/* clang-format off */
static const struct field end_fields[] = {
	{ "reason", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    FIELD_AT(struct conversation_end, reason), 1, REASON_MOST,
	    .about = "What the status webhook says of it." },
	{ "actor", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct conversation_end, actor), 1, ACTOR_MOST,
	    .about = "Who ends it, where a person had taken over." },
};

static const struct field ended_fields[] = {
	{ "message", FIELD_TEXT, 0, ENDED_AT(message) },
	{ "was_active", FIELD_BOOLEAN, 0, ENDED_AT(was_active),
	    .about = "false: it had ended before, and nothing was done." },
	{ "was_handed_off", FIELD_BOOLEAN, 0, ENDED_AT(was_handed_off) },
	{ "conversation", FIELD_STRUCT, 0, ENDED_AT(conversation),
	    .schema = &conversation_state_schema },
	{ "workflow_id", FIELD_ID, FIELD_NULLABLE, ENDED_AT(work_id),
	    .about = "The work that tells of the end." },
};
/* clang-format on */

const struct schema conversation_end_schema =
    SCHEMA("ConversationEnd", end_fields, struct conversation_end);
const struct schema conversation_ended_schema =
    SCHEMA("ConversationEnded", ended_fields, struct conversation_ended);

static const char thing[] = "conversation";

static enum outcome
is_ended(struct db *db, void *context)
{
	struct call *call = context;
	const struct conversation_ended *made = call->witness;
	struct work ignored;

	return work_find(
	    db, call->arena, &call->key.account_id, &made->work_id, &ignored);
}

static const char *
reason(const struct conversation_ended *answer,
    const struct conversation_end *body)
{
	if (body->reason != NULL)
		return body->reason;
	return answer->was_handed_off ? "Conversation ended by the human rep"
				      : "Conversation ended via API";
}

/* The next text opens a new one: it is not active, like any that ended. */
enum outcome
sms_conversation_end(struct call *call)
{
	const struct conversation_end *body = call->body;
	struct conversation_ended *answer = call->answer;
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CONVERSATION_NOT_FOUND, thing, &id);

	if (rc == OK)
		rc = conversation_lock(call->db, call->arena,
		    &call->key.account_id, &id, &answer->conversation);
	if (rc != OK)
		return call_missing(
		    call, rc, CONVERSATION_NOT_FOUND, NULL, thing);
	answer->message = "Conversation had ended already";
	answer->was_active = answer->conversation.is_active;
	answer->was_handed_off = answer->conversation.human_handoff_at != 0;
	answer->work_id = (struct id){ 0 };
	call->settled = tx_repeat;
	if (!answer->was_active)
		return OK;
	answer->message = "Conversation ended successfully";
	call->witness = answer;
	call->settled = is_ended;
	answer->conversation.ended_by_client = true;
	conversation_note(
	    call->arena, &answer->conversation, "ended_by", body->actor);
	return thread_end(call->db, call->arena, &answer->conversation,
	    CONVERSATION_ENDED, reason(answer, body), &answer->work_id);
}
