#include "base/base.h"

#include "api/me.h"

#include "api/call.h"
#include "model/field.h"

/* Nobody is billed here: the balance is 0 and is never refilled. */
struct billing {
	double current_balance;
	double refill_to;
};

struct account_summary {
	struct id id;
	const char *name;
};

struct me {
	const char *status;
	struct billing billing;
	int64_t total_calls;
	struct account_summary account;
	struct id key_id;
	const char *scopes;
};

static const struct field billing_fields[] = {
	{ "current_balance", FIELD_NUMBER, 0,
	    FIELD_AT(struct billing, current_balance) },
	{ "refill_to", FIELD_NUMBER, FIELD_NULLABLE,
	    FIELD_AT(struct billing, refill_to) },
};

static const struct field account_fields[] = {
	{ "id", FIELD_ID, 0, FIELD_AT(struct account_summary, id) },
	{ "name", FIELD_TEXT, 0, FIELD_AT(struct account_summary, name) },
};

static const struct schema billing_schema =
    SCHEMA("Billing", billing_fields, struct billing);
static const struct schema account_schema =
    SCHEMA("Account", account_fields, struct account_summary);

static const struct field fields[] = {
	{ "status", FIELD_TEXT, 0, FIELD_AT(struct me, status) },
	{ "billing", FIELD_STRUCT, 0, FIELD_AT(struct me, billing),
	    .schema = &billing_schema },
	{ "total_calls", FIELD_INTEGER, 0, FIELD_AT(struct me, total_calls) },
	{ "account", FIELD_STRUCT, 0, FIELD_AT(struct me, account),
	    .schema = &account_schema },
	{ "key_id", FIELD_ID, 0, FIELD_AT(struct me, key_id) },
	{ "scopes", FIELD_TEXTS, 0, FIELD_AT(struct me, scopes) },
};

const struct schema me_schema = SCHEMA("Me", fields, struct me);

enum outcome
me_show(struct call *call)
{
	struct me *answer = call->answer;

	answer->status = "active";
	answer->account.id = call->key.account_id;
	answer->account.name = call->key.account_name;
	answer->key_id = call->key.id;
	answer->scopes = call->key.scopes;
	return OK;
}
