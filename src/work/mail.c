#include "base/base.h"

#include "work/mail.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/when.h"
#include "db/pool.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/mail_delivery.h"
#include "model/message.h"
#include "model/receipt.h"
#include "store/carrier_status.h"
#include "store/conversation.h"
#include "store/suppression.h"
#include "store/thread.h"
#include "store/work_queue.h"
#include "upstream/mime.h"
#include "work/carrying.h"
#include "work/kinds.h"
#include "work/mailing.h"

#include <string.h>

#define TURN_PAUSE WHEN_SECOND /* until an earlier mail has left */

static enum outcome prepare_within(struct db *db, void *context);
static enum outcome hand_over(struct mailing *mailing);
static enum outcome conclude(struct mailing *mailing, enum outcome rc);
static enum outcome refused(struct mailing *mailing);

static enum outcome
prepare(struct mailing *mailing)
{
	const struct tx tx = { prepare_within, tx_repeat, mailing };

	return db_pool_run(mailing->job->pool, &tx);
}

enum outcome
mail_perform(struct job *job)
{
	struct mailing *mailing = arena_alloc(job->arena, sizeof(*mailing));

	mailing->job = job;
	job->context = mailing;
	if (send_order_read(job->arena, job->work.payload, &mailing->order)) {
		job->reason = "its payload names no message";
		return FAULT;
	}
	if (prepare(mailing) != OK) {
		job->reason = "the store could not be read";
		return AGAIN;
	}
	switch (mailing->step) {
	case MAILING_NONE:
		job->result = "{\"nothing\":\"it does not wait to leave\"}";
		return OK;
	case MAILING_WAIT:
		return AGAIN;
	case MAILING_REFUSE:
		return refused(mailing);
	case MAILING_SEND:
		break;
	}
	return hand_over(mailing);
}

/* --- What is to be done. */

static enum outcome
refuse(struct mailing *mailing, const char *code, const char *reason)
{
	mailing->step = MAILING_REFUSE;
	mailing->code = code;
	mailing->reason = reason;
	return OK;
}

/* Waiting is no try. */
static enum outcome
put_off(struct mailing *mailing, int64_t due, const char *reason)
{
	struct job *job = mailing->job;

	mailing->step = MAILING_WAIT;
	job->put_off = true;
	job->due = due;
	job->reason = reason;
	return OK;
}

/* Whether this address may be written to, as of now. */
static enum outcome
check_ledger(struct db *db, struct mailing *mailing)
{
	struct suppression found;
	enum outcome rc = suppression_find(db, mailing->job->arena,
	    &mailing->job->work.account_id, CHANNEL_EMAIL,
	    mailing->thread.user_address, &found);

	if (rc == NOT_FOUND)
		return OK;
	if (rc != OK)
		return rc;
	return refuse(mailing, "RECIPIENT_SUPPRESSED",
	    arena_format(mailing->job->arena,
		"the address is not written to: %s",
		names_text(&suppression_reason_names, found.reason)));
}

static enum outcome
compose(struct db *db, struct mailing *mailing)
{
	const struct agent_config *agent;
	enum outcome rc = mail_compose(db, mailing);

	if (rc == NOT_FOUND)
		return refuse(mailing, "ADDRESS_NOT_FOUND",
		    "the agent, its address or the mail server is gone");
	if (rc != OK)
		return rc;
	agent = mailing->conduct.agent;
	if (agent != NULL && !agent->properties.email.delivery.enabled)
		return refuse(mailing, "EMAIL_DISABLED",
		    "the agent's channel_properties.email is not enabled");
	return check_ledger(db, mailing);
}

static enum outcome
choose_step(struct db *db, struct mailing *mailing)
{
	const struct message *message = &mailing->leaving.message;
	const struct id *account = &mailing->job->work.account_id;
	int64_t now = when_now(), since = mailing->leaving.since;
	enum outcome rc;

	if (message->status != MESSAGE_PENDING &&
	    message->status != MESSAGE_QUEUED)
		return OK;
	rc = mail_turn(db, mailing->job->arena, account,
	    &mailing->conversation.id, mailing->order.seq);
	if (rc == CONFLICT)
		return put_off(
		    mailing, now + TURN_PAUSE, "an earlier one is on its way");
	if (rc != OK)
		return rc;
	if (since != 0 && now < since + CARRYING_PAUSE)
		return put_off(mailing, since + CARRYING_PAUSE,
		    "nobody knows yet what came of the last try");
	mailing->step = MAILING_SEND;
	rc = compose(db, mailing);
	if (rc == OK && mailing->step == MAILING_SEND)
		rc = leaving_mark(db, account, message, now);
	return rc;
}

/* The piece is held, so that one who lost it marks nothing. */
static enum outcome
prepare_within(struct db *db, void *context)
{
	struct mailing *mailing = context;
	struct job *job = mailing->job;
	const struct work *work = &job->work;
	enum outcome rc = work_hold(db, job->arena, work);

	mailing->step = MAILING_NONE;
	job->put_off = false;
	if (rc != OK)
		return rc;
	rc = conversation_lock(db, job->arena, &work->account_id,
	    &work->subject_id, &mailing->conversation);
	if (rc == OK)
		rc = leaving_lock(db, job->arena, &mailing->conversation,
		    &mailing->order, &mailing->leaving);
	if (rc == OK)
		return choose_step(db, mailing);
	return rc == NOT_FOUND ? OK : rc;
}

/* --- The mail server. */

/* The one who is meant first; then, unless they are to be left out, those
 * who get a copy. */
static const char **
recipients(const struct mailing *mailing, bool copied)
{
	const struct list *cc = &mailing->letter.cc;
	const char *const *list = cc->items;
	const char **all =
	    arena_alloc(mailing->job->arena, (cc->count + 2) * sizeof(*all));
	size_t i;

	all[0] = mailing->letter.to;
	for (i = 0; copied && i < cc->count; i++)
		all[i + 1] = list[i];
	return all;
}

/* An address in Cc that is gone must not keep the mail from who it is for. */
static enum outcome
call_server(struct mailing *mailing, const char *bytes, size_t length)
{
	struct job *job = mailing->job;
	struct smtp_request request = {
		.url = mailing->carrier.base_url,
		.user = mailing->carrier.username,
		.password = mailing->carrier.auth_token,
		.sender = mailing->letter.from.address,
		.recipients = recipients(mailing, true),
		.bytes = bytes,
		.length = length,
	};
	enum outcome rc =
	    smtp_send(job->arena, job->config, &request, &mailing->answer);

	if (rc != INVALID || mailing->letter.cc.count == 0)
		return rc;
	request.recipients = recipients(mailing, false);
	return smtp_send(job->arena, job->config, &request, &mailing->answer);
}

static enum outcome
hand_over(struct mailing *mailing)
{
	struct job *job = mailing->job;
	const char *bytes;
	size_t length;

	mail_address_letter(mailing);
	if (!carrying_unseal(job, &mailing->carrier)) {
		mailing->answer = (struct smtp_answer){
			.trouble = "the carrier's password cannot be opened"
				   " with [secret] key_file",
			.words = "",
		};
		return conclude(mailing, AGAIN);
	}
	if (mime_write(job->arena, &mailing->letter, &bytes, &length) != OK) {
		(void)refuse(mailing, "UNSENDABLE",
		    "a header or an address of it cannot be sent");
		return refused(mailing);
	}
	return conclude(mailing, call_server(mailing, bytes, length));
}

/* --- What came of it. */

static enum outcome
set_delivery(struct db *db, struct job *job, int delivery)
{
	struct mailing *mailing = job->context;
	const struct mail_report report = {
		.delivery = delivery,
		.error_code = mailing->code,
	};
	enum outcome rc =
	    mail_set_delivery(db, job->arena, &job->work.account_id,
		&mailing->conversation.id, mailing->order.seq, &report);

	return rc == NOT_FOUND ? OK : rc;
}

/* The clock starts when the server has it: until then the user can say
 * nothing to it. */
static enum outcome
record_sent(struct db *db, struct job *job)
{
	struct mailing *mailing = job->context;
	struct conversation *conversation = &mailing->conversation;
	const struct id *account = &job->work.account_id;
	const struct receipt receipt = {
		.carrier_message_id =
		    id_text(job->arena, &mailing->leaving.message.id),
		.status = MESSAGE_SENT,
	};
	enum outcome rc = conversation_lock(
	    db, job->arena, account, &job->work.subject_id, conversation);

	if (rc == NOT_FOUND)
		return OK;
	if (rc == OK)
		rc = carrier_status_accept(db, job->arena, account,
		    &mailing->leaving.message, &receipt);
	if (rc == OK)
		rc = set_delivery(db, job, DELIVERY_SENT);
	if (rc == OK && mailing->order.starts_clock && conversation->is_active)
		rc = thread_start_clock(db, job->arena, conversation,
		    &mailing->conduct.config.silence, mailing->order.seq);
	return rc;
}

static enum outcome
record_refused(struct db *db, struct job *job)
{
	struct mailing *mailing = job->context;
	const struct id *account = &job->work.account_id;
	enum outcome rc =
	    leaving_fail(db, account, &mailing->leaving.message, mailing->code);

	if (rc == OK)
		rc = set_delivery(db, job,
		    mailing->bounced ? DELIVERY_BOUNCED : DELIVERY_FAILED);
	if (rc == OK && mailing->bounced)
		rc = suppression_add(db, account, CHANNEL_EMAIL,
		    mailing->thread.user_address, SUPPRESSION_BOUNCE);
	return rc;
}

static enum outcome
record_later(struct db *db, struct job *job)
{
	struct mailing *mailing = job->context;

	return leaving_unmark(
	    db, &job->work.account_id, &mailing->leaving.message);
}

/* From now on, for the mail may still be under way. */
static enum outcome
record_unknown(struct db *db, struct job *job)
{
	struct mailing *mailing = job->context;
	enum outcome rc = leaving_mark(
	    db, &job->work.account_id, &mailing->leaving.message, when_now());

	return rc == NOT_FOUND ? OK : rc;
}

static enum outcome
refused(struct mailing *mailing)
{
	mailing->job->reason = mailing->reason;
	mailing->job->record = record_refused;
	return INVALID;
}

/* RFC 3463, section 3.2: something is wrong with the address itself. */
static bool
is_bounce(const struct smtp_answer *answer)
{
	return answer->status >= 500 && strstr(answer->words, " 5.1.") != NULL;
}

static enum outcome
try_again(struct mailing *mailing)
{
	struct job *job = mailing->job;
	bool is_unknown = mailing->answer.unknown;
	int64_t now = when_now();

	job->due = kind_next_try(&kinds[WORK_MAIL], job->work.attempt, now);
	if (job->due == 0) {
		(void)refuse(
		    mailing, "CARRIER_UNREACHABLE", mailing->answer.trouble);
		return refused(mailing);
	}
	if (is_unknown && job->due < now + CARRYING_PAUSE)
		job->due = now + CARRYING_PAUSE;
	job->reason = mailing->answer.trouble;
	job->record = is_unknown ? record_unknown : record_later;
	return AGAIN;
}

static enum outcome
conclude(struct mailing *mailing, enum outcome rc)
{
	struct job *job = mailing->job;
	const struct smtp_answer *answer = &mailing->answer;

	if (rc == OK) {
		job->result = arena_format(job->arena,
		    "{\"message_id\":\"%s\"}", mailing->row.message_id);
		job->record = record_sent;
		return OK;
	}
	if (rc == AGAIN)
		return try_again(mailing);
	mailing->bounced = is_bounce(answer);
	(void)refuse(mailing,
	    answer->status != 0 ? arena_format(job->arena, "SMTP_%lld",
				      (long long)answer->status)
				: "CARRIER_REFUSED",
	    answer->trouble);
	return refused(mailing);
}

enum outcome
mail_give_up(struct db *db, struct job *job)
{
	struct mailing *mailing = job->context;

	if (mailing != NULL && mailing->code != NULL)
		return OK;
	return leaving_give_up(db, job->arena, &job->work, "NOT_SENT");
}
