#include "base/base.h"

#include "store/secret.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/when.h"
#include "db/stmt.h"

#include <json-c/json.h>

static const struct column columns[] = {
	COLUMN(ID, struct secret, id),
	COLUMN(TEXT, struct secret, name),
	COLUMN(TEXT, struct secret, sealed),
	COLUMN(WHEN, struct secret, created_at),
	COLUMN(WHEN, struct secret, updated_at),
};

#define SELECT_SECRET                                                          \
	"SELECT id, name, sealed, created_at, updated_at"                      \
	" FROM secret"                                                         \
	" WHERE account_id = ?"

static const struct stmt list = {
	.sql = SELECT_SECRET " ORDER BY name",
	ROWS(columns, struct secret),
};

static const struct stmt find = {
	.sql = SELECT_SECRET " AND name = ?",
	ROWS(columns, struct secret),
};

static const struct stmt find_id = {
	.sql = SELECT_SECRET " AND id = ?",
	ROWS(columns, struct secret),
};

static const struct stmt lock = {
	.sql = SELECT_SECRET " AND name = ?"
			     " FOR UPDATE",
	ROWS(columns, struct secret),
};

struct usage {
	int64_t count;
};

static const struct column usage_columns[] = {
	COLUMN(INTEGER, struct usage, count),
};

static const struct stmt count_all = {
	.sql = "SELECT COUNT(*)"
	       " FROM secret"
	       " WHERE account_id = ?",
	ROWS(usage_columns, struct usage),
};

static const struct stmt insert = {
	.sql = "INSERT INTO secret (account_id, name, id, sealed, created_at,"
	       " updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?)",
};

static const struct stmt update = {
	.sql = "UPDATE secret"
	       " SET sealed = ?, updated_at = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM secret"
	       " WHERE account_id = ? AND id = ?",
};

enum outcome
secret_list(struct db *db, struct arena *arena, const struct id *account,
    struct rows *rows)
{
	return stmt_all(db, arena, &list, VALUES(value_id(account)), rows);
}

enum outcome
secret_find(struct db *db, struct arena *arena, const struct id *account,
    const char *word, struct secret *secret)
{
	struct id id;
	enum outcome rc = NOT_FOUND;

	if (secret_name_is_good(word))
		rc = stmt_one(db, arena, &find,
		    VALUES(value_id(account), value_text(word)), secret);
	if (rc == NOT_FOUND && id_parse(word, &id) == OK && !id_is_none(&id))
		rc = stmt_one(db, arena, &find_id,
		    VALUES(value_id(account), value_id(&id)), secret);
	return rc;
}

/* What a value is sealed under: moved to another row, or another account's,
 * it does not open. */
static const char *
context(
    struct arena *arena, const struct id *account, const struct secret *secret)
{
	return arena_format(arena, "secret %s %s", id_text(arena, account),
	    id_text(arena, &secret->id));
}

static enum outcome
insert_new(struct db *db, struct arena *arena, const struct id *account,
    const struct secret *secret)
{
	struct usage usage;
	enum outcome rc =
	    stmt_one(db, arena, &count_all, VALUES(value_id(account)), &usage);

	if (rc != OK)
		return rc;
	if (usage.count >= SECRETS_MOST)
		return LIMITED;
	rc = stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(secret->name),
		value_id(&secret->id), value_text(secret->sealed),
		value_when(secret->created_at), value_when(secret->updated_at)),
	    NULL);
	return rc == CONFLICT ? AGAIN : rc;
}

enum outcome
secret_save(struct db *db, struct arena *arena, const unsigned char *key,
    const struct id *account, struct secret *secret)
{
	int64_t now = when_now();
	struct secret there;
	enum outcome rc = stmt_one(db, arena, &lock,
	    VALUES(value_id(account), value_text(secret->name)), &there);

	if (rc != OK && rc != NOT_FOUND)
		return rc;
	if (rc == NOT_FOUND)
		there = (struct secret){
			.id = id_new(), .name = secret->name, .created_at = now
		};
	there.updated_at = now;
	there.sealed = secret_seal(
	    arena, key, context(arena, account, &there), secret->value);
	if (rc == NOT_FOUND)
		rc = insert_new(db, arena, account, &there);
	else
		rc = stmt_run(db, &update,
		    VALUES(value_text(there.sealed), value_when(now),
			value_id(account), value_id(&there.id)),
		    NULL);
	if (rc == OK)
		*secret = there;
	return rc;
}

enum outcome
secret_delete(struct db *db, struct arena *arena, const struct id *account,
    const char *word)
{
	struct secret secret;
	int64_t found = 0;
	enum outcome rc = secret_find(db, arena, account, word, &secret);

	if (rc == OK)
		rc = stmt_run(db, &delete,
		    VALUES(value_id(account), value_id(&secret.id)), &found);
	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
secret_list_open(struct db *db, struct arena *arena, const unsigned char *key,
    const struct id *account, struct json_object **secrets)
{
	struct json_object *open = json_own(arena, json_object_new_object());
	const struct secret *all;
	const char *value;
	struct rows rows = { NULL, 0 };
	enum outcome rc = OK;
	size_t i;

	if (key != NULL)
		rc = secret_list(db, arena, account, &rows);
	if (rc != OK)
		return rc;
	all = rows.list;
	for (i = 0; i < rows.count; i++) {
		if (secret_open(arena, key, context(arena, account, &all[i]),
			all[i].sealed, &value) == OK)
			(void)json_object_object_add(
			    open, all[i].name, json_string(value));
		else
			log_fault("a secret was sealed under another [secret]"
				  " key_file and cannot be used");
	}
	*secrets = open;
	return OK;
}
