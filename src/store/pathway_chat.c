#include "base/base.h"

#include "store/pathway_chat.h"

#include "base/when.h"
#include "db/stmt.h"

#define OLD_MOST 100 /* deleted at once */

static const struct column columns[] = {
	COLUMN(ID, struct pathway_chat, id),
	COLUMN(TEXT, struct pathway_chat, pathway_id),
	COLUMN(INTEGER, struct pathway_chat, version),
	COLUMN(ID, struct pathway_chat, work_id),
	COLUMN(BOOLEAN, struct pathway_chat, completed),
	COLUMN(TEXT, struct pathway_chat, state),
	COLUMN(TEXT, struct pathway_chat, node_name),
	COLUMN(TEXT, struct pathway_chat, variables),
	COLUMN(TEXT, struct pathway_chat, history),
	COLUMN(WHEN, struct pathway_chat, created_at),
	COLUMN(WHEN, struct pathway_chat, updated_at),
};

#define SELECT_CHAT                                                            \
	"SELECT id, pathway_id, version, work_id, completed, state,"           \
	" node_name, variables, history, created_at, updated_at"               \
	" FROM pathway_chat"                                                   \
	" WHERE account_id = ? AND id = ?"

static const struct stmt insert = {
	.sql = "INSERT INTO pathway_chat (account_id, id, pathway_id, version,"
	       " work_id, completed, state, node_name, variables, history,"
	       " created_at, updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = SELECT_CHAT,
	ROWS(columns, struct pathway_chat),
};

static const struct stmt lock = {
	.sql = SELECT_CHAT " FOR UPDATE",
	ROWS(columns, struct pathway_chat),
};

static const struct stmt save = {
	.sql = "UPDATE pathway_chat"
	       " SET pathway_id = ?, version = ?, work_id = ?, completed = ?,"
	       "  state = ?, node_name = ?, variables = ?, history = ?,"
	       "  updated_at = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt delete_old = {
	.sql = "DELETE FROM pathway_chat"
	       " WHERE account_id = ? AND updated_at < ?"
	       " ORDER BY updated_at"
	       " LIMIT ?",
};

enum outcome
pathway_chat_insert(
    struct db *db, const struct id *account, struct pathway_chat *chat)
{
	int64_t now = when_now();
	enum outcome rc = stmt_run(db, &delete_old,
	    VALUES(value_id(account),
		value_when(now - PATHWAY_CHAT_DAYS * WHEN_DAY),
		value_integer(OLD_MOST)),
	    NULL);

	if (rc != OK)
		return rc;
	chat->created_at = chat->updated_at = now;
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_id(&chat->id),
		value_text(chat->pathway_id), value_integer(chat->version),
		value_id(&chat->work_id), value_boolean(chat->completed),
		value_text(chat->state), value_text(chat->node_name),
		value_text(chat->variables), value_text(chat->history),
		value_when(now), value_when(now)),
	    NULL);
}

enum outcome
pathway_chat_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct pathway_chat *chat)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_id(id)), chat);
}

enum outcome
pathway_chat_lock(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct pathway_chat *chat)
{
	return stmt_one(
	    db, arena, &lock, VALUES(value_id(account), value_id(id)), chat);
}

enum outcome
pathway_chat_save(
    struct db *db, const struct id *account, struct pathway_chat *chat)
{
	chat->updated_at = when_now();
	return stmt_run(db, &save,
	    VALUES(value_text(chat->pathway_id), value_integer(chat->version),
		value_id(&chat->work_id), value_boolean(chat->completed),
		value_text(chat->state), value_text(chat->node_name),
		value_text(chat->variables), value_text(chat->history),
		value_when(chat->updated_at), value_id(account),
		value_id(&chat->id)),
	    NULL);
}
