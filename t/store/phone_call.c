/*
 * Calls at a carrier: their rows, how many are up, and what a report of the
 * carrier's makes of them.
 */
#include "base/base.h"

#include "base/when.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/progress.h"
#include "store/calling.h"
#include "store/conversation.h"
#include "store/phone_call.h"
#include "store/work.h"

#include "database.h"

static const struct id nobody = { { 1 } };

static struct id
converse(struct database *d)
{
	const struct conversation conversation = {
		.id = id_new(),
		.account_id = d->account,
		.pair = { CHANNEL_TELEPHONE, "+15550002222", "+15550001111" },
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.progress = PROGRESS_TRIGGERED,
		.created_at = 1,
		.updated_at = 1,
	};

	must(conversation_insert(d->db, &conversation));
	return conversation.id;
}

static struct phone_call
call_of(struct database *d, struct id conversation, int64_t attempt)
{
	return (struct phone_call){
		.id = id_new(),
		.account_id = d->account,
		.conversation_id = conversation,
		.attempt = attempt,
		.retries = 1,
		.retry_delay = 60,
		.ring_most = 30,
		.talk_most = 600,
	};
}

static void
test_rows(struct database *d)
{
	struct id conversation = converse(d);
	struct phone_call first = call_of(d, conversation, 1);
	struct phone_call second = call_of(d, conversation, 2), found;

	is_int(phone_call_insert(d->db, &first), OK, "a call is written");
	is_int(phone_call_find(d->db, d->arena, &d->account, &first.id, &found),
	    OK, "and found");
	ok(found.is_last && !found.is_up && found.placed_at == 0 &&
		found.carrier_call_id == NULL && found.retry_delay == 60 &&
		found.ring_most == 30 && found.talk_most == 600,
	    "as it was written; it is the last");
	is_int(phone_call_find(d->db, d->arena, &nobody, &first.id, &found),
	    NOT_FOUND, "but not by another account");
	first.is_up = true;
	first.placed_at = first.created_at;
	first.carrier_call_id = "CA-row-1";
	is_int(phone_call_save(d->db, &first), OK, "it is changed");
	is_int(phone_call_find_carrier(
		   d->db, d->arena, &d->account, "CA-row-1", &found),
	    OK, "and found by the carrier's id");
	ok(found.is_up && found.placed_at == first.created_at,
	    "as it was changed");
	is_int(phone_call_insert(d->db, &second), OK, "another follows");
	is_int(phone_call_insert(d->db, &second), CONFLICT, "once");
	second.carrier_call_id = "CA-row-1";
	is_int(phone_call_save(d->db, &second), CONFLICT,
	    "a carrier's id names one call");
	must(phone_call_find(d->db, d->arena, &d->account, &first.id, &found));
	ok(!found.is_last, "the first is the last no more");
	is_int(phone_call_find_last(
		   d->db, d->arena, &d->account, &conversation, &found),
	    OK, "the last is found");
	is_int(found.attempt, 2, "by its conversation");
	is_int(phone_call_delete(d->db, &d->account, &conversation), OK,
	    "they are deleted");
	is_int(phone_call_find_last(
		   d->db, d->arena, &d->account, &conversation, &found),
	    NOT_FOUND, "and gone");
}

static int64_t
count_up(struct database *d, int64_t now)
{
	int64_t count = -1;

	must(phone_call_count_up(d->db, d->arena, &d->account, now, &count));
	return count;
}

static void
test_count(struct database *d)
{
	struct phone_call call = call_of(d, converse(d), 1);
	int64_t now;

	is_int(count_up(d, when_now()), 0, "none is up");
	call.is_up = true;
	must(phone_call_insert(d->db, &call));
	now = call.updated_at;
	is_int(count_up(d, now), 1, "one is");
	is_int(count_up(d, now + 630 * WHEN_SECOND), 1,
	    "for as long as it may ring and last");
	is_int(count_up(d, now + 631 * WHEN_SECOND), 0, "and no longer");
	call.is_up = false;
	must(phone_call_save(d->db, &call));
	is_int(count_up(d, now), 0, "it is over");
}

static int
report(struct database *d, const struct id *call, const char *sid, int progress)
{
	const struct calling_report report = { sid, progress, -1 };
	struct calling calling;

	must(calling_lock(d->db, d->arena, &d->account, call, NULL, &calling));
	must(calling_report(d->db, d->arena, &calling, &report));
	must(calling_lock(d->db, d->arena, &d->account, call, NULL, &calling));
	return calling.conversation.progress;
}

static void
test_reports(struct database *d)
{
	struct id conversation = converse(d);
	struct phone_call call = call_of(d, conversation, 1), next;
	struct work work;

	is_int(calling_dial(d->db, &call, when_now()), OK,
	    "a call is to be placed");
	must(work_find(d->db, d->arena, &d->account, &call.id, &work));
	is_int(work.kind, WORK_DIAL, "by the work of its id");
	is_int(report(d, &call.id, "CA-1", PROGRESS_RINGING), PROGRESS_RINGING,
	    "it rings");
	is_int(report(d, &call.id, "CA-2", PROGRESS_FAILED), PROGRESS_RINGING,
	    "what is said of another is not of this one");
	is_int(report(d, &call.id, "CA-1", PROGRESS_UNANSWERED),
	    PROGRESS_RINGING, "nobody answers");
	must(phone_call_find_last(
	    d->db, d->arena, &d->account, &conversation, &next));
	ok(next.attempt == 2 && next.retries == 0 && !next.is_up,
	    "it is to be placed once more");
	is_int(report(d, &call.id, "CA-1", PROGRESS_IN_PROGRESS),
	    PROGRESS_RINGING, "the first one's reports are late then");
	is_int(report(d, &next.id, "CA-3", PROGRESS_UNANSWERED),
	    PROGRESS_UNANSWERED, "nobody answers again");
	is_int(report(d, &next.id, "CA-3", PROGRESS_IN_PROGRESS),
	    PROGRESS_UNANSWERED, "which is how it stays");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_rows(&d);
	test_count(&d);
	test_reports(&d);
	database_close(&d);
	return done();
}
