#include "base/base.h"

#include "store/doctor.h"

#include "base/buf.h"
#include "db/stmt.h"

static const struct column server_columns[] = {
	COLUMN(WHEN, struct doctor_server, now),
	COLUMN(INTEGER, struct doctor_server, flush),
	COLUMN(INTEGER, struct doctor_server, connections),
	COLUMN(INTEGER, struct doctor_server, user_connections),
};

static const struct stmt read_server = {
	.sql = "SELECT UTC_TIMESTAMP(6), @@innodb_flush_log_at_trx_commit,"
	       " @@max_connections, @@max_user_connections",
	ROWS(server_columns, struct doctor_server),
};

static const struct column table_columns[] = {
	COLUMN(TEXT, struct doctor_table, name),
	COLUMN(TEXT, struct doctor_table, engine),
};

static const struct stmt list_foreign = {
	.sql = "SELECT table_name, engine"
	       " FROM information_schema.tables"
	       " WHERE table_schema = DATABASE()"
	       " AND table_type = 'BASE TABLE'"
	       " AND COALESCE(engine, '') <> 'InnoDB'"
	       " ORDER BY table_name",
	ROWS(table_columns, struct doctor_table),
};

struct right {
	const char *name;
	struct stmt stmt;
};

struct usage {
	int64_t count;
};

static const struct column usage_columns[] = {
	COLUMN(INTEGER, struct usage, count),
};

/* Each asks for one right and touches no row.  IGNORE, because columns
 * without a default are left out. */
#define READ(table)                                                            \
	{                                                                      \
		"SELECT on " table,                                            \
		    {                                                          \
			    .sql =                                             \
				"SELECT COUNT(*) FROM " table " WHERE 1 = 0",  \
			    ROWS(usage_columns, struct usage),                 \
			    .once = true,                                      \
		    },                                                         \
	}
#define INSERT(table, column)                                                  \
	{                                                                      \
		"INSERT on " table,                                            \
		    {                                                          \
			    .sql = "INSERT IGNORE INTO " table " (" column ")" \
				   " SELECT " column " FROM " table            \
				   " WHERE 1 = 0",                             \
			    .once = true,                                      \
		    },                                                         \
	}
#define UPDATE(table, column)                                                  \
	{                                                                      \
		"UPDATE on " table,                                            \
		    {                                                          \
			    .sql = "UPDATE " table " SET " column " = " column \
				   " WHERE 1 = 0",                             \
			    .once = true,                                      \
		    },                                                         \
	}
#define DELETE(table)                                                          \
	{                                                                      \
		"DELETE on " table,                                            \
		    {                                                          \
			    .sql = "DELETE FROM " table " WHERE 1 = 0",        \
			    .once = true,                                      \
		    },                                                         \
	}
#define ALL(table, column)                                                     \
	READ(table), INSERT(table, column), UPDATE(table, column), DELETE(table)

/* What sql/grants.sql grants to parley_api and parley_worker; they change
 * together. */
/* clang-format off */
static const struct right rights[] = {
	READ("schema_migration"),
	READ("account"),
	READ("api_key"),
	READ("carrier"),
	INSERT("carrier", "name"),
	DELETE("carrier"),
	ALL("phone_number", "label"),
	READ("number_config"),
	INSERT("number_config", "webhook"),
	DELETE("number_config"),
	ALL("number_count", "conversations"),
	ALL("pathway", "name"),
	ALL("pathway_version", "name"),
	ALL("pathway_folder", "name"),
	ALL("pathway_chat", "completed"),
	ALL("agent", "name"),
	ALL("agent_version", "config"),
	ALL("tool", "name"),
	ALL("secret", "sealed"),
	READ("outcome"),
	READ("outcome_version"),
	READ("citation_schema"),
	READ("disposition_log"),
	INSERT("disposition_log", "status"),
	DELETE("disposition_log"),
	ALL("conversation", "status"),
	READ("party_part"),
	INSERT("party_part", "part"),
	DELETE("party_part"),
	READ("metadata_leaf"),
	INSERT("metadata_leaf", "digest"),
	DELETE("metadata_leaf"),
	ALL("message", "status"),
	ALL("phone_call", "attempt"),
	ALL("work", "state"),
	READ("work_done"),
	INSERT("work_done", "result"),
	DELETE("work_done"),
	READ("work_attempt"),
	INSERT("work_attempt", "reason"),
	DELETE("work_attempt"),
	ALL("delivery", "url"),
	READ("delivery_attempt"),
	INSERT("delivery_attempt", "error_message"),
	DELETE("delivery_attempt"),
	ALL("webhook_secret", "sealed"),
	READ("loopback_message"),
	INSERT("loopback_message", "text"),
	ALL("receipt", "status"),
	ALL("opt_out", "user_key"),
	ALL("email_address", "label"),
	ALL("mail_thread", "cc"),
	ALL("mail", "subject"),
	ALL("suppression", "reason"),
	ALL("mail_inbound", "recipient"),
	ALL("mail_piece", "base64"),
	ALL("hook_token", "created_at"),
	READ("turn"),
	INSERT("turn", "trace"),
	DELETE("turn"),
	ALL("number_pace", "next_at"),
	ALL("model_setting", "model"),
	ALL("idempotency", "status"),
};

static const struct right key_rights[] = {
	INSERT("api_key", "name"),
	UPDATE("api_key", "name"),
};
/* clang-format on */

static enum outcome list_lacks(struct db *db, struct arena *arena,
    const struct right *list, size_t count, struct buf *lacks);
static enum outcome try_right(
    struct db *db, struct arena *arena, const struct stmt *stmt);

enum outcome
doctor_read_server(
    struct db *db, struct arena *arena, struct doctor_server *server)
{
	return stmt_one(db, arena, &read_server, NO_VALUES, server);
}

enum outcome
doctor_list_foreign(struct db *db, struct arena *arena, struct rows *rows)
{
	return stmt_all(db, arena, &list_foreign, NO_VALUES, rows);
}

enum outcome
doctor_list_lacks(struct db *db, struct arena *arena, struct buf *lacks)
{
	return list_lacks(db, arena, rights, COUNT(rights), lacks);
}

enum outcome
doctor_list_key_lacks(struct db *db, struct arena *arena, struct buf *lacks)
{
	return list_lacks(db, arena, key_rights, COUNT(key_rights), lacks);
}

static enum outcome
list_lacks(struct db *db, struct arena *arena, const struct right *list,
    size_t count, struct buf *lacks)
{
	size_t i;
	enum outcome rc;

	for (i = 0; i < count; i++) {
		rc = try_right(db, arena, &list[i].stmt);
		if (rc == UNAVAILABLE)
			return rc;
		if (rc != OK)
			buf_add_format(lacks, "%s%s",
			    lacks->length > 0 ? ", " : "", list[i].name);
	}
	return OK;
}

static enum outcome
try_right(struct db *db, struct arena *arena, const struct stmt *stmt)
{
	struct usage ignored;

	if (stmt->columns == NULL)
		return stmt_run(db, stmt, NO_VALUES, NULL);
	return stmt_one(db, arena, stmt, NO_VALUES, &ignored);
}
