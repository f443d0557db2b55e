#include "base/base.h"

#include "store/key.h"

#include "base/when.h"
#include "db/stmt.h"

#define KEY_COLUMNS                                                            \
	COLUMN(ID, struct key, id), COLUMN(ID, struct key, account_id),        \
	    COLUMN(TEXT, struct key, name), COLUMN(BYTES, struct key, digest), \
	    COLUMN(TEXT, struct key, scopes),                                  \
	    COLUMN(WHEN, struct key, created_at),                              \
	    COLUMN(WHEN, struct key, expires_at),                              \
	    COLUMN(WHEN, struct key, revoked_at)

static const struct column list_columns[] = { KEY_COLUMNS };
static const struct column find_columns[] = {
	KEY_COLUMNS,
	COLUMN(TEXT, struct key, account_name),
};

static const struct stmt insert = {
	.sql = "INSERT INTO api_key (id, account_id, name, digest, scopes,"
	       " created_at, expires_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = "SELECT k.id, k.account_id, k.name, k.digest, k.scopes,"
	       " k.created_at, k.expires_at, k.revoked_at, a.name"
	       " FROM api_key k"
	       " JOIN account a ON a.id = k.account_id"
	       " WHERE k.id = ?",
	ROWS(find_columns, struct key),
};

static const struct stmt list = {
	.sql = "SELECT id, account_id, name, digest, scopes,"
	       " created_at, expires_at, revoked_at"
	       " FROM api_key"
	       " WHERE account_id = ?"
	       " ORDER BY created_at, id",
	ROWS(list_columns, struct key),
};

static const struct stmt revoke = {
	.sql = "UPDATE api_key"
	       " SET revoked_at = COALESCE(revoked_at, ?)"
	       " WHERE id = ? AND account_id = ?",
};

enum outcome
key_insert(struct db *db, struct key *key)
{
	key->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(&key->id), value_id(&key->account_id),
		value_text(key->name),
		value_bytes(key->digest, sizeof(key->digest)),
		value_text(key->scopes), value_when(key->created_at),
		value_when(key->expires_at)),
	    NULL);
}

enum outcome
key_find(
    struct db *db, struct arena *arena, const struct id *id, struct key *key)
{
	return stmt_one(db, arena, &find, VALUES(value_id(id)), key);
}

enum outcome
key_list(struct db *db, struct arena *arena, const struct id *account,
    struct rows *rows)
{
	return stmt_all(db, arena, &list, VALUES(value_id(account)), rows);
}

enum outcome
key_revoke(struct db *db, const struct id *account, const struct id *id)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &revoke,
	    VALUES(value_when(when_now()), value_id(id), value_id(account)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}
