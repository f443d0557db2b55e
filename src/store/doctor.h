/*
 * What the operator's `parley doctor` asks the server: its clock and its
 * settings, where the tables are kept, and what this user may do.
 */
#ifndef PARLEY_STORE_DOCTOR_H
#define PARLEY_STORE_DOCTOR_H

#include "base/base.h"

struct arena;
struct buf;
struct db;
struct rows;

struct doctor_server {
	int64_t now;              /* by its own clock */
	int64_t flush;            /* innodb_flush_log_at_trx_commit */
	int64_t connections;      /* max_connections */
	int64_t user_connections; /* this user's; 0: no limit of its own */
};

struct doctor_table {
	const char *name;
	const char *engine;
};

enum outcome doctor_read_server(
    struct db *db, struct arena *arena, struct doctor_server *server) MUSTCHECK;

/* The tables that InnoDB does not keep, by name: rows of struct
 * doctor_table. */
enum outcome doctor_list_foreign(
    struct db *db, struct arena *arena, struct rows *rows) MUSTCHECK;

/* Which of the rights that parley-api needs this user lacks, as "INSERT on
 * message, ..."; nothing is added when it has them all.  It is found out by
 * statements that touch no row.  UNAVAILABLE. */
enum outcome doctor_list_lacks(
    struct db *db, struct arena *arena, struct buf *lacks) MUSTCHECK;

/* The same for the rights on keys, which parley-worker does without. */
enum outcome doctor_list_key_lacks(
    struct db *db, struct arena *arena, struct buf *lacks) MUSTCHECK;

#endif
