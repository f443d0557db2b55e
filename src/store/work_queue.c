#include "base/base.h"

#include "store/work_queue.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"
#include "db/tx.h"

#include <stdlib.h>

#define PLACES8 "?, ?, ?, ?, ?, ?, ?, ?"
#define PLACES32 PLACES8 ", " PLACES8 ", " PLACES8 ", " PLACES8

static_assert(WORK_EXCLUDED == 8, "statements have eight places for them");
static_assert(WORK_CLAIMED == 32, "statements have 32 places for them");
static_assert(WORK_ARCHIVED == 32, "statements have 32 places for them");

static const struct column due_columns[] = {
	COLUMN(ID, struct work, id),
	COLUMN(ID, struct work, account_id),
	COLUMN(WHEN, struct work, due),
};

static const struct column claimed_columns[] = {
	COLUMN(ID, struct work, id),
	COLUMN(ID, struct work, account_id),
	COLUMN(ID, struct work, subject_id),
	COLUMN_OF(&work_kind_names, struct work, kind),
	COLUMN_OF(&work_state_names, struct work, state),
	COLUMN(TEXT, struct work, merge_key),
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

/* Reads nothing but the index. */
static const struct stmt due = {
	.sql = "SELECT id, account_id, due"
	       " FROM work"
	       " WHERE state = 'waiting' AND due <= ?"
	       " AND account_id NOT IN (" PLACES8 ")"
	       " ORDER BY due"
	       " LIMIT ?",
	ROWS(due_columns, struct work),
};

static const struct stmt next_due = {
	.sql = "SELECT due"
	       " FROM work"
	       " WHERE state = 'waiting'"
	       " AND account_id NOT IN (" PLACES8 ")"
	       " ORDER BY due"
	       " LIMIT 1",
	ROWS(next_columns, struct work),
};

/* A row that is known is found by its key alone.  Were it found by its state,
 * as the optimizer would have it while its statistics say that nothing runs,
 * others' rows would be locked on the way.  DELETE takes no hint: there the
 * state stands where no index reaches it. */
#define BY_KEY " FORCE INDEX (PRIMARY)"

/* In the order of the key, whoever claims: nobody waits for each other. */
static const struct stmt claim = {
	.sql = "UPDATE work" BY_KEY
	       " SET state = 'running', due = ?, attempt = attempt + 1,"
	       " worker = ?, updated_at = ?"
	       " WHERE id IN (" PLACES32 ")"
	       " AND state = 'waiting' AND due <= ?",
};

static const struct stmt claimed_by = {
	.sql = "SELECT id, account_id, subject_id, kind, state, merge_key,"
	       " attempt, payload, created_at"
	       " FROM work" BY_KEY " WHERE id IN (" PLACES32 ")"
	       " AND state = 'running' AND worker = ?",
	ROWS(claimed_columns, struct work),
};

static const struct stmt insert_claimed = {
	.sql = "INSERT INTO work (id, account_id, subject_id, kind, state,"
	       " due, attempt, payload, created_at, updated_at, worker)"
	       " VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?)",
};

static const struct stmt hand_back = {
	.sql = "UPDATE work" BY_KEY
	       " SET state = 'waiting', due = ?, attempt = attempt - 1,"
	       " worker = NULL"
	       " WHERE id = ? AND state = 'running' AND attempt = ?",
};

static const struct stmt extend = {
	.sql = "UPDATE work" BY_KEY " SET due = ?"
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
	.sql = "UPDATE work" BY_KEY
	       " SET state = 'waiting', due = ?, worker = NULL,"
	       " reason = 'the worker that had it did not come back'"
	       " WHERE id = ? AND state = 'running' AND due < ?",
};

static const struct stmt keep = {
	.sql = "UPDATE work FORCE INDEX (PRIMARY)"
	       " SET payload = ?"
	       " WHERE id = ?",
};

static const struct stmt hold = {
	.sql = "SELECT id"
	       " FROM work" BY_KEY
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
	       " WHERE id = ? AND IF(state = 'running', attempt, 0) = ?",
};

static const struct stmt list_done = {
	.sql = "SELECT id"
	       " FROM work"
	       " WHERE state = 'done'"
	       " LIMIT 32",
	ROWS(hold_columns, struct work),
};

/* What is done stays so, so these go by nothing but the key. */
static const struct stmt archive = {
	.sql = "INSERT INTO work_done (account_id, id, subject_id, kind, due,"
	       " attempt, payload, result, created_at, updated_at)"
	       " SELECT account_id, id, subject_id, kind, due, attempt,"
	       " payload, result, created_at, updated_at"
	       " FROM work" BY_KEY " WHERE id IN (" PLACES32 ")",
};

static const struct stmt delete_archived = {
	.sql = "DELETE FROM work"
	       " WHERE id IN (" PLACES32 ")",
};

static const struct stmt insert_attempt = {
	.sql = "INSERT INTO work_attempt (account_id, work_id, attempt,"
	       " outcome, reason, finished_at)"
	       " VALUES (?, ?, ?, ?, ?, ?)",
};

static const struct stmt put = {
	.sql = "UPDATE work" BY_KEY
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
static void
fill_excluded(struct value *values, const struct id excluded[WORK_EXCLUDED])
{
	size_t i;

	for (i = 0; i < WORK_EXCLUDED; i++)
		values[i] = value_bytes(excluded[i].bytes, ID_BYTES);
}

enum outcome
work_due(struct db *db, struct arena *arena, int64_t now,
    const struct id excluded[WORK_EXCLUDED], int64_t limit, struct rows *rows)
{
	struct value values[1 + WORK_EXCLUDED + 1];

	values[0] = value_when(now);
	fill_excluded(&values[1], excluded);
	values[1 + WORK_EXCLUDED] = value_integer(limit);
	return stmt_all(db, arena, &due, values, COUNT(values), rows);
}

size_t
work_first(size_t count, size_t wanted)
{
	if (count <= wanted)
		return 0;
	return arc4random_uniform((uint32_t)(count - wanted) + 1);
}

enum outcome
work_next_due(struct db *db, struct arena *arena,
    const struct id excluded[WORK_EXCLUDED], int64_t *moment)
{
	struct value values[WORK_EXCLUDED];
	struct work row = { .due = 0 };
	enum outcome rc;

	fill_excluded(values, excluded);
	rc = stmt_one(db, arena, &next_due, values, COUNT(values), &row);
	if (rc != OK && rc != NOT_FOUND)
		return rc;
	*moment = row.due;
	return OK;
}

/* `due` is the lease's by now. */
static void
keep_wanted(const struct rows *wanted, struct rows *claimed)
{
	const struct work *list = wanted->list;
	struct work *found = claimed->list, swapped;
	size_t i, j, count = 0;

	for (i = 0; i < wanted->count && count < claimed->count; i++) {
		for (j = count; j < claimed->count; j++)
			if (id_equal(&found[j].id, &list[i].id))
				break;
		if (j == claimed->count)
			continue;
		swapped = found[count];
		found[count] = found[j];
		found[j] = swapped;
		found[count++].due = list[i].due;
	}
}

enum outcome
work_claim(struct db *db, struct arena *arena, const char *worker, int64_t now,
    int64_t lease, const struct rows *wanted, struct rows *claimed)
{
	const struct work *list = wanted->list;
	struct value update[3 + WORK_CLAIMED + 1], find[WORK_CLAIMED + 1];
	int64_t found;
	size_t i;
	enum outcome rc;

	assert(wanted->count <= WORK_CLAIMED);
	*claimed = (struct rows){ 0 };
	for (i = 0; i < WORK_CLAIMED; i++)
		update[3 + i] = find[i] =
		    i < wanted->count ? value_id(&list[i].id) : value_null();
	update[0] = value_when(lease);
	update[1] = find[WORK_CLAIMED] = value_text(worker);
	update[2] = update[3 + WORK_CLAIMED] = value_when(now);
	rc = stmt_run(db, &claim, update, COUNT(update), &found);
	if (rc != OK || found == 0)
		return rc;
	rc = stmt_all(db, arena, &claimed_by, find, COUNT(find), claimed);
	if (rc == OK)
		keep_wanted(wanted, claimed);
	return rc;
}

enum outcome
work_insert_claimed(
    struct db *db, struct work *work, const char *worker, int64_t lease)
{
	work->state = WORK_RUNNING;
	work->attempt = 1;
	work->created_at = work->updated_at = when_now();
	return stmt_run(db, &insert_claimed,
	    VALUES(value_id(&work->id), value_id(&work->account_id),
		value_id(&work->subject_id),
		value_name(&work_kind_names, work->kind), value_when(lease),
		value_integer(work->attempt), value_text(work->payload),
		value_when(work->created_at), value_when(work->updated_at),
		value_text(worker)),
	    NULL);
}

enum outcome
work_hand_back(struct db *db, const struct work *work, int64_t moment)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &hand_back,
	    VALUES(value_when(moment), value_id(&work->id),
		value_integer(work->attempt)),
	    &found);

	return guarded(rc, found);
}

enum outcome
work_extend(struct db *db, const struct work *work, int64_t lease)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &extend,
	    VALUES(value_when(lease), value_id(&work->id),
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
work_keep(struct db *db, const struct work *work, const char *payload)
{
	return stmt_run(
	    db, &keep, VALUES(value_text(payload), value_id(&work->id)), NULL);
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
