#include "base/base.h"

#include "store/webhook_secret.h"

#include "base/when.h"
#include "db/stmt.h"

static const struct column columns[] = {
	COLUMN(ID, struct webhook_secret, id),
	COLUMN(INTEGER, struct webhook_secret, slot),
	COLUMN(TEXT, struct webhook_secret, sealed),
	COLUMN(WHEN, struct webhook_secret, created_at),
	COLUMN(WHEN, struct webhook_secret, expires_at),
};

#define SELECT_SECRET                                                          \
	"SELECT id, slot, sealed, created_at, expires_at"                      \
	" FROM webhook_secret"                                                 \
	" WHERE account_id = ?"

static const struct stmt list = {
	.sql = SELECT_SECRET " AND (expires_at IS NULL OR expires_at > ?)"
			     " ORDER BY created_at DESC, id DESC",
	ROWS(columns, struct webhook_secret),
};

static const struct stmt find = {
	.sql = SELECT_SECRET " AND (expires_at IS NULL OR expires_at > ?)"
			     " AND id = ?",
	ROWS(columns, struct webhook_secret),
};

static const struct stmt lock = {
	.sql = SELECT_SECRET " ORDER BY id"
			     " FOR UPDATE",
	ROWS(columns, struct webhook_secret),
};

static const struct stmt delete_old = {
	.sql = "DELETE FROM webhook_secret"
	       " WHERE account_id = ? AND expires_at <= ?",
};

static const struct stmt expire = {
	.sql = "UPDATE webhook_secret"
	       " SET expires_at = ?"
	       " WHERE account_id = ? AND expires_at IS NULL",
};

static const struct stmt insert = {
	.sql = "INSERT INTO webhook_secret (account_id, id, slot, sealed,"
	       " created_at)"
	       " VALUES (?, ?, ?, ?, ?)",
};

static const struct stmt delete = {
	.sql = "DELETE FROM webhook_secret"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt keep = {
	.sql = "UPDATE webhook_secret"
	       " SET expires_at = NULL"
	       " WHERE account_id = ? AND expires_at > ?",
};

enum outcome
webhook_secret_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows)
{
	return stmt_all(db, arena, &list,
	    VALUES(value_id(account), value_when(when_now())), rows);
}

enum outcome
webhook_secret_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct webhook_secret *secret)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_when(when_now()), value_id(id)),
	    secret);
}

/* The first slot that no valid secret has; WEBHOOK_SECRETS: none. */
static int64_t
free_slot(const struct rows *rows, int64_t now)
{
	const struct webhook_secret *secrets = rows->list;
	bool taken[WEBHOOK_SECRETS] = { false };
	int64_t slot = 0;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (secrets[i].expires_at == 0 || secrets[i].expires_at > now)
			taken[secrets[i].slot] = true;
	}
	while (slot < WEBHOOK_SECRETS && taken[slot])
		slot++;
	return slot;
}

enum outcome
webhook_secret_insert(struct db *db, struct arena *arena,
    const struct id *account, int64_t overlap, struct webhook_secret *secret)
{
	int64_t now = when_now(), end = now + overlap * WHEN_SECOND;
	struct rows rows;
	enum outcome rc =
	    stmt_all(db, arena, &lock, VALUES(value_id(account)), &rows);

	if (rc != OK)
		return rc;
	secret->slot = free_slot(&rows, now);
	secret->created_at = now;
	if (secret->slot == WEBHOOK_SECRETS)
		return CONFLICT;
	rc = stmt_run(
	    db, &delete_old, VALUES(value_id(account), value_when(now)), NULL);
	if (rc == OK)
		rc = stmt_run(db, &expire,
		    VALUES(value_when(end), value_id(account)), NULL);
	if (rc == OK)
		rc = stmt_run(db, &insert,
		    VALUES(value_id(account), value_id(&secret->id),
			value_integer(secret->slot), value_text(secret->sealed),
			value_when(now)),
		    NULL);
	/* Nothing was there to lock, and the slot went to another. */
	return rc == CONFLICT ? AGAIN : rc;
}

enum outcome
webhook_secret_delete(
    struct db *db, const struct id *account, const struct id *id)
{
	int64_t found = 0;
	enum outcome rc = stmt_run(
	    db, &delete, VALUES(value_id(account), value_id(id)), &found);

	if (rc == OK && found == 0)
		return NOT_FOUND;
	if (rc == OK)
		rc = stmt_run(db, &keep,
		    VALUES(value_id(account), value_when(when_now())), NULL);
	return rc;
}
