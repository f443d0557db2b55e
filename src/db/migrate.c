/*
 * Applying migrations, and printing the schema that they lead to.
 */
#include "base/base.h"

#include "db/migrate.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "db/db.h"
#include "db/link.h"
#include "db/stmt.h"
#include "db/tx.h"

#include <mysqld_error.h>
#include <string.h>

static const char table[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    " version BIGINT NOT NULL PRIMARY KEY,"
    " name VARCHAR(100) NOT NULL,"
    " digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
    " applied_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6))"
    " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

struct applied {
	int64_t version;
	const char *digest;
};

static const struct column applied_columns[] = {
	COLUMN(INTEGER, struct applied, version),
	COLUMN(TEXT, struct applied, digest),
};

static const struct stmt list_applied = {
	.sql = "SELECT version, digest"
	       " FROM schema_migration"
	       " WHERE version > 0"
	       " ORDER BY version",
	ROWS(applied_columns, struct applied),
};

/* Row 0 is the lock: DDL commits at once, so whoever migrates holds this
 * row on a second connection.  Where it is there already it is not touched:
 * to insert it would wait for whoever holds it, outside tx_run. */
static const struct stmt add_lock = {
	.sql = "INSERT IGNORE INTO schema_migration (version, name, digest)"
	       " SELECT 0, 'lock', ''"
	       " FROM DUAL"
	       " WHERE NOT EXISTS (SELECT 1"
	       "  FROM schema_migration"
	       "  WHERE version = 0)",
};

static const struct stmt take_lock = {
	.sql = "SELECT version, digest"
	       " FROM schema_migration"
	       " WHERE version = 0"
	       " FOR UPDATE",
	ROWS(applied_columns, struct applied),
};

static const struct stmt add_applied = {
	.sql = "INSERT INTO schema_migration (version, name, digest)"
	       " VALUES (?, ?, ?)",
};

static const struct column version_columns[] = {
	COLUMN(INTEGER, struct applied, version),
};

static const struct stmt find_version = {
	.sql = "SELECT COALESCE(MAX(version), 0)"
	       " FROM schema_migration",
	ROWS(version_columns, struct applied),
};

struct table {
	const char *name;
	const char *text;
};

static const struct column table_columns[] = {
	COLUMN(TEXT, struct table, name),
};

static const struct column create_columns[] = {
	COLUMN(TEXT, struct table, name),
	COLUMN(TEXT, struct table, text),
};

static const struct stmt list_tables = {
	.sql = "SELECT table_name"
	       " FROM information_schema.tables"
	       " WHERE table_schema = DATABASE()"
	       " ORDER BY table_name",
	ROWS(table_columns, struct table),
};

/* What one run needs. */
struct run {
	struct arena *arena;
	struct db *db; /* makes the changes; another connection has the lock */
	struct buf *report;
};

static enum outcome migrate_locked(struct db *lock, void *context);
static enum outcome check_applied(struct run *run, const struct rows *applied);
static enum outcome apply(struct run *run, const struct migration *migration);
static enum outcome apply_statements(struct run *run, const char *sql);
static const char *digest_of(struct arena *arena, const char *sql);

enum outcome
migrate_run(
    struct arena *arena, const struct config *config, struct buf *report)
{
	struct run run = { arena, db_new(arena, config), report };
	struct db *lock = db_new(arena, config);
	struct tx tx = { migrate_locked, tx_repeat, &run };
	enum outcome rc;

	db_hush(run.db);
	db_hush(lock);
	rc = db_connect(run.db);
	if (rc == OK)
		rc = link_command(run.db, table);
	if (rc == OK)
		rc = stmt_run(run.db, &add_lock, NO_VALUES, NULL);
	if (rc == OK)
		rc = tx_run(lock, &tx);
	if (rc != OK && rc != INVALID)
		buf_add_format(report, "the database says: %s\n",
		    db_trouble(db_trouble_number(run.db) != 0 ? run.db : lock));
	return rc;
}

enum outcome
migrate_version(struct db *db, struct arena *arena, int64_t *version)
{
	struct applied row;
	enum outcome rc = stmt_one(db, arena, &find_version, NO_VALUES, &row);

	if (rc == FAULT && db_trouble_number(db) == ER_NO_SUCH_TABLE)
		row.version = 0;
	else if (rc != OK)
		return rc;
	*version = row.version;
	return OK;
}

int64_t
migrate_needed(void)
{
	return (int64_t)migrations_count;
}

enum outcome
migrate_schema(struct db *db, struct arena *arena, struct buf *out)
{
	struct rows rows;
	struct table *tables, shown;
	struct stmt show = { ROWS(create_columns, struct table), .once = true };
	size_t i;
	enum outcome rc = stmt_all(db, arena, &list_tables, NO_VALUES, &rows);

	if (rc != OK)
		return rc;
	tables = rows.list;
	for (i = 0; i < rows.count; i++) {
		show.sql = arena_format(
		    arena, "SHOW CREATE TABLE `%s`", tables[i].name);
		rc = stmt_one(db, arena, &show, NO_VALUES, &shown);
		if (rc != OK)
			return rc;
		buf_add_format(out, "%s%s;\n", i > 0 ? "\n" : "", shown.text);
	}
	return OK;
}

/* Runs while `lock` holds row 0, so that nobody else migrates. */
static enum outcome
migrate_locked(struct db *lock, void *context)
{
	struct run *run = context;
	struct applied ignored;
	struct rows applied = { 0 };
	size_t i;
	enum outcome rc =
	    stmt_one(lock, run->arena, &take_lock, NO_VALUES, &ignored);

	if (rc == OK)
		rc = stmt_all(
		    run->db, run->arena, &list_applied, NO_VALUES, &applied);
	if (rc == OK)
		rc = check_applied(run, &applied);
	for (i = applied.count; rc == OK && i < migrations_count; i++)
		rc = apply(run, &migrations[i]);
	return rc;
}

static enum outcome
check_applied(struct run *run, const struct rows *applied)
{
	const struct applied *rows = applied->list;
	size_t i;

	if (applied->count > migrations_count) {
		buf_add_format(run->report,
		    "the database has migration %lld, this program knows"
		    " %zu: install the newer Parley\n",
		    (long long)rows[applied->count - 1].version,
		    migrations_count);
		return INVALID;
	}
	for (i = 0; i < applied->count; i++) {
		if (rows[i].version == migrations[i].version &&
		    text_equal(rows[i].digest,
			digest_of(run->arena, migrations[i].sql)))
			continue;
		buf_add_format(run->report,
		    "%s was edited after it was applied: restore its text"
		    " and put the change into a new migration\n",
		    migrations[i].name);
		return INVALID;
	}
	return OK;
}

static enum outcome
apply(struct run *run, const struct migration *migration)
{
	enum outcome rc = apply_statements(run, migration->sql);

	if (rc == OK)
		rc = stmt_run(run->db, &add_applied,
		    VALUES(value_integer(migration->version),
			value_text(migration->name),
			value_text(digest_of(run->arena, migration->sql))),
		    NULL);
	if (rc == OK)
		buf_add_format(run->report, "applied %s\n", migration->name);
	else
		buf_add_format(run->report, "%s failed\n", migration->name);
	return rc;
}

static enum outcome
apply_statements(struct run *run, const char *sql)
{
	const char *end;
	enum outcome rc = OK;

	while (rc == OK && (end = strstr(sql, ";\n")) != NULL) {
		rc = link_command(
		    run->db, arena_copy(run->arena, sql, (size_t)(end - sql)));
		sql = end + 2;
	}
	return rc;
}

static const char *
digest_of(struct arena *arena, const char *sql)
{
	unsigned char digest[SECRET_DIGEST];

	secret_digest(sql, strlen(sql), digest);
	return secret_hex(arena, digest, sizeof(digest));
}
