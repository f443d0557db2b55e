#include "base/base.h"

#include "store/calling.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "model/progress.h"
#include "model/work.h"
#include "store/conversation.h"
#include "store/thread.h"
#include "store/work.h"

#define SLACK 600 /* seconds */

static enum outcome
find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, const char *carrier_call_id, struct phone_call *call)
{
	return id_is_none(id) ? phone_call_find_carrier(
				    db, arena, account, carrier_call_id, call)
			      : phone_call_find(db, arena, account, id, call);
}

/* What was read before the lock says only which conversation it is. */
enum outcome
calling_lock(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, const char *carrier_call_id, struct calling *calling)
{
	struct phone_call *call = &calling->call;
	enum outcome rc = find(db, arena, account, id, carrier_call_id, call);

	if (rc == OK)
		rc = conversation_lock(db, arena, account,
		    &call->conversation_id, &calling->conversation);
	return rc == OK ? find(db, arena, account, id, carrier_call_id, call)
			: rc;
}

bool
calling_is(const struct calling *calling, const char *carrier_call_id)
{
	const char *known = calling->call.carrier_call_id;

	return known == NULL || text_equal(known, carrier_call_id);
}

enum outcome
calling_dial(struct db *db, struct phone_call *call, int64_t due)
{
	struct work work = {
		.id = call->id,
		.account_id = call->account_id,
		.subject_id = call->conversation_id,
		.kind = WORK_DIAL,
		.state = WORK_WAITING,
		.due = due,
		.payload = "{}",
	};
	enum outcome rc = phone_call_insert(db, call);

	return rc == OK ? work_insert(db, &work) : rc;
}

enum outcome
calling_watch(struct db *db, struct arena *arena, const struct calling *calling)
{
	const struct phone_call *call = &calling->call;
	struct work work = {
		.id = id_new(),
		.account_id = call->account_id,
		.subject_id = call->conversation_id,
		.kind = WORK_DIAL,
		.state = WORK_WAITING,
		.due = calling_over_at(calling),
		.payload = arena_format(
		    arena, "{\"watch\":\"%s\"}", id_text(arena, &call->id)),
	};

	return work_insert(db, &work);
}

/* A carrier may have a queue of its own. */
int64_t
calling_over_at(const struct calling *calling)
{
	const struct phone_call *call = &calling->call;
	int64_t answered = calling->conversation.answered_at;

	return WHEN_SECOND * SLACK +
	       (answered != 0
		       ? answered + call->talk_most * WHEN_SECOND
		       : call->updated_at + call->ring_most * WHEN_SECOND);
}

/* The call is over, whatever its conversation had come to. */
static enum progress
final_for(enum progress from, enum progress wanted)
{
	return progress_may(from, wanted) ? wanted : PROGRESS_COMPLETED;
}

enum outcome
calling_end(struct db *db, struct arena *arena,
    struct conversation *conversation, int progress, int64_t duration,
    const char *reason)
{
	struct id ignored;
	enum outcome rc;

	conversation->progress = (int)final_for(
	    (enum progress)conversation->progress, (enum progress)progress);
	rc = thread_end(
	    db, arena, conversation, CONVERSATION_ENDED, reason, &ignored);
	if (rc != OK)
		return rc;
	if (duration < 0 && conversation->answered_at != 0)
		return OK;
	conversation->duration = duration < 0 ? 0 : duration;
	return conversation_save(db, conversation);
}

static enum outcome
end(struct db *db, struct arena *arena, struct conversation *conversation,
    const struct calling_report *report)
{
	return calling_end(db, arena, conversation, report->progress,
	    report->duration,
	    arena_format(arena, "the carrier reports the call as %s",
		names_text(&progress_names, report->progress)));
}

static enum outcome
redial(struct db *db, struct calling *calling)
{
	const struct phone_call *last = &calling->call;
	struct phone_call next = {
		.id = id_new(),
		.account_id = last->account_id,
		.conversation_id = last->conversation_id,
		.attempt = last->attempt + 1,
		.retries = last->retries - 1,
		.retry_delay = last->retry_delay,
		.ring_most = last->ring_most,
		.talk_most = last->talk_most,
	};
	enum outcome rc;

	calling->conversation.carrier_call_id = NULL;
	rc = conversation_save(db, &calling->conversation);
	return rc == OK ? calling_dial(db, &next,
			      when_now() + last->retry_delay * WHEN_SECOND)
			: rc;
}

/* The carrier may go on to try, and we may once more. */
static bool
may_redial(const struct calling *calling, const struct calling_report *report)
{
	return report->progress == PROGRESS_UNANSWERED &&
	       calling->call.retries > 0 &&
	       calling->conversation.answered_at == 0;
}

static enum outcome
step(struct db *db, struct conversation *conversation,
    const struct calling_report *report)
{
	int64_t now = when_now();

	if (progress_is_final((enum progress)conversation->progress)) {
		if (report->duration >= 0)
			conversation->duration = report->duration;
	} else if (progress_may((enum progress)conversation->progress,
		       (enum progress)report->progress)) {
		conversation->progress = report->progress;
		conversation->updated_at = now;
		if (report->progress == PROGRESS_IN_PROGRESS)
			conversation->answered_at = now;
	}
	return conversation_save(db, conversation);
}

enum outcome
calling_report(struct db *db, struct arena *arena, struct calling *calling,
    const struct calling_report *report)
{
	struct phone_call *call = &calling->call;
	struct conversation *conversation = &calling->conversation;
	bool is_over = progress_is_final((enum progress)report->progress);
	bool is_new = call->is_up || call->carrier_call_id == NULL;
	enum outcome rc;

	if (!calling_is(calling, report->carrier_call_id))
		return OK;
	call->carrier_call_id = report->carrier_call_id;
	call->placed_at = 0;
	call->is_up = is_new && !is_over;
	rc = phone_call_save(db, call);
	if (rc != OK || !call->is_last)
		return rc;
	conversation->carrier_call_id = call->carrier_call_id;
	if (!is_over || !conversation->is_active)
		return step(db, conversation, report);
	return may_redial(calling, report)
		   ? redial(db, calling)
		   : end(db, arena, conversation, report);
}
