#include "base/base.h"

#include "command/accounts.h"

#include "command/run.h"
#include "command/table.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/field.h"
#include "store/account.h"

#include <stdio.h>

static const struct field fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    FIELD_AT(struct account, name), 1, 255 },
};
static const struct schema schema = SCHEMA("Account", fields, struct account);

static const char *const headings[] = { "ID", "CREATED", "NAME" };

struct adding {
	struct run *run;
	struct account account;
};

static enum outcome
add(struct db *db, void *context)
{
	struct adding *adding = context;

	return account_insert(db, &adding->account);
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct adding *adding = context;
	struct arena *arena = adding->run->arena;
	struct account ignored;

	return account_find(
	    db, arena, id_text(arena, &adding->account.id), &ignored);
}

enum outcome
accounts_add(struct run *run)
{
	struct adding adding = { .run = run };
	const struct tx tx = { add, is_there, &adding };
	const char *const pairs[] = { "name", run->operands[0], NULL };
	struct id ignored;
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_read(run, &schema, pairs, &adding.account);
	if (rc != OK)
		return rc;
	/* --account takes either, and must not have to choose. */
	if (id_parse(run->operands[0], &ignored) == OK)
		return run_tell("%s reads like an id; give the account a name"
				" that does not",
		    run->operands[0]);
	rc = run_commit(run, &tx);
	if (rc == CONFLICT)
		return run_tell("there is an account %s already; choose"
				" another name, or see `parley account list`",
		    run->operands[0]);
	if (rc == OK)
		(void)printf("%s\n", id_text(run->arena, &adding.account.id));
	return rc;
}

enum outcome
accounts_list(struct run *run)
{
	struct rows rows;
	const struct account *accounts;
	struct table table;
	size_t i;
	enum outcome rc = run_open(run);

	if (rc != OK)
		return rc;
	rc = account_list(run->db, run->arena, &rows);
	if (rc != OK)
		return run_failed(run, rc);
	accounts = rows.list;
	table_init(&table, run->arena, headings, COUNT(headings), rows.count);
	for (i = 0; i < rows.count; i++) {
		table_add(&table, id_text(run->arena, &accounts[i].id));
		table_add_when(&table, accounts[i].created_at);
		table_add(&table, accounts[i].name);
	}
	table_print(&table);
	return OK;
}
