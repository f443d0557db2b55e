/*
 * Work: rows that say what must happen later.
 */
#ifndef PARLEY_STORE_WORK_H
#define PARLEY_STORE_WORK_H

#include "model/work.h"

struct arena;
struct db;

/* Inserts it with the present time; id, account, subject, kind, state, due
 * and payload are set.  CONFLICT: its merge key is taken. */
enum outcome work_insert(struct db *db, struct work *work) MUSTCHECK;

/* Sets a waiting piece of work to another time and payload.  NOT_FOUND: it
 * no longer waits. */
enum outcome work_move(struct db *db, const struct id *id, int64_t due,
    const char *payload) MUSTCHECK;

/* Lets one that waits for its first try be due at `due`, if it would be
 * later.  Does nothing to any other. */
enum outcome work_hasten(
    struct db *db, const struct id *id, int64_t due) MUSTCHECK;

/* Ends a waiting piece of work that is no longer wanted; `result` says why.
 * Does nothing to one that no longer waits: it finds out by itself. */
enum outcome work_stop(
    struct db *db, const struct id *id, const char *result) MUSTCHECK;

/* Without its attempt_log: see store/work_admin.  NOT_FOUND. */
enum outcome work_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id, struct work *work) MUSTCHECK;

/* Deletes all work of a subject that is no longer there, with its attempts;
 * but what runs finds that out by itself. */
enum outcome work_delete_subject(struct db *db, const struct id *account,
    const struct id *subject) MUSTCHECK;

#endif
