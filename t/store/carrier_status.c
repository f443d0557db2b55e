/*
 * What carriers report, in any order and before our own record.
 */
#include "base/base.h"

#include "base/when.h"
#include "model/message.h"
#include "model/receipt.h"
#include "store/carrier_status.h"

#include "database.h"

#define SID "SM1"

static struct message message;

static void
seed(struct database *d)
{
	message = (struct message){
		.id = id_new(),
		.conversation_id = id_new(),
		.seq = 1,
	};
	database_do(d->db, "DELETE FROM message");
	database_do(d->db,
	    "INSERT INTO message (account_id, conversation_id, seq, id,"
	    " sender, status, text, segments, encoding, leaving_at,"
	    " created_at) VALUES (X'%s', X'%s', 1, X'%s', 'AGENT', 'queued',"
	    " 'Hello', 1, 'GSM-7', NOW(6), NOW(6))",
	    secret_hex(d->arena, d->account.bytes, ID_BYTES),
	    secret_hex(d->arena, message.conversation_id.bytes, ID_BYTES),
	    secret_hex(d->arena, message.id.bytes, ID_BYTES));
}

static enum outcome
report(struct database *d, struct db *db, const struct id *account, int status,
    const char *code)
{
	struct receipt receipt = { SID, status, code };

	return carrier_status_apply(db, d->arena, account, &receipt);
}

static enum outcome
accepted(struct database *d)
{
	struct receipt receipt = { SID, MESSAGE_SENT, NULL };

	return carrier_status_accept(
	    d->db, d->arena, &d->account, &message, &receipt);
}

static const char *
status(struct database *d)
{
	return database_text(d->db, d->arena, "SELECT status FROM message");
}

static int64_t
parked(struct database *d)
{
	return database_number(d->db, "SELECT COUNT(*) FROM receipt");
}

static void
test_in_order(struct database *d)
{
	seed(d);
	is_outcome(accepted(d), OK, "the carrier's id is recorded");
	is_text(status(d), "sent", "and the message is sent");
	is_int(database_number(d->db,
		   "SELECT COUNT(*) FROM message WHERE leaving_at IS NULL"),
	    1, "and no longer on its way");
	is_outcome(report(d, d->db, &d->account, MESSAGE_DELIVERED, NULL), OK,
	    "a report is applied");
	is_text(status(d), "delivered", "it is delivered");
	must(report(d, d->db, &d->account, MESSAGE_SENT, NULL));
	is_text(status(d), "delivered", "a late report changes nothing");
	is_int(parked(d), 0, "nothing is parked");
}

static void
test_before(struct database *d)
{
	seed(d);
	is_outcome(report(d, d->db, &d->account, MESSAGE_UNDELIVERED, "30003"),
	    OK, "a report of an id that nobody knows is taken");
	is_int(parked(d), 1, "and parked");
	must(report(d, d->db, &d->account, MESSAGE_SENT, NULL));
	is_int(parked(d), 1, "a second one is parked in its place");
	is_text(database_text(d->db, d->arena, "SELECT status FROM receipt"),
	    "undelivered", "where the higher one stays");
	must(accepted(d));
	is_text(status(d), "undelivered", "it wins when the id is recorded");
	is_text(
	    database_text(d->db, d->arena, "SELECT error_code FROM message"),
	    "30003", "with its code");
	is_int(parked(d), 0, "and nothing is left of it");
}

static void
test_fence(struct database *d)
{
	seed(d);
	must(report(d, d->db, &d->stranger, MESSAGE_READ, NULL));
	must(accepted(d));
	is_text(status(d), "sent", "another account's report is not ours");
	must(report(d, d->db, &d->stranger, MESSAGE_READ, NULL));
	is_text(status(d), "sent", "nor is it after the record");
	database_do(d->db, "DELETE FROM receipt");
	seed(d);
	message.seq = 2;
	is_outcome(accepted(d), OK, "a message that is gone is no trouble");
	is_int(parked(d), 0, "and leaves nothing");
}

/* The record holds its transaction open while the report comes. */
static enum outcome
report_within(struct db *db, void *context)
{
	struct receipt receipt = { SID, MESSAGE_DELIVERED, NULL };
	struct database *d = context;

	return carrier_status_apply(db, d->arena, &d->account, &receipt);
}

static enum outcome
report_beside(struct database *d, void *context)
{
	struct tx tx = { report_within, tx_repeat, d };

	(void)context;
	return tx_run(d->db, &tx);
}

static void
test_race(struct database *d)
{
	pid_t child;

	seed(d);
	database_begin(d->db);
	must(accepted(d));
	child = database_fork(d, NULL, report_beside);
	ok(database_waits(d, 1), "a report waits for a record under way");
	database_commit(d->db);
	is_outcome(database_join(child), OK, "then it is taken");
	is_text(status(d), "delivered", "and applied, not lost");
	is_int(parked(d), 0, "and nothing is parked");

	seed(d);
	database_begin(d->other);
	must(report(d, d->other, &d->account, MESSAGE_DELIVERED, NULL));
	database_hurry(d->db);
	database_begin(d->db);
	is_outcome(accepted(d), AGAIN, "a record waits for a report under way");
	database_rollback(d->db);
	database_commit(d->other);
	must(accepted(d));
	is_text(status(d), "delivered", "and then finds it");
}

static void
test_purge(struct database *d)
{
	int64_t count, now = when_now();

	seed(d);
	must(report(d, d->db, &d->account, MESSAGE_DELIVERED, NULL));
	is_int(parked(d), 1, "a report of no message is parked");
	must(carrier_status_purge(
	    d->db, now + (CARRIER_STATUS_DAYS - 1) * WHEN_DAY, 9, &count));
	is_int(parked(d), 1, "for days");
	must(carrier_status_purge(
	    d->db, now + (CARRIER_STATUS_DAYS + 1) * WHEN_DAY, 9, &count));
	is_int(count, 1, "then it is deleted");
	is_int(parked(d), 0, "and no longer there");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_in_order(&d);
	test_before(&d);
	test_fence(&d);
	test_race(&d);
	test_purge(&d);
	database_close(&d);
	return done();
}
