/*
 * How fast a number sends: one row for each number that has a limit, which
 * says when the next may leave.
 */
#ifndef PARLEY_STORE_PACE_H
#define PARLEY_STORE_PACE_H

#include "base/base.h"

struct arena;
struct db;
struct id;
struct pair;

/*
 * Takes the number's next place, when it is free at `now`; the row is locked
 * until the transaction ends.  CONFLICT: it is not, and `due` says when to
 * ask again.  Who replies is told a little sooner than the others, so that
 * of many that wait the replies leave first.
 */
enum outcome pace_take(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair, double per_second,
    bool replies, int64_t now, int64_t *due) MUSTCHECK;

/* Locks what an account's calls are counted under, until the transaction
 * ends: one call at a time is found to have room. */
enum outcome pace_hold_calls(struct db *db, const struct id *account) MUSTCHECK;

#endif
