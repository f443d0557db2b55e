#include "base/base.h"

#include "work/dial.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/json.h"
#include "base/when.h"
#include "db/pool.h"
#include "db/tx.h"
#include "model/field.h"
#include "model/progress.h"
#include "store/calling.h"
#include "store/carrier.h"
#include "store/conversation.h"
#include "store/pace.h"
#include "store/work_queue.h"
#include "upstream/carrier.h"
#include "work/carrying.h"
#include "work/kinds.h"
#include "work/order.h"
#include "work/watch.h"

#include <stdlib.h>

#define VOICE_HOOK "/v1/hooks/twilio/voice"
#define STATUS_HOOK "/v1/hooks/twilio/call-status"
#define FULL_LEAST (2 * WHEN_SECOND) /* until there may be room */
#define FULL_MOST (10 * WHEN_SECOND)
#define FULL_SPREAD 1000000u /* so that they do not all come at once */

/* What is to be done with the call. */
enum step {
	STEP_NONE,    /* it was placed, or nobody wants it any more */
	STEP_WAIT,    /* it is not its time */
	STEP_REFUSE,  /* it cannot be placed; `answer` says why */
	STEP_LOOK_UP, /* the carrier may have it */
	STEP_DIAL
};

struct dialling {
	struct job *job;
	struct calling calling;
	struct carrier carrier;
	enum step step;
	struct carrier_line line;
	struct carrier_call call;
	struct carrier_answer answer;
};

struct order {
	struct id watch; /* a call that was placed; none: place this one */
};

static const struct field order_fields[] = {
	{ "watch", FIELD_ID, 0, FIELD_AT(struct order, watch) },
};

static const struct schema order_schema =
    SCHEMA("DialOrder", order_fields, struct order);

static enum outcome prepare_within(struct db *db, void *context);
static enum outcome mark_within(struct db *db, void *context);
static enum outcome call_carrier(struct dialling *dialling);
static enum outcome conclude(struct dialling *dialling);

static enum outcome
in_transaction(struct dialling *dialling,
    enum outcome (*body)(struct db *db, void *context))
{
	const struct tx tx = { body, tx_repeat, dialling };

	return db_pool_run(dialling->job->pool, &tx);
}

static enum outcome
not_now(struct job *job, const char *reason)
{
	job->reason = reason;
	return AGAIN;
}

enum outcome
dial_perform(struct job *job)
{
	struct dialling *dialling = arena_alloc(job->arena, sizeof(*dialling));
	struct order *order = arena_alloc(job->arena, sizeof(*order));
	enum outcome rc = order_read(job, &order_schema, order);

	if (rc != OK)
		return rc;
	if (!id_is_none(&order->watch))
		return watch_perform(job, &order->watch);
	dialling->job = job;
	job->context = dialling;
	if (in_transaction(dialling, prepare_within) != OK)
		return not_now(job, "the store could not be read");
	switch (dialling->step) {
	case STEP_NONE:
		job->result = "{\"nothing\":\"there is no call to place\"}";
		return OK;
	case STEP_WAIT:
		return AGAIN;
	case STEP_REFUSE:
		return conclude(dialling);
	case STEP_LOOK_UP:
	case STEP_DIAL:
		break;
	}
	return call_carrier(dialling);
}

/* --- What is to be done. */

static void
refuse(struct dialling *dialling, const char *code, const char *reason)
{
	dialling->step = STEP_REFUSE;
	dialling->answer = (struct carrier_answer){
		.fate = CARRIER_REFUSED,
		.receipt.error_code = code,
		.reason = reason,
	};
}

/* Waiting is no try. */
static enum outcome
put_off(struct dialling *dialling, int64_t due, const char *reason)
{
	struct job *job = dialling->job;

	dialling->step = STEP_WAIT;
	job->put_off = true;
	job->due = due;
	job->reason = reason;
	return OK;
}

static enum outcome
mark(struct db *db, struct phone_call *call, int64_t now)
{
	call->is_up = true;
	call->placed_at = now;
	return phone_call_save(db, call);
}

/* Who has waited for long looks less often: there may be thousands. */
static int64_t
full_pause(const struct phone_call *call, int64_t now)
{
	int64_t pause = (now - call->created_at) / 8;

	if (pause < FULL_LEAST)
		pause = FULL_LEAST;
	if (pause > FULL_MOST)
		pause = FULL_MOST;
	return pause + (int64_t)arc4random_uniform(FULL_SPREAD);
}

static enum outcome
find_room(struct db *db, struct dialling *dialling, int64_t now)
{
	const struct job *job = dialling->job;
	const struct id *account = &job->work.account_id;
	int64_t count = 0;
	enum outcome rc = pace_hold_calls(db, account);

	if (rc == OK)
		rc = phone_call_count_up(db, job->arena, account, now, &count);
	if (rc != OK)
		return rc;
	if (count < job->config->telephone_calls)
		return mark(db, &dialling->calling.call, now);
	return put_off(dialling, now + full_pause(&dialling->calling.call, now),
	    "the account has as many calls as [telephone] calls allows");
}

static enum outcome
choose_step(struct db *db, struct dialling *dialling)
{
	struct calling *calling = &dialling->calling;
	const struct phone_call *call = &calling->call;
	int64_t now = when_now(), since = call->placed_at;
	enum outcome rc;

	if (call->carrier_call_id != NULL || !call->is_last ||
	    !calling->conversation.is_active)
		return OK;
	if (since != 0 && now < since + CARRYING_PAUSE)
		return put_off(dialling, since + CARRYING_PAUSE,
		    "nobody knows yet what came of the last try");
	rc = carrier_find_for(db, dialling->job->arena, &call->account_id,
	    calling->conversation.pair.agent, &dialling->carrier);
	if (rc == NOT_FOUND) {
		refuse(dialling, "NUMBER_NOT_FOUND",
		    "the agent's number, or its carrier, is no longer there");
		return OK;
	}
	dialling->step = since != 0 ? STEP_LOOK_UP : STEP_DIAL;
	if (rc == OK && dialling->step == STEP_DIAL)
		rc = find_room(db, dialling, now);
	return rc;
}

/* The piece is held, so that one who lost it marks nothing. */
static enum outcome
prepare_within(struct db *db, void *context)
{
	struct dialling *dialling = context;
	struct job *job = dialling->job;
	enum outcome rc = work_hold(db, job->arena, &job->work);

	dialling->step = STEP_NONE;
	job->put_off = false;
	if (rc != OK)
		return rc;
	rc = calling_lock(db, job->arena, &job->work.account_id, &job->work.id,
	    NULL, &dialling->calling);
	if (rc == OK)
		return choose_step(db, dialling);
	return rc == NOT_FOUND ? OK : rc;
}

/* --- The carrier. */

/* By our own id of the call: the carrier may call before we know its. */
static const char *
hook(const struct job *job, const char *path)
{
	return config_public_url(job->arena, job->config,
	    arena_format(job->arena, "%s?call=%s", path,
		id_text(job->arena, &job->work.id)));
}

static bool
open_line(struct dialling *dialling)
{
	struct job *job = dialling->job;
	const struct phone_call *call = &dialling->calling.call;
	const struct pair *pair = &dialling->calling.conversation.pair;

	dialling->call = (struct carrier_call){
		.id = call->id,
		.from = pair->agent,
		.to = pair->user,
		.url = hook(job, VOICE_HOOK),
		.status_callback = hook(job, STATUS_HOOK),
		.ring_most = call->ring_most,
		.talk_most = call->talk_most,
		.since = call->created_at,
	};
	return carrying_open(job, &dialling->carrier, &dialling->line);
}

static enum outcome
is_known(struct db *db, struct arena *arena, const struct id *account,
    const char *carrier_id)
{
	struct phone_call ignored;

	return phone_call_find_carrier(
	    db, arena, account, carrier_id, &ignored);
}

/* OK, NOT_FOUND, AGAIN: as carrying_choose. */
static enum outcome
look_up(struct dialling *dialling, const struct carrier_driver *driver)
{
	struct job *job = dialling->job;
	struct carrier_found *found = arena_alloc(job->arena, sizeof(*found));
	const char *reason = NULL;
	enum outcome rc =
	    driver->find_call(&dialling->line, &dialling->call, found, &reason);

	return carrying_choose(
	    job, rc, reason, found, is_known, &dialling->answer);
}

static enum outcome
mark_within(struct db *db, void *context)
{
	struct dialling *dialling = context;
	struct job *job = dialling->job;
	enum outcome rc = work_hold(db, job->arena, &job->work);

	return rc == OK ? mark(db, &dialling->calling.call, when_now()) : rc;
}

static enum outcome
call_carrier(struct dialling *dialling)
{
	struct job *job = dialling->job;
	const struct carrier_driver *driver =
	    &carrier_drivers[dialling->carrier.kind];
	bool looks_up = dialling->step == STEP_LOOK_UP;

	if (!open_line(dialling)) {
		dialling->answer.fate =
		    looks_up ? CARRIER_UNKNOWN : CARRIER_LATER;
		dialling->answer.reason = "the carrier's token cannot be"
					  " opened with [secret] key_file";
		return conclude(dialling);
	}
	if (looks_up && look_up(dialling, driver) != OK)
		return conclude(dialling);
	if (looks_up && carrying_is_over(job)) {
		refuse(dialling, "CARRIER_UNREACHABLE",
		    "the carrier did not take it in time");
		return conclude(dialling);
	}
	if (looks_up && in_transaction(dialling, mark_within) != OK)
		return not_now(job, "the store could not be written");
	driver->dial(&dialling->line, &dialling->call, &dialling->answer);
	return conclude(dialling);
}

/* --- What came of it. */

static enum outcome
lock(struct db *db, struct job *job, struct calling *calling)
{
	return calling_lock(db, job->arena, &job->work.account_id,
	    &job->work.id, NULL, calling);
}

/* It may have reported before. */
static enum outcome
record_accepted(struct db *db, struct job *job)
{
	struct dialling *dialling = job->context;
	struct calling_report report = {
		.carrier_call_id = dialling->answer.receipt.carrier_message_id,
		.progress = PROGRESS_TRIGGERED,
		.duration = -1,
	};
	struct calling calling;
	enum outcome rc = lock(db, job, &calling);

	if (rc == OK)
		rc = calling_report(db, job->arena, &calling, &report);
	if (rc == OK && calling.conversation.is_active)
		rc = calling_watch(db, job->arena, &calling);
	return rc == NOT_FOUND ? OK : rc;
}

/* Takes the mark away, or renews it: the request may still be under way. */
static enum outcome
record_mark(struct db *db, struct job *job, int64_t placed_at)
{
	struct calling calling;
	enum outcome rc = lock(db, job, &calling);

	if (rc != OK || calling.call.carrier_call_id != NULL)
		return rc == NOT_FOUND ? OK : rc;
	calling.call.is_up = placed_at != 0;
	calling.call.placed_at = placed_at;
	return phone_call_save(db, &calling.call);
}

static enum outcome
record_later(struct db *db, struct job *job)
{
	return record_mark(db, job, 0);
}

static enum outcome
record_unknown(struct db *db, struct job *job)
{
	return record_mark(db, job, when_now());
}

enum outcome
dial_give_up(struct db *db, struct job *job)
{
	struct calling calling;
	enum outcome rc = lock(db, job, &calling);

	if (rc == OK && calling.call.carrier_call_id == NULL) {
		calling.call.is_up = false;
		calling.call.placed_at = 0;
		rc = phone_call_save(db, &calling.call);
		if (rc == OK && calling.conversation.is_active)
			rc = calling_end(db, job->arena, &calling.conversation,
			    PROGRESS_FAILED, 0, "the call could not be placed");
	}
	return rc == NOT_FOUND ? OK : rc;
}

static const char *
result_of(struct arena *arena, const char *carrier_call_id)
{
	return arena_format(arena, "{\"call_sid\":%s}",
	    json_text(arena, json_own(arena, json_string(carrier_call_id))));
}

static enum outcome
conclude(struct dialling *dialling)
{
	struct job *job = dialling->job;
	const struct carrier_answer *answer = &dialling->answer;

	job->reason = answer->reason;
	switch (answer->fate) {
	case CARRIER_ACCEPTED:
		job->reason = NULL;
		job->result =
		    result_of(job->arena, answer->receipt.carrier_message_id);
		job->record = record_accepted;
		return OK;
	case CARRIER_REFUSED:
		return INVALID;
	case CARRIER_LATER:
		job->record = record_later;
		break;
	case CARRIER_UNKNOWN:
		job->record = record_unknown;
		break;
	}
	return carrying_again(job, answer);
}
