#include "base/base.h"

#include "api/sms_messages.h"

#include "api/call.h"
#include "api/sms_sending.h"
#include "model/field.h"

struct message_request {
	const char *message;
	int sender; /* of `senders` */
};

struct message_accepted {
	const char *status;
	const char *message;
	struct id conversation_id;
	int sender; /* enum sender */
	struct id message_id;
	bool human_handoff_active;
	struct id work_id;
};

static const char *const sender_words[] = { "HUMAN", "AGENT" };
static const enum sender senders[] = { SENDER_HUMAN, SENDER_AGENT };
static_assert(COUNT(sender_words) == COUNT(senders), "a word for each");
static const struct names request_senders = NAMES(sender_words);

#define ACCEPTED_AT(member) FIELD_AT(struct message_accepted, member)

/* clang-format off */
static const struct field request_fields[] = {
	{ "message", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    FIELD_AT(struct message_request, message), 1, MESSAGE_MOST,
	    .about = "The words." },
	{ "sender", FIELD_NAME, 0, FIELD_AT(struct message_request, sender),
	    .names = &request_senders,
	    .about = "HUMAN if not given. After AGENT the clock of silence"
	             " starts, unless a person has taken over." },
};

static const struct field accepted_fields[] = {
	{ "status", FIELD_TEXT, 0, ACCEPTED_AT(status),
	    .about = "processing" },
	{ "message", FIELD_TEXT, 0, ACCEPTED_AT(message) },
	{ "conversation_id", FIELD_ID, 0, ACCEPTED_AT(conversation_id) },
	{ "sender", FIELD_NAME, 0, ACCEPTED_AT(sender),
	    .names = &sender_names },
	{ "message_id", FIELD_ID, 0, ACCEPTED_AT(message_id) },
	{ "human_handoff_active", FIELD_BOOLEAN, 0,
	    ACCEPTED_AT(human_handoff_active) },
	{ "workflow_id", FIELD_ID, 0, ACCEPTED_AT(work_id),
	    .about = "The work that sends it." },
};
/* clang-format on */

const struct schema message_request_schema =
    SCHEMA("MessageRequest", request_fields, struct message_request);
const struct schema message_accepted_schema =
    SCHEMA("MessageAccepted", accepted_fields, struct message_accepted);

enum outcome
sms_message_send(struct call *call)
{
	const struct message_request *body = call->body;
	struct message_accepted *answer = call->answer;
	enum sender sender = senders[body->sender];
	struct sending sending;
	struct message message;
	enum outcome rc = sending_find(call, &sending);

	if (rc == OK)
		rc = sending_check(
		    call, &sending, body->message, "/message", NULL);
	if (rc == OK)
		rc = sending_say(
		    call, &sending, sender, body->message, &message);
	if (rc != OK)
		return rc;
	*answer = (struct message_accepted){
		.status = "processing",
		.message = "Message accepted for delivery",
		.conversation_id = message.conversation_id,
		.sender = (int)sender,
		.message_id = message.id,
		.human_handoff_active =
		    sending.thread.conversation.human_handoff_at != 0,
		.work_id = message.work_id,
	};
	return OK;
}
