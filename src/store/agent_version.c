#include "base/base.h"

#include "store/agent_version.h"

#include "base/when.h"
#include "db/stmt.h"
#include "store/agent.h"

#define SELECT_VERSION(config)                                                 \
	"SELECT id, agent_id, version, published_at, created_at,"              \
	" updated_at" config " FROM agent_version"                             \
	" WHERE account_id = ?"

#define IS_ACTIVE                                                              \
	", agent_id IS NULL"                                                   \
	" OR EXISTS (SELECT 1 FROM agent a"                                    \
	"  WHERE a.account_id = agent_version.account_id"                      \
	"  AND a.id = agent_version.agent_id AND a.active)"
#define IS_THERE                                                               \
	" AND EXISTS (SELECT 1 FROM agent b"                                   \
	"  WHERE b.account_id = agent_version.account_id"                      \
	"  AND b.id = agent_version.agent_id)"

#define WHOLE SELECT_VERSION(", config" IS_ACTIVE)
#define HEAD SELECT_VERSION("")

#define HEAD_COLUMNS                                                           \
	COLUMN(ID, struct agent_version, id),                                  \
	    COLUMN(ID, struct agent_version, agent_id),                        \
	    COLUMN(INTEGER, struct agent_version, version),                    \
	    COLUMN(WHEN, struct agent_version, published_at),                  \
	    COLUMN(WHEN, struct agent_version, created_at),                    \
	    COLUMN(WHEN, struct agent_version, updated_at)

static const struct column head_columns[] = { HEAD_COLUMNS };

static const struct column columns[] = {
	HEAD_COLUMNS,
	COLUMN(TEXT, struct agent_version, config),
	COLUMN(BOOLEAN, struct agent_version, is_active),
};

static const struct stmt insert = {
	.sql = "INSERT INTO agent_version (account_id, id, agent_id, version,"
	       " config, published_at, created_at, updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = WHOLE " AND id = ?",
	ROWS(columns, struct agent_version),
};

static const struct stmt find_number = {
	.sql = WHOLE " AND agent_id = ? AND version = ?" IS_THERE,
	ROWS(columns, struct agent_version),
};

static const struct stmt find_published = {
	.sql = WHOLE " AND agent_id = ? AND published_at IS NOT NULL" IS_THERE
		     " ORDER BY version DESC"
		     " LIMIT 1",
	ROWS(columns, struct agent_version),
};

static const struct stmt find_last = {
	.sql = WHOLE " AND agent_id = ?"
		     " ORDER BY version DESC"
		     " LIMIT 1",
	ROWS(columns, struct agent_version),
};

static const struct stmt list = {
	.sql = WHOLE
	" AND agent_id = ?"
	" AND (? IS NULL OR version = ?)"
	" AND (? IS NULL OR (published_at IS NOT NULL) = ?)" AGENT_SPAN_SQL,
	ROWS(columns, struct agent_version),
};

static const struct stmt heads = {
	.sql = HEAD " AND agent_id = ?"
		    " ORDER BY version DESC"
		    " LIMIT ?",
	ROWS(head_columns, struct agent_version),
};

static const struct stmt count_up = {
	.sql = "UPDATE agent"
	       " SET last_version = ?"
	       " WHERE account_id = ? AND id = ?",
};

/* No statement changes what is published. */
static const struct stmt write = {
	.sql = "UPDATE agent_version"
	       " SET config = ?, updated_at = ?"
	       " WHERE account_id = ? AND id = ? AND published_at IS NULL",
};

static const struct stmt publish = {
	.sql = "UPDATE agent_version"
	       " SET published_at = ?, updated_at = ?"
	       " WHERE account_id = ? AND id = ? AND published_at IS NULL",
};

enum outcome
agent_version_insert(
    struct db *db, const struct id *account, struct agent_version *version)
{
	version->id = id_new();
	version->created_at = version->updated_at = when_now();
	version->is_active = id_is_none(&version->agent_id);
	version->published_at = version->is_active ? version->created_at : 0;
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_id(&version->id),
		value_id(&version->agent_id), value_integer(version->version),
		value_text(version->config), value_when(version->published_at),
		value_when(version->created_at),
		value_when(version->updated_at)),
	    NULL);
}

enum outcome
agent_version_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct agent_version *version)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_id(id)), version);
}

enum outcome
agent_version_find_number(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent, int64_t number,
    struct agent_version *version)
{
	return stmt_one(db, arena, &find_number,
	    VALUES(value_id(account), value_id(agent), value_integer(number)),
	    version);
}

enum outcome
agent_version_find_published(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent,
    struct agent_version *version)
{
	return stmt_one(db, arena, &find_published,
	    VALUES(value_id(account), value_id(agent)), version);
}

enum outcome
agent_version_find_last(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent,
    struct agent_version *version)
{
	return stmt_one(db, arena, &find_last,
	    VALUES(value_id(account), value_id(agent)), version);
}

enum outcome
agent_version_list(struct db *db, struct arena *arena, const struct id *account,
    const struct id *agent, const struct agent_version_filter *filter,
    const struct cursor *behind, int64_t limit, struct rows *rows)
{
	struct value number = filter->version == 0
				  ? value_null()
				  : value_integer(filter->version);
	struct value published =
	    filter->published == EITHER
		? value_null()
		: value_boolean(filter->published == EITHER_TRUE);

	return stmt_all(db, arena, &list,
	    VALUES(value_id(account), value_id(agent), number, number,
		published, published,
		AGENT_SPAN_VALUES(&filter->span, behind, limit)),
	    rows);
}

enum outcome
agent_version_heads(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent, struct rows *rows)
{
	return stmt_all(db, arena, &heads,
	    VALUES(value_id(account), value_id(agent),
		value_integer(AGENT_VERSIONS_SHOWN)),
	    rows);
}

enum outcome
agent_version_add(struct db *db, const struct id *account,
    struct agent_head *agent, const char *config, struct agent_version *version)
{
	struct agent_version made = {
		.agent_id = agent->id,
		.version = agent->last_version + 1,
		.config = config,
	};
	enum outcome rc = agent_version_insert(db, account, &made);

	if (rc == OK)
		rc = stmt_run(db, &count_up,
		    VALUES(value_integer(made.version), value_id(account),
			value_id(&agent->id)),
		    NULL);
	if (rc != OK)
		return rc;
	agent->last_version = made.version;
	*version = made;
	return OK;
}

enum outcome
agent_version_write(
    struct db *db, const struct id *account, struct agent_version *version)
{
	int64_t found, now = when_now();
	enum outcome rc = stmt_run(db, &write,
	    VALUES(value_text(version->config), value_when(now),
		value_id(account), value_id(&version->id)),
	    &found);

	if (rc != OK || found == 0)
		return rc != OK ? rc : CONFLICT;
	version->updated_at = now;
	return OK;
}

enum outcome
agent_version_publish(
    struct db *db, const struct id *account, struct agent_version *version)
{
	int64_t now = when_now();
	enum outcome rc;

	if (version->published_at != 0)
		return OK;
	rc = stmt_run(db, &publish,
	    VALUES(value_when(now), value_when(now), value_id(account),
		value_id(&version->id)),
	    NULL);
	if (rc == OK)
		version->published_at = version->updated_at = now;
	return rc;
}
