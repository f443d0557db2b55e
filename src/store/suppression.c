#include "base/base.h"

#include "store/suppression.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/mail_delivery.h"

static const struct column columns[] = {
	COLUMN(TEXT, struct suppression, address),
	COLUMN_OF(&suppression_reason_names, struct suppression, reason),
	COLUMN(WHEN, struct suppression, created_at),
};

static const struct stmt find = {
	.sql = "SELECT address, reason, created_at"
	       " FROM suppression"
	       " WHERE account_id = ? AND channel = ? AND address = ?",
	ROWS(columns, struct suppression),
};

static const struct stmt add = {
	.sql = "INSERT INTO suppression (account_id, channel, address, reason,"
	       " created_at)"
	       " VALUES (?, ?, ?, ?, ?)"
	       " ON DUPLICATE KEY UPDATE account_id = account_id",
};

static const struct stmt remove_one = {
	.sql = "DELETE FROM suppression"
	       " WHERE account_id = ? AND channel = ? AND address = ?",
};

static const struct stmt list = {
	.sql = "SELECT address, reason, created_at"
	       " FROM suppression"
	       " WHERE account_id = ? AND channel = ?"
	       " ORDER BY created_at DESC, address"
	       " LIMIT 1000",
	ROWS(columns, struct suppression),
};

enum outcome
suppression_find(struct db *db, struct arena *arena, const struct id *account,
    int channel, const char *address, struct suppression *found)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_name(&channel_names, channel),
		value_text(address)),
	    found);
}

enum outcome
suppression_add(struct db *db, const struct id *account, int channel,
    const char *address, int reason)
{
	return stmt_run(db, &add,
	    VALUES(value_id(account), value_name(&channel_names, channel),
		value_text(address),
		value_name(&suppression_reason_names, reason),
		value_when(when_now())),
	    NULL);
}

enum outcome
suppression_remove(
    struct db *db, const struct id *account, int channel, const char *address)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &remove_one,
	    VALUES(value_id(account), value_name(&channel_names, channel),
		value_text(address)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
suppression_list(struct db *db, struct arena *arena, const struct id *account,
    int channel, struct rows *rows)
{
	return stmt_all(db, arena, &list,
	    VALUES(value_id(account), value_name(&channel_names, channel)),
	    rows);
}
