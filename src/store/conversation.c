#include "base/base.h"

#include "store/conversation.h"

#include "db/stmt.h"
#include "model/channel.h"
#include "model/progress.h"
#include "model/work.h"
#include "store/conversation_columns.h"
#include "store/conversation_index.h"

#define NAME(column, ...) ", " #column
#define PLACE(column, ...) ", ?"
#define SET(column, ...) ", " #column " = ?"
#define BIND(column, macro, kind, member, value) , value

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

/* By the keys, for the reason that store/work_queue.c gives. */
static const struct stmt lock_for = {
	.sql = "SELECT " CONVERSATION_NAMES " FROM work w FORCE INDEX (PRIMARY)"
	       " LEFT JOIN conversation c ON c.account_id = w.account_id"
	       "  AND c.id = w.subject_id"
	       " WHERE w.id = ? AND w.account_id = ? AND w.state = 'running'"
	       " AND w.attempt = ?"
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

static const struct stmt list_pathway = {
	.sql = SELECT_CONVERSATION " WHERE account_id = ? AND pathway_id = ?"
				   " AND created_at >= ? AND created_at < ?"
				   " ORDER BY created_at DESC, id DESC"
				   " LIMIT ?",
	ROWS(columns, struct conversation),
};

/* By the index of the pair rule, backwards: NULL comes first in it. */
static const struct stmt lock_any = {
	.sql = SELECT_CONVERSATION " WHERE account_id = ? AND channel = ?"
				   " AND agent_key = ? AND user_key = ?"
				   " ORDER BY is_open DESC"
				   " LIMIT 1"
				   " FOR UPDATE",
	ROWS(columns, struct conversation),
};

static const struct stmt lock_last = {
	.sql = SELECT_CONVERSATION " WHERE account_id = ? AND channel = ?"
				   " AND agent_key = ? AND user_key = ?"
				   " ORDER BY created_at DESC, id DESC"
				   " LIMIT 1"
				   " FOR UPDATE",
	ROWS(columns, struct conversation),
};

static const struct stmt insert = {
	.sql =
	    "INSERT INTO conversation (account_id, is_open" CONVERSATION_LIST(
		NAME) ")"
		      " VALUES (?, ?" CONVERSATION_LIST(PLACE) ")",
};

static const struct stmt save = {
	.sql = "UPDATE conversation"
	       " SET is_open = ?" CONVERSATION_CHANGING(
		   SET) " WHERE account_id = ? AND id = ?",
};

static const struct stmt save_clock = {
	.sql = "UPDATE conversation"
	       " SET silence_work_id = ?, updated_at = ?"
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
conversation_lock_for(struct db *db, struct arena *arena,
    const struct work *work, struct conversation *conversation)
{
	return stmt_one(db, arena, &lock_for,
	    VALUES(value_id(&work->id), value_id(&work->account_id),
		value_integer(work->attempt)),
	    conversation);
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
conversation_lock_any(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct conversation *conversation)
{
	return stmt_one(db, arena, &lock_any,
	    VALUES(value_id(account), value_name(&channel_names, pair->channel),
		value_text(pair->agent), value_text(pair->user)),
	    conversation);
}

enum outcome
conversation_lock_last(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct conversation *conversation)
{
	return stmt_one(db, arena, &lock_last,
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
conversation_list_pathway(struct db *db, struct arena *arena,
    const struct id *account, const char *pathway, int64_t since, int64_t until,
    int64_t most, struct rows *rows)
{
	return stmt_all(db, arena, &list_pathway,
	    VALUES(value_id(account), value_text(pathway), value_when(since),
		value_when(until), value_integer(most)),
	    rows);
}

static struct value
open_value(const struct conversation *c)
{
	return c->is_active && channel_has_pairs((enum channel)c->pair.channel)
		   ? value_integer(1)
		   : value_null();
}

enum outcome
conversation_insert(struct db *db, const struct conversation *c)
{
	enum outcome rc = stmt_run(db, &insert,
	    VALUES(value_id(&c->account_id),
		open_value(c) CONVERSATION_LIST(BIND)),
	    NULL);

	return rc == OK ? conversation_index_add(db, c) : rc;
}

enum outcome
conversation_save(struct db *db, const struct conversation *c)
{
	enum outcome rc = stmt_run(db, &save,
	    VALUES(open_value(c) CONVERSATION_CHANGING(BIND),
		value_id(&c->account_id), value_id(&c->id)),
	    NULL);

	return rc == OK ? conversation_index_change(db, c) : rc;
}

enum outcome
conversation_save_clock(struct db *db, const struct conversation *c)
{
	return stmt_run(db, &save_clock,
	    VALUES(value_id(&c->silence_work_id), value_when(c->updated_at),
		value_id(&c->account_id), value_id(&c->id)),
	    NULL);
}

enum outcome
conversation_delete(struct db *db, const struct conversation *c)
{
	enum outcome rc = stmt_run(db, &delete,
	    VALUES(value_id(&c->account_id), value_id(&c->id)), NULL);

	return rc == OK ? conversation_index_delete(db, c) : rc;
}
