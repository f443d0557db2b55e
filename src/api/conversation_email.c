#include "base/base.h"

#include "api/conversation_email.h"

#include "api/call.h"
#include "api/conversation_opening.h"
#include "base/text.h"
#include "base/when.h"
#include "model/agent_config.h"
#include "model/channel.h"
#include "model/mail.h"
#include "model/mail_address.h"
#include "model/message.h"
#include "model/progress.h"
#include "store/email_address.h"
#include "store/mail.h"
#include "store/suppression.h"

static enum outcome
check_request(struct call *call, const struct conversation_create *body)
{
	if (body->to_address == NULL)
		return call_refuse(call, MISSING_REQUIRED_FIELDS, "/to_address",
		    "to_address is required on email");
	if (!mail_address_is_valid(body->to_address))
		return call_refuse(call, INVALID_PARAMETER, "/to_address",
		    "to_address must be %s", mail_address_rule.wanted);
	if (body->subject != NULL && !mail_is_line(body->subject))
		return call_refuse(call, INVALID_PARAMETER, "/subject",
		    "subject must be one line");
	return OK;
}

/* The address that it is sent from: the one that is given, or the only one
 * that there is. */
static enum outcome
find_sender(struct call *call, const char *given, struct email_address *from)
{
	const struct id *account = &call->key.account_id;
	enum outcome rc;

	if (given != NULL)
		rc = email_address_find(call->db, call->arena, account,
		    mail_address_key(call->arena, given), from);
	else
		rc = email_address_only(call->db, call->arena, account, from);
	if (rc == NOT_FOUND)
		return call_refuse(call, INVALID_PARAMETER, "/from_address",
		    given != NULL
			? "from_address must be an email address of the"
			  " account; GET /v1/email-addresses lists them"
			: "the account has no email address to send from:"
			  " POST /v1/email-addresses adds one");
	if (rc == CONFLICT)
		return call_refuse(call, MISSING_REQUIRED_FIELDS,
		    "/from_address",
		    "the account has several email addresses: from_address"
		    " says which one sends");
	return rc;
}

static enum outcome
check_ledger(struct call *call, const char *address)
{
	struct suppression found;
	enum outcome rc = suppression_find(call->db, call->arena,
	    &call->key.account_id, CHANNEL_EMAIL, address, &found);

	if (rc == NOT_FOUND)
		return OK;
	if (rc != OK)
		return rc;
	return call_refuse(call, RECIPIENT_OPTED_OUT, "/to_address",
	    "this address is not written to any more: DELETE"
	    " /v1/email-suppressions/{address} if it wants to be again");
}

/* The static greeting, or the agent's turn to think of one. */
static enum outcome
greet(struct call *call, struct opening *opening)
{
	struct saying saying = { .sender = SENDER_AGENT, .starts_clock = true };
	struct message ignored;
	enum outcome rc;

	saying.text = opening_greeting(call, opening);
	if (saying.text != NULL)
		return thread_say(
		    call->db, call->arena, &opening->thread, &saying, &ignored);
	rc = thread_ask_turn(call->db, call->arena,
	    &opening->thread.conversation, "opened", when_now());
	return rc == OK ? thread_write(call->db, &opening->thread) : rc;
}

static enum outcome
open_email(struct call *call, struct opening *opening)
{
	const struct conversation_create *body = opening->body;
	struct conversation *conversation = &opening->thread.conversation;
	struct mail_thread thread = { .cc = "[]" };
	struct email_address from;
	enum outcome rc = check_request(call, body);

	if (rc == OK)
		rc = find_sender(call, body->from_address, &from);
	if (rc != OK)
		return rc;
	thread.conversation_id = conversation->id;
	thread.agent_address = from.address;
	thread.user_address = mail_address_key(call->arena, body->to_address);
	rc = check_ledger(call, thread.user_address);
	conversation->pair.agent = from.address;
	conversation->progress = PROGRESS_IN_PROGRESS;
	if (conversation->subject == NULL)
		conversation->subject =
		    opening->conduct.agent->properties.email.default_subject;
	if (rc == OK)
		rc = mail_thread_insert(
		    call->db, &call->key.account_id, &thread);
	return rc == OK ? greet(call, opening) : rc;
}

const struct opening_channel conversation_email = {
	.open = open_email,
	.status = 200,
};
