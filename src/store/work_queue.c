#include "base/base.h"

#include "store/work_queue.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"

#include "db/tx.h"
#include <stdlib.h>

static const struct column due_columns[] = {
	COLUMN(ID, struct work, id),
	COLUMN(ID, struct work, account_id),
	COLUMN(ID, struct work, subject_id),
	COLUMN_OF(&work_kind_names, struct work, kind),
	COLUMN(TEXT, struct work, merge_key),
	COLUMN(WHEN, struct work, due),
	COLUMN(INTEGER, struct work, attempt),
	COLUMN(TEXT, struct work, payload),
	COLUMN(WHEN, struct work, created_at),
};

static const struct column next_columns[] = {
	COLUMN(WHEN, struct work, due),
};

static const struct column hold_columns[] = {
	COLUMN(ID, struct work, id),
};

/* The inner select reads nothing but the index. */
static const struct stmt due = {
	.sql = "SELECT w.id, w.account_id, w.subject_id, w.kind, w.merge_key,"
	       " w.due, w.attempt, w.payload, w.created_at"
	       " FROM (SELECT id FROM work"
	       "  WHERE state = 'waiting' AND due <= ?"
	       "  AND account_id NOT IN (?, ?, ?, ?, ?, ?, ?, ?)"
	       "  ORDER BY due LIMIT ?) d"
	       " JOIN work w ON w.id = d.id"
	       " WHERE w.state = 'waiting'"
	       " ORDER BY w.due, w.account_id, w.id",
	ROWS(due_columns, struct work),
};

static const struct stmt next_due = {
	.sql = "SELECT due"
	       " FROM work"
	       " WHERE state = 'waiting'"
	       " ORDER BY due"
	       " LIMIT 1",
	ROWS(next_columns, struct work),
};

static const struct stmt claim = {
	.sql = "UPDATE work"
	       " SET state = 'running', due = ?, attempt = attempt + 1,"
	       " worker = ?, updated_at = ?"
	       " WHERE id = ? AND state = 'waiting' AND attempt = ?"
	       " AND due = ?",
};

static const struct stmt hand_back = {
	.sql = "UPDATE work"
	       " SET state = 'waiting', due = ?, attempt = attempt - 1,"
	       " worker = NULL"
	       " WHERE id = ? AND state = 'running' AND attempt = ?",
};

static const struct stmt lapsed = {
	.sql = "SELECT id"
	       " FROM work"
	       " WHERE state = 'running' AND due < ?"
	       " ORDER BY due"
	       " LIMIT 1000",
	ROWS(hold_columns, struct work),
};

static const struct stmt take_back = {
	.sql = "UPDATE work"
	       " SET state = 'waiting', due = ?, worker = NULL,"
	       " reason = 'the worker that had it did not come back'"
	       " WHERE id = ? AND state = 'running' AND due < ?",
};

static const struct stmt hold = {
	.sql = "SELECT id"
	       " FROM work"
	       " WHERE id = ? AND state = 'running' AND attempt = ?"
	       " FOR UPDATE",
	ROWS(hold_columns, struct work),
};

static const struct stmt insert_done = {
	.sql = "INSERT INTO work_done (account_id, id, subject_id, kind, due,"
	       " attempt, payload, result, created_at, updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt delete_done = {
	.sql = "DELETE FROM work"
	       " WHERE id = ? AND state = 'running' AND attempt = ?",
};

static const struct stmt list_done = {
	.sql = "SELECT id"
	       " FROM work"
	       " WHERE state = 'done'"
	       " LIMIT 32",
	ROWS(hold_columns, struct work),
};

#define PLACES8 "?, ?, ?, ?, ?, ?, ?, ?"
#define PLACES PLACES8 ", " PLACES8 ", " PLACES8 ", " PLACES8

/* What is done stays so, so these go by nothing but the key. */
static const struct stmt archive = {
	.sql = "INSERT INTO work_done (account_id, id, subject_id, kind, due,"
	       " attempt, payload, result, created_at, updated_at)"
	       " SELECT account_id, id, subject_id, kind, due, attempt,"
	       " payload, result, created_at, updated_at"
	       " FROM work"
	       " WHERE id IN (" PLACES ")",
};

static const struct stmt delete_archived = {
	.sql = "DELETE FROM work"
	       " WHERE id IN (" PLACES ")",
};

static const struct stmt insert_attempt = {
	.sql = "INSERT INTO work_attempt (account_id, work_id, attempt,"
	       " outcome, reason, finished_at)"
	       " VALUES (?, ?, ?, ?, ?, ?)",
};

static const struct stmt put = {
	.sql = "UPDATE work"
	       " SET state = ?, due = ?, worker = NULL, reason = ?,"
	       " merge_key = IF(? = 'dead', NULL, merge_key),"
	       " updated_at = ?"
	       " WHERE id = ? AND state = 'running' AND attempt = ?",
};

/* What matched no row was not ours any more. */
static enum outcome
guarded(enum outcome rc, int64_t found)
{
	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

/* An id of zeros would be NULL, and NOT IN (NULL) holds for nobody. */
static struct value
excluded_id(const struct id *id)
{
	return value_bytes(id->bytes, ID_BYTES);
}

enum outcome
work_due(struct db *db, struct arena *arena, int64_t now,
    const struct id excluded[WORK_EXCLUDED], int64_t limit, struct rows *rows)
{
	static_assert(WORK_EXCLUDED == 8, "the statement has eight places");
	return stmt_all(db, arena, &due,
	    VALUES(value_when(now), excluded_id(&excluded[0]),
		excluded_id(&excluded[1]), excluded_id(&excluded[2]),
		excluded_id(&excluded[3]), excluded_id(&excluded[4]),
		excluded_id(&excluded[5]), excluded_id(&excluded[6]),
		excluded_id(&excluded[7]), value_integer(limit)),
	    rows);
}

size_t
work_first(size_t count, size_t wanted)
{
	if (count <= wanted)
		return 0;
	return arc4random_uniform((uint32_t)(count - wanted) + 1);
}

enum outcome
work_next_due(struct db *db, struct arena *arena, int64_t *moment)
{
	struct work row = { .due = 0 };
	enum outcome rc = stmt_one(db, arena, &next_due, NO_VALUES, &row);

	if (rc != OK && rc != NOT_FOUND)
		return rc;
	*moment = row.due;
	return OK;
}

enum outcome
work_claim(struct db *db, const char *worker, int64_t lease, struct work *work)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &claim,
	    VALUES(value_when(lease), value_text(worker),
		value_when(when_now()), value_id(&work->id),
		value_integer(work->attempt), value_when(work->due)),
	    &found);

	if (rc != OK || found == 0)
		return guarded(rc, found);
	work->attempt++;
	work->state = WORK_RUNNING;
	return OK;
}

enum outcome
work_hand_back(struct db *db, const struct work *work)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &hand_back,
	    VALUES(value_when(work->due), value_id(&work->id),
		value_integer(work->attempt)),
	    &found);

	return guarded(rc, found);
}

/* Found without a lock and updated by the key: an update by the index would
 * lock that first and the row then, and whoever records does it the other
 * way round. */
enum outcome
work_take_back(struct db *db, int64_t now, int64_t *count)
{
	struct arena *arena = arena_new();
	const struct work *list;
	struct rows rows;
	int64_t found, all = 0;
	size_t i;
	enum outcome rc =
	    stmt_all(db, arena, &lapsed, VALUES(value_when(now)), &rows);

	list = rc == OK ? rows.list : NULL;
	for (i = 0; rc == OK && i < rows.count; i++) {
		rc = stmt_run(db, &take_back,
		    VALUES(value_when(now), value_id(&list[i].id),
			value_when(now)),
		    &found);
		if (rc == OK)
			all += found;
	}
	arena_free(arena);
	if (rc == OK)
		*count = all;
	return rc;
}

enum outcome
work_hold(struct db *db, struct arena *arena, const struct work *work)
{
	struct work ignored;

	return stmt_one(db, arena, &hold,
	    VALUES(value_id(&work->id), value_integer(work->attempt)),
	    &ignored);
}

enum outcome
work_done(struct db *db, const struct work *work, const char *result)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &delete_done,
	    VALUES(value_id(&work->id), value_integer(work->attempt)), &found);

	if (rc != OK || found == 0)
		return guarded(rc, found);
	return stmt_run(db, &insert_done,
	    VALUES(value_id(&work->account_id), value_id(&work->id),
		value_id(&work->subject_id),
		value_name(&work_kind_names, work->kind), value_when(work->due),
		value_integer(work->attempt), value_text(work->payload),
		value_text(result), value_when(work->created_at),
		value_when(when_now())),
	    NULL);
}

static enum outcome
archive_within(struct db *db, void *context)
{
	struct arena *arena = arena_new();
	struct value ids[WORK_ARCHIVED];
	const struct work *done;
	struct rows rows;
	int64_t *count = context;
	size_t i;
	enum outcome rc = stmt_all(db, arena, &list_done, NO_VALUES, &rows);

	static_assert(WORK_ARCHIVED == 32, "the statements have 32 places");
	*count = 0;
	done = rc == OK ? rows.list : NULL;
	for (i = 0; i < WORK_ARCHIVED; i++)
		ids[i] = rc == OK && i < rows.count ? value_id(&done[i].id)
						    : value_null();
	if (rc == OK && rows.count > 0)
		rc = stmt_run(db, &archive, ids, WORK_ARCHIVED, NULL);
	if (rc == OK && rows.count > 0)
		rc = stmt_run(db, &delete_archived, ids, WORK_ARCHIVED, count);
	arena_free(arena);
	return rc;
}

/* Whoever meets another at the same rows leaves them to it. */
enum outcome
work_archive(struct db *db, int64_t limit, int64_t *count)
{
	int64_t some, all = 0;
	const struct tx tx = { archive_within, tx_repeat, &some };
	enum outcome rc;

	do {
		rc = tx_run(db, &tx);
		if (rc == OK)
			all += some;
	} while (rc == OK && some == WORK_ARCHIVED && all < limit);
	if (rc != OK && rc != CONFLICT)
		return rc;
	*count = all;
	return OK;
}

static enum outcome
end_attempt(struct db *db, const struct work *work, enum work_state state,
    int64_t moment, const char *reason)
{
	int64_t found, now = when_now();
	enum outcome rc = stmt_run(db, &put,
	    VALUES(value_name(&work_state_names, state), value_when(moment),
		value_text(reason), value_name(&work_state_names, state),
		value_when(now), value_id(&work->id),
		value_integer(work->attempt)),
	    &found);

	if (rc != OK || found == 0)
		return guarded(rc, found);
	return stmt_run(db, &insert_attempt,
	    VALUES(value_id(&work->account_id), value_id(&work->id),
		value_integer(work->attempt),
		value_text(state == WORK_DEAD ? "dead" : "again"),
		value_text(reason), value_when(now)),
	    NULL);
}

enum outcome
work_again(
    struct db *db, const struct work *work, int64_t moment, const char *reason)
{
	return end_attempt(db, work, WORK_WAITING, moment, reason);
}

enum outcome
work_dead(struct db *db, const struct work *work, const char *reason)
{
	return end_attempt(db, work, WORK_DEAD, when_now(), reason);
}
