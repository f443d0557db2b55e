/*
 * Work: written, moved and stopped while it waits, left alone afterwards.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "store/work.h"

#include "database.h"
#include "tap.h"

#define DUE INT64_C(1893456000654321)

static struct work
make_work(struct database *d, const struct id *subject, const char *merge)
{
	struct work work = {
		.id = id_new(),
		.account_id = d->account,
		.subject_id = *subject,
		.kind = WORK_SILENCE,
		.state = WORK_WAITING,
		.merge_key = merge,
		.due = DUE,
		.payload = "{\"seq\":1}",
	};

	must(work_insert(d->db, &work));
	return work;
}

static struct work
find(struct database *d, const struct work *work)
{
	struct work found;

	must(work_find(d->db, d->arena, &d->account, &work->id, &found));
	return found;
}

/* As a worker does it. */
static void
set_state(struct database *d, const struct work *work, const char *state)
{
	database_do(d->db, "UPDATE work SET state = '%s' WHERE id = %s", state,
	    database_id(d->arena, &work->id));
}

static void
test_insert(struct database *d)
{
	struct id subject = id_new();
	struct work work = make_work(d, &subject, "silence:1"), found;
	struct work twin = work, plain = work;

	found = find(d, &work);
	ok(id_equal(&found.id, &work.id), "work is found by its id");
	ok(id_equal(&found.account_id, &d->account), "with its account");
	ok(id_equal(&found.subject_id, &subject), "with its subject");
	is_int(found.kind, WORK_SILENCE, "with its kind");
	is_int(found.state, WORK_WAITING, "with its state");
	is_text(found.merge_key, "silence:1", "with its merge key");
	is_int(found.due, DUE, "with its time, to the microsecond");
	is_int(found.attempt, 0, "it was not attempted yet");
	is_text(found.payload, "{\"seq\":1}", "with its payload");
	is_text(found.result, NULL, "it has no result yet");
	is_int(found.created_at, work.created_at, "it was made now");
	is_int(found.updated_at, work.created_at, "and not changed since");
	is_outcome(work_find(d->db, d->arena, &d->stranger, &work.id, &found),
	    NOT_FOUND, "another account does not find it");
	twin.id = id_new();
	is_outcome(
	    work_insert(d->db, &twin), CONFLICT, "a merge key is there once");
	plain.id = id_new();
	plain.merge_key = NULL;
	is_outcome(work_insert(d->db, &plain), OK,
	    "work without a merge key is there many times");
}

static void
test_words(struct database *d)
{
	struct id subject = id_new();
	struct work work = make_work(d, &subject, NULL), found;
	char *payload = arena_alloc(d->arena, 100001);
	int i;
	bool same = true;

	(void)memset(payload, 'p', 100000);
	for (i = 0; i < WORK_KIND_N; i++) {
		work.id = id_new();
		work.kind = i;
		work.state = i % WORK_STATE_N;
		work.payload = payload;
		work.result = "{\"stopped\":\"später 🦜\"}";
		must(work_insert(d->db, &work));
		found = find(d, &work);
		same = same && found.kind == i &&
		       found.state == i % WORK_STATE_N &&
		       strcmp(found.payload, payload) == 0 &&
		       strcmp(found.result, work.result) == 0;
	}
	ok(same, "every kind, every state and long documents come back");
}

static void
test_move(struct database *d)
{
	struct id subject = id_new(), none = id_new();
	struct work work = make_work(d, &subject, "silence:2"), found;

	is_outcome(work_move(d->db, &work.id, DUE + 5, "{\"seq\":2}"), OK,
	    "waiting work is moved");
	found = find(d, &work);
	is_int(found.due, DUE + 5, "to its new time");
	is_text(found.payload, "{\"seq\":2}", "with its new payload");
	is_int(found.created_at, work.created_at, "it is as old as before");
	ok(found.updated_at >= work.updated_at, "it says when it was moved");
	is_text(found.merge_key, "silence:2", "it keeps its merge key");
	is_outcome(work_move(d->db, &work.id, DUE + 5, "{\"seq\":2}"), OK,
	    "moving it to where it is works too");
	set_state(d, &work, "running");
	is_outcome(work_move(d->db, &work.id, DUE, "{}"), NOT_FOUND,
	    "work that runs cannot be moved");
	is_int(find(d, &work).due, DUE + 5, "and stays as it is");
	set_state(d, &work, "done");
	is_outcome(work_move(d->db, &work.id, DUE, "{}"), NOT_FOUND,
	    "nor can work that is done");
	is_outcome(work_move(d->db, &none, DUE, "{}"), NOT_FOUND,
	    "nor can work that is not there");
}

static void
test_stop(struct database *d)
{
	struct id subject = id_new(), none = id_new();
	struct work work = make_work(d, &subject, "silence:3"), found;
	struct work running;

	is_outcome(work_stop(d->db, &work.id, "{\"stopped\":\"why\"}"), OK,
	    "waiting work is stopped");
	found = find(d, &work);
	is_int(found.state, WORK_DONE, "then it is done");
	is_text(found.result, "{\"stopped\":\"why\"}", "and says why");
	is_text(found.merge_key, NULL, "its merge key is free");
	running = make_work(d, &subject, "silence:3");
	set_state(d, &running, "running");
	is_outcome(work_stop(d->db, &running.id, "{}"), OK,
	    "stopping work that runs is no failure");
	found = find(d, &running);
	is_int(found.state, WORK_RUNNING, "it goes on");
	is_text(found.result, NULL, "and has no result yet");
	is_outcome(work_stop(d->db, &none, "{}"), OK,
	    "stopping work that is not there is no failure");
	is_outcome(work_stop(d->db, &work.id, "{\"stopped\":\"twice\"}"), OK,
	    "stopping it twice is no failure");
	is_text(find(d, &work).result, "{\"stopped\":\"why\"}",
	    "the first reason stays");
}

/* As a worker leaves it when it is done. */
static void
archive(struct database *d, const struct work *work)
{
	const char *id = database_id(d->arena, &work->id);

	database_do(d->db,
	    "INSERT INTO work_done (account_id, id, subject_id, kind, due,"
	    " attempt, payload, created_at, updated_at)"
	    " SELECT account_id, id, subject_id, kind, due, 1, payload,"
	    " created_at, updated_at FROM work WHERE id = %s",
	    id);
	database_do(d->db, "DELETE FROM work WHERE id = %s", id);
}

static void
add_attempt(struct database *d, const struct work *work)
{
	database_do(d->db,
	    "INSERT INTO work_attempt VALUES (%s, %s, 1, 'again', 'x',"
	    " NOW(6))",
	    database_id(d->arena, &work->account_id),
	    database_id(d->arena, &work->id));
}

static void
test_delete_subject(struct database *d)
{
	struct id subject = id_new(), other = id_new();
	struct work waiting = make_work(d, &subject, NULL), found;
	struct work finished = make_work(d, &subject, NULL);
	struct work moved = make_work(d, &subject, NULL);
	struct work running = make_work(d, &subject, NULL);
	struct work others = make_work(d, &other, NULL);

	set_state(d, &finished, "done");
	set_state(d, &running, "running");
	archive(d, &moved);
	add_attempt(d, &waiting);
	add_attempt(d, &moved);
	add_attempt(d, &running);
	add_attempt(d, &others);
	must(work_delete_subject(d->db, &d->stranger, &subject));
	is_outcome(work_find(d->db, d->arena, &d->account, &waiting.id, &found),
	    OK, "another account deletes nothing of it");
	is_outcome(work_delete_subject(d->db, &d->account, &subject), OK,
	    "the work of a subject is deleted");
	is_outcome(work_find(d->db, d->arena, &d->account, &waiting.id, &found),
	    NOT_FOUND, "what waited is gone");
	is_outcome(
	    work_find(d->db, d->arena, &d->account, &finished.id, &found),
	    NOT_FOUND, "so is what is done");
	is_outcome(work_find(d->db, d->arena, &d->account, &moved.id, &found),
	    NOT_FOUND, "also where that has moved");
	is_outcome(work_find(d->db, d->arena, &d->account, &running.id, &found),
	    OK, "what runs finds that out by itself");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work_attempt"), 2,
	    "attempts go with their work");
	is_outcome(work_find(d->db, d->arena, &d->account, &others.id, &found),
	    OK, "what waits for another subject stays");
}

static void
test_index(struct database *d)
{
	struct id subject = id_new(), other;
	struct work work, found;
	int i;

	for (i = 0; i < 200; i++) {
		other = id_new();
		(void)make_work(d, &other, NULL);
	}
	work = make_work(d, &subject, "silence:4");
	database_do(d->db, "ANALYZE TABLE work");
	database_watch(d->db);
	must(work_find(d->db, d->arena, &d->account, &work.id, &found));
	must(work_move(d->db, &work.id, DUE, "{}"));
	must(work_stop(d->db, &work.id, "{}"));
	ok(database_reads(d->db) <= 6, "work is found by its key");
	work = make_work(d, &subject, NULL);
	database_watch(d->db);
	must(work_delete_subject(d->db, &d->account, &subject));
	ok(database_reads(d->db) <= 16,
	    "deleting a subject's does not read the work of others");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_insert(&d);
	test_words(&d);
	test_move(&d);
	test_stop(&d);
	test_delete_subject(&d);
	test_index(&d);
	database_close(&d);
	return done();
}
