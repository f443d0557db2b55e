#include "base/base.h"

#include "api/sms_create.h"

#include "api/call.h"
#include "api/sms_overrides.h"
#include "base/arena.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/message.h"
#include "store/message.h"
#include "store/number.h"
#include "store/reference.h"
#include "store/thread.h"

#define AT(member) FIELD_AT(struct create_request, member)

static const char *const sender_words[] = {
	[SENDER_USER] = "USER",
	[SENDER_AGENT] = "AGENT",
};
static const struct names create_senders = NAMES(sender_words);

/* clang-format off */
static const struct field request_fields[] = {
	{ "user_number", FIELD_PHONE, FIELD_REQUIRED, AT(user_number),
	    .about = "The user's number." },
	{ "agent_number", FIELD_PHONE, FIELD_REQUIRED, AT(agent_number),
	    .about = "The account's number." },
	{ "message", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    AT(message), 1, MESSAGE_MOST,
	    .about = "What was said; kept in the history, not sent." },
	{ "message_sid", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    AT(message_sid), 1, 64,
	    .about = "The carrier's id of the message. One that is known"
	             " answers as the first time and stores nothing." },
	{ "curr_pathway_id", FIELD_TEXT, FIELD_NULLABLE,
	    AT(position.pathway_id), 1, 64 },
	{ "curr_pathway_version", FIELD_TEXT,
	    FIELD_NULLABLE | FIELD_OR_NUMBER, AT(position.pathway_version),
	    1, 64 },
	{ "current_node_id", FIELD_TEXT, FIELD_NULLABLE,
	    AT(position.node_id), 1, 255 },
	{ "request_data", FIELD_OBJECT, FIELD_NULLABLE, AT(request_data),
	    .most = DATA_MOST,
	    .about = "Variables; those given replace those of their names." },
	{ "new_conversation", FIELD_BOOLEAN, 0, AT(new_conversation),
	    .about = "Archive the pair's active conversation first." },
	{ "sender", FIELD_NAME, 0, AT(sender), .names = &create_senders,
	    .about = "Who said it; USER if not given. AGENT starts the"
	             " clock of silence, USER stops it." },
	{ "channel", FIELD_NAME, 0, AT(channel),
	    .names = &messaging_channel_names,
	    .about = "sms if not given." },
	{ "silence", FIELD_INLINE, 0, AT(silence),
	    .schema = &silence_schema },
};

static const struct field answer_fields[] = {
	{ "message", FIELD_TEXT, 0, FIELD_AT(struct create_answer, message) },
	{ "conversation_id", FIELD_ID, 0,
	    FIELD_AT(struct create_answer, conversation_id) },
	{ "message_id", FIELD_ID, 0,
	    FIELD_AT(struct create_answer, message_id) },
	{ "workflow_id", FIELD_ID, 0,
	    FIELD_AT(struct create_answer, workflow_id),
	    .about = "The work that watches the user's silence." },
};
/* clang-format on */

const struct schema create_request_schema =
    SCHEMA("CreateRequest", request_fields, struct create_request);
const struct schema create_answer_schema =
    SCHEMA("CreateAnswer", answer_fields, struct create_answer);

static const struct position_fields position_fields = { "/curr_pathway_id",
	"/curr_pathway_version", "/current_node_id" };

static enum outcome find_duplicate(struct call *call, struct message *message);
static enum outcome change(struct call *call, struct conversation *conversation,
    const struct silence *number);
static enum outcome is_there(struct db *db, void *context);

static void
fill_answer(struct call *call, const struct message *message)
{
	struct create_answer *answer = call->answer;

	answer->message = "SMS conversation created successfully";
	answer->conversation_id = message->conversation_id;
	answer->message_id = message->id;
	answer->workflow_id = message->work_id;
}

/* Six round trips within BEGIN and COMMIT for a new conversation, five for
 * one that is there: the number, the pair, the work, the conversation, the
 * message, the count.  A message_sid, a pathway and an archived conversation
 * each add theirs. */
enum outcome
sms_create(struct call *call)
{
	const struct create_request *body = call->body;
	const struct id *account = &call->key.account_id;
	struct pair pair = { body->channel, body->user_number,
		body->agent_number };
	struct message *message = arena_alloc(call->arena, sizeof(*message));
	struct silence number;
	struct thread thread;
	enum outcome rc;

	rc = number_silence_find(
	    call->db, call->arena, account, pair.agent, pair.channel, &number);
	rc = call_missing(call, rc, INBOUND_NUMBER_NOT_FOUND, "/agent_number",
	    "number on this channel");
	if (rc == OK)
		rc = find_duplicate(call, message);
	if (rc != NOT_FOUND)
		return rc;
	rc = thread_open(call->db, call->arena, account, &pair,
	    body->new_conversation, &thread);
	if (rc == OK)
		rc = change(call, &thread.conversation, &number);
	if (rc != OK)
		return rc;
	message->sender = body->sender;
	message->text = body->message;
	message->carrier_message_id = body->message_sid;
	rc = thread_append(call->db, call->arena, &thread, &number, message);
	if (rc != OK)
		return rc;
	call->witness = message;
	call->settled = is_there;
	fill_answer(call, message);
	return OK;
}

/* OK: the carrier's id is known, and the answer is as the first time. */
static enum outcome
find_duplicate(struct call *call, struct message *message)
{
	const struct create_request *body = call->body;
	enum outcome rc;

	if (body->message_sid == NULL)
		return NOT_FOUND;
	rc = message_find_carrier(call->db, call->arena, &call->key.account_id,
	    body->message_sid, message);
	if (rc == OK)
		fill_answer(call, message);
	return rc;
}

/* Changes what the request gives, and nothing else. */
static enum outcome
change(struct call *call, struct conversation *conversation,
    const struct silence *number)
{
	const struct create_request *body = call->body;
	enum outcome rc;

	call_read_over(call, &silence_schema, &conversation->silence);
	rc =
	    overrides_check_silence(call, conversation, &body->silence, number);
	if (rc == OK)
		rc =
		    overrides_variables(call, conversation, body->request_data);
	if (rc == OK)
		rc = overrides_position(
		    call, conversation, &body->position, &position_fields);
	return rc;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;

	return message_exists(
	    db, call->arena, &call->key.account_id, call->witness);
}
