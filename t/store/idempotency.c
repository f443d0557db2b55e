/*
 * Idempotency keys: claimed once, and whoever comes second waits.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "store/idempotency.h"

#include "database.h"
#include "tap.h"

static struct idempotency
make_row(const char *request, const char *body)
{
	struct idempotency row = { .status = 0 };

	secret_digest(request, strlen(request), row.request_digest);
	secret_digest(body, strlen(body), row.body_digest);
	return row;
}

static void
test_claim(struct database *d)
{
	struct idempotency row = make_row("POST /v1/x\nkey", "{}");
	struct idempotency other_body = make_row("POST /v1/x\nkey", "{1}");
	struct idempotency found = row;
	int64_t before = when_now();

	(void)memset(found.body_digest, 0, SECRET_DIGEST);
	is_outcome(idempotency_find(d->db, d->arena, &d->account, &found),
	    NOT_FOUND, "a key that was never used is not found");
	is_outcome(idempotency_claim(d->db, &d->account, &row), OK,
	    "a key is claimed");
	is_outcome(idempotency_claim(d->db, &d->account, &row), CONFLICT,
	    "it is claimed once");
	is_outcome(idempotency_claim(d->db, &d->account, &other_body), CONFLICT,
	    "with another body it is the same key");
	is_outcome(idempotency_claim(d->db, &d->stranger, &row), OK,
	    "another account has keys of its own");
	is_outcome(idempotency_find(d->db, d->arena, &d->account, &found), OK,
	    "a claimed key is found");
	ok(memcmp(found.body_digest, row.body_digest, SECRET_DIGEST) == 0,
	    "with the digest of the first body");
	is_int(found.status, 0, "with no status yet");
	is_text(found.answer, "", "with an empty answer");
	ok(found.expires_at >= before + WHEN_DAY &&
		found.expires_at <= when_now() + WHEN_DAY,
	    "it expires after a day");
}

static void
test_keep(struct database *d)
{
	struct idempotency row = make_row("kept", "{}"), found = row;
	struct idempotency theirs = row;
	char *answer = arena_alloc(d->arena, 200001);

	(void)memset(answer, '7', 200000);
	(void)memcpy(answer, "{\"text\":\"Grüße 🦜\"}", 21);
	must(idempotency_claim(d->db, &d->account, &row));
	must(idempotency_claim(d->db, &d->stranger, &theirs));
	row.status = 201;
	row.answer = answer;
	is_outcome(idempotency_keep(d->db, &d->account, &row), OK,
	    "an answer is kept");
	must(idempotency_find(d->db, d->arena, &d->account, &found));
	is_int(found.status, 201, "with its status");
	ok(strcmp(found.answer, answer) == 0, "with a long body, whole");
	must(idempotency_find(d->db, d->arena, &d->stranger, &theirs));
	is_int(theirs.status, 0, "another account's key was not touched");
}

static void
test_delete(struct database *d)
{
	struct idempotency row = make_row("deleted", "{}");
	struct idempotency early;

	must(idempotency_claim(d->db, &d->account, &row));
	must(idempotency_claim(d->db, &d->stranger, &row));
	must(idempotency_find(d->db, d->arena, &d->account, &row));
	early = row;
	early.expires_at--;
	must(idempotency_delete(d->db, &d->account, &early));
	is_outcome(idempotency_find(d->db, d->arena, &d->account, &early), OK,
	    "a key that was claimed anew in the meantime is not deleted");
	is_outcome(idempotency_delete(d->db, &d->account, &row), OK,
	    "a key is deleted");
	is_outcome(idempotency_find(d->db, d->arena, &d->account, &row),
	    NOT_FOUND, "then it is not found");
	is_outcome(idempotency_claim(d->db, &d->account, &row), OK,
	    "and can be claimed again");
	is_outcome(idempotency_find(d->db, d->arena, &d->stranger, &row), OK,
	    "another account's stayed");
}

struct second {
	struct idempotency row;
};

static enum outcome
claim_second(struct database *d, void *context)
{
	struct second *second = context;

	return idempotency_claim(d->db, &d->account, &second->row);
}

static void
test_race(struct database *d)
{
	struct second second = { make_row("raced", "{}") };
	pid_t child;

	database_begin(d->db);
	must(idempotency_claim(d->db, &d->account, &second.row));
	child = database_fork(d, &second, claim_second);
	ok(database_waits(d, 1), "a second claim waits for the first");
	database_commit(d->db);
	is_outcome(database_join(child), CONFLICT,
	    "when the first was committed, the second is a conflict");

	second.row = make_row("raced again", "{}");
	database_begin(d->db);
	must(idempotency_claim(d->db, &d->account, &second.row));
	child = database_fork(d, &second, claim_second);
	ok(database_waits(d, 1), "again a second claim waits");
	database_rollback(d->db);
	is_outcome(database_join(child), OK,
	    "when the first was taken back, the second has the key");

	second.row = make_row("never answered", "{}");
	database_begin(d->db);
	must(idempotency_claim(d->db, &d->account, &second.row));
	database_hurry(d->other);
	is_outcome(idempotency_claim(d->other, &d->account, &second.row), AGAIN,
	    "while the first is under way for too long, the second is to "
	    "come again");
	is_int(db_trouble_number(d->other), DB_LOCK_WAIT,
	    "and can tell that it was a lock that it waited for");
	database_rollback(d->db);
}

static void
test_index(struct database *d)
{
	struct idempotency row = { .status = 0 };
	int i;

	for (i = 0; i < 200; i++) {
		row = make_row(arena_format(d->arena, "many %d", i), "{}");
		must(idempotency_claim(d->db, &d->account, &row));
	}
	database_do(d->db, "ANALYZE TABLE idempotency");
	database_watch(d->db);
	must(idempotency_find(d->db, d->arena, &d->account, &row));
	row.answer = "{}";
	must(idempotency_keep(d->db, &d->account, &row));
	must(idempotency_delete(d->db, &d->account, &row));
	ok(database_reads(d->db) <= 8, "a key's row is read, and no others");
}

static void
test_purge(struct database *d)
{
	struct idempotency row;
	int64_t count, later;
	int i;

	for (i = 0; i < 5; i++) {
		row = make_row(arena_format(d->arena, "old %d", i), "{}");
		must(idempotency_claim(d->db, &d->account, &row));
	}
	must(idempotency_find(d->db, d->arena, &d->account, &row));
	must(idempotency_purge(d->db, row.expires_at, 100000, &count));
	row = make_row("old 4", "{}");
	is_outcome(idempotency_find(d->db, d->arena, &d->account, &row), OK,
	    "until its last moment a key is kept");
	must(idempotency_purge(d->db, row.expires_at + 1, 3, &count));
	is_int(count, 1, "then it is deleted");
	is_outcome(idempotency_find(d->db, d->arena, &d->account, &row),
	    NOT_FOUND, "and can be used again");
	for (i = 0; i < 5; i++) {
		row = make_row(arena_format(d->arena, "more %d", i), "{}");
		must(idempotency_claim(d->db, &d->account, &row));
	}
	later = when_now() + 2 * WHEN_DAY;
	must(idempotency_purge(d->db, later, 3, &count));
	is_int(count, 3, "as many at a time as it is told");
	must(idempotency_purge(d->db, later, 3, &count));
	is_int(count, 2, "until none is left");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_claim(&d);
	test_keep(&d);
	test_delete(&d);
	test_race(&d);
	test_index(&d);
	test_purge(&d);
	database_close(&d);
	return done();
}
