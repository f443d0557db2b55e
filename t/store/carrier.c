/*
 * Carriers: one account of a provider once, and none goes while a number
 * uses it.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "store/carrier.h"
#include "store/number.h"

#include "database.h"
#include "tap.h"

static struct carrier
make_carrier(struct database *d, const struct id *account, const char *sid)
{
	struct carrier carrier = {
		.id = id_new(),
		.kind = sid == NULL ? CARRIER_LOOPBACK : CARRIER_TWILIO,
		.name = "a carrier",
		.account_sid = sid,
	};

	must(carrier_insert(d->db, account, &carrier));
	return carrier;
}

/* A text longer than what a row is first read into. */
static char *
long_text(struct database *d, size_t length)
{
	char *text = arena_alloc(d->arena, length + 1);
	size_t i;

	for (i = 0; i < length; i++)
		text[i] = (char)('a' + i % 26);
	return text;
}

static void
test_find(struct database *d)
{
	const char *sealed = long_text(d, 5000), *url = long_text(d, 2048);
	struct carrier carrier = {
		.id = id_new(),
		.kind = CARRIER_TWILIO,
		.name = "Träger 📡",
		.account_sid = "AC0001",
		.auth_token = "never stored",
		.sealed = sealed,
		.base_url = url,
	};
	struct carrier found;
	struct id none = id_new();

	is_outcome(carrier_insert(d->db, &d->account, &carrier), OK,
	    "a carrier is inserted");
	is_outcome(
	    carrier_find(d->db, d->arena, &d->account, &carrier.id, &found), OK,
	    "it is found");
	ok(id_equal(&found.id, &carrier.id), "with its id");
	is_int(found.kind, CARRIER_TWILIO, "with its kind");
	is_text(found.name, "Träger 📡", "with its name");
	is_text(found.account_sid, "AC0001", "with the provider's account");
	is_text(found.sealed, sealed, "with sealed credentials of any length");
	is_text(found.base_url, url, "with its address");
	is_int(found.created_at, carrier.created_at, "with its time");
	is_text(found.auth_token, NULL, "the token is not stored");
	is_outcome(
	    carrier_find(d->db, d->arena, &d->stranger, &carrier.id, &found),
	    NOT_FOUND, "another account does not find it");
	is_outcome(carrier_find(d->db, d->arena, &d->account, &none, &found),
	    NOT_FOUND, "an id that is no carrier's is not found");
}

static void
test_empty(struct database *d)
{
	struct carrier carrier = make_carrier(d, &d->account, NULL), found;

	must(carrier_find(d->db, d->arena, &d->account, &carrier.id, &found));
	is_int(found.kind, CARRIER_LOOPBACK, "a loopback says so");
	ok(found.account_sid == NULL && found.sealed == NULL &&
		found.base_url == NULL,
	    "what was not given comes back as NULL");
}

static void
test_find_for(struct database *d)
{
	struct carrier carrier = make_carrier(d, &d->account, "AC0009"), found;
	struct phone_number number = { .number = "+15550100021",
		.carrier_id = carrier.id };

	must(number_insert(d->db, &d->account, &number));
	is_outcome(carrier_find_for(
		       d->db, d->arena, &d->account, number.number, &found),
	    OK, "a number's carrier is found");
	ok(id_equal(&found.id, &carrier.id), "with its id");
	is_text(found.account_sid, "AC0009", "and all else");
	is_int(found.created_at, carrier.created_at, "with its time");
	is_outcome(carrier_find_for(
		       d->db, d->arena, &d->stranger, number.number, &found),
	    NOT_FOUND, "another account's number has none");
	is_outcome(carrier_find_for(
		       d->db, d->arena, &d->account, "+15550100022", &found),
	    NOT_FOUND, "nor has one that is not there");
	must(number_delete(d->db, d->arena, &d->account, number.number));
}

static void
test_conflict(struct database *d)
{
	struct carrier twin = {
		.id = id_new(),
		.kind = CARRIER_TWILIO,
		.name = "twin",
		.account_sid = "AC0002",
	};
	struct carrier loopback = { .id = id_new(), .name = "loopback" };

	(void)make_carrier(d, &d->account, "AC0002");
	is_outcome(carrier_insert(d->db, &d->account, &twin), CONFLICT,
	    "a provider's account is there once");
	is_outcome(carrier_insert(d->db, &d->stranger, &twin), CONFLICT,
	    "also over all accounts");
	(void)make_carrier(d, &d->account, NULL);
	is_outcome(carrier_insert(d->db, &d->account, &loopback), OK,
	    "carriers without a provider's account are there many times");
}

static void
test_list(struct database *d)
{
	struct carrier first, second, *carriers;
	struct rows rows;

	database_do(d->db, "DELETE FROM carrier");
	must(carrier_list(d->db, d->arena, &d->account, &rows));
	is_int(rows.count, 0, "an account without carriers lists none");
	first = make_carrier(d, &d->account, NULL);
	(void)make_carrier(d, &d->stranger, NULL);
	second = make_carrier(d, &d->account, "AC0003");
	must(carrier_list(d->db, d->arena, &d->account, &rows));
	carriers = rows.list;
	is_int(rows.count, 2, "a list holds the account's own carriers");
	ok(id_equal(&carriers[0].id, &first.id) &&
		id_equal(&carriers[1].id, &second.id),
	    "the oldest comes first");
	is_text(carriers[1].account_sid, "AC0003", "a list is complete");
}

static void
test_delete(struct database *d)
{
	struct carrier carrier = make_carrier(d, &d->account, "AC0004");
	struct carrier found;
	struct phone_number number = {
		.number = "+15550100001",
		.carrier_id = carrier.id,
	};
	struct id *account = &d->account;

	is_outcome(carrier_delete(d->db, d->arena, &d->stranger, &carrier.id),
	    NOT_FOUND, "another account cannot delete it");
	must(number_insert(d->db, account, &number));
	is_outcome(carrier_delete(d->db, d->arena, account, &carrier.id),
	    CONFLICT, "a carrier that a number uses is not deleted");
	must(carrier_find(d->db, d->arena, account, &carrier.id, &found));
	must(number_delete(d->db, d->arena, account, number.number));
	/* What a number of another account says does not matter. */
	must(number_insert(d->db, &d->stranger, &number));
	is_outcome(carrier_delete(d->db, d->arena, account, &carrier.id), OK,
	    "one that no number uses is deleted");
	is_outcome(carrier_find(d->db, d->arena, account, &carrier.id, &found),
	    NOT_FOUND, "it is gone");
	is_outcome(carrier_delete(d->db, d->arena, account, &carrier.id),
	    NOT_FOUND, "it is deleted once");
	(void)make_carrier(d, account, "AC0004");
}

static void
test_kind(struct database *d)
{
	struct carrier first = { .id = id_new(),
		.kind = CARRIER_LIVEKIT,
		.name = "one",
		.account_sid = "APIone" };
	struct carrier second = { .id = id_new(),
		.kind = CARRIER_LIVEKIT,
		.name = "two",
		.account_sid = "APItwo" };
	struct carrier found;

	is_outcome(carrier_find_kind(
		       d->db, d->arena, &d->account, CARRIER_LIVEKIT, &found),
	    NOT_FOUND, "an account has none of a kind at first");
	must(carrier_insert(d->db, &d->account, &first));
	must(carrier_insert(d->db, &d->account, &second));
	is_outcome(carrier_find_kind(
		       d->db, d->arena, &d->account, CARRIER_LIVEKIT, &found),
	    OK, "then it has");
	is_text(found.account_sid, "APIone", "the oldest");
	is_outcome(carrier_find_kind(
		       d->db, d->arena, &d->stranger, CARRIER_LIVEKIT, &found),
	    NOT_FOUND, "which another account does not find");
}

static void
test_hold(struct database *d)
{
	struct carrier carrier = make_carrier(d, &d->account, NULL), held;

	database_hurry(d->other);
	database_begin(d->db);
	is_outcome(
	    carrier_hold(d->db, d->arena, &d->account, &carrier.id, &held), OK,
	    "a carrier is held");
	is_int(held.kind, CARRIER_LOOPBACK, "and shown");
	is_outcome(carrier_delete(d->other, d->arena, &d->account, &carrier.id),
	    AGAIN, "one that is held cannot be deleted meanwhile");
	database_commit(d->db);
	is_outcome(carrier_delete(d->other, d->arena, &d->account, &carrier.id),
	    OK, "afterwards it can");
	is_outcome(
	    carrier_hold(d->db, d->arena, &d->account, &carrier.id, &held),
	    NOT_FOUND, "one that is gone cannot be held");
	carrier = make_carrier(d, &d->account, NULL);
	is_outcome(
	    carrier_hold(d->db, d->arena, &d->stranger, &carrier.id, &held),
	    NOT_FOUND, "another account's cannot be held");
}

static void
test_index(struct database *d)
{
	struct carrier carrier, found;
	struct phone_number number = { 0 };
	int i;

	for (i = 0; i < 200; i++) {
		carrier = make_carrier(d, &d->account, NULL);
		number.number = arena_format(d->arena, "+1555%07d", i);
		number.carrier_id = carrier.id;
		must(number_insert(d->db, &d->account, &number));
	}
	database_do(d->db, "ANALYZE TABLE carrier, phone_number");
	database_watch(d->db);
	must(carrier_find(d->db, d->arena, &d->account, &carrier.id, &found));
	ok(database_reads(d->db) <= 4, "finding a carrier reads its row");
	database_watch(d->db);
	is_outcome(carrier_delete(d->db, d->arena, &d->account, &carrier.id),
	    CONFLICT, "one of many that is used is not deleted");
	ok(database_reads(d->db) <= 8,
	    "looking for its numbers does not read all numbers");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_find(&d);
	test_find_for(&d);
	test_empty(&d);
	test_conflict(&d);
	test_list(&d);
	test_delete(&d);
	test_kind(&d);
	test_hold(&d);
	test_index(&d);
	database_close(&d);
	return done();
}
