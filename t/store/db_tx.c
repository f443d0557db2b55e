/*
 * Transactions: committed or not at all, run again after a deadlock, a lock
 * wait and a lost connection.
 */
#include "base/base.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/stmt.h"
#include "db/tx.h"

#include "database.h"
#include "tap.h"

/* What the body of a test does, and what happened to it. */
struct script {
	struct database *d;
	enum outcome ends[TX_TRIES]; /* of the first tries; then OK */
	int tries;
	int asked; /* times that `settled` ran */
	bool kill_within, kill_after;
	enum outcome after_kill;
	enum outcome settled;
	const char *first, *second; /* two statements that may deadlock */
};

static int64_t
total(struct database *d)
{
	return database_number(d->root, "SELECT SUM(n) FROM counter");
}

static void
reset(struct database *d)
{
	database_do(d->root, "UPDATE counter SET n = 0");
}

static enum outcome
run(struct db *db, const char *sql)
{
	const struct stmt stmt = { .sql = sql, .once = true };

	return stmt_run(db, &stmt, NO_VALUES, NULL);
}

static enum outcome
add_one(struct db *db)
{
	static const struct stmt add = {
		.sql = "UPDATE counter SET n = n + 1 WHERE id = 1",
	};

	return stmt_run(db, &add, NO_VALUES, NULL);
}

static enum outcome
run_script(struct db *db, void *context)
{
	struct script *script = context;
	int try = script->tries++;
	enum outcome rc = add_one(db);

	if (rc != OK)
		return rc;
	if (script->kill_within && try == 0) {
		database_kill(script->d, db);
		rc = add_one(db);
		script->after_kill = add_one(db);
	}
	if (script->kill_after && try == 0)
		database_kill(script->d, db);
	if (rc != OK)
		return rc;
	return try < TX_TRIES ? script->ends[try] : OK;
}

static enum outcome
ask(struct db *db, void *context)
{
	struct script *script = context;

	(void)db;
	script->asked++;
	return script->settled;
}

static enum outcome
play(struct database *d, struct script *script)
{
	const struct tx tx = { run_script, ask, script };

	script->d = d;
	return tx_run(d->db, &tx);
}

static void
test_ends(struct database *d)
{
	struct script script = { .tries = 0 };
	int i;

	is_outcome(play(d, &script), OK, "a transaction ends as its body");
	is_int(total(d), 1, "what ends well is committed");
	for (i = NOT_FOUND; i < OUTCOME_N; i++) {
		if (i == AGAIN)
			continue;
		script = (struct script){ .ends = { (enum outcome)i } };
		is_outcome(play(d, &script), (enum outcome)i,
		    "a body's %s is the transaction's",
		    outcome_name((enum outcome)i));
		is_int(script.tries, 1, "it is run once");
		is_int(total(d), 1, "and what it did is taken back");
	}
	is_int(database_number(d->db, "SELECT @@in_transaction"), 0,
	    "no transaction stays open");
	reset(d);
}

static void
test_again(struct database *d)
{
	struct script script = { .ends = { AGAIN, AGAIN, OK } };
	int i;

	is_outcome(play(d, &script), OK, "a body that asks for it runs again");
	is_int(script.tries, 3, "until it has worked");
	is_int(total(d), 1, "and only its last run is committed");
	script.tries = 0;
	for (i = 0; i < TX_TRIES; i++)
		script.ends[i] = AGAIN;
	is_outcome(play(d, &script), AGAIN,
	    "one that asks for ever does not run for ever");
	is_int(script.tries, TX_TRIES, "but so many times");
	is_int(total(d), 1, "and nothing of it is committed");
	is_int(script.asked, 0, "nobody asks what was settled");
	reset(d);
}

/* On its first try each waits until both have their first row. */
static enum outcome
run_crossing(struct db *db, void *context)
{
	const struct timespec pause = { 0, 2000000 };
	time_t end = time(NULL) + DATABASE_PATIENCE;
	struct script *script = context;
	struct db *root = script->d->root;
	enum outcome rc;

	script->tries++;
	rc = run(db, script->first);
	if (rc != OK)
		return rc;
	database_do(root, "UPDATE meeting SET n = n + 1");
	while (script->tries == 1 &&
	       database_number(root, "SELECT n FROM meeting") < 2 &&
	       time(NULL) < end)
		(void)nanosleep(&pause, NULL);
	return run(db, script->second);
}

static enum outcome
child_crosses(struct database *d, void *context)
{
	struct script *script = context;
	const struct tx tx = { run_crossing, tx_repeat, script };

	script->d = d;
	return tx_run(d->db, &tx);
}

static void
test_deadlock(struct database *d)
{
	static const char one[] = "UPDATE counter SET n = n + 1 WHERE id = 1";
	static const char two[] = "UPDATE counter SET n = n + 1 WHERE id = 2";
	struct script here = { .first = one, .second = two };
	struct script there = { .first = two, .second = one };
	pid_t child[2];
	int failed;

	database_do(d->root, "UPDATE meeting SET n = 0");
	child[0] = database_fork(d, &here, child_crosses);
	child[1] = database_fork(d, &there, child_crosses);
	failed = database_join(child[0]) != OK;
	failed += database_join(child[1]) != OK;
	is_int(failed, 0, "two that deadlock both get through");
	is_int(total(d), 4, "each of them once");
	ok(database_number(d->root, "SELECT n FROM meeting") >= 3,
	    "one of them after another try");
	reset(d);
}

static void
test_lock_wait(struct database *d)
{
	struct script script = { .tries = 0 };

	database_begin(d->other);
	must(add_one(d->other));
	database_hurry(d->db);
	is_outcome(play(d, &script), AGAIN,
	    "a lock that nobody lets go of ends with again");
	is_int(script.tries, TX_TRIES, "after as many tries");
	is_int(db_trouble_number(d->db), DB_LOCK_WAIT, "and says why");
	database_rollback(d->other);
	script.tries = 0;
	is_outcome(play(d, &script), OK, "once it is free it works");
	is_int(total(d), 1, "once");
	database_kill(d, d->db);
	reset(d);
}

static void
test_killed(struct database *d)
{
	struct script script = { .kill_within = true };

	must(add_one(d->db));
	reset(d);
	is_outcome(play(d, &script), OK,
	    "a connection that is lost within a transaction is no failure");
	is_int(script.tries, 2, "the transaction is run again");
	is_outcome(script.after_kill, AGAIN,
	    "what follows in the lost one is not run beside it");
	is_int(total(d), 1, "and all of it is there once");
	is_int(script.asked, 0, "nothing needs to be asked");
	reset(d);
	database_kill(d, d->db);
	script = (struct script){ .tries = 0 };
	is_outcome(play(d, &script), OK,
	    "a connection that was lost before is made anew");
	is_int(script.tries, 1, "before the body runs");
	is_int(total(d), 1, "it works");
	reset(d);
}

static void
test_commit_lost(struct database *d)
{
	struct script script = { .kill_after = true, .settled = NOT_FOUND };
	const struct tx nobody = { run_script, NULL, &script };
	const struct tx repeat = { run_script, tx_repeat, &script };

	is_outcome(
	    play(d, &script), OK, "a COMMIT without an answer is asked after");
	is_int(script.asked, 1, "once");
	is_int(script.tries, 2, "what was not committed is run again");
	is_int(total(d), 1, "and is there once");
	script = (struct script){ .kill_after = true, .settled = OK };
	is_outcome(play(d, &script), OK, "what was committed has worked");
	is_int(script.tries, 1, "and is not run again");
	script = (struct script){ .kill_after = true, .settled = FAULT };
	is_outcome(
	    play(d, &script), FAULT, "where asking fails, that is how it ends");
	reset(d);
	script = (struct script){ .kill_after = true, .d = d };
	is_outcome(
	    tx_run(d->db, &repeat), OK, "what may be run twice is run again");
	is_int(script.tries, 2, "without a question");
	is_int(total(d), 1, "the lost one was taken back");
	script = (struct script){ .kill_after = true, .d = d };
	is_outcome(tx_run(d->db, &nobody), UNAVAILABLE,
	    "where nobody can tell it is unavailable");
	is_int(script.tries, 1, "and not run again");
	is_int(database_number(d->db, "SELECT @@in_transaction"), 0,
	    "the next transaction begins anew");
	reset(d);
}

/* Reads twice, and another connection writes between. */
static enum outcome
run_reads(struct db *db, void *context)
{
	struct database *d = context;
	int64_t first = database_number(db, "SELECT n FROM counter LIMIT 1");

	must(add_one(d->other));
	is_int(database_number(db, "SELECT n FROM counter LIMIT 1"), first + 1,
	    "what others committed is seen at once");
	is_int(database_number(db, "SELECT @@in_transaction"), 1,
	    "the body is within a transaction");
	return OK;
}

static void
test_isolation(struct database *d)
{
	const struct tx tx = { run_reads, tx_repeat, d };

	is_outcome(tx_run(d->db, &tx), OK, "a transaction only reads");
	reset(d);
}

static void
test_nobody(struct database *d)
{
	struct config config = d->config;
	struct script script = { .d = d };
	const struct tx tx = { run_script, ask, &script };
	struct db *db = db_new(d->arena, &config);

	db_hush(db);
	config.database_socket = "/nonexistent/mariadb.sock";
	is_outcome(tx_run(db, &tx), UNAVAILABLE,
	    "without a server a transaction is unavailable");
	is_int(script.tries, 0, "and does not begin");
}

int
main(void)
{
	struct database d;

	log_open("db_tx.t");
	database_open_empty(&d);
	database_do(d.db,
	    "CREATE TABLE counter (id INT PRIMARY KEY, n BIGINT NOT NULL)"
	    " ENGINE=InnoDB");
	database_do(d.db, "CREATE TABLE meeting (n BIGINT) ENGINE=InnoDB");
	database_do(d.db, "INSERT INTO counter VALUES (1, 0), (2, 0)");
	database_do(d.db, "INSERT INTO meeting VALUES (0)");
	test_ends(&d);
	test_again(&d);
	test_deadlock(&d);
	test_lock_wait(&d);
	test_killed(&d);
	test_commit_lost(&d);
	test_isolation(&d);
	test_nobody(&d);
	database_close(&d);
	return done();
}
