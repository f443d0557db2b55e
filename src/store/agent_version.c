#include "base/base.h"

#include "store/agent_version.h"

#include "base/when.h"
#include "db/stmt.h"

#define SELECT_VERSION                                                         \
	"SELECT id, agent_id, version, config, published_at, created_at,"      \
	" updated_at"                                                          \
	" FROM agent_version"                                                  \
	" WHERE account_id = ?"

static const struct column columns[] = {
	COLUMN(ID, struct agent_version, id),
	COLUMN(ID, struct agent_version, agent_id),
	COLUMN(INTEGER, struct agent_version, version),
	COLUMN(TEXT, struct agent_version, config),
	COLUMN(WHEN, struct agent_version, published_at),
	COLUMN(WHEN, struct agent_version, created_at),
	COLUMN(WHEN, struct agent_version, updated_at),
};

static const struct stmt insert = {
	.sql = "INSERT INTO agent_version (account_id, id, agent_id, version,"
	       " config, published_at, created_at, updated_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = SELECT_VERSION " AND id = ?",
	ROWS(columns, struct agent_version),
};

static const struct stmt find_number = {
	.sql = SELECT_VERSION " AND agent_id = ? AND version = ?",
	ROWS(columns, struct agent_version),
};

static const struct stmt find_published = {
	.sql = SELECT_VERSION " AND agent_id = ? AND published_at IS NOT NULL"
			      " ORDER BY version DESC"
			      " LIMIT 1",
	ROWS(columns, struct agent_version),
};

enum outcome
agent_version_insert(
    struct db *db, const struct id *account, struct agent_version *version)
{
	version->id = id_new();
	version->created_at = version->updated_at = when_now();
	version->published_at =
	    id_is_none(&version->agent_id) ? version->created_at : 0;
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
