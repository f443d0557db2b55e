#include "base/base.h"

#include "store/message.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/segment.h"

static const struct column columns[] = {
	COLUMN(ID, struct message, id),
	COLUMN(ID, struct message, conversation_id),
	COLUMN(INTEGER, struct message, seq),
	COLUMN_OF(&sender_names, struct message, sender),
	COLUMN_OF(&message_status_names, struct message, status),
	COLUMN(TEXT, struct message, text),
	COLUMN(INTEGER, struct message, segments),
	COLUMN_OF(&encoding_names, struct message, encoding),
	COLUMN(TEXT, struct message, carrier_message_id),
	COLUMN(TEXT, struct message, error_code),
	COLUMN(ID, struct message, work_id),
	COLUMN(WHEN, struct message, created_at),
	COLUMN(TEXT, struct message, media),
	COLUMN(ID, struct message, told_work_id),
};

#define SELECT_MESSAGE                                                         \
	"SELECT id, conversation_id, seq, sender, status, text, segments,"     \
	" encoding, carrier_message_id, error_code, work_id, created_at,"      \
	" media, told_work_id FROM message"

struct total {
	int64_t count;
};

static const struct column total_columns[] = {
	COLUMN(INTEGER, struct total, count),
};

static const struct stmt insert = {
	.sql = "INSERT INTO message (account_id, conversation_id, seq, id,"
	       " sender, status, text, segments, encoding,"
	       " carrier_message_id, error_code, work_id, created_at, media,"
	       " told_work_id, leaving_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find_carrier = {
	.sql = SELECT_MESSAGE " WHERE account_id = ?"
			      " AND carrier_message_id = ?",
	ROWS(columns, struct message),
};

static const struct stmt exists = {
	.sql = SELECT_MESSAGE " WHERE account_id = ? AND conversation_id = ?"
			      " AND seq = ? AND id = ?",
	ROWS(columns, struct message),
};

static const struct stmt list = {
	.sql = SELECT_MESSAGE " WHERE account_id = ? AND conversation_id = ?"
			      " AND deleted_at IS NULL"
			      " ORDER BY seq",
	ROWS(columns, struct message),
};

static const struct stmt list_pair = {
	.sql = "SELECT m.id, m.conversation_id, m.seq, m.sender, m.status,"
	       " m.text, m.segments, m.encoding, m.carrier_message_id,"
	       " m.error_code, m.work_id, m.created_at, m.media,"
	       " m.told_work_id"
	       " FROM conversation c"
	       " JOIN message m ON m.account_id = c.account_id"
	       "  AND m.conversation_id = c.id"
	       " WHERE c.account_id = ? AND c.channel = ?"
	       " AND c.agent_key = ? AND c.user_key = ?"
	       " AND m.deleted_at IS NULL"
	       " ORDER BY c.created_at, c.id, m.seq",
	ROWS(columns, struct message),
};

static const struct stmt count_after = {
	.sql = "SELECT COUNT(*)"
	       " FROM message"
	       " WHERE account_id = ? AND conversation_id = ? AND seq > ?"
	       " AND deleted_at IS NULL",
	ROWS(total_columns, struct total),
};

static const struct column sent_columns[] = {
	COLUMN(INTEGER, struct message_sent, count),
	COLUMN(WHEN, struct message_sent, oldest),
};

static const struct stmt count_sent_since = {
	.sql = "SELECT COUNT(*), MIN(m.created_at)"
	       " FROM conversation c"
	       " JOIN message m ON m.account_id = c.account_id"
	       "  AND m.conversation_id = c.id"
	       " WHERE c.account_id = ? AND c.channel = ?"
	       " AND c.agent_key = ? AND c.user_key = ?"
	       " AND c.last_message_at > ?"
	       " AND m.created_at > ? AND m.sender IN ('AGENT', 'HUMAN')"
	       " AND m.status IS NOT NULL AND m.status <> 'failed'",
	ROWS(sent_columns, struct message_sent),
};

static const struct stmt mark_deleted = {
	.sql = "UPDATE message"
	       " SET deleted_at = ?"
	       " WHERE account_id = ? AND conversation_id = ? AND id = ?"
	       " AND deleted_at IS NULL",
};

static const struct stmt delete_all = {
	.sql = "DELETE FROM message"
	       " WHERE account_id = ? AND conversation_id = ?",
};

enum outcome
message_insert(
    struct db *db, const struct id *account, const struct message *message)
{
	bool leaves = message->status == MESSAGE_QUEUED;

	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_id(&message->conversation_id),
		value_integer(message->seq), value_id(&message->id),
		value_name(&sender_names, message->sender),
		value_name(&message_status_names, message->status),
		value_text(message->text), value_integer(message->segments),
		value_name(&encoding_names, message->encoding),
		value_text(message->carrier_message_id),
		value_text(message->error_code), value_id(&message->work_id),
		value_when(message->created_at), value_text(message->media),
		value_id(&message->told_work_id),
		value_when(leaves ? message->created_at : 0)),
	    NULL);
}

enum outcome
message_find_carrier(struct db *db, struct arena *arena,
    const struct id *account, const char *carrier_message_id,
    struct message *message)
{
	return stmt_one(db, arena, &find_carrier,
	    VALUES(value_id(account), value_text(carrier_message_id)), message);
}

enum outcome
message_exists(struct db *db, struct arena *arena, const struct id *account,
    const struct message *message)
{
	struct message ignored;

	return stmt_one(db, arena, &exists,
	    VALUES(value_id(account), value_id(&message->conversation_id),
		value_integer(message->seq), value_id(&message->id)),
	    &ignored);
}

/* Who wrote to whom. */
static void
set_ends(const struct rows *rows, const struct pair *pair)
{
	struct message *messages = rows->list;
	size_t i;
	bool user;

	for (i = 0; i < rows->count; i++) {
		user = messages[i].sender == SENDER_USER;
		messages[i].from = user ? pair->user : pair->agent;
		messages[i].to = user ? pair->agent : pair->user;
	}
}

enum outcome
message_list(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, const struct pair *pair, struct rows *rows)
{
	enum outcome rc = stmt_all(db, arena, &list,
	    VALUES(value_id(account), value_id(conversation)), rows);

	if (rc == OK)
		set_ends(rows, pair);
	return rc;
}

enum outcome
message_list_pair(struct db *db, struct arena *arena, const struct id *account,
    const struct pair *pair, struct rows *rows)
{
	enum outcome rc = stmt_all(db, arena, &list_pair,
	    VALUES(value_id(account), value_name(&channel_names, pair->channel),
		value_text(pair->agent), value_text(pair->user)),
	    rows);

	if (rc == OK)
		set_ends(rows, pair);
	return rc;
}

enum outcome
message_count_after(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation, int64_t seq,
    int64_t *count)
{
	struct total total;
	enum outcome rc = stmt_one(db, arena, &count_after,
	    VALUES(
		value_id(account), value_id(conversation), value_integer(seq)),
	    &total);

	if (rc == OK)
		*count = total.count;
	return rc;
}

enum outcome
message_count_sent_since(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair, int64_t since,
    struct message_sent *sent)
{
	return stmt_one(db, arena, &count_sent_since,
	    VALUES(value_id(account), value_name(&channel_names, pair->channel),
		value_text(pair->agent), value_text(pair->user),
		value_when(since), value_when(since)),
	    sent);
}

enum outcome
message_mark_deleted(struct db *db, const struct id *account,
    const struct id *conversation, const struct id *id)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &mark_deleted,
	    VALUES(value_when(when_now()), value_id(account),
		value_id(conversation), value_id(id)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
message_delete_all(
    struct db *db, const struct id *account, const struct id *conversation)
{
	return stmt_run(db, &delete_all,
	    VALUES(value_id(account), value_id(conversation)), NULL);
}
