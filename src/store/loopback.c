#include "base/base.h"

#include "store/loopback.h"

#include "base/when.h"
#include "db/stmt.h"

static const struct column columns[] = {
	COLUMN(TEXT, struct loopback_message, id),
	COLUMN(TEXT, struct loopback_message, from),
	COLUMN(TEXT, struct loopback_message, to),
	COLUMN(TEXT, struct loopback_message, text),
	COLUMN(ID, struct loopback_message, message_id),
	COLUMN(WHEN, struct loopback_message, created_at),
};

static const struct stmt insert = {
	.sql = "INSERT INTO loopback_message (account_id, id, from_number,"
	       " to_number, text, message_id, created_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = "SELECT id, from_number, to_number, text, message_id,"
	       " created_at"
	       " FROM loopback_message"
	       " WHERE account_id = ? AND message_id = ?",
	ROWS(columns, struct loopback_message),
};

enum outcome
loopback_insert(
    struct db *db, const struct id *account, struct loopback_message *message)
{
	message->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(message->id),
		value_text(message->from), value_text(message->to),
		value_text(message->text), value_id(&message->message_id),
		value_when(message->created_at)),
	    NULL);
}

enum outcome
loopback_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *message_id, struct loopback_message *message)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_id(message_id)), message);
}
