/*
 * Work as a person looks at it: lists, and what trying again and letting go
 * mean for the rows beside it.
 */
#include "database.h"

#include "base/when.h"
#include "store/work.h"
#include "store/work_admin.h"

static const struct id nobody;

static void
make_account(struct database *d, const struct id *id, const char *name)
{
	database_do(d->db,
	    "INSERT INTO account (id, name, created_at)"
	    " VALUES (%s, '%s', UTC_TIMESTAMP(6))",
	    database_id(d->arena, id), name);
}

static struct work
make(struct database *d, const struct id *account, const char *state,
    int64_t due)
{
	struct work work = {
		.id = id_new(),
		.account_id = *account,
		.subject_id = id_new(),
		.kind = WORK_CLOSE,
		.state = WORK_WAITING,
		.due = due,
		.payload = "{}",
	};

	must(work_insert(d->db, &work));
	database_do(d->db,
	    "UPDATE work SET state = '%s', attempt = 7, reason = 'it broke'"
	    " WHERE id = %s",
	    state, database_id(d->arena, &work.id));
	database_do(d->db,
	    "INSERT INTO work_attempt VALUES (%s, %s, 1, 'again', 'late',"
	    " UTC_TIMESTAMP(6))",
	    database_id(d->arena, account), database_id(d->arena, &work.id));
	return work;
}

static struct work_entry
find(struct database *d, const struct work *work)
{
	struct work_entry entry;

	must(work_admin_find(d->db, d->arena, &work->id, &entry));
	return entry;
}

static size_t
count_attempts(struct database *d, const struct work *work)
{
	struct rows rows;

	must(work_admin_attempts(d->db, d->arena, work, &rows));
	return rows.count;
}

static void
test_list(struct database *d)
{
	int64_t now = when_now();
	struct work late = make(d, &d->account, "dead", now + WHEN_SECOND);
	struct work early = make(d, &d->account, "dead", now);
	struct work_query query = { .state = WORK_DEAD, .limit = 10 };
	const struct work_entry *entries;
	struct rows rows;

	(void)make(d, &d->stranger, "dead", now);
	(void)make(d, &d->account, "waiting", now);
	must(work_admin_list(d->db, d->arena, &query, &rows));
	is_int((int64_t)rows.count, 3, "every account's work is listed");
	query.account_id = d->account;
	must(work_admin_list(d->db, d->arena, &query, &rows));
	entries = rows.list;
	is_int((int64_t)rows.count, 2, "or that of one");
	ok(id_equal(&entries[0].work.id, &early.id) &&
		id_equal(&entries[1].work.id, &late.id),
	    "by when it is due");
	is_text(entries[0].account, "ours", "with its account's name");
	is_text(entries[0].reason, "it broke", "and its reason");
	query.kind = "send";
	must(work_admin_list(d->db, d->arena, &query, &rows));
	is_int((int64_t)rows.count, 0, "or that of a kind");
	query.kind = "close";
	query.limit = 1;
	must(work_admin_list(d->db, d->arena, &query, &rows));
	is_int((int64_t)rows.count, 1, "and no more than are wanted");
}

static void
test_retry(struct database *d)
{
	struct work dead = make(d, &d->account, "dead", when_now() + WHEN_DAY);
	struct work done = make(d, &d->account, "done", when_now());
	struct work_entry entry;

	is_outcome(work_admin_retry(d->db, d->arena, &d->stranger, &dead.id),
	    NOT_FOUND, "another account does not try it again");
	is_outcome(work_admin_retry(d->db, d->arena, &d->account, &dead.id), OK,
	    "its own does");
	entry = find(d, &dead);
	is_int(entry.work.state, WORK_WAITING, "it waits");
	ok(entry.work.due <= when_now(), "no longer");
	is_int(entry.work.attempt, 0, "from the beginning");
	is_int((int64_t)count_attempts(d, &dead), 0, "without its attempts");
	is_outcome(work_admin_retry(d->db, d->arena, &nobody, &dead.id),
	    CONFLICT, "once");
	is_outcome(work_admin_retry(d->db, d->arena, &nobody, &done.id),
	    CONFLICT, "what is done is not tried again");
	is_int((int64_t)count_attempts(d, &done), 1, "and keeps its attempts");
}

static void
test_drop(struct database *d)
{
	struct work dead = make(d, &d->account, "dead", when_now());
	struct work waiting = make(d, &d->account, "waiting", when_now());
	struct work running = make(d, &d->account, "running", when_now());
	struct work_entry ignored;

	is_outcome(work_admin_drop(d->db, d->arena, &d->stranger, &dead.id),
	    NOT_FOUND, "another account does not drop it");
	is_outcome(work_admin_drop(d->db, d->arena, &nobody, &dead.id), OK,
	    "what is dead is dropped");
	is_outcome(work_admin_find(d->db, d->arena, &dead.id, &ignored),
	    NOT_FOUND, "and gone");
	is_int((int64_t)count_attempts(d, &dead), 0, "with its attempts");
	is_outcome(work_admin_drop(d->db, d->arena, &nobody, &waiting.id), OK,
	    "what waits, too");
	is_outcome(work_admin_drop(d->db, d->arena, &nobody, &running.id),
	    CONFLICT, "what runs is not");
	is_int(find(d, &running).work.state, WORK_RUNNING, "and runs on");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	make_account(&d, &d.account, "ours");
	make_account(&d, &d.stranger, "theirs");
	test_list(&d);
	test_retry(&d);
	test_drop(&d);
	database_close(&d);
	return done();
}
