#include "base/base.h"

#include "store/idempotency.h"

#include "base/when.h"
#include "db/stmt.h"

#include <string.h>

static const struct column columns[] = {
	COLUMN(BYTES, struct idempotency, body_digest),
	COLUMN(INTEGER, struct idempotency, status),
	COLUMN(TEXT, struct idempotency, answer),
	COLUMN(WHEN, struct idempotency, expires_at),
};

static const struct stmt claim = {
	.sql = "INSERT INTO idempotency (account_id, request_digest,"
	       " body_digest, status, answer, expires_at)"
	       " VALUES (?, ?, ?, 0, '', ?)",
};

static const struct stmt find = {
	.sql = "SELECT body_digest, status, answer, expires_at"
	       " FROM idempotency"
	       " WHERE account_id = ? AND request_digest = ?",
	ROWS(columns, struct idempotency),
};

static const struct stmt keep = {
	.sql = "UPDATE idempotency"
	       " SET status = ?, answer = ?"
	       " WHERE account_id = ? AND request_digest = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM idempotency"
	       " WHERE account_id = ? AND request_digest = ?"
	       " AND expires_at = ?",
};

static const struct stmt purge = {
	.sql = "DELETE FROM idempotency"
	       " WHERE expires_at < ?"
	       " ORDER BY expires_at LIMIT ?",
};

enum outcome
idempotency_claim(
    struct db *db, const struct id *account, const struct idempotency *row)
{
	return stmt_run(db, &claim,
	    VALUES(value_id(account),
		value_bytes(row->request_digest, SECRET_DIGEST),
		value_bytes(row->body_digest, SECRET_DIGEST),
		value_when(when_now() + IDEMPOTENCY_DAYS * WHEN_DAY)),
	    NULL);
}

enum outcome
idempotency_find(struct db *db, struct arena *arena, const struct id *account,
    struct idempotency *row)
{
	struct idempotency found;
	enum outcome rc = stmt_one(db, arena, &find,
	    VALUES(value_id(account),
		value_bytes(row->request_digest, SECRET_DIGEST)),
	    &found);

	if (rc != OK)
		return rc;
	(void)memcpy(found.request_digest, row->request_digest, SECRET_DIGEST);
	*row = found;
	return OK;
}

enum outcome
idempotency_keep(
    struct db *db, const struct id *account, const struct idempotency *row)
{
	return stmt_run(db, &keep,
	    VALUES(value_integer(row->status), value_text(row->answer),
		value_id(account),
		value_bytes(row->request_digest, SECRET_DIGEST)),
	    NULL);
}

enum outcome
idempotency_delete(
    struct db *db, const struct id *account, const struct idempotency *row)
{
	return stmt_run(db, &delete,
	    VALUES(value_id(account),
		value_bytes(row->request_digest, SECRET_DIGEST),
		value_when(row->expires_at)),
	    NULL);
}

enum outcome
idempotency_purge(struct db *db, int64_t now, int64_t most, int64_t *count)
{
	return stmt_run(
	    db, &purge, VALUES(value_when(now), value_integer(most)), count);
}
