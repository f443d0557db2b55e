#include "base/base.h"

#include "store/work.h"

#include "base/when.h"
#include "db/stmt.h"

static const struct column columns[] = {
	COLUMN(ID, struct work, id),
	COLUMN(ID, struct work, account_id),
	COLUMN(ID, struct work, subject_id),
	COLUMN_OF(&work_kind_names, struct work, kind),
	COLUMN_OF(&work_state_names, struct work, state),
	COLUMN(TEXT, struct work, merge_key),
	COLUMN(WHEN, struct work, due),
	COLUMN(INTEGER, struct work, attempt),
	COLUMN(TEXT, struct work, payload),
	COLUMN(TEXT, struct work, result),
	COLUMN(TEXT, struct work, reason),
	COLUMN(WHEN, struct work, created_at),
	COLUMN(WHEN, struct work, updated_at),
};

static const struct stmt insert = {
	.sql = "INSERT INTO work (id, account_id, subject_id, kind, state,"
	       " merge_key, due, attempt, payload, result, created_at,"
	       " updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
};

static const struct stmt move = {
	.sql = "UPDATE work FORCE INDEX (PRIMARY)"
	       " SET due = ?, payload = ?, reason = NULL, updated_at = ?"
	       " WHERE id = ? AND state = 'waiting'",
};

static const struct stmt hasten = {
	.sql = "UPDATE work FORCE INDEX (PRIMARY)"
	       " SET due = LEAST(due, ?)"
	       " WHERE id = ? AND state = 'waiting' AND attempt = 0",
};

static const struct stmt stop = {
	.sql = "UPDATE work FORCE INDEX (PRIMARY)"
	       " SET state = 'done', merge_key = NULL, result = ?,"
	       " updated_at = ?"
	       " WHERE id = ? AND state = 'waiting'",
};

/* What is done may have moved. */
static const struct stmt find = {
	.sql = "SELECT id, account_id, subject_id, kind, state, merge_key,"
	       " due, attempt, payload, result, reason, created_at,"
	       " updated_at"
	       " FROM work"
	       " WHERE id = ? AND account_id = ?"
	       " UNION ALL"
	       " SELECT id, account_id, subject_id, kind, 'done', NULL,"
	       " due, attempt, payload, result, NULL, created_at,"
	       " updated_at"
	       " FROM work_done"
	       " WHERE id = ? AND account_id = ?",
	ROWS(columns, struct work),
};

#define DELETE_ATTEMPTS(table)                                                 \
	"DELETE a"                                                             \
	" FROM " table " w"                                                    \
	" JOIN work_attempt a ON a.account_id = w.account_id"                  \
	"  AND a.work_id = w.id"                                               \
	" WHERE w.account_id = ? AND w.subject_id = ?"

/* In this order: attempts are found by their work. */
static const struct stmt delete_subject[] = {
	{ .sql = DELETE_ATTEMPTS("work") " AND FIELD(w.state, 'running') = 0" },
	{ .sql = DELETE_ATTEMPTS("work_done") },
	{ .sql = "DELETE FROM work"
		 " WHERE account_id = ? AND subject_id = ?"
		 " AND FIELD(state, 'running') = 0" },
	{ .sql = "DELETE FROM work_done"
		 " WHERE account_id = ? AND subject_id = ?" },
};

enum outcome
work_insert(struct db *db, struct work *work)
{
	work->created_at = work->updated_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(&work->id), value_id(&work->account_id),
		value_id(&work->subject_id),
		value_name(&work_kind_names, work->kind),
		value_name(&work_state_names, work->state),
		value_text(work->merge_key), value_when(work->due),
		value_text(work->payload), value_text(work->result),
		value_when(work->created_at), value_when(work->updated_at)),
	    NULL);
}

enum outcome
work_move(struct db *db, const struct id *id, int64_t due, const char *payload)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &move,
	    VALUES(value_when(due), value_text(payload), value_when(when_now()),
		value_id(id)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
work_hasten(struct db *db, const struct id *id, int64_t moment)
{
	return stmt_run(
	    db, &hasten, VALUES(value_when(moment), value_id(id)), NULL);
}

enum outcome
work_stop(struct db *db, const struct id *id, const char *result)
{
	return stmt_run(db, &stop,
	    VALUES(value_text(result), value_when(when_now()), value_id(id)),
	    NULL);
}

enum outcome
work_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct work *work)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(id), value_id(account), value_id(id),
		value_id(account)),
	    work);
}

enum outcome
work_delete_subject(
    struct db *db, const struct id *account, const struct id *subject)
{
	size_t i;
	enum outcome rc = OK;

	for (i = 0; rc == OK && i < COUNT(delete_subject); i++)
		rc = stmt_run(db, &delete_subject[i],
		    VALUES(value_id(account), value_id(subject)), NULL);
	return rc;
}
