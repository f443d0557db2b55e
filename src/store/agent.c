#include "base/base.h"

#include "store/agent.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/when.h"
#include "db/stmt.h"

#include <string.h>

#define USERS_SHOWN 3
#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number

#define SELECT_AGENT                                                           \
	"SELECT id, name, description, active, is_demo, metadata,"             \
	" last_version, created_at, updated_at"                                \
	" FROM agent"                                                          \
	" WHERE account_id = ?"

/* By the index of an agent's conversations, which has all of it. */
#define OF_AGENT                                                               \
	" FROM conversation"                                                   \
	" WHERE account_id = ? AND agent_id = ?"
#define ACTIVE                                                                 \
	" AND direction IN ('inbound', 'outbound')"                            \
	" AND channel IN ('sms', 'whatsapp', 'imessage', 'text', 'email',"     \
	"  'telephone', 'webrtc')"                                             \
	" AND progress IN ('token_created', 'triggered', 'ringing',"           \
	"  'in_progress')"

static const struct column columns[] = {
	COLUMN(ID, struct agent_head, id),
	COLUMN(TEXT, struct agent_head, name),
	COLUMN(TEXT, struct agent_head, description),
	COLUMN(BOOLEAN, struct agent_head, active),
	COLUMN(BOOLEAN, struct agent_head, is_demo),
	COLUMN(TEXT, struct agent_head, metadata),
	COLUMN(INTEGER, struct agent_head, last_version),
	COLUMN(WHEN, struct agent_head, created_at),
	COLUMN(WHEN, struct agent_head, updated_at),
};

static const struct column stats_columns[] = {
	COLUMN(INTEGER, struct agent_stats, conversations),
	COLUMN(INTEGER, struct agent_stats, active_conversations),
};

static const struct column users_columns[] = {
	COLUMN(TEXT, struct agent_users, numbers),
};

struct user {
	struct id id;
};

static const struct column user_columns[] = {
	COLUMN(ID, struct user, id),
};

static const struct stmt insert = {
	.sql = "INSERT INTO agent (account_id, id, name, description, active,"
	       " is_demo, metadata, last_version, created_at, updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
};

static const struct stmt find = {
	.sql = SELECT_AGENT " AND id = ?",
	ROWS(columns, struct agent_head),
};

static const struct stmt hold = {
	.sql = SELECT_AGENT " AND id = ?"
			    " FOR UPDATE",
	ROWS(columns, struct agent_head),
};

static const struct stmt update = {
	.sql = "UPDATE agent"
	       " SET name = ?, description = ?, active = ?, is_demo = ?,"
	       "  metadata = ?, updated_at = ?"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt list = {
	.sql = SELECT_AGENT
	" AND (? IS NULL OR LOWER(name) LIKE LOWER(?) ESCAPE '|')"
	" AND (? IS NULL OR active = ?)"
	" AND (? IS NULL OR is_demo = ?)"
	" AND (? IS NULL OR JSON_CONTAINS(metadata, ?))" AGENT_SPAN_SQL,
	ROWS(columns, struct agent_head),
};

static const struct stmt count = {
	.sql = "SELECT"
	       " (SELECT COUNT(*)"
	       "  FROM (SELECT 1" OF_AGENT "   LIMIT " TEXT(
		   AGENT_COUNT_MOST) ") a),"
				     " (SELECT COUNT(*)"
				     "  FROM (SELECT 1" OF_AGENT ACTIVE
				     "   LIMIT " TEXT(AGENT_COUNT_MOST) ") b)",
	ROWS(stats_columns, struct agent_stats),
};

static const struct stmt find_numbers = {
	.sql = "SELECT LEFT(GROUP_CONCAT(DISTINCT p.number ORDER BY p.number"
	       " SEPARATOR ', '), 1000)"
	       " FROM agent_version v"
	       " JOIN phone_number p ON p.account_id = v.account_id"
	       "  AND (p.inbound_agent_version_id = v.id"
	       "   OR p.outbound_agent_version_id = v.id)"
	       " WHERE v.account_id = ? AND v.agent_id = ?",
	ROWS(users_columns, struct agent_users),
};

static const struct stmt find_conversations = {
	.sql = "SELECT id" OF_AGENT ACTIVE " LIMIT " TEXT(USERS_SHOWN),
	ROWS(user_columns, struct user),
};

static const struct stmt delete_drafts = {
	.sql = "DELETE FROM agent_version"
	       " WHERE account_id = ? AND agent_id = ?"
	       "  AND published_at IS NULL",
};

static const struct stmt delete = {
	.sql = "DELETE FROM agent"
	       " WHERE account_id = ? AND id = ?",
};

enum outcome
agent_insert(struct db *db, const struct id *account, struct agent_head *agent)
{
	agent->id = id_new();
	agent->last_version = 0;
	agent->created_at = agent->updated_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_id(&agent->id),
		value_text(agent->name), value_text(agent->description),
		value_boolean(agent->active), value_boolean(agent->is_demo),
		value_text(agent->metadata), value_when(agent->created_at),
		value_when(agent->updated_at)),
	    NULL);
}

enum outcome
agent_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct agent_head *agent)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_id(id)), agent);
}

enum outcome
agent_hold(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct agent_head *agent)
{
	return stmt_one(
	    db, arena, &hold, VALUES(value_id(account), value_id(id)), agent);
}

enum outcome
agent_update(struct db *db, const struct id *account, struct agent_head *agent)
{
	agent->updated_at = when_now();
	return stmt_run(db, &update,
	    VALUES(value_text(agent->name), value_text(agent->description),
		value_boolean(agent->active), value_boolean(agent->is_demo),
		value_text(agent->metadata), value_when(agent->updated_at),
		value_id(account), value_id(&agent->id)),
	    NULL);
}

/* A pattern for what has this in it, in which nothing else stands for
 * anything. */
static const char *
pattern(struct arena *arena, const char *part)
{
	struct buf buf;

	if (part == NULL)
		return NULL;
	buf_init(&buf, arena, 2 * strlen(part) + 3);
	buf_add_char(&buf, '%');
	for (; *part != '\0'; part++) {
		if (strchr("%_|", *part) != NULL)
			buf_add_char(&buf, '|');
		buf_add_char(&buf, *part);
	}
	buf_add_char(&buf, '%');
	return buf_text(&buf);
}

static struct value
value_either(int either)
{
	return either == EITHER ? value_null()
				: value_boolean(either == EITHER_TRUE);
}

enum outcome
agent_list(struct db *db, struct arena *arena, const struct id *account,
    const struct agent_filter *filter, const struct cursor *behind,
    int64_t limit, struct rows *rows)
{
	struct value name = value_text(pattern(arena, filter->name));
	struct value active = value_either(filter->active);
	struct value is_demo = value_either(filter->is_demo);
	struct value metadata = value_text(filter->metadata);

	return stmt_all(db, arena, &list,
	    VALUES(value_id(account), name, name, active, active, is_demo,
		is_demo, metadata, metadata,
		AGENT_SPAN_VALUES(&filter->span, behind, limit)),
	    rows);
}

enum outcome
agent_count(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct agent_stats *stats)
{
	return stmt_one(db, arena, &count,
	    VALUES(value_id(account), value_id(id), value_id(account),
		value_id(id)),
	    stats);
}

enum outcome
agent_find_users(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct agent_users *users)
{
	const struct user *open;
	struct rows rows;
	struct buf buf;
	size_t i;
	enum outcome rc = stmt_one(db, arena, &find_numbers,
	    VALUES(value_id(account), value_id(id)), users);

	if (rc == OK)
		rc = stmt_all(db, arena, &find_conversations,
		    VALUES(value_id(account), value_id(id)), &rows);
	if (rc != OK || rows.count == 0)
		return rc;
	open = rows.list;
	buf_init(&buf, arena, USERS_SHOWN * (ID_TEXT + 2));
	for (i = 0; i < rows.count; i++)
		buf_add_format(&buf, "%s%s", i > 0 ? ", " : "",
		    id_text(arena, &open[i].id));
	users->conversations = buf_text(&buf);
	return OK;
}

enum outcome
agent_delete(struct db *db, const struct id *account, const struct id *id)
{
	enum outcome rc = stmt_run(
	    db, &delete_drafts, VALUES(value_id(account), value_id(id)), NULL);

	if (rc == OK)
		rc = stmt_run(
		    db, &delete, VALUES(value_id(account), value_id(id)), NULL);
	return rc;
}
