#include "base/base.h"

#include "store/pace.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation.h"

#define COURTESY (WHEN_SECOND / 20) /* the others let a reply go first */

struct pace {
	int64_t next_at;
};

static const struct column columns[] = {
	COLUMN(WHEN, struct pace, next_at),
};

/* Makes the row or only locks it. */
static const struct stmt hold = {
	.sql = "INSERT INTO number_pace (account_id, channel, number, next_at)"
	       " VALUES (?, ?, ?, ?)"
	       " ON DUPLICATE KEY UPDATE account_id = account_id",
};

static const struct stmt find = {
	.sql = "SELECT next_at"
	       " FROM number_pace"
	       " WHERE account_id = ? AND channel = ? AND number = ?",
	ROWS(columns, struct pace),
};

static const struct stmt put = {
	.sql = "UPDATE number_pace"
	       " SET next_at = ?"
	       " WHERE account_id = ? AND channel = ? AND number = ?",
};

/* No number is empty. */
enum outcome
pace_hold_calls(struct db *db, const struct id *account)
{
	return stmt_run(db, &hold,
	    VALUES(value_id(account),
		value_name(&channel_names, CHANNEL_TELEPHONE), value_text(""),
		value_when(when_now())),
	    NULL);
}

#define NUMBER(account, pair)                                                  \
	value_id(account), value_name(&channel_names, (pair)->channel),        \
	    value_text((pair)->agent)

enum outcome
pace_take(struct db *db, struct arena *arena, const struct id *account,
    const struct pair *pair, double per_second, bool replies, int64_t now,
    int64_t *due)
{
	int64_t interval = (int64_t)((double)WHEN_SECOND / per_second);
	struct pace pace;
	enum outcome rc = stmt_run(
	    db, &hold, VALUES(NUMBER(account, pair), value_when(now)), NULL);

	if (rc == OK)
		rc = stmt_one(
		    db, arena, &find, VALUES(NUMBER(account, pair)), &pace);
	if (rc != OK)
		return rc;
	if (pace.next_at > now) {
		*due = pace.next_at + (replies ? 0 : COURTESY);
		return CONFLICT;
	}
	return stmt_run(db, &put,
	    VALUES(value_when(now + interval), NUMBER(account, pair)), NULL);
}
