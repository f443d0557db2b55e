#include "base/base.h"

#include "store/email_address.h"

#include "base/when.h"
#include "db/stmt.h"
#include "model/carrier.h"
#include "model/mail_address.h"
#include "store/carrier.h"

static const struct column columns[] = {
	COLUMN(TEXT, struct email_address, address),
	COLUMN(ID, struct email_address, carrier_id),
	COLUMN(ID, struct email_address, inbound_agent_version_id),
	COLUMN(TEXT, struct email_address, label),
	COLUMN(WHEN, struct email_address, created_at),
};

static const struct column owner_columns[] = {
	COLUMN(ID, struct email_owner, account_id),
	COLUMN(ID, struct email_owner, carrier_id),
};

#define SELECT_ADDRESS                                                         \
	"SELECT address, carrier_id, inbound_agent_version_id, label,"         \
	" created_at"                                                          \
	" FROM email_address"

static const struct stmt insert = {
	.sql = "INSERT INTO email_address (account_id, address, carrier_id,"
	       " inbound_agent_version_id, label, created_at)"
	       " VALUES (?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = SELECT_ADDRESS " WHERE account_id = ? AND address = ?",
	ROWS(columns, struct email_address),
};

static const struct stmt list = {
	.sql = SELECT_ADDRESS " WHERE account_id = ?"
			      " ORDER BY address",
	ROWS(columns, struct email_address),
};

static const struct stmt first_two = {
	.sql = SELECT_ADDRESS " WHERE account_id = ?"
			      " ORDER BY address"
			      " LIMIT 2",
	ROWS(columns, struct email_address),
};

static const struct stmt update = {
	.sql = "UPDATE email_address"
	       " SET carrier_id = ?, inbound_agent_version_id = ?, label = ?"
	       " WHERE account_id = ? AND address = ?",
};

static const struct stmt delete = {
	.sql = "DELETE FROM email_address"
	       " WHERE account_id = ? AND address = ?",
};

/* Whoever signed the call with the carrier's key is asked to prove it. */
static const struct stmt owners = {
	.sql = "SELECT account_id, carrier_id"
	       " FROM email_address"
	       " WHERE address = ?"
	       " ORDER BY created_at, account_id"
	       " LIMIT 8",
	ROWS(owner_columns, struct email_owner),
};
static_assert(EMAIL_OWNERS_MOST == 8, "the statement's limit");

enum outcome
email_address_insert(
    struct db *db, const struct id *account, struct email_address *address)
{
	address->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_text(address->address),
		value_id(&address->carrier_id),
		value_id(&address->inbound_agent_version_id),
		value_text(address->label), value_when(address->created_at)),
	    NULL);
}

enum outcome
email_address_find(struct db *db, struct arena *arena, const struct id *account,
    const char *address, struct email_address *found)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_text(address)), found);
}

enum outcome
email_address_find_for(struct db *db, struct arena *arena,
    const struct id *account, const char *recipient,
    struct email_address *found)
{
	const char *base = mail_address_base(arena, recipient);
	enum outcome rc =
	    email_address_find(db, arena, account, recipient, found);

	if (rc == NOT_FOUND && base != recipient)
		rc = email_address_find(db, arena, account, base, found);
	return rc;
}

enum outcome
email_address_list(struct db *db, struct arena *arena, const struct id *account,
    struct rows *rows)
{
	return stmt_all(db, arena, &list, VALUES(value_id(account)), rows);
}

enum outcome
email_address_only(struct db *db, struct arena *arena, const struct id *account,
    struct email_address *found)
{
	struct rows rows;
	enum outcome rc =
	    stmt_all(db, arena, &first_two, VALUES(value_id(account)), &rows);

	if (rc != OK)
		return rc;
	if (rows.count != 1)
		return rows.count == 0 ? NOT_FOUND : CONFLICT;
	*found = *(const struct email_address *)rows.list;
	return OK;
}

enum outcome
email_address_update(struct db *db, const struct id *account,
    const struct email_address *address)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &update,
	    VALUES(value_id(&address->carrier_id),
		value_id(&address->inbound_agent_version_id),
		value_text(address->label), value_id(account),
		value_text(address->address)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
email_address_delete(
    struct db *db, const struct id *account, const char *address)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &delete,
	    VALUES(value_id(account), value_text(address)), &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
email_address_carrier(struct db *db, struct arena *arena,
    const struct id *account, const char *address, struct carrier *carrier)
{
	struct email_address found;
	enum outcome rc =
	    email_address_find(db, arena, account, address, &found);

	if (rc == OK)
		rc = carrier_find(
		    db, arena, account, &found.carrier_id, carrier);
	return rc;
}

enum outcome
email_address_owners(
    struct db *db, struct arena *arena, const char *address, struct rows *rows)
{
	return stmt_all(db, arena, &owners, VALUES(value_text(address)), rows);
}
