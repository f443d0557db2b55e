/*
 * Transactions: opened here and nowhere else, short, at READ COMMITTED, and
 * never across a call to anything but the store.
 *
 * A deadlock, a lock wait that ran out, a cluster node that is not ready
 * and a lost connection are run again from the start, with a short random
 * pause; so the body must set everything that it changes outside the store
 * anew each time.  A COMMIT whose answer was lost is asked after: `settled`
 * looks for a row that only this transaction could have written.
 */
#ifndef PARLEY_DB_TX_H
#define PARLEY_DB_TX_H

#include "base/base.h"

#define TX_TRIES 20
#define TX_PATIENCE 10 /* seconds; after that it is not run again */

struct db;

struct tx {
	/* Does the work.  OK commits, anything else rolls back; AGAIN is
	 * run again. */
	enum outcome (*body)(struct db *db, void *context);

	/* Was it committed?  OK: yes.  NOT_FOUND: no, run it again.  NULL:
	 * nobody can tell, and tx_run ends with UNAVAILABLE. */
	enum outcome (*settled)(struct db *db, void *context);

	void *context;
};

/* For a transaction that may be run twice without harm, as `settled`. */
enum outcome tx_repeat(struct db *db, void *context);

/* Runs it.  Ends as the body ends, or with AGAIN after TX_TRIES tries or
 * TX_PATIENCE, or with UNAVAILABLE. */
enum outcome tx_run(struct db *db, const struct tx *tx) MUSTCHECK;

#endif
