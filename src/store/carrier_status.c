#include "base/base.h"

#include "store/carrier_status.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/message.h"
#include "model/receipt.h"
#include "store/work.h"

#define NEWS (60 * WHEN_SECOND) /* of a message are waited for so long */

static const struct column message_columns[] = {
	COLUMN(ID, struct message, conversation_id),
	COLUMN(INTEGER, struct message, seq),
	COLUMN_OF(&message_status_names, struct message, status),
	COLUMN(TEXT, struct message, carrier_message_id),
	COLUMN(TEXT, struct message, error_code),
	COLUMN(ID, struct message, told_work_id),
};

static const struct column receipt_columns[] = {
	COLUMN(TEXT, struct receipt, carrier_message_id),
	COLUMN_OF(&message_status_names, struct receipt, status),
	COLUMN(TEXT, struct receipt, error_code),
};

static const struct stmt lock_by_carrier = {
	.sql = "SELECT conversation_id, seq, status, carrier_message_id,"
	       " error_code, told_work_id"
	       " FROM message"
	       " WHERE account_id = ? AND carrier_message_id = ?"
	       " FOR UPDATE",
	ROWS(message_columns, struct message),
};

static const struct stmt lock_by_seq = {
	.sql = "SELECT conversation_id, seq, status, carrier_message_id,"
	       " error_code, told_work_id"
	       " FROM message"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?"
	       " AND id = ?"
	       " FOR UPDATE",
	ROWS(message_columns, struct message),
};

static const struct stmt put = {
	.sql = "UPDATE message"
	       " SET carrier_message_id = ?, status = ?, error_code = ?,"
	       " leaving_at = NULL"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?",
};

/* One that is on its way, which no report can have found: it has no id. */
static const struct stmt accept = {
	.sql = "UPDATE message"
	       " SET carrier_message_id = ?, status = ?, error_code = ?,"
	       " leaving_at = NULL"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?"
	       " AND id = ? AND status IN ('pending', 'queued')"
	       " AND carrier_message_id IS NULL",
};

/* Makes the row or only locks it. */
static const struct stmt hold = {
	.sql = "INSERT INTO receipt (account_id, carrier_message_id,"
	       " created_at)"
	       " VALUES (?, ?, ?)"
	       " ON DUPLICATE KEY UPDATE account_id = account_id",
};

static const struct stmt find = {
	.sql = "SELECT carrier_message_id, status, error_code"
	       " FROM receipt"
	       " WHERE account_id = ? AND carrier_message_id = ?",
	ROWS(receipt_columns, struct receipt),
};

static const struct stmt lock_parked = {
	.sql = "SELECT carrier_message_id, status, error_code"
	       " FROM receipt"
	       " WHERE account_id = ? AND carrier_message_id = ?"
	       " FOR UPDATE",
	ROWS(receipt_columns, struct receipt),
};

static const struct stmt park = {
	.sql = "UPDATE receipt"
	       " SET status = ?, error_code = ?"
	       " WHERE account_id = ? AND carrier_message_id = ?",
};

static const struct stmt forget = {
	.sql = "DELETE FROM receipt"
	       " WHERE account_id = ? AND carrier_message_id = ?",
};

static const struct stmt purge = {
	.sql = "DELETE FROM receipt"
	       " WHERE created_at < ?"
	       " ORDER BY created_at LIMIT ?",
};

/* Takes over what rises; was there anything? */
static bool
rise(const struct receipt *receipt, int *status, const char **error_code)
{
	if (!receipt_rises(*status, receipt->status))
		return false;
	*status = receipt->status;
	*error_code = receipt->error_code;
	return true;
}

/* The client is told as soon as it is known what became of the message, or
 * after a while without further news. */
static enum outcome
hasten_telling(struct db *db, const struct message *message)
{
	int64_t due = when_now();

	if (id_is_none(&message->told_work_id))
		return OK;
	if (message->status < MESSAGE_DELIVERED)
		due += NEWS;
	return work_hasten(db, &message->told_work_id, due);
}

static enum outcome
write_message(
    struct db *db, const struct id *account, const struct message *message)
{
	enum outcome rc = stmt_run(db, &put,
	    VALUES(value_text(message->carrier_message_id),
		value_name(&message_status_names, message->status),
		value_text(message->error_code), value_id(account),
		value_id(&message->conversation_id),
		value_integer(message->seq)),
	    NULL);

	return rc == OK ? hasten_telling(db, message) : rc;
}

static enum outcome
apply(struct db *db, struct arena *arena, const struct id *account,
    const struct receipt *receipt)
{
	struct message found;
	enum outcome rc = stmt_one(db, arena, &lock_by_carrier,
	    VALUES(value_id(account), value_text(receipt->carrier_message_id)),
	    &found);

	if (rc == OK && rise(receipt, &found.status, &found.error_code))
		rc = write_message(db, account, &found);
	return rc;
}

/* What is parked under the id, whose row is ours until the transaction
 * ends. */
static enum outcome
hold_parked(struct db *db, struct arena *arena, const struct id *account,
    const char *id, struct receipt *parked)
{
	enum outcome rc = stmt_run(db, &hold,
	    VALUES(value_id(account), value_text(id), value_when(when_now())),
	    NULL);

	if (rc != OK)
		return rc;
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_text(id)), parked);
}

static enum outcome
forget_parked(struct db *db, const struct id *account, const char *id)
{
	return stmt_run(
	    db, &forget, VALUES(value_id(account), value_text(id)), NULL);
}

enum outcome
carrier_status_apply(struct db *db, struct arena *arena,
    const struct id *account, const struct receipt *receipt)
{
	const char *id = receipt->carrier_message_id;
	struct receipt parked;
	enum outcome rc = apply(db, arena, account, receipt);

	if (rc != NOT_FOUND)
		return rc;
	rc = hold_parked(db, arena, account, id, &parked);
	if (rc != OK)
		return rc;
	/* Whoever had that row before may have recorded the id. */
	rc = apply(db, arena, account, receipt);
	if (rc == OK)
		return forget_parked(db, account, id);
	if (rc != NOT_FOUND ||
	    !rise(receipt, &parked.status, &parked.error_code))
		return rc == NOT_FOUND ? OK : rc;
	return stmt_run(db, &park,
	    VALUES(value_name(&message_status_names, parked.status),
		value_text(parked.error_code), value_id(account),
		value_text(id)),
	    NULL);
}

/* A report that came before. */
static enum outcome
take_parked(struct db *db, struct arena *arena, const struct id *account,
    struct message *message)
{
	struct receipt parked;
	enum outcome rc = stmt_one(db, arena, &lock_parked,
	    VALUES(value_id(account), value_text(message->carrier_message_id)),
	    &parked);

	if (rc != OK)
		return rc == NOT_FOUND ? OK : rc;
	if (rise(&parked, &message->status, &message->error_code))
		rc = write_message(db, account, message);
	if (rc == OK)
		rc = forget_parked(db, account, message->carrier_message_id);
	return rc;
}

/* Whatever has become of the message since it was marked. */
static enum outcome
accept_late(struct db *db, struct arena *arena, const struct id *account,
    const struct message *message, const struct receipt *receipt)
{
	struct message found;
	enum outcome rc = stmt_one(db, arena, &lock_by_seq,
	    VALUES(value_id(account), value_id(&message->conversation_id),
		value_integer(message->seq), value_id(&message->id)),
	    &found);

	if (rc == NOT_FOUND)
		return forget_parked(db, account, receipt->carrier_message_id);
	if (rc != OK)
		return rc;
	found.carrier_message_id = receipt->carrier_message_id;
	(void)rise(receipt, &found.status, &found.error_code);
	rc = write_message(db, account, &found);
	return rc == OK ? take_parked(db, arena, account, &found) : rc;
}

/* What is on its way has nothing that the receipt does not rise above. */
enum outcome
carrier_status_accept(struct db *db, struct arena *arena,
    const struct id *account, const struct message *message,
    const struct receipt *receipt)
{
	struct message accepted = *message;
	int64_t found = 0;
	enum outcome rc = OK;

	accepted.carrier_message_id = receipt->carrier_message_id;
	accepted.status = MESSAGE_QUEUED;
	(void)rise(receipt, &accepted.status, &accepted.error_code);
	rc = stmt_run(db, &accept,
	    VALUES(value_text(accepted.carrier_message_id),
		value_name(&message_status_names, accepted.status),
		value_text(accepted.error_code), value_id(account),
		value_id(&accepted.conversation_id),
		value_integer(accepted.seq), value_id(&accepted.id)),
	    &found);
	if (rc == OK && found == 0)
		return accept_late(db, arena, account, message, receipt);
	if (rc == OK)
		rc = hasten_telling(db, &accepted);
	return rc == OK ? take_parked(db, arena, account, &accepted) : rc;
}

enum outcome
carrier_status_purge(struct db *db, int64_t now, int64_t most, int64_t *count)
{
	return stmt_run(db, &purge,
	    VALUES(value_when(now - CARRIER_STATUS_DAYS * WHEN_DAY),
		value_integer(most)),
	    count);
}
