/*
 * Migrations: applied once and in order, refused when they were edited, and
 * two that run at once.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "db/db.h"
#include "db/migrate.h"

#include "database.h"
#include "tap.h"

#define REPORT 65536
#define RUNNERS 3

static enum outcome
migrate(struct database *d, const char **report)
{
	struct buf buf;
	enum outcome rc;

	buf_init(&buf, d->arena, REPORT);
	rc = migrate_run(d->arena, &d->config, &buf);
	*report = buf_text(&buf);
	return rc;
}

static int64_t
version(struct database *d)
{
	int64_t found = -1;

	must(migrate_version(d->db, d->arena, &found));
	return found;
}

static const char *
all_applied(struct database *d)
{
	struct buf buf;
	size_t i;

	buf_init(&buf, d->arena, REPORT);
	for (i = 0; i < migrations_count; i++)
		buf_add_format(&buf, "applied %s\n", migrations[i].name);
	return buf_text(&buf);
}

static void
test_table(void)
{
	size_t i;
	bool ordered = migrations_count > 0;

	for (i = 0; i < migrations_count; i++)
		ordered =
		    ordered && migrations[i].version == (int64_t)i + 1 &&
		    strtoll(migrations[i].name, NULL, 10) == (int64_t)i + 1;
	ok(ordered, "the migrations are numbered without a gap");
	is_int(migrate_needed(), (int64_t)migrations_count,
	    "the program needs the last of them");
}

static void
test_empty(struct database *d)
{
	const char *report;

	db_hush(d->db);
	is_int(version(d), 0, "an empty database is at version 0");
	is_outcome(migrate(d, &report), OK, "it is migrated");
	is_text(report, all_applied(d), "by all migrations, in order");
	is_int(version(d), migrate_needed(), "then it is at the last");
	is_outcome(migrate(d, &report), OK, "it is migrated again");
	is_text(report, "", "by none");
	is_int(database_number(d->db,
		   "SELECT COUNT(*) FROM schema_migration"
		   " WHERE version > 0 AND LENGTH(digest) = 64"),
	    migrate_needed(), "each stands there once, with its digest");
}

/* What the programs of that time left behind: the first so many migrations,
 * and the marks that were taken from `d`. */
static void
apply_first(struct database *older, const struct database *d, size_t count)
{
	const char *sql, *end;
	size_t i;

	for (i = 0; i < count; i++)
		for (sql = migrations[i].sql;
		     (end = strstr(sql, ";\n")) != NULL; sql = end + 2)
			database_do(older->db, "%.*s", (int)(end - sql), sql);
	database_do(older->db,
	    "CREATE TABLE schema_migration AS SELECT * FROM"
	    " %s.schema_migration WHERE version <= %zu",
	    d->name, count);
}

static void
test_next(const struct database *d)
{
	struct database older;
	const char *report;
	size_t last = migrations_count - 1;

	database_open_empty(&older);
	apply_first(&older, d, last);
	is_int(version(&older), (int64_t)last, "a database may be older");
	is_outcome(migrate(&older, &report), OK, "then it is migrated");
	is_text(report,
	    arena_format(d->arena, "applied %s\n", migrations[last].name),
	    "by what is missing");
	is_int(version(&older), migrate_needed(), "to the last");
	database_close(&older);
}

static void
test_edited(struct database *d)
{
	const char *report;

	database_do(d->db,
	    "UPDATE schema_migration SET digest = REVERSE(digest)"
	    " WHERE version = 2");
	is_outcome(migrate(d, &report), INVALID,
	    "a migration that was edited is refused");
	is_text(report,
	    arena_format(d->arena,
		"%s was edited after it was applied: restore its text and"
		" put the change into a new migration\n",
		migrations[1].name),
	    "with a sentence that says which, and what to do");
	database_do(d->db,
	    "UPDATE schema_migration SET digest = REVERSE(digest)"
	    " WHERE version = 2");
	is_outcome(migrate(d, &report), OK, "restored it is taken");
}

static void
test_newer(struct database *d)
{
	const char *report;
	int64_t newer = migrate_needed() + 1;

	database_do(d->db,
	    "INSERT INTO schema_migration (version, name, digest)"
	    " VALUES (%lld, 'newer', '')",
	    (long long)newer);
	is_outcome(migrate(d, &report), INVALID,
	    "a schema that is newer than the program is refused");
	is_text(report,
	    arena_format(d->arena,
		"the database has migration %lld, this program knows %zu:"
		" install the newer Parley\n",
		(long long)newer, migrations_count),
	    "with a sentence that says so");
	is_int(version(d), newer, "its version is told");
	database_do(d->db, "DELETE FROM schema_migration WHERE version = %lld",
	    (long long)newer);
}

static void
test_gap(struct database *d)
{
	const char *report;

	database_do(d->db,
	    "UPDATE schema_migration SET version = 99 WHERE version = 2");
	is_outcome(migrate(d, &report), INVALID,
	    "a schema with a migration that is missing is refused");
	database_do(d->db,
	    "UPDATE schema_migration SET version = 2 WHERE version = 99");
}

static enum outcome
child_migrates(struct database *d, void *context)
{
	const char *report;
	enum outcome rc = migrate(d, &report);

	(void)context;
	if (rc != OK)
		printf("# %s", report);
	return rc;
}

static void
test_wait(struct database *d)
{
	pid_t child;

	database_begin(d->other);
	database_do(d->other,
	    "UPDATE schema_migration SET name = 'lock' WHERE version = 0");
	child = database_fork(d, NULL, child_migrates);
	ok(database_waits(d, 1), "who comes second waits for the first");
	is_int(database_number(d->root,
		   "SELECT COUNT(*) FROM information_schema.processlist"
		   " WHERE db = '%s' AND info LIKE '%%FOR UPDATE'",
		   d->name),
	    1, "where it can wait for as long as a transaction may");
	database_rollback(d->other);
	is_outcome(database_join(child), OK, "and then goes on");
}

/* What was applied half is not marked, and the sentence names it. */
static void
test_failed(void)
{
	struct database d;
	const char *report;

	database_open_empty(&d);
	database_do(d.db, "CREATE TABLE tool (id INT) ENGINE=InnoDB");
	is_outcome(migrate(&d, &report), FAULT,
	    "a migration that does not work is a fault");
	ok(text_starts(report, arena_format(d.arena,
				   "applied %s\n%s failed\n"
				   "the database says: ",
				   migrations[0].name, migrations[1].name)),
	    "the report says which, and what the database says");
	ok(strstr(report, "'tool' already exists") != NULL, "in its own words");
	is_int(version(&d), 1, "the database is at the last that worked");
	database_close(&d);
}

static void
test_race(void)
{
	struct database d;
	pid_t child[RUNNERS];
	int i, failed = 0;

	database_open_empty(&d);
	for (i = 0; i < RUNNERS; i++)
		child[i] = database_fork(&d, NULL, child_migrates);
	for (i = 0; i < RUNNERS; i++)
		failed += database_join(child[i]) != OK;
	is_int(failed, 0, "several at once on an empty database all succeed");
	is_int(database_number(d.db,
		   "SELECT COUNT(*) FROM schema_migration WHERE version > 0"),
	    migrate_needed(), "and each migration was applied once");
	database_close(&d);
}

static const char *
schema(struct database *d)
{
	struct buf buf;

	buf_init(&buf, d->arena, REPORT);
	must(migrate_schema(d->db, d->arena, &buf));
	return buf_text(&buf);
}

static void
test_schema(struct database *d)
{
	struct database other;
	const char *text = schema(d), *at, *account, *work;

	at = strstr(text, "CREATE TABLE `conversation` (\n");
	account = strstr(text, "CREATE TABLE `account` (\n");
	work = strstr(text, "CREATE TABLE `work` (\n");
	ok(account != NULL && at != NULL && work != NULL,
	    "the schema has the tables as statements");
	ok(account == text && account < at && at < work,
	    "the tables are by name");
	ok(text_ends(text, ";\n"), "each statement ends");
	ok(strstr(text, "CONSTRAINT `conversation_is_open` CHECK") != NULL,
	    "with keys and constraints");
	database_open_empty(&other);
	is_text(schema(&other), "", "an empty database has no schema");
	database_close(&other);
	database_open(&other);
	is_text(schema(&other), text, "the same migrations, the same schema");
	database_close(&other);
}

static void
test_nobody(struct database *d)
{
	struct database away = *d;
	const char *report;

	away.config.database_socket = "/nonexistent/mariadb.sock";
	is_outcome(migrate(&away, &report), UNAVAILABLE,
	    "without a server nothing is migrated");
	ok(text_starts(report, "the database says: ") &&
		strstr(report, "/nonexistent/mariadb.sock") != NULL,
	    "and the report says why");
}

int
main(void)
{
	struct database d;

	log_open("db_migrate.t");
	test_table();
	database_open_empty(&d);
	test_empty(&d);
	test_next(&d);
	test_edited(&d);
	test_newer(&d);
	test_gap(&d);
	test_wait(&d);
	test_nobody(&d);
	database_close(&d);
	test_failed();
	test_race();
	database_open(&d);
	test_schema(&d);
	database_close(&d);
	return done();
}
