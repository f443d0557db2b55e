#include "base/base.h"

#include "work/send.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/json.h"
#include "base/when.h"
#include "db/pool.h"
#include "db/tx.h"
#include "model/conversation.h"
#include "model/message.h"
#include "model/number.h"
#include "model/quiet.h"
#include "model/send.h"
#include "model/variables.h"
#include "model/zone.h"
#include "store/carrier_status.h"
#include "store/conversation.h"
#include "store/leaving.h"
#include "store/message.h"
#include "store/number.h"
#include "store/pace.h"
#include "store/thread.h"
#include "store/work_queue.h"
#include "upstream/carrier.h"
#include "work/carrying.h"
#include "work/kinds.h"

#define FRESH (3600 * WHEN_SECOND) /* what answers is not held at night */
#define TURN_PAUSE WHEN_SECOND     /* until an earlier message has left */
#define HOOK "/v1/hooks/twilio/status"

/* What is to be done with the message. */
enum step {
	STEP_NONE,    /* it has left, was given up, or is gone */
	STEP_WAIT,    /* it is not its time */
	STEP_REFUSE,  /* it cannot be sent; `answer` says why */
	STEP_LOOK_UP, /* the carrier may have it */
	STEP_SEND
};

struct sending {
	struct job *job;
	struct send_order order;
	struct conversation conversation;
	struct leaving leaving;
	struct number_way way;
	enum step step;
	struct carrier_line line;
	struct carrier_message message;
	struct carrier_answer answer;
};

static enum outcome prepare_within(struct db *db, void *context);
static enum outcome mark_within(struct db *db, void *context);
static enum outcome call_carrier(struct sending *sending);
static enum outcome conclude(struct sending *sending);

static enum outcome
in_transaction(
    struct sending *sending, enum outcome (*body)(struct db *db, void *context))
{
	const struct tx tx = { body, tx_repeat, sending };

	return db_pool_run(sending->job->pool, &tx);
}

static enum outcome
not_now(struct job *job, const char *reason)
{
	job->reason = reason;
	return AGAIN;
}

enum outcome
send_perform(struct job *job)
{
	struct sending *sending = job->context;

	if (sending != NULL)
		return call_carrier(sending);
	sending = arena_alloc(job->arena, sizeof(*sending));
	sending->job = job;
	job->context = sending;
	if (send_order_read(job->arena, job->work.payload, &sending->order)) {
		job->reason = "its payload names no message";
		return FAULT;
	}
	if (in_transaction(sending, prepare_within) != OK)
		return not_now(job, "the store could not be read");
	switch (sending->step) {
	case STEP_NONE:
		job->result = "{\"nothing\":\"it does not wait to leave\"}";
		return OK;
	case STEP_WAIT:
		return AGAIN;
	case STEP_REFUSE:
		return conclude(sending);
	case STEP_LOOK_UP:
	case STEP_SEND:
		break;
	}
	return call_carrier(sending);
}

/* --- What is to be done. */

static void
refuse(struct sending *sending, const char *code, const char *reason)
{
	sending->step = STEP_REFUSE;
	sending->answer.fate = CARRIER_REFUSED;
	sending->answer.receipt.error_code = code;
	sending->answer.reason = reason;
}

/* Waiting is no try. */
static enum outcome
put_off(struct sending *sending, int64_t due, const char *reason)
{
	struct job *job = sending->job;

	sending->step = STEP_WAIT;
	job->put_off = true;
	job->due = due;
	job->reason = reason;
	return OK;
}

/* By whom and how it leaves. */
static enum outcome
read_way(struct db *db, struct sending *sending)
{
	struct arena *arena = sending->job->arena;
	const struct id *account = &sending->job->work.account_id;
	const struct pair *pair = &sending->conversation.pair;
	enum outcome rc =
	    number_way_find(db, arena, account, pair, &sending->way);

	if (rc != NOT_FOUND)
		return rc;
	refuse(sending, "NUMBER_NOT_FOUND",
	    "the agent's number, or its carrier, is no longer there");
	return OK;
}

/* The user wrote a short while ago: what is said now is an answer. */
static bool
replies(const struct sending *sending, int64_t now)
{
	int64_t user_at = sending->conversation.user_at;

	return user_at != 0 && now - user_at < FRESH;
}

/* By the user's clocks, where they are known. */
static int64_t
quiet_end(const struct sending *sending, int64_t now)
{
	const char *own = variables_text(
	    sending->job->arena, sending->conversation.variables, "timezone");

	return quiet_until(sending->way.config.quiet_hours,
	    own != NULL && zone_exists(own) ? own
					    : sending->way.config.timezone,
	    now);
}

/* Not to who does not want it, not at night, and not too fast. */
static enum outcome
check_limits(struct db *db, struct sending *sending, int64_t now)
{
	struct arena *arena = sending->job->arena;
	const struct id *account = &sending->job->work.account_id;
	const struct pair *pair = &sending->conversation.pair;
	double pace = sending->way.config.sends_per_second;
	bool answers = replies(sending, now);
	int64_t due = 0;
	enum outcome rc;

	if (sending->order.is_notice)
		return OK;
	if (sending->way.opted_out) {
		refuse(sending, "RECIPIENT_OPTED_OUT", "the user opted out");
		return OK;
	}
	if (!answers)
		due = quiet_end(sending, now);
	if (due != 0)
		return put_off(sending, due, "it is held for quiet hours");
	if (pace <= 0)
		return OK;
	rc = pace_take(db, arena, account, pair, pace, answers, now, &due);
	if (rc == CONFLICT)
		return put_off(sending, due, "the number sends no faster");
	return rc;
}

/* A mark means a try of which nobody knows what came of it. */
static enum outcome
choose_step(struct db *db, struct sending *sending)
{
	const struct message *message = &sending->leaving.message;
	int64_t now = when_now(), since = sending->leaving.since;
	enum outcome rc;

	if (message->status != MESSAGE_PENDING &&
	    message->status != MESSAGE_QUEUED)
		return OK;
	rc = leaving_turn(db, sending->job->arena, &sending->conversation,
	    &sending->job->work, &sending->order);
	if (rc == CONFLICT)
		return put_off(
		    sending, now + TURN_PAUSE, "an earlier one is on its way");
	if (rc != OK)
		return rc;
	if (since != 0 && now < since + CARRYING_PAUSE)
		return put_off(sending, since + CARRYING_PAUSE,
		    "nobody knows yet what came of the last try");
	sending->step = since != 0 ? STEP_LOOK_UP : STEP_SEND;
	rc = read_way(db, sending);
	if (rc == OK && sending->step == STEP_SEND)
		rc = check_limits(db, sending, now);
	return rc;
}

/* The piece is held, so that one who lost it marks nothing. */
static enum outcome
prepare_within(struct db *db, void *context)
{
	struct sending *sending = context;
	struct job *job = sending->job;
	struct conversation *conversation = &sending->conversation;
	enum outcome rc =
	    conversation_lock_for(db, job->arena, &job->work, conversation);

	sending->step = STEP_NONE;
	job->put_off = false;
	if (rc != OK || id_is_none(&conversation->id))
		return rc;
	rc = leaving_lock(
	    db, job->arena, conversation, &sending->order, &sending->leaving);
	if (rc != OK)
		return rc == NOT_FOUND ? OK : rc;
	rc = choose_step(db, sending);
	if (rc == OK && sending->step == STEP_SEND)
		rc = leaving_mark(db, &job->work.account_id,
		    &sending->leaving.message, when_now());
	return rc;
}

/* A message that is not there yet: the last of its conversation. */
static struct sending *
sending_new(const struct job *job, const struct conversation *conversation,
    bool is_notice)
{
	struct sending *sending = arena_alloc(job->arena, sizeof(*sending));
	struct job *own = arena_alloc(job->arena, sizeof(*own));

	*own = (struct job){
		.arena = job->arena,
		.config = job->config,
		.secret_key = job->secret_key,
		.pool = job->pool,
		.worker = job->worker,
		.work.id = id_new(),
		.work.account_id = conversation->account_id,
		.work.subject_id = conversation->id,
		.context = sending,
	};
	sending->job = own;
	sending->conversation = *conversation;
	sending->order.seq = conversation->last_seq + 1;
	sending->order.is_notice = is_notice;
	sending->leaving.message.status = MESSAGE_PENDING;
	return sending;
}

/* As prepare_within would have found and left it. */
enum outcome
send_say(struct db *db, struct job *job, struct thread *thread,
    const struct saying *saying, struct message *message)
{
	struct sending *sending =
	    sending_new(job, &thread->conversation, saying->is_notice);
	struct thread_claim claim = {
		.worker = job->worker,
		.lease = when_now() + job->config->worker_lease * WHEN_SECOND,
		.work.id = sending->job->work.id,
	};
	struct saying said = *saying;
	enum outcome rc = choose_step(db, sending);

	if (rc == OK && sending->step == STEP_SEND)
		said.claim = &claim;
	if (rc == OK)
		rc = thread_say(db, job->arena, thread, &said, message);
	if (rc != OK || said.claim == NULL)
		return rc;
	sending->job->work = claim.work;
	sending->order = (struct send_order){ message->id, message->seq,
		said.starts_clock, said.is_notice, said.template };
	sending->leaving.message = *message;
	job->next = sending->job;
	return OK;
}

/* --- The carrier. */

static bool
open_line(struct sending *sending)
{
	struct job *job = sending->job;
	const struct message *message = &sending->leaving.message;

	sending->message = (struct carrier_message){
		.id = message->id,
		.channel = sending->conversation.pair.channel,
		.from = sending->conversation.pair.agent,
		.to = sending->conversation.pair.user,
		.text = message->text,
		.template = sending->order.template,
		.messaging_service_sid =
		    sending->way.config.messaging_service_sid,
		.status_callback =
		    config_public_url(job->arena, job->config, HOOK),
		.since = message->created_at,
	};
	return carrying_open(job, &sending->way.carrier, &sending->line);
}

static enum outcome
is_known(struct db *db, struct arena *arena, const struct id *account,
    const char *carrier_id)
{
	struct message ignored;

	return message_find_carrier(db, arena, account, carrier_id, &ignored);
}

/* OK, NOT_FOUND, AGAIN: as carrying_choose. */
static enum outcome
look_up(struct sending *sending, const struct carrier_driver *driver)
{
	struct job *job = sending->job;
	struct carrier_found *found = arena_alloc(job->arena, sizeof(*found));
	const char *reason = NULL;
	enum outcome rc =
	    driver->look_up(&sending->line, &sending->message, found, &reason);

	return carrying_choose(
	    job, rc, reason, found, is_known, &sending->answer);
}

static enum outcome
mark_within(struct db *db, void *context)
{
	struct sending *sending = context;
	struct job *job = sending->job;
	enum outcome rc = work_hold(db, job->arena, &job->work);

	if (rc == OK)
		rc = leaving_mark(db, &job->work.account_id,
		    &sending->leaving.message, when_now());
	return rc;
}

static enum outcome
call_carrier(struct sending *sending)
{
	struct job *job = sending->job;
	const struct carrier_driver *driver =
	    &carrier_drivers[sending->way.carrier.kind];
	bool looks_up = sending->step == STEP_LOOK_UP;

	assert(driver->send != NULL);
	if (!open_line(sending)) {
		sending->answer.fate =
		    looks_up ? CARRIER_UNKNOWN : CARRIER_LATER;
		sending->answer.reason = "the carrier's token cannot be"
					 " opened with [secret] key_file";
		return conclude(sending);
	}
	if (looks_up && look_up(sending, driver) != OK)
		return conclude(sending);
	if (looks_up && carrying_is_over(job)) {
		refuse(sending, "CARRIER_UNREACHABLE",
		    "the carrier did not take it in time");
		return conclude(sending);
	}
	if (looks_up && in_transaction(sending, mark_within) != OK)
		return not_now(job, "the store could not be written");
	driver->send(&sending->line, &sending->message, &sending->answer);
	return conclude(sending);
}

/* --- What came of it. */

static const char *
result_of(struct arena *arena, const char *carrier_message_id)
{
	return arena_format(arena, "{\"message_sid\":%s}",
	    json_text(arena, json_own(arena, json_string(carrier_message_id))));
}

/* The clock starts when the carrier has it: until then the user can say
 * nothing to it. */
static enum outcome
record_accepted(struct db *db, struct job *job)
{
	struct sending *sending = job->context;
	struct conversation *conversation = &sending->conversation;
	enum outcome rc;

	if (id_is_none(&conversation->id))
		return OK;
	rc = carrier_status_accept(db, job->arena, &job->work.account_id,
	    &sending->leaving.message, &sending->answer.receipt);
	if (rc == OK && sending->order.starts_clock && conversation->is_active)
		rc = thread_start_clock(db, job->arena, conversation,
		    &sending->way.config.silence, sending->order.seq);
	return rc;
}

static enum outcome
record_refused(struct db *db, struct job *job)
{
	struct sending *sending = job->context;

	return leaving_fail(db, &job->work.account_id,
	    &sending->leaving.message, sending->answer.receipt.error_code);
}

static enum outcome
record_later(struct db *db, struct job *job)
{
	struct sending *sending = job->context;

	return leaving_unmark(
	    db, &job->work.account_id, &sending->leaving.message);
}

/* From now on, for the request may still be under way.  A report may have
 * come before, and the message has left then. */
static enum outcome
record_unknown(struct db *db, struct job *job)
{
	struct sending *sending = job->context;
	enum outcome rc = leaving_mark(
	    db, &job->work.account_id, &sending->leaving.message, when_now());

	return rc == NOT_FOUND ? OK : rc;
}

static enum outcome
give_up(struct sending *sending)
{
	sending->job->record = record_refused;
	return INVALID;
}

static enum outcome
try_again(struct sending *sending)
{
	struct job *job = sending->job;
	const struct carrier_answer *answer = &sending->answer;

	if (carrying_again(job, answer) != AGAIN) {
		refuse(sending, "CARRIER_UNREACHABLE", answer->reason);
		return give_up(sending);
	}
	job->record =
	    answer->fate == CARRIER_UNKNOWN ? record_unknown : record_later;
	return AGAIN;
}

static enum outcome
conclude(struct sending *sending)
{
	struct job *job = sending->job;
	const struct carrier_answer *answer = &sending->answer;

	job->reason = answer->reason;
	switch (answer->fate) {
	case CARRIER_ACCEPTED:
		job->reason = NULL;
		job->result =
		    result_of(job->arena, answer->receipt.carrier_message_id);
		job->record = record_accepted;
		job->conversation = &sending->conversation;
		return OK;
	case CARRIER_REFUSED:
		return give_up(sending);
	case CARRIER_LATER:
	case CARRIER_UNKNOWN:
		break;
	}
	return try_again(sending);
}

enum outcome
send_give_up(struct db *db, struct job *job)
{
	return leaving_give_up(db, job->arena, &job->work, "NOT_SENT");
}
