/*
 * Running a transaction, and running it again.
 */
#include "base/base.h"

#include "db/tx.h"

#include "base/log.h"
#include "base/when.h"
#include "db/db.h"
#include "db/link.h"

#include <stdlib.h>
#include <time.h>

#define PAUSE_FIRST 1000 /* microseconds; doubles with every try */
#define PAUSE_MOST 64000
#define TRIES_USUAL 3 /* more are logged */

static enum outcome attempt(struct db *db, const struct tx *tx);
static enum outcome commit(struct db *db, const struct tx *tx);
static enum outcome ask_after(struct db *db, const struct tx *tx);
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
	int64_t end = when_elapsed() + TX_PATIENCE * WHEN_SECOND;
	enum outcome rc;
	int try;

	for (try = 1;; try++) {
		rc = attempt(db, tx);
		if (rc != AGAIN || try == TX_TRIES || when_elapsed() > end)
			break;
		rest(try);
	}
	if (try > TRIES_USUAL)
		log_warning("a transaction took %d tries, and ended with %s",
		    try, outcome_name(rc));
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
	return ask_after(db, tx);
}

/* The lost COMMIT may still be under way: at this level every read waits for
 * what it is about to commit, so that late is not taken for never. */
static enum outcome
ask_after(struct db *db, const struct tx *tx)
{
	enum outcome rc = db_connect(db);

	if (rc == OK)
		rc = link_command(
		    db, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
	if (rc == OK)
		rc = link_command(db, "START TRANSACTION");
	if (rc != OK)
		return rc;
	db->within = true;
	rc = tx->settled(db, tx->context);
	db->within = false;
	if (db->mysql != NULL && link_command(db, "ROLLBACK") != OK)
		link_close(db);
	if (rc == NOT_FOUND)
		return AGAIN;
	/* It waited for too long, or the connection was lost again. */
	return rc == AGAIN ? UNAVAILABLE : rc;
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
