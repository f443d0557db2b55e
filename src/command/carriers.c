#include "base/base.h"

#include "command/carriers.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/secret.h"
#include "base/text.h"
#include "command/run.h"
#include "command/table.h"
#include "command/token.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/field.h"
#include "store/carrier.h"

#include <stdio.h>

#define WHY_MOST 1024

static const char *const headings[] = { "ID", "CREATED", "KIND", "NAME",
	"ACCOUNT-SID", "TOKEN", "BASE-URL" };

struct adding {
	struct run *run;
	struct id account;
	struct carrier carrier;
};

static enum outcome read_carrier(struct run *run, struct carrier *carrier);
static enum outcome seal(struct run *run, struct carrier *carrier);

static enum outcome
add(struct db *db, void *context)
{
	struct adding *adding = context;

	return carrier_insert(db, &adding->account, &adding->carrier);
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct adding *adding = context;
	struct carrier ignored;

	return carrier_find(db, adding->run->arena, &adding->account,
	    &adding->carrier.id, &ignored);
}

enum outcome
carriers_add(struct run *run)
{
	struct adding adding = { .run = run, .carrier.id = id_new() };
	const struct tx tx = { add, is_there, &adding };
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_account(run, &adding.account);
	if (rc == OK)
		rc = read_carrier(run, &adding.carrier);
	if (rc == OK)
		rc = seal(run, &adding.carrier);
	if (rc == OK)
		rc = run_commit(run, &tx);
	if (rc == CONFLICT)
		return run_tell("a carrier for %s account %s is there already,"
				" in this account or in another; see `parley"
				" carrier list`",
		    run_value(run, "kind"), adding.carrier.account_sid);
	if (rc == OK)
		(void)printf("%s\n", id_text(run->arena, &adding.carrier.id));
	return rc;
}

/* A mail server asks only who has a name there. */
static bool
needs_token(const struct carrier *carrier)
{
	if (carrier->kind == CARRIER_SMTP)
		return carrier->username != NULL;
	return carrier->kind != CARRIER_LOOPBACK;
}

/* What is wrong is told before the token is asked for: a check without it
 * pretends that there is one. */
static enum outcome
check_carrier(struct run *run, const struct carrier *carrier)
{
	struct carrier whole = *carrier;
	struct faults faults;

	whole.auth_token = needs_token(carrier) ? "" : NULL;
	faults_init(&faults, run->arena);
	if (carrier_check(&whole, &faults) == OK)
		return OK;
	return run_tell(
	    "%s; see `parley help carrier add`", faults.list[0].message);
}

/* Of two names for the same the one that is given; else NULL. */
static const char *
either(struct run *run, const char *one, const char *other)
{
	const char *value = run_value(run, one);

	return value != NULL ? value : run_value(run, other);
}

static enum outcome
read_carrier(struct run *run, struct carrier *carrier)
{
	const char *file = either(run, "auth-token-file", "api-secret-file");
	const char *pairs[] = { "kind", run_value(run, "kind"), "name",
		run_value(run, "name"), "account_sid",
		either(run, "account-sid", "api-key"), "base_url",
		run_value(run, "base-url"), "username",
		run_value(run, "username"), "auth_token", NULL, "signing_key",
		NULL, NULL };
	const char **token = &pairs[11], **signing = &pairs[13];
	const char *signing_file = run_value(run, "signing-key-file");
	enum outcome rc = run_read(run, &carrier_schema, pairs, carrier);

	if (rc == OK)
		rc = check_carrier(run, carrier);
	if (rc == OK && (file != NULL || needs_token(carrier)))
		rc = token_read(run, file, token);
	if (rc == OK && signing_file != NULL)
		rc = token_read(run, signing_file, signing);
	return rc == OK ? run_read(run, &carrier_schema, pairs, carrier) : rc;
}

/* Credentials are bound to their row: moved to another they do not open. */
static enum outcome
seal(struct run *run, struct carrier *carrier)
{
	const char *path = run->config.secret_key_file;
	unsigned char key[SECRET_KEY];
	struct buf why;

	if (carrier->auth_token == NULL && carrier->signing_key == NULL)
		return OK;
	if (path == NULL)
		return run_tell("there is no key to keep the token under; run"
				" `parley secret create PATH` and set [secret]"
				" key_file to PATH");
	buf_init(&why, run->arena, WHY_MOST);
	if (secret_load(path, key, &why) != OK)
		return run_tell("%s; the token cannot be kept without the key"
				" of [secret] key_file",
		    buf_text(&why));
	if (carrier->auth_token != NULL)
		carrier->sealed = secret_seal(run->arena, key,
		    id_text(run->arena, &carrier->id), carrier->auth_token);
	if (carrier->signing_key != NULL)
		carrier->signing_sealed = secret_seal(run->arena, key,
		    carrier_signing_context(run->arena, carrier),
		    carrier->signing_key);
	secret_wipe(key, sizeof(key));
	return OK;
}

enum outcome
carriers_list(struct run *run)
{
	struct id account;
	struct rows rows;
	const struct carrier *carrier;
	struct table table;
	size_t i;
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_account(run, &account);
	if (rc != OK)
		return rc;
	rc = carrier_list(run->db, run->arena, &account, &rows);
	if (rc != OK)
		return run_failed(run, rc);
	table_init(&table, run->arena, headings, COUNT(headings), rows.count);
	for (i = 0; i < rows.count; i++) {
		carrier = (const struct carrier *)rows.list + i;
		table_add(&table, id_text(run->arena, &carrier->id));
		table_add_when(&table, carrier->created_at);
		table_add(
		    &table, names_text(&carrier_kind_names, carrier->kind));
		table_add(&table, carrier->name);
		table_add(&table, carrier->account_sid);
		table_add(&table, carrier->sealed != NULL ? "sealed" : NULL);
		table_add(&table, carrier->base_url);
	}
	table_print(&table);
	return OK;
}

enum outcome
carriers_find(struct run *run, const struct id *account, struct id *carrier)
{
	const char *wanted = run_value(run, "carrier");
	const struct carrier *list, *found = NULL;
	struct rows rows;
	struct id id = { 0 };
	bool by_id = id_parse(wanted, &id) == OK;
	size_t i, count = 0;
	enum outcome rc = carrier_list(run->db, run->arena, account, &rows);

	if (rc != OK)
		return run_failed(run, rc);
	list = rows.list;
	for (i = 0; i < rows.count; i++) {
		if (by_id ? !id_equal(&list[i].id, &id)
			  : !text_equal(list[i].name, wanted))
			continue;
		found = &list[i];
		count++;
	}
	if (count == 0)
		return run_tell("the account has no carrier %s; `parley"
				" carrier list` shows those it has, `parley"
				" carrier add` makes one",
		    wanted);
	if (count > 1)
		return run_tell("the account has %zu carriers %s; name one by"
				" its id, from `parley carrier list`",
		    count, wanted);
	*carrier = found->id;
	return OK;
}
