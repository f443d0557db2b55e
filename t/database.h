/*
 * A database of its own for a test program, on the server whose socket is
 * $PARLEY_TEST_DATABASE_SOCKET (user root without a password).
 *
 *   int main(void) {
 *           struct database d;
 *
 *           database_open(&d);
 *           is_outcome(key_find(d.db, d.arena, &id, &key), NOT_FOUND,
 *               "a key that was never made is not found");
 *           database_close(&d);
 *           return done();
 *   }
 *
 * There are two connections, so that a test can race with itself, and two
 * accounts, so that it can look over the fence.  A child that
 * database_fork starts has connections and an arena of its own.
 */
#ifndef PARLEY_TEST_DATABASE_H
#define PARLEY_TEST_DATABASE_H

#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/id.h"
#include "base/log.h"
#include "base/secret.h"
#include "db/db.h"
#include "db/migrate.h"
#include "db/stmt.h"
#include "db/tx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define DATABASE_PATIENCE 20 /* seconds that something may take */

struct database {
	struct arena *arena;
	struct config config;
	struct config server; /* the same, without a database */
	struct db *db, *other;
	struct db *root; /* what the test itself asks */
	struct id account, stranger;
	const char *name;
};

/* A program may have several, each with its name. */
static int database_count;

#define is_outcome(got, wanted, ...)                                           \
	is_text(outcome_name(got), outcome_name(wanted), __VA_ARGS__)

/* A step that must work for the test to make sense. */
#define must(call) database_must((call), #call, __FILE__, __LINE__)

static inline void
database_must(enum outcome rc, const char *call, const char *file, int line)
{
	if (rc == OK)
		return;
	printf("# %s:%d: %s: %s\n", file, line, call, outcome_name(rc));
	exit(1);
}

/* Runs a statement; `%` is written twice in it. */
__attribute__((format(printf, 2, 3))) static inline void
database_do(struct db *db, const char *format, ...)
{
	struct arena *arena = arena_new();
	struct stmt stmt = { .once = true };
	va_list values;

	va_start(values, format);
	stmt.sql = arena_format_values(arena, format, values);
	va_end(values);
	must(stmt_run(db, &stmt, NO_VALUES, NULL));
	arena_free(arena);
}

struct database_cell {
	int64_t integer;
	const char *text;
};

/* The number in the first row and column, -1 where there is no row. */
__attribute__((format(printf, 2, 3))) static inline int64_t
database_number(struct db *db, const char *format, ...)
{
	static const struct column columns[] = {
		COLUMN(INTEGER, struct database_cell, integer),
	};
	struct arena *arena = arena_new();
	struct stmt stmt = {
		ROWS(columns, struct database_cell),
		.once = true,
	};
	struct database_cell cell = { -1, NULL };
	va_list values;
	enum outcome rc;

	va_start(values, format);
	stmt.sql = arena_format_values(arena, format, values);
	va_end(values);
	rc = stmt_one(db, arena, &stmt, NO_VALUES, &cell);
	if (rc != NOT_FOUND)
		must(rc);
	arena_free(arena);
	return cell.integer;
}

/* The text in the first row and column, NULL where there is no row. */
__attribute__((format(printf, 3, 4))) static inline const char *
database_text(struct db *db, struct arena *arena, const char *format, ...)
{
	static const struct column columns[] = {
		COLUMN(TEXT, struct database_cell, text),
	};
	struct stmt stmt = {
		ROWS(columns, struct database_cell),
		.once = true,
	};
	struct database_cell cell = { 0, NULL };
	va_list values;
	enum outcome rc;

	va_start(values, format);
	stmt.sql = arena_format_values(arena, format, values);
	va_end(values);
	rc = stmt_one(db, arena, &stmt, NO_VALUES, &cell);
	if (rc != NOT_FOUND)
		must(rc);
	return cell.text;
}

/* An id as a literal of SQL. */
static inline const char *
database_id(struct arena *arena, const struct id *id)
{
	return arena_format(
	    arena, "x'%s'", secret_hex(arena, id->bytes, ID_BYTES));
}

static inline void
database_connect(struct database *d)
{
	d->db = db_new(d->arena, &d->config);
	d->other = db_new(d->arena, &d->config);
	d->root = db_new(d->arena, &d->config);
}

/* A database without tables. */
static inline void
database_open_empty(struct database *d)
{
	struct db *server;

	*d = (struct database){ .arena = arena_new() };
	d->config.database_socket = getenv("PARLEY_TEST_DATABASE_SOCKET");
	if (d->config.database_socket == NULL) {
		printf("Bail out! run through make check\n");
		exit(1);
	}
	d->name = arena_format(
	    d->arena, "parley_test_%d_%d", (int)getpid(), ++database_count);
	d->config.database_user = "root";
	d->config.database_password = "";
	d->config.database_timeout = DATABASE_PATIENCE;
	d->server = d->config;
	d->config.database_name = d->name;
	d->account = id_new();
	d->stranger = id_new();
	server = db_new(d->arena, &d->server);
	database_do(server, "DROP DATABASE IF EXISTS %s", d->name);
	database_do(
	    server, "CREATE DATABASE %s CHARACTER SET utf8mb4", d->name);
	database_connect(d);
}

/* A database with all migrations applied. */
static inline void
database_open(struct database *d)
{
	struct buf report;

	database_open_empty(d);
	buf_init(&report, d->arena, 65536);
	if (migrate_run(d->arena, &d->config, &report) != OK) {
		printf("# %s", buf_text(&report));
		exit(1);
	}
}

static inline void
database_close(struct database *d)
{
	struct db *server = db_new(d->arena, &d->server);

	database_do(server, "DROP DATABASE %s", d->name);
	arena_free(d->arena);
}

static inline void
database_begin(struct db *db)
{
	database_do(db, "START TRANSACTION");
}

static inline void
database_commit(struct db *db)
{
	database_do(db, "COMMIT");
}

static inline void
database_rollback(struct db *db)
{
	database_do(db, "ROLLBACK");
}

/* From now on this connection does not wait for a lock: AGAIN at once. */
static inline void
database_hurry(struct db *db)
{
	database_do(db, "SET SESSION innodb_lock_wait_timeout = 0");
}

/* Ends a connection as an operator would, and waits until it is gone. */
static inline void
database_kill(struct database *d, struct db *db)
{
	const struct timespec pause = { 0, 2000000 };
	int64_t id = database_number(db, "SELECT CONNECTION_ID()");
	time_t end = time(NULL) + DATABASE_PATIENCE;

	database_do(d->root, "KILL %lld", (long long)id);
	while (database_number(d->root,
		   "SELECT COUNT(*) FROM information_schema.processlist"
		   " WHERE id = %lld",
		   (long long)id) > 0 &&
	       time(NULL) < end)
		(void)nanosleep(&pause, NULL);
}

/* What InnoDB says of itself: the tables of information_schema that say the
 * same are kept for a while and are no use to one who waits. */
static inline const char *
database_status(struct database *d, struct arena *arena)
{
	static const struct column columns[] = {
		COLUMN(TEXT, struct database_cell, text),
		COLUMN(TEXT, struct database_cell, text),
		COLUMN(TEXT, struct database_cell, text),
	};
	struct stmt stmt = {
		.sql = "SHOW ENGINE INNODB STATUS",
		ROWS(columns, struct database_cell),
		.once = true,
	};
	struct database_cell cell;

	must(stmt_one(d->root, arena, &stmt, NO_VALUES, &cell));
	return cell.text;
}

/* How many transactions of this database wait for a lock. */
static inline int64_t
database_count_waits(struct database *d)
{
	struct arena *arena = arena_new();
	const char *at = strstr(database_status(d, arena), "\nTRANSACTIONS\n");
	int64_t count = 0;

	while (at != NULL && (at = strstr(at, "\nLOCK WAIT")) != NULL &&
	       (at = strstr(at, "thread id ")) != NULL)
		count += database_number(d->root,
		    "SELECT COUNT(*) FROM information_schema.processlist"
		    " WHERE id = %lld AND db = '%s'",
		    strtoll(at + 10, NULL, 10), d->name);
	arena_free(arena);
	return count;
}

/* Waits until so many transactions of this database wait for a lock. */
static inline bool
database_waits(struct database *d, int64_t count)
{
	const struct timespec pause = { 0, 5000000 };
	time_t end = time(NULL) + DATABASE_PATIENCE;

	while (database_count_waits(d) < count) {
		if (time(NULL) >= end)
			return false;
		(void)nanosleep(&pause, NULL);
	}
	return true;
}

/* Runs `body` in a child; its outcome comes with database_join. */
static inline pid_t
database_fork(struct database *d, void *context,
    enum outcome (*body)(struct database *d, void *context))
{
	struct database own = *d;
	pid_t child = fork();

	if (child != 0)
		return child;
	own.arena = arena_new();
	database_connect(&own);
	_exit((int)body(&own, context));
}

static inline enum outcome
database_join(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) == child && WIFEXITED(status))
		return (enum outcome)WEXITSTATUS(status);
	return FAULT;
}

/* Forgets what the connection's statements read so far. */
static inline void
database_watch(struct db *db)
{
	database_do(db, "FLUSH STATUS");
}

/* How many rows they read since, by index or by scan: what a statement
 * that uses its index reads does not grow with the table. */
static inline int64_t
database_reads(struct db *db)
{
	return database_number(db,
	    "SELECT SUM(variable_value)"
	    " FROM information_schema.session_status"
	    " WHERE variable_name LIKE 'HANDLER_READ_%%'"
	    " AND variable_name <> 'HANDLER_READ_RND_DELETED'");
}

#endif
