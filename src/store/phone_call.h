/*
 * The rows of calls at a carrier: one for each try to reach the user of a
 * conversation, and one for a call that came in.
 *
 * Of a conversation's calls only the last counts.  Whoever writes a row has
 * locked its conversation (store/calling.h).
 */
#ifndef PARLEY_STORE_PHONE_CALL_H
#define PARLEY_STORE_PHONE_CALL_H

#include "base/base.h"
#include "base/id.h"

struct arena;
struct db;

struct phone_call {
	struct id id; /* also of the work that places it */
	struct id account_id;
	struct id conversation_id;
	int64_t attempt;             /* counted from 1 */
	int64_t retries;             /* that may follow, if nobody answers */
	int64_t retry_delay;         /* seconds before the next */
	int64_t ring_most;           /* seconds until nobody answered */
	int64_t talk_most;           /* seconds; it is ended then */
	bool is_up;                  /* it is, or may be, at the carrier */
	int64_t placed_at;           /* since when nobody knows what came of
				      * placing it; 0: it is known */
	const char *carrier_call_id; /* Twilio's CA... */
	int64_t created_at, updated_at;
	bool is_last; /* of its conversation; not in the row */
};

/* Inserts it with the present time.  CONFLICT: there is this attempt, or the
 * carrier's id is another call's. */
enum outcome phone_call_insert(
    struct db *db, struct phone_call *call) MUSTCHECK;

/* NOT_FOUND. */
enum outcome phone_call_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct phone_call *call) MUSTCHECK;

/* By the id that the carrier gave it.  NOT_FOUND. */
enum outcome phone_call_find_carrier(struct db *db, struct arena *arena,
    const struct id *account, const char *carrier_call_id,
    struct phone_call *call) MUSTCHECK;

/* The last of a conversation.  NOT_FOUND. */
enum outcome phone_call_find_last(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    struct phone_call *call) MUSTCHECK;

/* Writes everything that can change.  CONFLICT: the carrier's id is another
 * call's. */
enum outcome phone_call_save(struct db *db, struct phone_call *call) MUSTCHECK;

/* How many of the account are up at `now`.  One of which nothing was heard for
 * longer than it may last is over, although nobody said so. */
enum outcome phone_call_count_up(struct db *db, struct arena *arena,
    const struct id *account, int64_t now, int64_t *count) MUSTCHECK;

/* Deletes those of a conversation that is no longer there. */
enum outcome phone_call_delete(struct db *db, const struct id *account,
    const struct id *conversation) MUSTCHECK;

#endif
