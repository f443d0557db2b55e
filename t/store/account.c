/*
 * Accounts: found by id and by name, one name once.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "store/account.h"

#include "database.h"
#include "tap.h"

#define LONG "Grüße, 日本語 und 🦜 – O'Brien \"quoted\" 100% \\ ; -- "

static void
test_insert(struct database *d)
{
	int64_t before = when_now();
	struct account account = { .name = "first" };
	struct account twin = { .name = "first" };
	struct account other_case = { .name = "First" };

	is_outcome(
	    account_insert(d->db, &account), OK, "an account is inserted");
	ok(!id_is_none(&account.id), "a new account gets an id");
	ok(account.created_at >= before && account.created_at <= when_now(),
	    "a new account gets the present time");
	is_outcome(account_insert(d->db, &twin), CONFLICT,
	    "a name that is taken is a conflict");
	is_outcome(account_insert(d->db, &other_case), OK,
	    "a name in other case is another name");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM account"), 2,
	    "the conflict left no row behind");
}

static void
test_find(struct database *d)
{
	struct account account = { .name = LONG }, found = { .created_at = 7 };
	struct id none = id_new();

	must(account_insert(d->db, &account));
	is_outcome(account_find(d->db, d->arena, LONG, &found), OK,
	    "an account is found by its name");
	ok(id_equal(&found.id, &account.id), "its id is the one it was given");
	is_text(found.name, LONG, "its name comes back letter for letter");
	is_int(found.created_at, account.created_at,
	    "its time comes back to the microsecond");
	found.name = NULL;
	is_outcome(account_find(
		       d->db, d->arena, id_text(d->arena, &account.id), &found),
	    OK, "an account is found by its id");
	is_text(found.name, LONG, "by its id it is the same account");
	found.created_at = 7;
	is_outcome(
	    account_find(d->db, d->arena, id_text(d->arena, &none), &found),
	    NOT_FOUND, "an id that is nobody's is not found");
	is_outcome(account_find(d->db, d->arena, "nobody", &found), NOT_FOUND,
	    "a name that is nobody's is not found");
	is_outcome(account_find(d->db, d->arena, "", &found), NOT_FOUND,
	    "an empty name is nobody's");
	is_outcome(account_find(d->db, d->arena,
		       "00000000-0000-0000-0000-000000000000", &found),
	    NOT_FOUND, "the id of zeros is nobody's");
	is_int(found.created_at, 7, "what is not found changes nothing");
}

static void
test_long_name(struct database *d)
{
	char name[256], longer[257];
	struct account account = { .name = name }, found;
	struct account too_long = { .name = longer };

	(void)memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	(void)memset(longer, 'n', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	must(account_insert(d->db, &account));
	must(account_find(d->db, d->arena, name, &found));
	is_text(found.name, name, "a name of 255 characters comes back whole");
	db_hush(d->db);
	is_outcome(account_insert(d->db, &too_long), FAULT,
	    "a longer name is refused and not cut");
}

static void
test_index(struct database *d)
{
	struct account account;
	int i;

	for (i = 0; i < 100; i++) {
		account.name = arena_format(d->arena, "many %d", i);
		must(account_insert(d->db, &account));
	}
	database_do(d->db, "ANALYZE TABLE account");
	database_watch(d->db);
	must(account_find(d->db, d->arena, "many 50", &account));
	ok(database_reads(d->db) <= 4, "finding one does not read them all");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_insert(&d);
	test_find(&d);
	test_long_name(&d);
	test_index(&d);
	database_close(&d);
	return done();
}
