/*
 * What the files of src/db share and nobody else sees: the connection
 * itself, and what its errors mean.
 */
#ifndef PARLEY_DB_LINK_H
#define PARLEY_DB_LINK_H

#include <mysql.h>

#include "base/base.h"

#define LINK_STATEMENTS 512 /* kept at most; a power of two */
#define LINK_TROUBLE 512

struct config;
struct stmt;

struct db {
	const struct config *config;
	MYSQL *mysql;
	bool within; /* a transaction */
	bool hushed;
	struct {
		const struct stmt *stmt;
		MYSQL_STMT *handle;
	} kept[LINK_STATEMENTS]; /* a hash table by address */
	unsigned trouble_number;
	char trouble[LINK_TROUBLE];
};

/* Notes what went wrong, and says what it means: CONFLICT, AGAIN,
 * UNAVAILABLE or FAULT (which it logs, with `sql`).  A lost connection is
 * closed. */
enum outcome link_failed(
    struct db *db, unsigned number, const char *message, const char *sql);

/* Runs a text without values or rows. */
enum outcome link_command(struct db *db, const char *sql) MUSTCHECK;

/* Closes the connection and forgets its statements. */
void link_close(struct db *db);

#endif
