/*
 * Running a transaction, and running it again.
 */
#include "base/base.h"

#include "db/tx.h"

#include "base/log.h"
#include "db/db.h"
#include "db/link.h"

#include <stdlib.h>
#include <time.h>

#define PAUSE_FIRST 1000 /* microseconds; doubles with every try */
#define PAUSE_MOST 64000

static enum outcome attempt(struct db *db, const struct tx *tx);
static enum outcome commit(struct db *db, const struct tx *tx);
static void rest(int try);

enum outcome
tx_repeat(struct db *db, void *context)
{
	(void)db;
	(void)context;
	return NOT_FOUND;
}

enum outcome
tx_run(struct db *db, const struct tx *tx)
{
	enum outcome rc = AGAIN;
	int try;

	for (try = 1; rc == AGAIN && try <= TX_TRIES; try++) {
		rc = attempt(db, tx);
		if (rc == AGAIN)
			rest(try);
	}
	if (try > 4)
		log_warning("a transaction took %d tries, and ended with %s",
		    try - 1, outcome_name(rc));
	return rc;
}

static enum outcome
attempt(struct db *db, const struct tx *tx)
{
	bool fresh = db->mysql == NULL;
	enum outcome rc = db_connect(db);

	if (rc != OK)
		return rc;
	rc = link_command(db, "START TRANSACTION");
	if (rc != OK)
		/* An idle connection that the server had closed. */
		return rc == UNAVAILABLE && !fresh ? AGAIN : rc;
	db->within = true;
	rc = tx->body(db, tx->context);
	if (rc == OK)
		return commit(db, tx);
	db->within = false;
	if (db->mysql != NULL && link_command(db, "ROLLBACK") != OK)
		link_close(db);
	return rc;
}

static enum outcome
commit(struct db *db, const struct tx *tx)
{
	enum outcome rc = link_command(db, "COMMIT");

	db->within = false;
	/* A conflict at COMMIT is a cluster's certification failure. */
	if (rc == OK || db->mysql != NULL)
		return rc;
	if (tx->settled == NULL) {
		log_fault("the answer to a COMMIT was lost");
		return UNAVAILABLE;
	}
	log_warning("the answer to a COMMIT was lost: asking after it");
	rc = tx->settled(db, tx->context);
	return rc == NOT_FOUND ? AGAIN : rc;
}

/* Those who met are not to meet again. */
static void
rest(int try)
{
	long most = PAUSE_FIRST;
	struct timespec pause = { 0 };

	while (--try > 0 && most < PAUSE_MOST)
		most *= 2;
	pause.tv_nsec = (long)arc4random_uniform((uint32_t)most) * 1000;
	(void)nanosleep(&pause, NULL);
}
