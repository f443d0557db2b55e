#include "base/base.h"

#include "api/sms_sending.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/when.h"
#include "db/tx.h"
#include "model/segment.h"
#include "model/work.h"
#include "store/conduct.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/opt_out.h"
#include "store/work.h"

static const char thing[] = "conversation";

enum outcome
sending_find(struct call *call, struct sending *sending)
{
	const struct id *account = &call->key.account_id;
	struct conversation *conversation = &sending->thread.conversation;
	struct conduct conduct;
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CONVERSATION_NOT_FOUND, thing, &id);

	if (rc == OK)
		rc = conversation_lock(
		    call->db, call->arena, account, &id, conversation);
	if (rc != OK)
		return call_missing(
		    call, rc, CONVERSATION_NOT_FOUND, NULL, thing);
	if (!conversation->is_active)
		return call_refuse(call, CONVERSATION_HAS_ENDED, NULL,
		    "this conversation has ended; POST /v1/sms/send opens a"
		    " new one");
	sending->thread.is_new = false;
	rc = conduct_find(call->db, call->arena, conversation, &conduct);
	if (rc == OK)
		sending->config = conduct.config;
	sending->thread.webhook = sending->config.webhook;
	return call_missing(call, rc, INBOUND_NUMBER_NOT_FOUND, NULL,
	    "number on the conversation's channel");
}

static enum outcome
check_opt_out(
    struct call *call, const struct sending *sending, const char *field)
{
	const struct pair *pair = &sending->thread.conversation.pair;
	enum outcome rc =
	    opt_out_find(call->db, call->arena, &call->key.account_id, pair);

	if (rc == OK)
		return call_refuse(call, RECIPIENT_OPTED_OUT, field,
		    "%s said STOP to %s and is sent nothing until they text"
		    " START",
		    pair->user, pair->agent);
	return rc == NOT_FOUND ? OK : rc;
}

static enum outcome
check_segments(struct call *call, const struct sending *sending,
    const char *text, const char *field)
{
	int64_t most = sending->config.max_segments, count;
	int ignored;

	if (text == NULL || most == 0)
		return OK;
	count = segment_count(text, &ignored);
	if (count <= most)
		return OK;
	return call_refuse(call, INVALID_PARAMETER, field,
	    "%s must take at most %lld segments (the number's max_segments),"
	    " not %lld",
	    field + 1, (long long)most, (long long)count);
}

/* Whoever waits as long as it says may send again. */
static void
tell_when(struct call *call, int64_t due)
{
	int64_t seconds = (due - when_now()) / WHEN_SECOND + 1;

	response_header(&call->response, "Retry-After",
	    arena_format(
		call->arena, "%lld", (long long)(seconds > 1 ? seconds : 1)));
}

static enum outcome
check_day(struct call *call, const struct sending *sending)
{
	const struct pair *pair = &sending->thread.conversation.pair;
	int64_t most = sending->config.daily_messages;
	struct message_sent sent;
	enum outcome rc;

	if (most == 0)
		return OK;
	rc = message_count_sent_since(call->db, call->arena,
	    &call->key.account_id, pair, when_now() - WHEN_DAY, &sent);
	if (rc != OK || sent.count < most)
		return rc;
	tell_when(call, sent.oldest + WHEN_DAY);
	return call_refuse(call, DAILY_LIMIT_REACHED, NULL,
	    "%s was sent %lld messages in the last 24 hours, of at most %lld"
	    " (the number's daily_messages)",
	    pair->user, (long long)sent.count, (long long)most);
}

enum outcome
sending_check(struct call *call, const struct sending *sending,
    const char *text, const char *text_field, const char *user_field)
{
	enum outcome rc = check_segments(call, sending, text, text_field);

	if (rc == OK)
		rc = check_opt_out(call, sending, user_field);
	return rc == OK ? check_day(call, sending) : rc;
}

enum outcome
sending_check_agent(struct call *call, const struct sending *sending)
{
	if (sending->thread.conversation.human_handoff_at != 0)
		return call_refuse(call, AGENT_IS_SILENT, NULL,
		    "a person has taken this conversation over, so the agent"
		    " says nothing of itself: give the words, or resume the"
		    " conversation first");
	if (sending->config.human_mode)
		return call_refuse(call, AGENT_IS_SILENT, NULL,
		    "people answer on this number (human_mode), so the agent"
		    " says nothing of itself: give the words");
	return OK;
}

static enum outcome
is_written(struct db *db, void *context)
{
	struct call *call = context;
	struct work ignored;

	return work_find(
	    db, call->arena, &call->key.account_id, call->witness, &ignored);
}

/* The work that was written shows that it was committed. */
static void
witness(struct call *call, const struct id *work)
{
	struct id *kept = arena_alloc(call->arena, sizeof(*kept));

	*kept = *work;
	call->witness = kept;
	call->settled = is_written;
}

static enum outcome
say(struct call *call, struct sending *sending, struct saying saying,
    struct message *message)
{
	enum outcome rc;

	saying.starts_clock =
	    saying.sender == SENDER_AGENT &&
	    sending->thread.conversation.human_handoff_at == 0;
	rc = thread_say(
	    call->db, call->arena, &sending->thread, &saying, message);
	if (rc == OK)
		witness(call, &message->work_id);
	return rc;
}

enum outcome
sending_say(struct call *call, struct sending *sending, enum sender sender,
    const char *text, struct message *message)
{
	const struct saying saying = { .text = text, .sender = sender };

	return say(call, sending, saying, message);
}

enum outcome
sending_say_template(struct call *call, struct sending *sending,
    const char *text, const struct send_template *template,
    struct message *message)
{
	const struct saying saying = {
		.text = text,
		.sender = SENDER_AGENT,
		.template = *template,
	};

	return say(call, sending, saying, message);
}

/* A turn that waited already is only moved, which may be done twice. */
enum outcome
sending_ask(struct call *call, struct sending *sending, const char *event,
    struct id *work)
{
	struct conversation *conversation = &sending->thread.conversation;
	struct id before = conversation->turn_work_id;
	enum outcome rc = thread_ask_turn(
	    call->db, call->arena, conversation, event, when_now());

	if (rc == OK)
		rc = thread_write(call->db, &sending->thread);
	if (rc != OK)
		return rc;
	*work = conversation->turn_work_id;
	if (id_equal(&before, work))
		call->settled = tx_repeat;
	else
		witness(call, work);
	return OK;
}
