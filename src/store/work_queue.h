/*
 * The worker's side of the work table: what is due is claimed, and what
 * came of it is recorded.
 *
 * A claim is a guarded update, so no two workers hold the same piece:
 * whoever finds the row still waiting has it.  A claim is a lease: while a
 * row runs, `due` is the moment at which others may take it back.  Every
 * record is guarded by the attempt, so a worker that was slower than its
 * lease changes nothing.
 */
#ifndef PARLEY_STORE_WORK_QUEUE_H
#define PARLEY_STORE_WORK_QUEUE_H

#include "model/work.h"

#define WORK_EXCLUDED 8  /* accounts that a search may leave out */
#define WORK_CLAIMED 32  /* at once */
#define WORK_ARCHIVED 32 /* in one transaction */
#define WORK_SPREAD 4    /* so many times what is wanted is looked at */

struct arena;
struct db;
struct rows;

/* What is due at `now`, longest due first, at most `limit`, leaving out the
 * work of some accounts (ids of zeros are none): rows of struct work with
 * id, account_id and due alone, which the index has.  Locks nothing. */
enum outcome work_due(struct db *db, struct arena *arena, int64_t now,
    const struct id excluded[WORK_EXCLUDED], int64_t limit,
    struct rows *rows) MUSTCHECK;

/* Where among so many that work_due found a claim of `wanted` begins: at
 * random, so that two workers rarely want the same. */
size_t work_first(size_t count, size_t wanted);

/* When the next piece that waits is due, leaving out some accounts as above;
 * 0 when none waits. */
enum outcome work_next_due(struct db *db, struct arena *arena,
    const struct id excluded[WORK_EXCLUDED], int64_t *due) MUSTCHECK;

/*
 * Claims, of at most WORK_CLAIMED that work_due found, those that still wait
 * and are due at `now`, until `lease`; attempt goes up by one.  `worker` is
 * a name that no other has, on any host: it is how the claimed ones are
 * told from others'.
 *
 * `claimed` has them whole, in the order of `wanted`, with the moment at
 * which they were due.  Two round trips, no transaction of the caller's: a
 * claim whose answer is lost is nobody's until its lease ends.
 */
enum outcome work_claim(struct db *db, struct arena *arena, const char *worker,
    int64_t now, int64_t lease, const struct rows *wanted,
    struct rows *claimed) MUSTCHECK;

/* Inserts a piece that is claimed from the beginning, by who wrote it: it runs
 * as if work_claim had found it, at its first attempt, and is anybody's if
 * that does not come to an end.  As work_insert, with `lease` for `due`. */
enum outcome work_insert_claimed(struct db *db, struct work *work,
    const char *worker, int64_t lease) MUSTCHECK;

/* Hands a claimed piece back as if it had not been claimed, to be due at
 * `due`.  NOT_FOUND: it is not ours any more. */
enum outcome work_hand_back(
    struct db *db, const struct work *work, int64_t due) MUSTCHECK;

/* Takes back what was claimed by workers that did not live to record it;
 * how many there were. */
enum outcome work_take_back(
    struct db *db, int64_t now, int64_t *count) MUSTCHECK;

/* Holds on to it until `lease`.  NOT_FOUND: it is not ours any more. */
enum outcome work_extend(
    struct db *db, const struct work *work, int64_t lease) MUSTCHECK;

/* Within the transaction that records: is the piece still ours?  Locks it.
 * NOT_FOUND. */
enum outcome work_hold(
    struct db *db, struct arena *arena, const struct work *work) MUSTCHECK;

/* Writes the payload of one that is held, for the tries that follow. */
enum outcome work_keep(
    struct db *db, const struct work *work, const char *payload) MUSTCHECK;

/* It is done: it moves to work_done.  Two round trips. */
enum outcome work_done(
    struct db *db, const struct work *work, const char *result) MUSTCHECK;

/* Moves to work_done what is done without a worker: it was stopped while it
 * waited, or written as done.  Transactions of WORK_ARCHIVED rows, until
 * `limit` are moved or none is left; how many they were. */
enum outcome work_archive(
    struct db *db, int64_t limit, int64_t *count) MUSTCHECK;

/* It is tried again at `due`; the reason is kept with the attempt. */
enum outcome work_again(struct db *db, const struct work *work, int64_t due,
    const char *reason) MUSTCHECK;

/* It is given up and kept for a person. */
enum outcome work_dead(
    struct db *db, const struct work *work, const char *reason) MUSTCHECK;

#endif
