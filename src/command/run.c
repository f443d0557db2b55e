#include "base/base.h"

#include "command/run.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/text.h"
#include "command/command.h"
#include "db/db.h"
#include "db/migrate.h"
#include "db/tx.h"
#include "model/account.h"
#include "model/field.h"
#include "store/account.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WHY_MOST 8192
#define PAIRS_MOST 16
#define TABLE_DENIED 1142 /* the server's ER_TABLEACCESS_DENIED_ERROR */

static enum outcome check_schema(struct run *run);

const char *
run_value(const struct run *run, const char *option)
{
	const struct option_rule *options = run->command->options;
	size_t i;

	for (i = 0; options[i].name != NULL; i++)
		if (text_equal(options[i].name, option))
			return run->values[i];
	return NULL;
}

enum outcome
run_tell(const char *format, ...)
{
	struct arena *arena = arena_new();
	const char *text, *end;
	va_list values;

	va_start(values, format);
	text = arena_format_values(arena, format, values);
	va_end(values);
	/* That standard error cannot be written is nothing we can tell. */
	while (*text != '\0') {
		end = strchrnul(text, '\n');
		(void)fprintf(
		    stderr, "parley: %.*s\n", (int)(end - text), text);
		text = *end == '\0' ? end : end + 1;
	}
	arena_free(arena);
	return INVALID;
}

enum outcome
run_configure(struct run *run)
{
	struct buf why;

	buf_init(&why, run->arena, WHY_MOST);
	if (config_load(run->arena, run->config_path, &run->config, &why))
		return run_tell("%s", buf_text(&why));
	return OK;
}

enum outcome
run_open(struct run *run)
{
	enum outcome rc = run_configure(run);

	if (rc != OK)
		return rc;
	run->db = db_new(run->arena, &run->config);
	db_hush(run->db);
	rc = db_connect(run->db);
	return rc == OK ? check_schema(run) : run_failed(run, rc);
}

static enum outcome
check_schema(struct run *run)
{
	int64_t version, needed = migrate_needed();
	enum outcome rc = migrate_version(run->db, run->arena, &version);

	if (rc != OK)
		return run_failed(run, rc);
	if (version < needed)
		return run_tell("the database has version %lld of the schema,"
				" and version %lld is needed; run `parley"
				" migrate`",
		    (long long)version, (long long)needed);
	if (version > needed)
		return run_tell("the database has version %lld of the schema,"
				" and this program knows %lld; install the"
				" newer Parley",
		    (long long)version, (long long)needed);
	return OK;
}

enum outcome
run_failed(const struct run *run, enum outcome rc)
{
	if (db_trouble_number(run->db) == TABLE_DENIED)
		(void)run_tell("the database says: %s; run this as a user with"
			       " the right, such as parley_admin of"
			       " sql/grants.sql",
		    db_trouble(run->db));
	else
		(void)run_tell(
		    "the database at %s says: %s; run `parley doctor`",
		    run_database(run->arena, &run->config),
		    db_trouble(run->db));
	return rc;
}

const char *
run_database(struct arena *arena, const struct config *config)
{
	if (config->database_socket != NULL)
		return config->database_socket;
	if (config->database_hosts != NULL)
		return config->database_hosts;
	return arena_format(arena, "%s:%lld", config->database_host,
	    (long long)config->database_port);
}

enum outcome
run_account(struct run *run, struct id *account)
{
	const char *wanted = run_value(run, "account");
	struct account found;
	enum outcome rc = account_find(run->db, run->arena, wanted, &found);

	if (rc == NOT_FOUND)
		return run_tell("there is no account %s; `parley account list`"
				" shows those there are, `parley account add`"
				" makes one",
		    wanted);
	if (rc != OK)
		return run_failed(run, rc);
	*account = found.id;
	return OK;
}

enum outcome
run_read(struct run *run, const struct schema *schema, const char *const *pairs,
    void *out)
{
	const char *given[PAIRS_MOST + 1] = { NULL };
	struct faults faults;
	struct reader reader = {
		.arena = run->arena,
		.faults = &faults,
		.net_allow = run->config.net_allow,
	};
	size_t i, count = 0;
	enum outcome rc;

	for (; pairs[0] != NULL; pairs += 2) {
		assert(count < PAIRS_MOST);
		if (pairs[1] == NULL)
			continue;
		given[count++] = pairs[0];
		given[count++] = pairs[1];
	}
	faults_init(&faults, run->arena);
	rc = field_read_query(&reader, schema, given, out);
	for (i = 0; i < faults.count; i++)
		(void)run_tell("%s; see `parley help %s %s`",
		    faults.list[i].message, run->command->name,
		    run->command->sub);
	return rc;
}

enum outcome
run_commit(struct run *run, const struct tx *tx)
{
	enum outcome rc = tx_run(run->db, tx);

	switch (rc) {
	case OK:
	case CONFLICT:
	case NOT_FOUND:
		return rc;
	case AGAIN:
		return run_tell("the database is too busy; try again");
	case INVALID:
	case DENIED:
	case LIMITED:
	case UNAVAILABLE:
	case FAULT:
	case OUTCOME_N:
		break;
	}
	return run_failed(run, rc);
}
