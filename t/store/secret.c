/*
 * Secrets of an account: sealed, and opened all at once.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/secret.h"
#include "store/secret.h"

#include "database.h"
#include "tap.h"

static unsigned char key[SECRET_KEY], other_key[SECRET_KEY];

static struct secret
save(struct database *d, const struct id *account, const char *name,
    const char *value)
{
	struct secret secret = { .name = name, .value = value };

	must(secret_save(d->db, d->arena, key, account, &secret));
	return secret;
}

static const char *
opened(struct database *d, const unsigned char *with, const struct id *account)
{
	struct json_object *secrets;

	must(secret_list_open(d->db, d->arena, with, account, &secrets));
	return json_text(d->arena, secrets);
}

static void
test_save(struct database *d)
{
	struct secret first = save(d, &d->account, "crm_key", "one");
	struct secret second = save(d, &d->account, "CRM_Key", "two");
	struct secret found;
	struct rows rows;

	ok(!id_is_none(&first.id), "a secret has an id");
	ok(first.value == NULL, "and its value is gone");
	ok(id_equal(&first.id, &second.id), "the same name is the same secret");
	is_text(second.name, "crm_key", "in any case, as it was first written");
	is_int(second.created_at, first.created_at, "as old as it was");
	ok(second.updated_at >= first.updated_at, "but changed since");
	(void)save(d, &d->account, "a2", "three");
	must(secret_list(d->db, d->arena, &d->account, &rows));
	is_int((int64_t)rows.count, 2, "there are two");
	is_text(((const struct secret *)rows.list)[0].name, "a2", "by name");
	is_text(opened(d, key, &d->account),
	    "{\"a2\":\"three\",\"crm_key\":\"two\"}", "their last values open");
	must(secret_find(d->db, d->arena, &d->account, "CRM_KEY", &found));
	ok(id_equal(&found.id, &first.id), "one is found by its name");
	must(secret_find(d->db, d->arena, &d->account,
	    id_text(d->arena, &first.id), &found));
	is_text(found.name, "crm_key", "and by its id");
	is_int(database_number(d->root,
		   "SELECT COUNT(*) FROM secret WHERE sealed LIKE '%%two%%'"),
	    0, "no value is kept in clear");
}

static void
test_accounts(struct database *d)
{
	struct secret found;

	is_outcome(
	    secret_find(d->db, d->arena, &d->stranger, "crm_key", &found),
	    NOT_FOUND, "another account does not have it");
	is_text(opened(d, key, &d->stranger), "{}", "nor opens it");
	is_outcome(secret_delete(d->db, d->arena, &d->stranger, "crm_key"),
	    NOT_FOUND, "nor deletes it");
	(void)save(d, &d->stranger, "crm_key", "theirs");
	is_text(opened(d, key, &d->stranger), "{\"crm_key\":\"theirs\"}",
	    "but has its own of this name");
}

static void
test_moved(struct database *d)
{
	is_text(opened(d, other_key, &d->account), "{}",
	    "under another key none opens");
	is_text(opened(d, NULL, &d->account), "{}", "nor without one");
	database_do(d->root,
	    "UPDATE secret mine JOIN secret theirs ON theirs.account_id = %s"
	    " AND theirs.name = 'crm_key' SET mine.sealed = theirs.sealed"
	    " WHERE mine.account_id = %s AND mine.name = 'crm_key'",
	    database_id(d->arena, &d->stranger),
	    database_id(d->arena, &d->account));
	is_text(opened(d, key, &d->account), "{\"a2\":\"three\"}",
	    "one that is moved to another row does not open");
}

static void
test_delete(struct database *d)
{
	struct secret found;

	must(secret_delete(d->db, d->arena, &d->account, "CRM_key"));
	is_outcome(secret_find(d->db, d->arena, &d->account, "crm_key", &found),
	    NOT_FOUND, "a secret is deleted by its name");
	is_outcome(secret_delete(d->db, d->arena, &d->account, "crm_key"),
	    NOT_FOUND, "once");
	is_outcome(
	    secret_find(d->db, d->arena, &d->account, "no such name", &found),
	    NOT_FOUND, "what is no name is no secret's");
}

static void
test_most(struct database *d)
{
	struct secret secret = { .name = "one_more", .value = "x" };
	int64_t i;

	must(secret_delete(d->db, d->arena, &d->account, "a2"));
	database_begin(d->db);
	for (i = 0; i < SECRETS_MOST; i++)
		(void)save(d, &d->account,
		    arena_format(d->arena, "s%lld", (long long)i), "x");
	database_commit(d->db);
	is_outcome(secret_save(d->db, d->arena, key, &d->account, &secret),
	    LIMITED, "an account has so many secrets and no more");
	secret = (struct secret){ .name = "S0", .value = "y" };
	is_outcome(secret_save(d->db, d->arena, key, &d->account, &secret), OK,
	    "one that is there can be changed all the same");
}

int
main(void)
{
	struct database d;

	secret_random(key, sizeof(key));
	secret_random(other_key, sizeof(other_key));
	database_open(&d);
	test_save(&d);
	test_accounts(&d);
	test_moved(&d);
	test_delete(&d);
	test_most(&d);
	database_close(&d);
	return done();
}
