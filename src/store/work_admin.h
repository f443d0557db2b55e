/*
 * Work as a person looks at it: what waits, runs and was given up, of every
 * account; trying again, and letting go.
 */
#ifndef PARLEY_STORE_WORK_ADMIN_H
#define PARLEY_STORE_WORK_ADMIN_H

#include "model/work.h"

struct arena;
struct db;
struct rows;

struct work_entry {
	struct work work;
	const char *account; /* its name */
	const char *worker;  /* that runs it, or NULL */
	const char *reason;  /* why its last try failed, or NULL */
};

struct work_query {
	struct id account_id; /* none: of every account */
	int state;            /* enum work_state */
	const char *kind;     /* NULL: every kind */
	int64_t limit;
};

/* What is due first, first: rows of struct work_entry. */
enum outcome work_admin_list(struct db *db, struct arena *arena,
    const struct work_query *query, struct rows *rows) MUSTCHECK;

/* One of any account, also one that is done.  NOT_FOUND. */
enum outcome work_admin_find(struct db *db, struct arena *arena,
    const struct id *id, struct work_entry *entry) MUSTCHECK;

/* How its tries ended that were not the last: rows of struct
 * work_attempt. */
enum outcome work_admin_attempts(struct db *db, struct arena *arena,
    const struct work *work, struct rows *rows) MUSTCHECK;

/* Lets one that is dead wait again, due now, from the beginning of its
 * schedule: its attempts are forgotten.  A message that failed is to leave
 * again, if the carrier does not have it.  `account` none: of any.
 * NOT_FOUND; CONFLICT: it is not dead. */
enum outcome work_admin_retry(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id) MUSTCHECK;

/* Deletes one that is dead or waits; a message that it was to send has
 * failed.  `account`, NOT_FOUND as above; CONFLICT: it runs, or is done. */
enum outcome work_admin_drop(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id) MUSTCHECK;

#endif
