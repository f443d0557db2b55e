#include "base/base.h"

#include "command/keys.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/when.h"
#include "command/run.h"
#include "command/table.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/field.h"
#include "store/key.h"

#include <stdio.h>
#include <string.h>

#define SCOPES_MOST 1024 /* the column's */
#define DAYS_MOST 36500
#define HOUR (3600 * WHEN_SECOND)

static const struct field fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    FIELD_AT(struct key, name), 1, 255 },
};
static const struct schema schema = SCHEMA("Key", fields, struct key);

static const char *const headings[] = { "ID", "CREATED", "EXPIRES", "REVOKED",
	"NAME", "SCOPES" };

struct change {
	struct run *run;
	struct key key;
};

static enum outcome read_scopes(struct run *run, struct key *key);
static enum outcome read_expires(const struct run *run, struct key *key);
static enum outcome tell_expires(const char *text);

static enum outcome
add(struct db *db, void *context)
{
	struct change *change = context;

	return key_insert(db, &change->key);
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct change *change = context;
	struct key ignored;

	return key_find(db, change->run->arena, &change->key.id, &ignored);
}

enum outcome
keys_add(struct run *run)
{
	struct change change = { .run = run, .key.name = "operator" };
	struct key *key = &change.key;
	const struct tx tx = { add, is_there, &change };
	const char *name = run_value(run, "name");
	const char *const pairs[] = { "name", name != NULL ? name : key->name,
		NULL };
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_read(run, &schema, pairs, key);
	if (rc == OK)
		rc = read_scopes(run, key);
	if (rc == OK)
		rc = read_expires(run, key);
	if (rc == OK)
		rc = run_account(run, &key->account_id);
	if (rc != OK)
		return rc;
	key_make(run->arena, key);
	rc = run_commit(run, &tx);
	if (rc == OK)
		(void)printf("%s\n", key->secret);
	return rc;
}

/* As --scopes takes them. */
static const char *
scopes_text(struct arena *arena, const char *json)
{
	const char *unknown;
	struct buf buf;
	unsigned mask;
	int scope;

	if (key_scopes(arena, json, &mask, &unknown) != OK)
		return json;
	buf_init(&buf, arena, SCOPES_MOST);
	for (scope = 0; scope < SCOPE_N; scope++)
		if ((mask & 1u << scope) != 0)
			buf_add_format(&buf, "%s%s", buf.length > 0 ? "," : "",
			    names_text(&scope_names, scope));
	return buf_text(&buf);
}

enum outcome
keys_list(struct run *run)
{
	struct id account;
	struct rows rows;
	const struct key *keys;
	struct table table;
	size_t i;
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_account(run, &account);
	if (rc != OK)
		return rc;
	rc = key_list(run->db, run->arena, &account, &rows);
	if (rc != OK)
		return run_failed(run, rc);
	keys = rows.list;
	table_init(&table, run->arena, headings, COUNT(headings), rows.count);
	for (i = 0; i < rows.count; i++) {
		table_add(&table, id_text(run->arena, &keys[i].id));
		table_add_when(&table, keys[i].created_at);
		table_add_when(&table, keys[i].expires_at);
		table_add_when(&table, keys[i].revoked_at);
		table_add(&table, keys[i].name);
		table_add(&table, scopes_text(run->arena, keys[i].scopes));
	}
	table_print(&table);
	return OK;
}

static enum outcome
revoke(struct db *db, void *context)
{
	struct change *change = context;

	return key_revoke(db, &change->key.account_id, &change->key.id);
}

enum outcome
keys_revoke(struct run *run)
{
	struct change change = { .run = run };
	struct key *key = &change.key;
	const struct tx tx = { revoke, tx_repeat, &change };
	enum outcome rc;

	if (key_parse(run->operands[0], &key->id, key->digest) != OK &&
	    id_parse(run->operands[0], &key->id) != OK)
		return run_tell("this is neither the id of a key nor a key;"
				" see `parley key list`");
	rc = run_open(run);
	if (rc == OK)
		rc = run_account(run, &key->account_id);
	if (rc != OK)
		return rc;
	rc = run_commit(run, &tx);
	if (rc == NOT_FOUND)
		return run_tell("the account has no such key; see `parley key"
				" list`");
	return rc;
}

/* The column has their JSON array; the words need no escape. */
static enum outcome
read_scopes(struct run *run, struct key *key)
{
	const char *text = run_value(run, "scopes");
	const char **words =
	    text_split(run->arena, text != NULL ? text : "admin", ',');
	struct buf json;
	size_t i;
	int scope;

	if (words[0] == NULL)
		return run_tell("--scopes is empty; there are %s",
		    names_list(run->arena, &scope_names));
	buf_init(&json, run->arena, SCOPES_MOST);
	for (i = 0; words[i] != NULL; i++) {
		if (names_find(&scope_names, words[i], &scope) != OK)
			return run_tell("%s is no scope; there are %s",
			    words[i], names_list(run->arena, &scope_names));
		buf_add_format(&json, "%s\"%s\"", i == 0 ? "[" : ",", words[i]);
	}
	buf_add_char(&json, ']');
	if (!buf_ok(&json))
		return run_tell("--scopes is too long; name each scope once");
	key->scopes = buf_text(&json);
	return OK;
}

/* "30d" or "12h" as microseconds, 0 when it is neither. */
static int64_t
read_duration(struct arena *arena, const char *text)
{
	size_t length = strlen(text);
	const char *digits;
	int64_t unit, number;

	if (!text_ends(text, "d") && !text_ends(text, "h"))
		return 0;
	unit = text_ends(text, "d") ? WHEN_DAY : HOUR;
	digits = arena_copy(arena, text, length - 1);
	if (text_to_integer(digits, &number) != OK || number < 1 ||
	    number > DAYS_MOST * WHEN_DAY / unit)
		return 0;
	return number * unit;
}

static enum outcome
read_expires(const struct run *run, struct key *key)
{
	const char *text = run_value(run, "expires");
	int64_t duration;

	if (text == NULL)
		return OK;
	duration = read_duration(run->arena, text);
	if (duration > 0)
		key->expires_at = when_now() + duration;
	else if (when_parse(text, &key->expires_at) != OK)
		return tell_expires(text);
	if (key->expires_at <= when_now())
		return run_tell(
		    "%s is over; --expires must be in the future", text);
	return OK;
}

static enum outcome
tell_expires(const char *text)
{
	return run_tell("%s is no time for --expires; give a moment as"
			" 2027-01-31T12:00:00Z, or from now 30d or 12h, at"
			" most %dd",
	    text, DAYS_MOST);
}
