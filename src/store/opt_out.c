#include "base/base.h"

#include "store/opt_out.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation.h"

struct opt_out {
	int64_t created_at;
};

static const struct column columns[] = {
	COLUMN(WHEN, struct opt_out, created_at),
};

static const struct stmt find = {
	.sql = "SELECT created_at"
	       " FROM opt_out"
	       " WHERE account_id = ? AND channel = ? AND agent_key = ?"
	       " AND user_key = ?",
	ROWS(columns, struct opt_out),
};

static const struct stmt add = {
	.sql = "INSERT INTO opt_out (account_id, channel, agent_key, user_key,"
	       " created_at)"
	       " VALUES (?, ?, ?, ?, ?)"
	       " ON DUPLICATE KEY UPDATE account_id = account_id",
};

static const struct stmt remove_one = {
	.sql = "DELETE FROM opt_out"
	       " WHERE account_id = ? AND channel = ? AND agent_key = ?"
	       " AND user_key = ?",
};

#define PAIR(account, pair)                                                    \
	value_id(account), value_name(&channel_names, (pair)->channel),        \
	    value_text((pair)->agent), value_text((pair)->user)

enum outcome
opt_out_find(struct db *db, struct arena *arena, const struct id *account,
    const struct pair *pair)
{
	struct opt_out ignored;

	return stmt_one(
	    db, arena, &find, VALUES(PAIR(account, pair)), &ignored);
}

enum outcome
opt_out_add(struct db *db, const struct id *account, const struct pair *pair)
{
	return stmt_run(db, &add,
	    VALUES(PAIR(account, pair), value_when(when_now())), NULL);
}

enum outcome
opt_out_remove(struct db *db, const struct id *account, const struct pair *pair)
{
	return stmt_run(db, &remove_one, VALUES(PAIR(account, pair)), NULL);
}
