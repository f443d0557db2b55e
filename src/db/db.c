/*
 * Connecting, and what the errors of the server and of the client library
 * mean.
 */
#include "base/base.h"

#include "db/db.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/text.h"
#include "db/link.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What a number means.  To add one, add a row; what is not here is a FAULT.
 * ER_UNKNOWN_COM_ERROR (1047) is what a Galera node says that is not ready.
 */
/* clang-format off */
static const struct {
	unsigned number;
	enum outcome outcome;
} meanings[] = {
	{ ER_DUP_ENTRY,              CONFLICT },
	{ ER_DUP_UNKNOWN_IN_INDEX,   CONFLICT },
	{ ER_LOCK_DEADLOCK,          AGAIN },
	{ ER_LOCK_WAIT_TIMEOUT,      AGAIN },
	{ ER_UNKNOWN_COM_ERROR,      UNAVAILABLE },
	{ ER_SERVER_SHUTDOWN,        UNAVAILABLE },
	{ ER_NORMAL_SHUTDOWN,        UNAVAILABLE },
	{ ER_CON_COUNT_ERROR,        UNAVAILABLE },
	{ ER_TOO_MANY_USER_CONNECTIONS, UNAVAILABLE },
	{ 1927 /* killed */,         UNAVAILABLE },
	{ 4031 /* idle, MySQL */,    UNAVAILABLE },
	{ CR_CONNECTION_ERROR,       UNAVAILABLE },
	{ CR_CONN_HOST_ERROR,        UNAVAILABLE },
	{ CR_UNKNOWN_HOST,           UNAVAILABLE },
	{ CR_SERVER_GONE_ERROR,      UNAVAILABLE },
	{ CR_SERVER_LOST,            UNAVAILABLE },
	{ 2055 /* lost, extended */, UNAVAILABLE },
};
/* clang-format on */
static_assert(DB_LOCK_WAIT == ER_LOCK_WAIT_TIMEOUT, "the server's number");

static const char session[] =
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
static const char session_variables[] =
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',"
    " time_zone = '+00:00', innodb_lock_wait_timeout = 5";

static void close_link(void *db);
static enum outcome connect_any(struct db *db);
static enum outcome connect_one(struct db *db, const char *host, unsigned port);

struct db *
db_new(struct arena *arena, const struct config *config)
{
	struct db *db = arena_alloc(arena, sizeof(*db));

	db->config = config;
	arena_defer(arena, close_link, db);
	return db;
}

enum outcome
db_connect(struct db *db)
{
	enum outcome rc;

	if (db->mysql != NULL)
		return OK;
	rc = connect_any(db);
	if (rc != OK) {
		if (!db->hushed)
			log_fault("no database: %s", db->trouble);
		return UNAVAILABLE;
	}
	rc = link_command(db, session);
	if (rc == OK)
		rc = link_command(db, session_variables);
	if (rc != OK)
		link_close(db);
	return rc;
}

const char *
db_trouble(const struct db *db)
{
	return db->trouble;
}

unsigned
db_trouble_number(const struct db *db)
{
	return db->trouble_number;
}

const char *
db_version(const struct db *db)
{
	return db->mysql != NULL ? mysql_get_server_info(db->mysql) : "";
}

void
db_hush(struct db *db)
{
	db->hushed = true;
}

enum outcome
link_failed(
    struct db *db, unsigned number, const char *message, const char *sql)
{
	enum outcome outcome = FAULT;
	size_t i;

	db->trouble_number = number;
	(void)snprintf(
	    db->trouble, sizeof(db->trouble), "%s (%u)", message, number);
	for (i = 0; i < COUNT(meanings); i++)
		if (meanings[i].number == number)
			outcome = meanings[i].outcome;
	if (outcome == FAULT && !db->hushed)
		log_fault("database: %s in: %s", db->trouble, sql);
	if (outcome == UNAVAILABLE) {
		/* What this transaction did is rolled back by the server, so
		 * it may be run again on a new connection. */
		if (db->within)
			outcome = AGAIN;
		link_close(db);
	}
	return outcome;
}

enum outcome
link_command(struct db *db, const char *sql)
{
	if (mysql_query(db->mysql, sql) == 0)
		return OK;
	return link_failed(
	    db, mysql_errno(db->mysql), mysql_error(db->mysql), sql);
}

void
link_close(struct db *db)
{
	size_t i;

	if (db->mysql == NULL)
		return;
	for (i = 0; i < LINK_STATEMENTS; i++)
		if (db->kept[i].handle != NULL)
			(void)mysql_stmt_close(db->kept[i].handle);
	(void)memset(db->kept, 0, sizeof(db->kept));
	mysql_close(db->mysql);
	db->mysql = NULL;
}

static void
close_link(void *db)
{
	link_close(db);
}

/* Tries the servers in the order in which they are configured. */
static enum outcome
connect_any(struct db *db)
{
	const struct config *config = db->config;
	struct arena *arena;
	const char **hosts;
	const char *colon;
	int64_t port;
	enum outcome rc = UNAVAILABLE;
	size_t i;

	if (config->database_hosts == NULL)
		return connect_one(
		    db, config->database_host, (unsigned)config->database_port);
	arena = arena_new();
	hosts = text_split(arena, config->database_hosts, ',');
	for (i = 0; rc != OK && hosts[i] != NULL; i++) {
		port = config->database_port;
		colon = strrchr(hosts[i], ':');
		if (colon != NULL && text_to_integer(colon + 1, &port) == OK)
			hosts[i] = arena_copy(
			    arena, hosts[i], (size_t)(colon - hosts[i]));
		rc = connect_one(db, hosts[i], (unsigned)port);
	}
	arena_free(arena);
	return rc;
}

static enum outcome
connect_one(struct db *db, const char *host, unsigned port)
{
	const struct config *config = db->config;
	unsigned seconds = (unsigned)config->database_timeout;
	MYSQL *mysql = mysql_init(NULL);

	if (mysql == NULL)
		abort();
	(void)mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
	(void)mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &seconds);
	(void)mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
	(void)mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (mysql_real_connect(mysql,
		config->database_socket != NULL ? NULL : host,
		config->database_user, config->database_password,
		config->database_name, port, config->database_socket,
		CLIENT_FOUND_ROWS) != NULL) {
		db->mysql = mysql;
		return OK;
	}
	db->trouble_number = mysql_errno(mysql);
	(void)snprintf(db->trouble, sizeof(db->trouble), "%s (%u)",
	    mysql_error(mysql), mysql_errno(mysql));
	mysql_close(mysql);
	return UNAVAILABLE;
}
