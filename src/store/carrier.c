#include "base/base.h"

#include "store/carrier.h"

#include "base/when.h"
#include "db/stmt.h"

#define SELECT_CARRIER                                                         \
	"SELECT id, kind, name, provider_account, credentials_sealed,"         \
	" base_url, created_at, username, signing_sealed, verification_key"    \
	" FROM carrier"

static const struct column columns[] = {
	COLUMN(ID, struct carrier, id),
	COLUMN_OF(&carrier_kind_names, struct carrier, kind),
	COLUMN(TEXT, struct carrier, name),
	COLUMN(TEXT, struct carrier, account_sid),
	COLUMN(TEXT, struct carrier, sealed),
	COLUMN(TEXT, struct carrier, base_url),
	COLUMN(WHEN, struct carrier, created_at),
	COLUMN(TEXT, struct carrier, username),
	COLUMN(TEXT, struct carrier, signing_sealed),
	COLUMN(TEXT, struct carrier, verification_key),
};

/* A carrier whose account is not known before. */
struct owned {
	struct id account_id;
	struct carrier carrier;
};

static const struct column owned_columns[] = {
	COLUMN(ID, struct owned, account_id),
	COLUMN(ID, struct owned, carrier.id),
	COLUMN_OF(&carrier_kind_names, struct owned, carrier.kind),
	COLUMN(TEXT, struct owned, carrier.account_sid),
	COLUMN(TEXT, struct owned, carrier.sealed),
};

static const struct column hook_columns[] = {
	COLUMN(ID, struct owned, account_id),
	COLUMN(ID, struct owned, carrier.id),
	COLUMN_OF(&carrier_kind_names, struct owned, carrier.kind),
	COLUMN(TEXT, struct owned, carrier.signing_sealed),
	COLUMN(TEXT, struct owned, carrier.verification_key),
};

struct usage {
	int64_t numbers;
};

static const struct column usage_columns[] = {
	COLUMN(INTEGER, struct usage, numbers),
};

static const struct stmt insert = {
	.sql = "INSERT INTO carrier (account_id, id, kind, name,"
	       " provider_account, credentials_sealed, base_url, created_at,"
	       " username, signing_sealed, verification_key)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = SELECT_CARRIER " WHERE account_id = ? AND id = ?",
	ROWS(columns, struct carrier),
};

static const struct stmt find_for = {
	.sql = "SELECT c.id, c.kind, c.name, c.provider_account,"
	       " c.credentials_sealed, c.base_url, c.created_at,"
	       " c.username, c.signing_sealed, c.verification_key"
	       " FROM phone_number n"
	       " JOIN carrier c ON c.account_id = n.account_id"
	       "  AND c.id = n.carrier_id"
	       " WHERE n.account_id = ? AND n.number = ?",
	ROWS(columns, struct carrier),
};

static const struct stmt hold = {
	.sql = SELECT_CARRIER " WHERE account_id = ? AND id = ?"
			      " FOR UPDATE",
	ROWS(columns, struct carrier),
};

/* The signature that its token makes says whether it is theirs. */
static const struct stmt find_provider = {
	.sql = "SELECT account_id, id, kind, provider_account,"
	       " credentials_sealed"
	       " FROM carrier"
	       " WHERE kind = ? AND provider_account = ?",
	ROWS(owned_columns, struct owned),
};

static const struct stmt find_kind = {
	.sql = SELECT_CARRIER " WHERE account_id = ? AND kind = ?"
			      " ORDER BY created_at, id LIMIT 1",
	ROWS(columns, struct carrier),
};

/* The same: what it signs with says whether it is theirs. */
static const struct stmt find_hook = {
	.sql = "SELECT account_id, id, kind, signing_sealed, verification_key"
	       " FROM carrier"
	       " WHERE id = ?",
	ROWS(hook_columns, struct owned),
};

static const struct stmt list = {
	.sql = SELECT_CARRIER " WHERE account_id = ?"
			      " ORDER BY created_at, id",
	ROWS(columns, struct carrier),
};

static const struct stmt count_numbers = {
	.sql = "SELECT (SELECT COUNT(*) FROM phone_number"
	       "  WHERE account_id = ? AND carrier_id = ?)"
	       " + (SELECT COUNT(*) FROM email_address"
	       "  WHERE account_id = ? AND carrier_id = ?)",
	ROWS(usage_columns, struct usage),
};

static const struct stmt delete = {
	.sql = "DELETE FROM carrier"
	       " WHERE account_id = ? AND id = ?",
};

enum outcome
carrier_insert(struct db *db, const struct id *account, struct carrier *carrier)
{
	carrier->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_id(&carrier->id),
		value_name(&carrier_kind_names, carrier->kind),
		value_text(carrier->name), value_text(carrier->account_sid),
		value_text(carrier->sealed), value_text(carrier->base_url),
		value_when(carrier->created_at), value_text(carrier->username),
		value_text(carrier->signing_sealed),
		value_text(carrier->verification_key)),
	    NULL);
}

enum outcome
carrier_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct carrier *carrier)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_id(id)), carrier);
}

enum outcome
carrier_find_for(struct db *db, struct arena *arena, const struct id *account,
    const char *number, struct carrier *carrier)
{
	return stmt_one(db, arena, &find_for,
	    VALUES(value_id(account), value_text(number)), carrier);
}

enum outcome
carrier_find_provider(struct db *db, struct arena *arena, int kind,
    const char *account_sid, struct id *account, struct carrier *carrier)
{
	struct owned owned = { .carrier.id = { { 0 } } };
	enum outcome rc = stmt_one(db, arena, &find_provider,
	    VALUES(
		value_name(&carrier_kind_names, kind), value_text(account_sid)),
	    &owned);

	if (rc != OK)
		return rc;
	*account = owned.account_id;
	*carrier = owned.carrier;
	return OK;
}

enum outcome
carrier_find_kind(struct db *db, struct arena *arena, const struct id *account,
    enum carrier_kind kind, struct carrier *carrier)
{
	return stmt_one(db, arena, &find_kind,
	    VALUES(
		value_id(account), value_name(&carrier_kind_names, (int)kind)),
	    carrier);
}

enum outcome
carrier_find_hook(struct db *db, struct arena *arena, const struct id *id,
    struct id *account, struct carrier *carrier)
{
	struct owned owned = { .carrier.id = { { 0 } } };
	enum outcome rc =
	    stmt_one(db, arena, &find_hook, VALUES(value_id(id)), &owned);

	if (rc != OK)
		return rc;
	*account = owned.account_id;
	*carrier = owned.carrier;
	return OK;
}

enum outcome
carrier_list(struct db *db, struct arena *arena, const struct id *account,
    struct rows *rows)
{
	return stmt_all(db, arena, &list, VALUES(value_id(account)), rows);
}

enum outcome
carrier_delete(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id)
{
	struct usage usage;
	struct carrier carrier;
	enum outcome rc = carrier_hold(db, arena, account, id, &carrier);

	if (rc == OK)
		rc = stmt_one(db, arena, &count_numbers,
		    VALUES(value_id(account), value_id(id), value_id(account),
			value_id(id)),
		    &usage);
	if (rc == OK && usage.numbers > 0)
		rc = CONFLICT;
	if (rc == OK)
		rc = stmt_run(
		    db, &delete, VALUES(value_id(account), value_id(id)), NULL);
	return rc;
}

enum outcome
carrier_hold(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct carrier *carrier)
{
	return stmt_one(
	    db, arena, &hold, VALUES(value_id(account), value_id(id)), carrier);
}
