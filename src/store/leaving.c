#include "base/base.h"

#include "store/leaving.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/send.h"
#include "model/work.h"
#include "store/work.h"

#include <string.h>

static const struct column leaving_columns[] = {
	COLUMN(ID, struct leaving, message.id),
	COLUMN(ID, struct leaving, message.conversation_id),
	COLUMN(INTEGER, struct leaving, message.seq),
	COLUMN_OF(&message_status_names, struct leaving, message.status),
	COLUMN(TEXT, struct leaving, message.text),
	COLUMN(WHEN, struct leaving, message.created_at),
	COLUMN(WHEN, struct leaving, since),
	COLUMN(ID, struct leaving, message.told_work_id),
};

static const struct column work_columns[] = {
	COLUMN(ID, struct work, id),
	COLUMN(ID, struct work, subject_id),
	COLUMN(TEXT, struct work, payload),
};

static const struct stmt lock = {
	.sql = "SELECT id, conversation_id, seq, status, text, created_at,"
	       " leaving_at, told_work_id"
	       " FROM message"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?"
	       " AND id = ?"
	       " FOR UPDATE",
	ROWS(leaving_columns, struct leaving),
};

/* A handful of rows: what is done is elsewhere.  By the subject, because by
 * the state it would read all that waits. */
static const struct stmt others = {
	.sql = "SELECT w.id, w.subject_id, w.payload"
	       " FROM conversation c"
	       " STRAIGHT_JOIN work w FORCE INDEX (work_subject)"
	       "  ON w.account_id = c.account_id AND w.subject_id = c.id"
	       " WHERE c.account_id = ? AND c.channel = ?"
	       " AND c.agent_key = ? AND c.user_key = ?"
	       " AND w.kind = 'send' AND w.state IN ('waiting', 'running')"
	       " AND w.id <> ?",
	ROWS(work_columns, struct work),
};

static const struct stmt mark = {
	.sql = "UPDATE message"
	       " SET status = 'queued', leaving_at = ?"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?"
	       " AND status IN ('pending', 'queued')",
};

static const struct stmt unmark = {
	.sql = "UPDATE message"
	       " SET leaving_at = NULL"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?",
};

static const struct stmt revive = {
	.sql = "UPDATE message"
	       " SET status = 'queued', error_code = NULL, leaving_at = ?"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?"
	       " AND status = 'failed' AND carrier_message_id IS NULL",
};

static const struct stmt fail = {
	.sql = "UPDATE message"
	       " SET status = 'failed', error_code = ?, leaving_at = NULL"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?"
	       " AND status IN ('pending', 'queued')",
};

enum outcome
leaving_lock(struct db *db, struct arena *arena,
    const struct conversation *conversation, const struct send_order *order,
    struct leaving *leaving)
{
	return stmt_one(db, arena, &lock,
	    VALUES(value_id(&conversation->account_id),
		value_id(&conversation->id), value_integer(order->seq),
		value_id(&order->message_id)),
	    leaving);
}

/* By seq within the conversation, and by age beside it. */
static bool
is_before(struct arena *arena, const struct work *other,
    const struct work *work, const struct send_order *order)
{
	struct send_order its;

	if (!id_equal(&other->subject_id, &work->subject_id))
		return memcmp(other->id.bytes, work->id.bytes, ID_BYTES) < 0;
	return send_order_read(arena, other->payload, &its) == OK &&
	       its.seq < order->seq;
}

enum outcome
leaving_turn(struct db *db, struct arena *arena,
    const struct conversation *conversation, const struct work *work,
    const struct send_order *order)
{
	const struct pair *pair = &conversation->pair;
	const struct work *list;
	struct rows rows;
	size_t i;
	enum outcome rc = stmt_all(db, arena, &others,
	    VALUES(value_id(&conversation->account_id),
		value_name(&channel_names, pair->channel),
		value_text(pair->agent), value_text(pair->user),
		value_id(&work->id)),
	    &rows);

	if (rc != OK)
		return rc;
	list = rows.list;
	for (i = 0; i < rows.count; i++)
		if (is_before(arena, &list[i], work, order))
			return CONFLICT;
	return OK;
}

enum outcome
leaving_mark(struct db *db, const struct id *account,
    const struct message *message, int64_t moment)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &mark,
	    VALUES(value_when(moment), value_id(account),
		value_id(&message->conversation_id),
		value_integer(message->seq)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
leaving_unmark(
    struct db *db, const struct id *account, const struct message *message)
{
	return stmt_run(db, &unmark,
	    VALUES(value_id(account), value_id(&message->conversation_id),
		value_integer(message->seq)),
	    NULL);
}

enum outcome
leaving_revive(struct db *db, const struct id *account,
    const struct message *message, int64_t moment)
{
	return stmt_run(db, &revive,
	    VALUES(value_when(moment), value_id(account),
		value_id(&message->conversation_id),
		value_integer(message->seq)),
	    NULL);
}

/* The client is told that it did not leave. */
enum outcome
leaving_fail(struct db *db, const struct id *account,
    const struct message *message, const char *error_code)
{
	enum outcome rc = stmt_run(db, &fail,
	    VALUES(value_text(error_code), value_id(account),
		value_id(&message->conversation_id),
		value_integer(message->seq)),
	    NULL);

	if (rc != OK || id_is_none(&message->told_work_id))
		return rc;
	return work_hasten(db, &message->told_work_id, when_now());
}

enum outcome
leaving_give_up(struct db *db, struct arena *arena, const struct work *work,
    const char *error_code)
{
	const struct conversation conversation = {
		.id = work->subject_id,
		.account_id = work->account_id,
	};
	struct send_order order;
	struct leaving leaving;
	enum outcome rc;

	if (send_order_of(arena, work, &order) != OK)
		return OK;
	rc = leaving_lock(db, arena, &conversation, &order, &leaving);
	if (rc == OK)
		rc = leaving_fail(
		    db, &work->account_id, &leaving.message, error_code);
	return rc == NOT_FOUND ? OK : rc;
}
