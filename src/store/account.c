#include "base/base.h"

#include "store/account.h"

#include "base/when.h"
#include "db/stmt.h"

static const struct column account_columns[] = {
	COLUMN(ID, struct account, id),
	COLUMN(TEXT, struct account, name),
	COLUMN(WHEN, struct account, created_at),
};

static const struct stmt insert = {
	.sql = "INSERT INTO account (id, name, created_at)"
	       " VALUES (?, ?, ?)",
};

static const struct stmt find = {
	.sql = "SELECT id, name, created_at"
	       " FROM account"
	       " WHERE id = ? OR name = ?",
	ROWS(account_columns, struct account),
};

static const struct stmt list = {
	.sql = "SELECT id, name, created_at"
	       " FROM account"
	       " ORDER BY created_at, id",
	ROWS(account_columns, struct account),
};

enum outcome
account_insert(struct db *db, struct account *account)
{
	account->id = id_new();
	account->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(&account->id), value_text(account->name),
		value_when(account->created_at)),
	    NULL);
}

enum outcome
account_find(struct db *db, struct arena *arena, const char *id_or_name,
    struct account *account)
{
	struct id id = { 0 };

	/* A text that is no id leaves the id of zeros, which is no row's. */
	if (id_parse(id_or_name, &id) != OK)
		id = (struct id){ 0 };
	return stmt_one(db, arena, &find,
	    VALUES(value_id(&id), value_text(id_or_name)), account);
}

enum outcome
account_list(struct db *db, struct arena *arena, struct rows *rows)
{
	return stmt_all(db, arena, &list, NO_VALUES, rows);
}
