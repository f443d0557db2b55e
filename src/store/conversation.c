#include "base/base.h"

#include "store/conversation.h"

#include "db/stmt.h"
#include "model/channel.h"
#include "store/conversation_columns.h"

static const struct column columns[] = { CONVERSATION_COLUMNS };

#define SELECT_CONVERSATION "SELECT " CONVERSATION_NAMES " FROM conversation c"

static const struct stmt find = {
	.sql = SELECT_CONVERSATION " WHERE account_id = ? AND id = ?",
	ROWS(columns, struct conversation),
};

static const struct stmt lock = {
	.sql = SELECT_CONVERSATION " WHERE account_id = ? AND id = ?"
				   " FOR UPDATE",
	ROWS(columns, struct conversation),
};

static const struct stmt lock_open = {
	.sql = SELECT_CONVERSATION " WHERE account_id = ? AND channel = ?"
				   " AND agent_key = ? AND user_key = ?"
				   " AND is_open = 1"
				   " FOR UPDATE",
	ROWS(columns, struct conversation),
};

static const struct stmt lock_pair = {
	.sql = SELECT_CONVERSATION " WHERE account_id = ? AND channel = ?"
				   " AND agent_key = ? AND user_key = ?"
				   " ORDER BY created_at, id"
				   " FOR UPDATE",
	ROWS(columns, struct conversation),
};

static const struct stmt insert = {
	.sql = "INSERT INTO conversation (account_id, id, channel, agent_key,"
	       " user_key, is_open, status, pathway_id, pathway_version,"
	       " node_id, variables, metadata, time_out, timeout_message,"
	       " warning_time, warning_message, silence_work_id, last_seq,"
	       " cleared_seq, message_count, created_at, updated_at,"
	       " last_message_at)"
	       " VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	       " ?, ?, ?, ?, ?, ?)",
};

static const struct stmt save = {
	.sql = "UPDATE conversation"
	       " SET is_open = ?, status = ?, pathway_id = ?,"
	       " pathway_version = ?, node_id = ?, variables = ?,"
	       " metadata = ?, time_out = ?, timeout_message = ?,"
	       " warning_time = ?, warning_message = ?,"
	       " silence_work_id = ?, last_seq = ?, cleared_seq = ?,"
	       " message_count = ?, updated_at = ?, last_message_at = ?,"
	       " timed_out_at = ?, ended_at = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM conversation"
	       " WHERE account_id = ? AND id = ?",
};

enum outcome
conversation_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct conversation *conversation)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_id(id)), conversation);
}

enum outcome
conversation_lock(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct conversation *conversation)
{
	return stmt_one(db, arena, &lock,
	    VALUES(value_id(account), value_id(id)), conversation);
}

enum outcome
conversation_lock_open(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct conversation *conversation)
{
	return stmt_one(db, arena, &lock_open,
	    VALUES(value_id(account), value_name(&channel_names, pair->channel),
		value_text(pair->agent), value_text(pair->user)),
	    conversation);
}

enum outcome
conversation_lock_pair(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair, struct rows *rows)
{
	return stmt_all(db, arena, &lock_pair,
	    VALUES(value_id(account), value_name(&channel_names, pair->channel),
		value_text(pair->agent), value_text(pair->user)),
	    rows);
}

enum outcome
conversation_insert(struct db *db, const struct conversation *c)
{
	return stmt_run(db, &insert,
	    VALUES(value_id(&c->account_id), value_id(&c->id),
		value_name(&channel_names, c->pair.channel),
		value_text(c->pair.agent), value_text(c->pair.user),
		value_name(&conversation_status_names, c->status),
		value_text(c->position.pathway_id),
		value_text(c->position.pathway_version),
		value_text(c->position.node_id), value_text(c->variables),
		value_text(c->metadata), value_seconds(c->silence.time_out),
		value_text(c->silence.timeout_message),
		value_seconds(c->silence.warning_time),
		value_text(c->silence.warning_message),
		value_id(&c->silence_work_id), value_integer(c->last_seq),
		value_integer(c->cleared_seq), value_integer(c->message_count),
		value_when(c->created_at), value_when(c->updated_at),
		value_when(c->last_message_at)),
	    NULL);
}

enum outcome
conversation_save(struct db *db, const struct conversation *c)
{
	return stmt_run(db, &save,
	    VALUES(c->is_active ? value_integer(1) : value_null(),
		value_name(&conversation_status_names, c->status),
		value_text(c->position.pathway_id),
		value_text(c->position.pathway_version),
		value_text(c->position.node_id), value_text(c->variables),
		value_text(c->metadata), value_seconds(c->silence.time_out),
		value_text(c->silence.timeout_message),
		value_seconds(c->silence.warning_time),
		value_text(c->silence.warning_message),
		value_id(&c->silence_work_id), value_integer(c->last_seq),
		value_integer(c->cleared_seq), value_integer(c->message_count),
		value_when(c->updated_at), value_when(c->last_message_at),
		value_when(c->timed_out_at), value_when(c->ended_at),
		value_id(&c->account_id), value_id(&c->id)),
	    NULL);
}

enum outcome
conversation_delete(
    struct db *db, const struct id *account, const struct id *id)
{
	return stmt_run(
	    db, &delete, VALUES(value_id(account), value_id(id)), NULL);
}
