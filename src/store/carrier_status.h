/*
 * What carriers report of messages, applied by the carrier's id.
 *
 * A report may come before our own record of the id is committed.  It is
 * then parked under the id, and applied by the transaction that records
 * it.  Each side writes its own row before it looks for the other's, and
 * looks with a lock: one of them sees what the other did, and nothing is
 * lost.
 */
#ifndef PARLEY_STORE_CARRIER_STATUS_H
#define PARLEY_STORE_CARRIER_STATUS_H

#include "base/base.h"

#define CARRIER_STATUS_DAYS 7

struct arena;
struct db;
struct id;
struct message;
struct receipt;

/* Applies a report where it rises above what is known; parks it while no
 * message of the account has the id.  May be run again.  One or two round
 * trips, four to park. */
enum outcome carrier_status_apply(struct db *db, struct arena *arena,
    const struct id *account, const struct receipt *receipt) MUSTCHECK;

/* The carrier has accepted a message: writes the id, and the highest of
 * the status that it has, the one that is given and what was parked.
 * Nothing happens to a message that is no longer there.  CONFLICT: another
 * message has this id.  Two round trips, one more for its client; four where a
 * report came first. */
enum outcome carrier_status_accept(struct db *db, struct arena *arena,
    const struct id *account, const struct message *message,
    const struct receipt *receipt) MUSTCHECK;

/* Deletes reports that no message claimed in CARRIER_STATUS_DAYS, of all
 * accounts, `most` at a time; how many they were. */
enum outcome carrier_status_purge(
    struct db *db, int64_t now, int64_t most, int64_t *count) MUSTCHECK;

#endif
