#include "base/base.h"

#include "store/phone_call.h"

#include "base/when.h"
#include "db/stmt.h"

struct count {
	int64_t count;
};

static const struct column count_columns[] = {
	COLUMN(INTEGER, struct count, count),
};

static const struct column columns[] = {
	COLUMN(ID, struct phone_call, id),
	COLUMN(ID, struct phone_call, account_id),
	COLUMN(ID, struct phone_call, conversation_id),
	COLUMN(INTEGER, struct phone_call, attempt),
	COLUMN(INTEGER, struct phone_call, retries),
	COLUMN(INTEGER, struct phone_call, retry_delay),
	COLUMN(INTEGER, struct phone_call, ring_most),
	COLUMN(INTEGER, struct phone_call, talk_most),
	COLUMN(BOOLEAN, struct phone_call, is_up),
	COLUMN(WHEN, struct phone_call, placed_at),
	COLUMN(TEXT, struct phone_call, carrier_call_id),
	COLUMN(WHEN, struct phone_call, created_at),
	COLUMN(WHEN, struct phone_call, updated_at),
	COLUMN(BOOLEAN, struct phone_call, is_last),
};

#define SELECT_CALL                                                            \
	"SELECT p.id, p.account_id, p.conversation_id, p.attempt, p.retries,"  \
	" p.retry_delay, p.ring_most, p.talk_most, p.is_up, p.placed_at,"      \
	" p.carrier_call_id, p.created_at, p.updated_at,"                      \
	" NOT EXISTS (SELECT 1 FROM phone_call later"                          \
	"  WHERE later.account_id = p.account_id"                              \
	"  AND later.conversation_id = p.conversation_id"                      \
	"  AND later.attempt > p.attempt)"                                     \
	" FROM phone_call p"                                                   \
	" WHERE p.account_id = ?"

static const struct stmt find = {
	.sql = SELECT_CALL " AND p.id = ?",
	ROWS(columns, struct phone_call),
};

static const struct stmt find_carrier = {
	.sql = SELECT_CALL " AND p.carrier_call_id = ?",
	ROWS(columns, struct phone_call),
};

static const struct stmt find_last = {
	.sql = SELECT_CALL " AND p.conversation_id = ?"
			   " ORDER BY p.attempt DESC"
			   " LIMIT 1",
	ROWS(columns, struct phone_call),
};

static const struct stmt insert = {
	.sql = "INSERT INTO phone_call (id, account_id, conversation_id,"
	       " attempt, retries, retry_delay, ring_most, talk_most, is_up,"
	       " placed_at, carrier_call_id, created_at, updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt save = {
	.sql = "UPDATE phone_call"
	       " SET is_up = ?, placed_at = ?, carrier_call_id = ?,"
	       " updated_at = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt count_up = {
	.sql = "SELECT COUNT(*)"
	       " FROM phone_call"
	       " WHERE account_id = ? AND is_up = 1"
	       " AND DATE_ADD(updated_at,"
	       "  INTERVAL ring_most + talk_most SECOND) >= ?",
	ROWS(count_columns, struct count),
};

static const struct stmt delete_all = {
	.sql = "DELETE FROM phone_call"
	       " WHERE account_id = ? AND conversation_id = ?",
};

static struct value
up_value(const struct phone_call *call)
{
	return call->is_up ? value_integer(1) : value_null();
}

enum outcome
phone_call_insert(struct db *db, struct phone_call *call)
{
	call->created_at = call->updated_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(&call->id), value_id(&call->account_id),
		value_id(&call->conversation_id), value_integer(call->attempt),
		value_integer(call->retries), value_integer(call->retry_delay),
		value_integer(call->ring_most), value_integer(call->talk_most),
		up_value(call), value_when(call->placed_at),
		value_text(call->carrier_call_id), value_when(call->created_at),
		value_when(call->updated_at)),
	    NULL);
}

enum outcome
phone_call_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct phone_call *call)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_id(id)), call);
}

enum outcome
phone_call_find_carrier(struct db *db, struct arena *arena,
    const struct id *account, const char *carrier_call_id,
    struct phone_call *call)
{
	return stmt_one(db, arena, &find_carrier,
	    VALUES(value_id(account), value_text(carrier_call_id)), call);
}

enum outcome
phone_call_find_last(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    struct phone_call *call)
{
	return stmt_one(db, arena, &find_last,
	    VALUES(value_id(account), value_id(conversation)), call);
}

enum outcome
phone_call_save(struct db *db, struct phone_call *call)
{
	call->updated_at = when_now();
	return stmt_run(db, &save,
	    VALUES(up_value(call), value_when(call->placed_at),
		value_text(call->carrier_call_id), value_when(call->updated_at),
		value_id(&call->account_id), value_id(&call->id)),
	    NULL);
}

enum outcome
phone_call_count_up(struct db *db, struct arena *arena,
    const struct id *account, int64_t now, int64_t *count)
{
	struct count row;
	enum outcome rc = stmt_one(db, arena, &count_up,
	    VALUES(value_id(account), value_when(now)), &row);

	if (rc == OK)
		*count = row.count;
	return rc;
}

enum outcome
phone_call_delete(
    struct db *db, const struct id *account, const struct id *conversation)
{
	return stmt_run(db, &delete_all,
	    VALUES(value_id(account), value_id(conversation)), NULL);
}
