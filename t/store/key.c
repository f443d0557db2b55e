/*
 * API keys: what is kept of them, who sees them, how they are revoked.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "store/account.h"
#include "store/key.h"

#include "database.h"
#include "tap.h"

#define SCOPES "[\"conversations:read\",\"conversations:manage\"]"

/* Two accounts with names: a key is found together with its account's. */
static void
make_accounts(struct database *d)
{
	struct account account = { .name = "ours" };
	struct account stranger = { .name = "theirs" };

	must(account_insert(d->db, &account));
	must(account_insert(d->db, &stranger));
	d->account = account.id;
	d->stranger = stranger.id;
}

static struct key
make_key(struct database *d, const struct id *account, const char *name)
{
	struct key key = {
		.account_id = *account,
		.name = name,
		.scopes = SCOPES,
	};

	key_make(d->arena, &key);
	must(key_insert(d->db, &key));
	return key;
}

static void
test_find(struct database *d)
{
	struct key key = make_key(d, &d->account, "Schlüssel 🔑"), found;
	struct key expiring = {
		.account_id = d->account,
		.name = "for a while",
		.scopes = "[]",
		.expires_at = INT64_C(4102444799123456),
	};
	struct id none = id_new();

	is_outcome(key_find(d->db, d->arena, &key.id, &found), OK,
	    "a key is found by its id alone");
	ok(id_equal(&found.id, &key.id), "with its id");
	ok(id_equal(&found.account_id, &d->account), "with its account");
	is_text(found.account_name, "ours", "with its account's name");
	is_text(found.name, "Schlüssel 🔑", "with its name");
	ok(memcmp(found.digest, key.digest, SECRET_DIGEST) == 0,
	    "with the digest of its secret");
	is_text(found.scopes, SCOPES, "with its scopes");
	is_int(found.created_at, key.created_at, "with its time");
	is_int(found.expires_at, 0, "one that never expires says 0");
	is_int(found.revoked_at, 0, "one that is not revoked says 0");
	is_outcome(key_find(d->db, d->arena, &none, &found), NOT_FOUND,
	    "an id that is no key's is not found");
	key_make(d->arena, &expiring);
	must(key_insert(d->db, &expiring));
	must(key_find(d->db, d->arena, &expiring.id, &found));
	is_int(found.expires_at, INT64_C(4102444799123456),
	    "the end of its life comes back to the microsecond");
	is_outcome(key_insert(d->db, &expiring), CONFLICT,
	    "a key is not inserted twice");
}

static void
test_secret(struct database *d)
{
	struct key key = make_key(d, &d->account, "secret");
	const char *secret = strrchr(key.secret, '_') + 1;

	is_int(database_number(d->db,
		   "SELECT COUNT(*) FROM api_key"
		   " WHERE CONCAT_WS('|', HEX(id), name, HEX(digest), digest,"
		   " scopes) LIKE '%%%s%%'",
		   secret),
	    0, "the secret itself stands in no column");
}

static void
test_list(struct database *d)
{
	struct key first, second, theirs;
	struct key *keys;
	struct rows rows;

	database_do(d->db, "DELETE FROM api_key");
	is_outcome(key_list(d->db, d->arena, &d->account, &rows), OK,
	    "an account without keys has a list");
	is_int(rows.count, 0, "it is empty");
	first = make_key(d, &d->account, "first");
	theirs = make_key(d, &d->stranger, "theirs");
	second = make_key(d, &d->account, "second");
	must(key_list(d->db, d->arena, &d->account, &rows));
	keys = rows.list;
	is_int(rows.count, 2, "a list holds the account's own keys only");
	ok(id_equal(&keys[0].id, &first.id) &&
		id_equal(&keys[1].id, &second.id),
	    "the oldest key comes first");
	is_text(keys[1].scopes, SCOPES, "a list has the scopes");
	must(key_list(d->db, d->arena, &d->stranger, &rows));
	keys = rows.list;
	ok(rows.count == 1 && id_equal(&keys[0].id, &theirs.id),
	    "another account lists its own");
}

static void
test_revoke(struct database *d)
{
	struct key key = make_key(d, &d->account, "to revoke"), found;
	struct key other = make_key(d, &d->account, "to stay");
	struct id none = id_new();
	int64_t before = when_now(), revoked;

	is_outcome(key_revoke(d->db, &d->stranger, &key.id), NOT_FOUND,
	    "another account's key cannot be revoked");
	must(key_find(d->db, d->arena, &key.id, &found));
	is_int(found.revoked_at, 0, "it is as it was");
	is_outcome(
	    key_revoke(d->db, &d->account, &key.id), OK, "a key is revoked");
	must(key_find(d->db, d->arena, &key.id, &found));
	revoked = found.revoked_at;
	ok(revoked >= before && revoked <= when_now(),
	    "a revoked key says since when");
	is_outcome(key_revoke(d->db, &d->account, &key.id), OK,
	    "revoking it again works");
	must(key_find(d->db, d->arena, &key.id, &found));
	is_int(found.revoked_at, revoked, "and leaves the time as it was");
	must(key_find(d->db, d->arena, &other.id, &found));
	is_int(found.revoked_at, 0, "the account's other key still works");
	is_outcome(key_revoke(d->db, &d->account, &none), NOT_FOUND,
	    "a key that is not there cannot be revoked");
}

static void
test_index(struct database *d)
{
	struct key key, found;
	struct rows rows;
	int i;

	for (i = 0; i < 200; i++)
		key = make_key(d, &d->stranger, "one of many");
	database_do(d->db, "ANALYZE TABLE api_key, account");
	database_watch(d->db);
	must(key_find(d->db, d->arena, &key.id, &found));
	ok(database_reads(d->db) <= 4, "finding a key reads its row");
	database_do(d->db, "DELETE FROM api_key WHERE account_id = %s",
	    database_id(d->arena, &d->account));
	(void)make_key(d, &d->account, "the only one");
	database_watch(d->db);
	must(key_list(d->db, d->arena, &d->account, &rows));
	ok(rows.count == 1 && database_reads(d->db) <= 4,
	    "a list does not read the keys of others");
	database_watch(d->db);
	must(key_revoke(d->db, &d->stranger, &key.id));
	ok(database_reads(d->db) <= 4, "revoking a key reads its row");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	make_accounts(&d);
	test_find(&d);
	test_secret(&d);
	test_list(&d);
	test_revoke(&d);
	test_index(&d);
	database_close(&d);
	return done();
}
