/*
 * The worker's side of work: what is due is found and claimed once, and what
 * came of it is recorded by whoever still has it.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "store/work.h"
#include "store/work_queue.h"

#include "database.h"
#include "tap.h"

#include <string.h>
#include <unistd.h>

#define START INT64_C(1893456000000000) /* in 2030 */
#define LEASE (START + 3600 * WHEN_SECOND)
#define PIECES 60
#define RACERS 4

static const struct id nobody[WORK_EXCLUDED];

static struct work
make_work(struct database *d, const struct id *account, int64_t due)
{
	struct work work = {
		.id = id_new(),
		.account_id = *account,
		.subject_id = id_new(),
		.kind = WORK_DELIVER,
		.state = WORK_WAITING,
		.due = due,
		.payload = "{\"n\":1}",
	};

	must(work_insert(d->db, &work));
	return work;
}

static void
clear(struct database *d)
{
	database_do(d->db, "DELETE FROM work");
	database_do(d->db, "DELETE FROM work_done");
	database_do(d->db, "DELETE FROM work_attempt");
}

static struct work
find(struct database *d, const struct work *work)
{
	struct work found = { .state = -1 };

	must(work_find(d->db, d->arena, &work->account_id, &work->id, &found));
	return found;
}

static struct rows
due_at(
    struct database *d, int64_t now, const struct id *excluded, int64_t limit)
{
	struct rows rows;

	must(work_due(d->db, d->arena, now, excluded, limit, &rows));
	return rows;
}

/* The n-th of these is this one. */
static bool
is_at(const struct rows *rows, size_t n, const struct work *work)
{
	const struct work *list = rows->list;

	return n < rows->count && id_equal(&list[n].id, &work->id);
}

/* How many of these it claims. */
static int64_t
claim(struct database *d, struct db *db, const char *worker, struct work *list,
    size_t count)
{
	const struct rows wanted = { list, count };
	struct rows rows;

	must(work_claim(db, d->arena, worker, START, LEASE, &wanted, &rows));
	if (rows.count > 0)
		(void)memcpy(list, rows.list, rows.count * sizeof(*list));
	return (int64_t)rows.count;
}

static struct work
claimed_until(struct database *d, const struct work *work, const char *worker,
    int64_t lease)
{
	struct work copy = *work;
	const struct rows wanted = { &copy, 1 };
	struct rows rows = { 0 };

	must(work_claim(
	    d->db, d->arena, worker, START + WHEN_DAY, lease, &wanted, &rows));
	assert(rows.count == 1);
	return *(const struct work *)rows.list;
}

static struct work
claimed(struct database *d, const struct work *work)
{
	return claimed_until(d, work, "host:1", LEASE);
}

static void
test_due(struct database *d)
{
	struct work late, early, middle, running;
	const struct work *first;
	struct rows rows;
	int64_t moment = 1;

	clear(d);
	must(work_next_due(d->db, d->arena, nobody, &moment));
	is_int(moment, 0, "while nothing waits, nothing will be due");
	late = make_work(d, &d->account, START + 30);
	early = make_work(d, &d->account, START + 10);
	middle = make_work(d, &d->stranger, START + 20);
	running = make_work(d, &d->account, START + 5);
	must(work_next_due(d->db, d->arena, nobody, &moment));
	is_int(moment, START + 5, "the next that is due is the earliest");
	(void)claimed(d, &running);
	must(work_next_due(d->db, d->arena, nobody, &moment));
	is_int(moment, START + 10, "what runs does not wait");
	rows = due_at(d, START + 20, nobody, 10);
	is_int((int64_t)rows.count, 2, "what is due by then is found");
	ok(is_at(&rows, 0, &early) && is_at(&rows, 1, &middle),
	    "longest due first, of any account");
	first = rows.list;
	ok(first->due == START + 10 &&
		id_equal(&first->account_id, &d->account),
	    "with its moment and its account");
	rows = due_at(d, START + 30, nobody, 2);
	ok(rows.count == 2 && is_at(&rows, 0, &early),
	    "as many as are asked for, the earliest");
	rows = due_at(d, START + 30, nobody, 10);
	ok(rows.count == 3 && is_at(&rows, 2, &late),
	    "later the rest is due as well");
}

static void
test_excluded(struct database *d)
{
	struct id excluded[WORK_EXCLUDED] = { 0 };
	struct work mine, theirs;
	struct rows rows;

	clear(d);
	mine = make_work(d, &d->account, START);
	theirs = make_work(d, &d->stranger, START + 1);
	excluded[0] = d->account;
	rows = due_at(d, START + 1, excluded, 1);
	ok(rows.count == 1 && is_at(&rows, 0, &theirs),
	    "an account that is left out takes nobody's place");
	excluded[WORK_EXCLUDED - 1] = d->stranger;
	rows = due_at(d, START + 1, excluded, 10);
	is_int((int64_t)rows.count, 0, "so are as many as there are places");
	excluded[0] = (struct id){ 0 };
	rows = due_at(d, START + 1, excluded, 10);
	ok(rows.count == 1 && is_at(&rows, 0, &mine),
	    "an id of zeros leaves out nobody");
}

static void
test_claim(struct database *d)
{
	struct work work, first, second, found;

	clear(d);
	work = make_work(d, &d->account, START);
	first = second = work;
	is_int(
	    claim(d, d->db, "host:1", &first, 1), 1, "what is due is claimed");
	is_int(first.attempt, 1, "for its first attempt");
	is_int(first.state, WORK_RUNNING, "and runs");
	is_text(first.payload, "{\"n\":1}", "with its payload");
	ok(first.kind == WORK_DELIVER && first.due == START &&
		id_equal(&first.account_id, &d->account) &&
		id_equal(&first.subject_id, &work.subject_id) &&
		first.created_at == work.created_at,
	    "and all that its performer needs");
	is_int(
	    claim(d, d->other, "host:2", &second, 1), 0, "by one worker alone");
	found = find(d, &work);
	is_int(found.state, WORK_RUNNING, "the row says that it runs");
	is_int(found.due, LEASE, "until the lease ends");
	is_int(found.attempt, 1, "and for the how manieth time");
	is_text(database_text(d->db, d->arena, "SELECT worker FROM work"),
	    "host:1", "and where");
	work = make_work(d, &d->account, START);
	second = work;
	must(work_move(d->db, &work.id, START + 7, "{\"n\":2}"));
	is_int(claim(d, d->db, "host:1", &second, 1), 0,
	    "what was put off since it was found is not claimed");
	is_int(find(d, &work).state, WORK_WAITING, "and waits");
	must(work_stop(d->db, &work.id, "{}"));
	second = work;
	is_int(claim(d, d->db, "host:1", &second, 1), 0,
	    "nor is what was stopped");
}

static void
test_insert_claimed(struct database *d)
{
	struct work work = {
		.id = id_new(),
		.account_id = d->account,
		.subject_id = id_new(),
		.kind = WORK_SEND,
		.due = START,
		.payload = "{}",
	};
	struct work found;

	clear(d);
	must(work_insert_claimed(d->db, &work, "host:1", LEASE));
	found = find(d, &work);
	ok(found.state == WORK_RUNNING && found.due == LEASE &&
		found.attempt == 1,
	    "what is claimed from the beginning runs until its lease ends");
	must(work_hold(d->db, d->arena, &work));
	must(work_done(d->db, &work, "{}"));
	is_int(find(d, &work).state, WORK_DONE, "and can be done");
}

/* Their keys are in another order than their moments. */
static void
test_claim_many(struct database *d)
{
	struct work list[WORK_CLAIMED], mine, *found;
	struct rows rows;
	bool ordered = true;
	int i;

	clear(d);
	for (i = 0; i < WORK_CLAIMED; i++)
		(void)make_work(d, &d->account, START - i);
	rows = due_at(d, START, nobody, WORK_CLAIMED);
	(void)memcpy(list, rows.list, sizeof(list));
	mine = list[7];
	is_int(claim(d, d->other, "host:2", &mine, 1), 1,
	    "when somebody else has one of many");
	is_int(claim(d, d->db, "host:1", list, WORK_CLAIMED), WORK_CLAIMED - 1,
	    "the others are claimed at once");
	found = rows.list;
	for (i = 0; i < WORK_CLAIMED - 1; i++)
		ordered = ordered &&
			  id_equal(&list[i].id, &found[i + (i >= 7)].id) &&
			  list[i].due == found[i + (i >= 7)].due &&
			  list[i].attempt == 1;
	ok(ordered, "longest due first");
}

static enum outcome
child_claims(struct database *d, void *context)
{
	struct rows rows;
	struct work *list;
	int64_t i, count;

	(void)context;
	do {
		rows = due_at(d, START, nobody, WORK_CLAIMED);
		list = rows.list;
		count = claim(d, d->db,
		    arena_format(d->arena, "host:%ld", (long)getpid()), list,
		    rows.count);
		for (i = 0; i < count; i++)
			database_do(d->db,
			    "INSERT INTO work_attempt VALUES (%s, %s, 1,"
			    " 'claimed', NULL, NOW(6))",
			    database_id(d->arena, &list[i].account_id),
			    database_id(d->arena, &list[i].id));
	} while (rows.count > 0);
	return OK;
}

static void
test_race(struct database *d)
{
	pid_t children[RACERS];
	int i, faults = 0;

	clear(d);
	for (i = 0; i < PIECES; i++)
		(void)make_work(d, &d->account, START);
	for (i = 0; i < RACERS; i++)
		children[i] = database_fork(d, NULL, child_claims);
	for (i = 0; i < RACERS; i++)
		faults += database_join(children[i]) != OK;
	is_int(faults, 0, "many who claim the same at once all come through");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work_attempt"),
	    PIECES, "and each piece is claimed once");
	is_int(database_number(d->db,
		   "SELECT COUNT(*) FROM work WHERE state = 'running'"
		   " AND attempt = 1"),
	    PIECES, "for its first attempt");
}

static void
test_hand_back(struct database *d)
{
	struct work work, mine, found;

	clear(d);
	work = make_work(d, &d->account, START);
	mine = claimed(d, &work);
	is_outcome(
	    work_hand_back(d->db, &mine, START), OK, "a claim is handed back");
	found = find(d, &work);
	is_int(found.state, WORK_WAITING, "then it waits");
	is_int(found.due, START, "as it did");
	is_int(found.attempt, 0, "and was not attempted");
	is_outcome(work_hand_back(d->db, &mine, START), NOT_FOUND,
	    "what is no longer held cannot be handed back");
	mine = claimed(d, &work);
	is_int(mine.attempt, 1, "the next attempt is the first again");
}

static void
test_take_back(struct database *d)
{
	struct work work, other, slow, found;
	int64_t count = -1;

	clear(d);
	work = make_work(d, &d->account, START);
	other = make_work(d, &d->account, START);
	slow = claimed(d, &work);
	other = claimed_until(d, &other, "host:2", LEASE + 10);
	must(work_take_back(d->db, LEASE, &count));
	is_int(count, 0, "within its lease nobody takes it back");
	must(work_take_back(d->db, LEASE + 1, &count));
	is_int(count, 1, "after that it is taken back");
	found = find(d, &work);
	is_int(found.state, WORK_WAITING, "and waits");
	is_int(found.due, LEASE + 1, "due now");
	is_int(found.attempt, 1, "the attempt counts");
	is_text(found.reason, "the worker that had it did not come back",
	    "and it says why");
	is_int(find(d, &other).state, WORK_RUNNING, "what is in time runs on");
	is_outcome(work_hold(d->db, d->arena, &slow), NOT_FOUND,
	    "who was slower than the lease holds it no more");
	is_outcome(work_done(d->db, &slow, NULL), NOT_FOUND,
	    "and records nothing: not that it is done");
	is_outcome(work_again(d->db, &slow, START, "x"), NOT_FOUND,
	    "nor that it is to be tried again");
	is_outcome(
	    work_dead(d->db, &slow, "x"), NOT_FOUND, "nor that it is dead");
	is_outcome(
	    work_hand_back(d->db, &slow, START), NOT_FOUND, "nor hands back");
	work = find(d, &work);
	work = claimed_until(d, &work, "host:3", LEASE + 10);
	is_outcome(work_done(d->db, &slow, NULL), NOT_FOUND,
	    "also when another has it by then");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work_attempt"), 0,
	    "and leaves no trace");
	is_outcome(
	    work_hold(d->db, d->arena, &work), OK, "who has it holds it");
}

static void
test_done(struct database *d)
{
	struct work work, mine, found;

	clear(d);
	work = make_work(d, &d->account, START);
	mine = claimed(d, &work);
	is_outcome(
	    work_done(d->db, &mine, "{\"sent\":true}"), OK, "a piece is done");
	found = find(d, &work);
	is_int(found.state, WORK_DONE, "it can be found as done");
	is_text(found.result, "{\"sent\":true}", "with what came of it");
	is_text(found.payload, "{\"n\":1}", "and what it was");
	ok(found.kind == WORK_DELIVER && found.attempt == 1 &&
		found.due == START && found.created_at == work.created_at &&
		id_equal(&found.subject_id, &work.subject_id),
	    "with all the rest");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work"), 0,
	    "and is in nobody's way");
	is_outcome(work_done(d->db, &mine, NULL), NOT_FOUND, "it is done once");
}

static void
test_again(struct database *d)
{
	struct work work, mine, found;

	clear(d);
	work = make_work(d, &d->account, START);
	mine = claimed(d, &work);
	is_outcome(work_again(d->db, &mine, START + 60, "they said 503"), OK,
	    "a piece is to be tried again");
	found = find(d, &work);
	is_int(found.state, WORK_WAITING, "it waits");
	is_int(found.due, START + 60, "until then");
	is_int(found.attempt, 1, "the attempt counts");
	is_text(found.reason, "they said 503", "and says why");
	found = claimed(d, &found);
	is_int(found.attempt, 2, "then it is the second");
	is_outcome(work_dead(d->db, &found, "they said 410"), OK,
	    "a piece is given up");
	found = find(d, &work);
	is_int(found.state, WORK_DEAD, "it is dead");
	is_text(found.reason, "they said 410", "and says why");
	is_text(database_text(d->db, d->arena,
		    "SELECT GROUP_CONCAT(CONCAT_WS(' ', attempt, outcome,"
		    " reason) ORDER BY attempt SEPARATOR ', ')"
		    " FROM work_attempt WHERE work_id = %s"
		    " AND account_id = %s",
		    database_id(d->arena, &work.id),
		    database_id(d->arena, &d->account)),
	    "1 again they said 503, 2 dead they said 410",
	    "every try is kept with its reason");
	is_int((int64_t)due_at(d, LEASE * 2, nobody, 10).count, 0,
	    "what is dead is never due");
}

static void
test_merge_key(struct database *d)
{
	struct work work, mine, twin;

	clear(d);
	work = (struct work){ .id = id_new(),
		.account_id = d->account,
		.subject_id = d->account,
		.kind = WORK_TURN,
		.merge_key = "turn:1",
		.due = START,
		.payload = "{}" };
	must(work_insert(d->db, &work));
	mine = claimed(d, &work);
	must(work_again(d->db, &mine, START, "x"));
	twin = work;
	twin.id = id_new();
	is_outcome(work_insert(d->db, &twin), CONFLICT,
	    "a merge key is taken while its work is tried again");
	mine = claimed(d, &mine);
	must(work_dead(d->db, &mine, "x"));
	is_outcome(
	    work_insert(d->db, &twin), OK, "and free when that is given up");
}

/* As thread.c writes what was never to be done. */
static struct work
make_done(struct database *d, const char *result)
{
	struct work work = {
		.id = id_new(),
		.account_id = d->account,
		.subject_id = id_new(),
		.kind = WORK_SILENCE,
		.state = WORK_DONE,
		.due = START,
		.payload = "{\"n\":1}",
		.result = result,
	};

	must(work_insert(d->db, &work));
	return work;
}

static void
test_archive(struct database *d)
{
	struct work born, stopped, waiting, dead, found;
	int64_t count = -1;

	clear(d);
	is_outcome(work_archive(d->db, 100, &count), OK,
	    "where nothing is done, there is nothing to archive");
	is_int(count, 0, "and that is what it says");
	born = make_done(d, "{\"stopped\":\"später\"}");
	stopped = make_work(d, &d->stranger, START);
	waiting = make_work(d, &d->account, START);
	dead = make_work(d, &d->account, START);
	dead = claimed(d, &dead);
	must(work_dead(d->db, &dead, "x"));
	must(work_stop(d->db, &stopped.id, "{\"stopped\":\"why\"}"));
	must(work_archive(d->db, 100, &count));
	is_int(count, 2, "what was stopped, and written as done, is archived");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work_done"), 2,
	    "to where what is done is kept");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work"), 2,
	    "and away from the rest");
	found = find(d, &born);
	ok(found.state == WORK_DONE && found.kind == WORK_SILENCE &&
		found.due == START && found.attempt == 0 &&
		found.created_at == born.created_at &&
		found.updated_at == born.updated_at &&
		id_equal(&found.subject_id, &born.subject_id),
	    "it is found as it was");
	is_text(found.result, "{\"stopped\":\"später\"}", "with its result");
	is_text(found.payload, "{\"n\":1}", "and its payload");
	found = find(d, &stopped);
	is_text(found.result, "{\"stopped\":\"why\"}", "so is the other");
	is_int(find(d, &waiting).state, WORK_WAITING, "what waits stays");
	is_int(find(d, &dead).state, WORK_DEAD, "and what is dead");
}

static enum outcome
child_archives(struct database *d, void *context)
{
	int64_t ignored;

	(void)context;
	return work_archive(d->db, 10000, &ignored);
}

static void
test_archive_many(struct database *d)
{
	pid_t children[RACERS];
	int64_t count = 0;
	int i, failed = 0;

	clear(d);
	for (i = 0; i < 5 * WORK_ARCHIVED + 3; i++)
		(void)make_done(d, "{}");
	must(work_archive(d->db, WORK_ARCHIVED + 1, &count));
	is_int(count, 2 * WORK_ARCHIVED,
	    "it ends when as many as were asked for are moved");
	for (i = 0; i < RACERS; i++)
		children[i] = database_fork(d, NULL, child_archives);
	for (i = 0; i < RACERS; i++)
		failed += database_join(children[i]) != OK;
	is_int(failed, 0, "many who archive at once are no fault");
	must(work_archive(d->db, 10000, &count));
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work"), 0,
	    "nothing that is done is left behind");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work_done"),
	    5 * WORK_ARCHIVED + 3, "and nothing is lost");
}

/* What is far away, or was done, is not read by who looks for what is due. */
static void
test_index(struct database *d)
{
	struct work work, mine;
	int64_t moment, count;
	int i;

	clear(d);
	for (i = 0; i < 300; i++)
		(void)make_work(d, &d->account, START + WHEN_SECOND + i);
	work = make_work(d, &d->account, START);
	database_do(d->db, "ANALYZE TABLE work");
	database_watch(d->db);
	(void)due_at(d, START, nobody, 10);
	ok(database_reads(d->db) <= 20, "what is not due yet is not read");
	database_watch(d->db);
	must(work_next_due(d->db, d->arena, nobody, &moment));
	ok(database_reads(d->db) <= 4, "nor to know when the next is due");
	database_watch(d->db);
	mine = claimed(d, &work);
	must(work_hold(d->db, d->arena, &mine));
	must(work_done(d->db, &mine, NULL));
	ok(database_reads(d->db) <= 8,
	    "a piece is claimed and done by its key");
	database_watch(d->db);
	must(work_take_back(d->db, START, &count));
	must(work_archive(d->db, 100, &count));
	ok(database_reads(d->db) <= 8, "to sweep, what waits is not read");
}

int
main(void)
{
	struct database d;

	log_open("work_queue.t");
	database_open(&d);
	test_due(&d);
	test_excluded(&d);
	test_claim(&d);
	test_insert_claimed(&d);
	test_claim_many(&d);
	test_race(&d);
	test_hand_back(&d);
	test_take_back(&d);
	test_done(&d);
	test_again(&d);
	test_merge_key(&d);
	test_archive(&d);
	test_archive_many(&d);
	test_index(&d);
	database_close(&d);
	return done();
}
