#include "base/base.h"

#include "command/checks_database.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/when.h"
#include "command/run.h"
#include "db/db.h"
#include "db/migrate.h"
#include "db/stmt.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define LIST_MOST 4096
#define CLOCK_MOST (2 * WHEN_SECOND)
/* Of MariaDB's that name MySQL's last version before theirs. */
#define PRETENCE "5.5.5-"

/* What to do when there is no connection, by the number of the server or of
 * the client library; the last row is for all others. */
static const struct {
	unsigned number;
	const char *todo;
} advice[] = {
	{ 1040, "raise the server's max_connections" },
	{ 1044, "run sql/grants.sql as the server's administrator" },
	{ 1045, "set [database] user and password to a user of the server;"
		" sql/grants.sql makes some" },
	{ 1049, "mariadb -e 'CREATE DATABASE NAME CHARACTER SET utf8mb4', NAME"
		" as in [database] name" },
	{ 1130, "let the server's user connect from this host;"
		" sql/grants.sql says how" },
	{ 1698, "set [database] user to the user who runs this, or to one with"
		" a password; sql/grants.sql makes some" },
	{ 2005, "set [database] host to a name that can be looked up" },
	{ 0, "start the server (systemctl start mariadb), or set [database]"
	     " socket, or host and port, to where it listens" },
};

static enum verdict cannot_ask(struct exam *exam);
static const char *connection_advice(const struct db *db);
static bool version_parse(
    struct arena *arena, const char *text, int64_t *major, int64_t *minor);

enum verdict
checks_connection(struct exam *exam)
{
	struct run *run = exam->run;
	const char *where = run_database(run->arena, &run->config);
	const char *socket = run->config.database_socket;

	run->db = db_new(run->arena, &run->config);
	db_hush(run->db);
	if (socket != NULL && access(socket, R_OK | W_OK) == -1)
		return checks_fail(exam, connection_advice(run->db),
		    "the socket %s: %s", socket, strerror(errno));
	if (db_connect(run->db) != OK)
		return checks_fail(exam, connection_advice(run->db),
		    "tried %s as %s: %s", where, run->config.database_user,
		    db_trouble(run->db));
	if (doctor_read_server(run->db, run->arena, &exam->server) != OK)
		return cannot_ask(exam);
	exam->connected = true;
	return checks_ok(exam, "%s as %s", where, run->config.database_user);
}

enum verdict
checks_version(struct exam *exam)
{
	const char *text = db_version(exam->run->db);
	bool mariadb = strstr(text, "MariaDB") != NULL;
	int64_t major, minor, number, needed = mariadb ? 1006 : 800;

	if (!version_parse(exam->run->arena, text, &major, &minor))
		return checks_warn(exam,
		    "make sure that it is MariaDB 10.6 or MySQL 8.0, or later",
		    "the server calls its version %s", text);
	number = major * 100 + minor;
	if (number < needed)
		return checks_fail(exam,
		    "upgrade it to MariaDB 10.6 or MySQL 8.0, or later",
		    "%s is too old", text);
	return checks_ok(exam, "%s", text);
}

enum verdict
checks_migrations(struct exam *exam)
{
	struct run *run = exam->run;
	int64_t version, needed = migrate_needed();

	if (migrate_version(run->db, run->arena, &version) != OK)
		return checks_fail(exam,
		    "run `parley migrate` as parley_admin, then sql/grants.sql"
		    " as the server's administrator",
		    "the schema cannot be read: %s", db_trouble(run->db));
	if (version < needed)
		return checks_fail(exam, "run `parley migrate`",
		    "the schema has version %lld, and %lld is needed",
		    (long long)version, (long long)needed);
	exam->migrated = true;
	if (version > needed)
		return checks_fail(exam, "install the newer Parley",
		    "the schema has version %lld, this program knows %lld",
		    (long long)version, (long long)needed);
	return checks_ok(exam, "version %lld", (long long)version);
}

enum verdict
checks_rights(struct exam *exam)
{
	struct run *run = exam->run;
	struct buf lacks;

	buf_init(&lacks, run->arena, LIST_MOST);
	if (doctor_list_lacks(run->db, run->arena, &lacks) != OK)
		return cannot_ask(exam);
	if (lacks.length > 0)
		return checks_fail(exam,
		    "run sql/grants.sql as the server's administrator",
		    "%s lacks %s", run->config.database_user, buf_text(&lacks));
	return VERDICT_OK;
}

enum verdict
checks_key_rights(struct exam *exam)
{
	struct run *run = exam->run;
	struct buf lacks;

	buf_init(&lacks, run->arena, LIST_MOST);
	if (doctor_list_key_lacks(run->db, run->arena, &lacks) != OK)
		return cannot_ask(exam);
	if (lacks.length > 0)
		return checks_warn(exam,
		    "for parley-api, run sql/grants.sql as the server's"
		    " administrator; for parley-worker this is right",
		    "%s lacks %s", run->config.database_user, buf_text(&lacks));
	return VERDICT_OK;
}

enum verdict
checks_engine(struct exam *exam)
{
	struct run *run = exam->run;
	const struct doctor_table *tables;
	struct rows rows;
	struct buf list;
	size_t i;

	if (doctor_list_foreign(run->db, run->arena, &rows) != OK)
		return cannot_ask(exam);
	tables = rows.list;
	buf_init(&list, run->arena, LIST_MOST);
	for (i = 0; i < rows.count; i++)
		buf_add_format(&list, "%s%s (%s)", i > 0 ? ", " : "",
		    tables[i].name,
		    tables[i].engine != NULL ? tables[i].engine : "none");
	if (rows.count > 0)
		return checks_fail(exam,
		    "ALTER TABLE NAME ENGINE=InnoDB, for each: others have"
		    " no transactions",
		    "not InnoDB: %s", buf_text(&list));
	return checks_ok(exam, "InnoDB");
}

/* A moment between the question and the answer is no difference. */
enum verdict
checks_clock(struct exam *exam)
{
	struct run *run = exam->run;
	int64_t before = when_now(), after, off = 0;

	if (doctor_read_server(run->db, run->arena, &exam->server) != OK)
		return cannot_ask(exam);
	after = when_now();
	if (exam->server.now < before)
		off = before - exam->server.now;
	else if (exam->server.now > after)
		off = exam->server.now - after;
	if (off < CLOCK_MOST)
		return VERDICT_OK;
	return checks_fail(exam, "let NTP set the clocks of both hosts",
	    "this host's and the database server's differ by %.1f s",
	    (double)off / (double)WHEN_SECOND);
}

enum verdict
checks_durability(struct exam *exam)
{
	if (exam->server.flush == 1)
		return VERDICT_OK;
	return checks_warn(exam,
	    "set innodb_flush_log_at_trx_commit = 1 in the server's"
	    " configuration",
	    "innodb_flush_log_at_trx_commit is %lld: a power cut can lose"
	    " what was answered with success",
	    (long long)exam->server.flush);
}

enum verdict
checks_connections(struct exam *exam)
{
	int64_t children = exam->run->config.api_children;
	int64_t own = exam->server.user_connections;
	int64_t most = exam->server.connections;

	if (own > 0 && own < most)
		most = own;
	if (most > children)
		return checks_ok(exam, "%lld", (long long)most);
	return checks_fail(exam,
	    "raise the server's max_connections, or set [api] children lower",
	    "the server gives %s %lld, and each of the %lld children of"
	    " parley-api needs one",
	    exam->run->config.database_user, (long long)most,
	    (long long)children);
}

/* The connection was there a moment ago. */
static enum verdict
cannot_ask(struct exam *exam)
{
	return checks_fail(exam, connection_advice(exam->run->db),
	    "the server does not answer: %s", db_trouble(exam->run->db));
}

static const char *
connection_advice(const struct db *db)
{
	size_t i = 0;

	while (
	    advice[i].number != 0 && advice[i].number != db_trouble_number(db))
		i++;
	return advice[i].todo;
}

static bool
version_parse(
    struct arena *arena, const char *text, int64_t *major, int64_t *minor)
{
	const char **parts;

	if (text_starts(text, PRETENCE))
		text += strlen(PRETENCE);
	parts = text_split(arena, text, '.');
	return parts[0] != NULL && parts[1] != NULL &&
	       text_to_integer(parts[0], major) == OK &&
	       text_to_integer(parts[1], minor) == OK;
}
