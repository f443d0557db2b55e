/*
 * A connection to MariaDB (10.6 or later) or MySQL (8.0 or later).
 *
 * It connects when it is first needed, and again when the server went away
 * outside a transaction.  Every session is the same: READ COMMITTED, strict
 * mode, utf8mb4, UTC, and affected rows are the rows found and not only the
 * rows changed, so that a guarded UPDATE counts what its WHERE matched.
 *
 * One connection serves one thread.  Only src/db sees the client library.
 */
#ifndef PARLEY_DB_DB_H
#define PARLEY_DB_DB_H

#include "base/base.h"

struct arena;
struct config;
struct db;

/* A connection that is yet to be made, to the first of the configured
 * servers that answers; it is closed with the arena.  `config` must outlive
 * it. */
struct db *db_new(struct arena *arena, const struct config *config);

/* Connects where there is no connection.  UNAVAILABLE, and the reason is
 * in db_trouble. */
enum outcome db_connect(struct db *db) MUSTCHECK;

/* What the server or the client library said last, for the operator. */
const char *db_trouble(const struct db *db);

/* What db_trouble_number says when a row's lock was waited for too long. */
#define DB_LOCK_WAIT 1205

/* Its number: ER_... of the server, or CR_... of the client library. */
unsigned db_trouble_number(const struct db *db);

/* The server's version as it calls itself: "10.11.19-MariaDB". */
const char *db_version(const struct db *db);

/* From now on failures are not logged; db_trouble still tells.  For a
 * program that reports them itself. */
void db_hush(struct db *db);

#endif
