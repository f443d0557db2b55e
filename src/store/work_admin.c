#include "base/base.h"

#include "store/work_admin.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/message.h"
#include "model/send.h"
#include "store/leaving.h"

#define DROPPED "DROPPED" /* a message's error_code */

static const struct column entry_columns[] = {
	COLUMN(ID, struct work_entry, work.id),
	COLUMN(ID, struct work_entry, work.account_id),
	COLUMN(ID, struct work_entry, work.subject_id),
	COLUMN_OF(&work_kind_names, struct work_entry, work.kind),
	COLUMN_OF(&work_state_names, struct work_entry, work.state),
	COLUMN(WHEN, struct work_entry, work.due),
	COLUMN(INTEGER, struct work_entry, work.attempt),
	COLUMN(TEXT, struct work_entry, work.payload),
	COLUMN(TEXT, struct work_entry, work.result),
	COLUMN(WHEN, struct work_entry, work.created_at),
	COLUMN(WHEN, struct work_entry, work.updated_at),
	COLUMN(TEXT, struct work_entry, account),
	COLUMN(TEXT, struct work_entry, worker),
	COLUMN(TEXT, struct work_entry, reason),
};

static const struct column attempt_columns[] = {
	COLUMN(INTEGER, struct work_attempt, attempt),
	COLUMN(TEXT, struct work_attempt, outcome),
	COLUMN(TEXT, struct work_attempt, reason),
	COLUMN(WHEN, struct work_attempt, finished_at),
};

static const struct column lock_columns[] = {
	COLUMN(ID, struct work, id),
	COLUMN(ID, struct work, account_id),
	COLUMN(ID, struct work, subject_id),
	COLUMN_OF(&work_kind_names, struct work, kind),
	COLUMN_OF(&work_state_names, struct work, state),
	COLUMN(TEXT, struct work, payload),
	COLUMN(WHEN, struct work, updated_at),
};

#define SELECT_ENTRY                                                           \
	"SELECT w.id, w.account_id, w.subject_id, w.kind, w.state, w.due,"     \
	" w.attempt, w.payload, w.result, w.created_at, w.updated_at,"         \
	" a.name, w.worker, w.reason"                                          \
	" FROM work w"                                                         \
	" JOIN account a ON a.id = w.account_id"

static const struct stmt list = {
	.sql = SELECT_ENTRY " WHERE w.state = ?"
			    " AND w.account_id = COALESCE(?, w.account_id)"
			    " AND w.kind = COALESCE(?, w.kind)"
			    " ORDER BY w.due"
			    " LIMIT ?",
	ROWS(entry_columns, struct work_entry),
};

/* By the account, since that is what the key of work_done begins with. */
static const struct stmt find = {
	.sql = SELECT_ENTRY " WHERE w.id = ?"
			    " UNION ALL"
			    " SELECT w.id, w.account_id, w.subject_id, w.kind,"
			    " 'done', w.due, w.attempt, w.payload, w.result,"
			    " w.created_at, w.updated_at, a.name, NULL, NULL"
			    " FROM account a"
			    " JOIN work_done w"
			    "  ON w.account_id = a.id AND w.id = ?",
	ROWS(entry_columns, struct work_entry),
};

static const struct stmt list_attempts = {
	.sql = "SELECT attempt, outcome, reason, finished_at"
	       " FROM work_attempt"
	       " WHERE account_id = ? AND work_id = ?"
	       " ORDER BY attempt",
	ROWS(attempt_columns, struct work_attempt),
};

static const struct stmt lock = {
	.sql = "SELECT id, account_id, subject_id, kind, state, payload,"
	       " updated_at"
	       " FROM work"
	       " WHERE id = ? AND account_id = COALESCE(?, account_id)"
	       " FOR UPDATE",
	ROWS(lock_columns, struct work),
};

static const struct stmt wait_again = {
	.sql = "UPDATE work FORCE INDEX (PRIMARY)"
	       " SET state = 'waiting', due = ?, attempt = 0, worker = NULL,"
	       " updated_at = ?"
	       " WHERE id = ? AND state = 'dead'",
};

static const struct stmt delete_work = {
	.sql = "DELETE FROM work"
	       " WHERE id = ? AND FIELD(state, 'dead', 'waiting') > 0",
};

static const struct stmt delete_attempts = {
	.sql = "DELETE FROM work_attempt"
	       " WHERE account_id = ? AND work_id = ?",
};

enum outcome
work_admin_list(struct db *db, struct arena *arena,
    const struct work_query *query, struct rows *rows)
{
	return stmt_all(db, arena, &list,
	    VALUES(value_name(&work_state_names, query->state),
		value_id(&query->account_id), value_text(query->kind),
		value_integer(query->limit)),
	    rows);
}

enum outcome
work_admin_find(struct db *db, struct arena *arena, const struct id *id,
    struct work_entry *entry)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(id), value_id(id)), entry);
}

enum outcome
work_admin_attempts(struct db *db, struct arena *arena, const struct work *work,
    struct rows *rows)
{
	return stmt_all(db, arena, &list_attempts,
	    VALUES(value_id(&work->account_id), value_id(&work->id)), rows);
}

static enum outcome
lock_work(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct work *work)
{
	return stmt_one(
	    db, arena, &lock, VALUES(value_id(id), value_id(account)), work);
}

static enum outcome
forget_attempts(struct db *db, const struct work *work)
{
	return stmt_run(db, &delete_attempts,
	    VALUES(value_id(&work->account_id), value_id(&work->id)), NULL);
}

/* The message that work of kind send is about.  NOT_FOUND: about none. */
static enum outcome
read_message(
    struct arena *arena, const struct work *work, struct message *message)
{
	struct send_order order;

	if (send_order_of(arena, work, &order) != OK)
		return NOT_FOUND;
	*message = (struct message){
		.id = order.message_id,
		.conversation_id = work->subject_id,
		.seq = order.seq,
	};
	return OK;
}

enum outcome
work_admin_retry(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id)
{
	struct work work;
	struct message message;
	int64_t now = when_now();
	enum outcome rc = lock_work(db, arena, account, id, &work);

	if (rc == OK && work.state != WORK_DEAD)
		rc = CONFLICT;
	if (rc == OK)
		rc = forget_attempts(db, &work);
	if (rc == OK && read_message(arena, &work, &message) == OK)
		rc = leaving_revive(
		    db, &work.account_id, &message, work.updated_at);
	if (rc == OK)
		rc = stmt_run(db, &wait_again,
		    VALUES(value_when(now), value_when(now), value_id(id)),
		    NULL);
	return rc;
}

enum outcome
work_admin_drop(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id)
{
	struct work work;
	enum outcome rc = lock_work(db, arena, account, id, &work);

	if (rc == OK && work.state != WORK_DEAD && work.state != WORK_WAITING)
		rc = CONFLICT;
	if (rc == OK)
		rc = forget_attempts(db, &work);
	if (rc == OK)
		rc = leaving_give_up(db, arena, &work, DROPPED);
	if (rc == OK)
		rc = stmt_run(db, &delete_work, VALUES(value_id(id)), NULL);
	return rc;
}
