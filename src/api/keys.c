#include "base/base.h"

#include "api/keys.h"

#include "api/answer.h"
#include "api/call.h"
#include "base/when.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/field.h"
#include "store/key.h"

static const struct field fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    FIELD_AT(struct key, name), 1, 255 },
	{ "scopes", FIELD_TEXTS, FIELD_REQUIRED, FIELD_AT(struct key, scopes),
	    1, SCOPE_N, .about = "What the key may do; see the README." },
	{ "expires_at", FIELD_WHEN, FIELD_NULLABLE,
	    FIELD_AT(struct key, expires_at), .about = "null: never." },
};

const struct schema key_request_schema =
    SCHEMA("KeyRequest", fields, struct key);

enum outcome
keys_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc =
	    key_list(call->db, call->arena, &call->key.account_id, &rows);

	if (rc != OK)
		return rc;
	answer->items = rows.list;
	answer->count = rows.count;
	return OK;
}

static enum outcome
check(struct call *call, const struct key *key)
{
	const char *unknown = "";
	unsigned mask;

	if (key->expires_at != 0 && key->expires_at <= when_now())
		return call_refuse(call, INVALID_PARAMETER, "/expires_at",
		    "expires_at must be in the future");
	if (key_scopes(call->arena, key->scopes, &mask, &unknown) != OK)
		return call_refuse(call, INVALID_PARAMETER, "/scopes",
		    "%s is no scope; there are %s", unknown,
		    names_list(call->arena, &scope_names));
	if ((call->scopes & SCOPE(ADMIN)) == 0 && (mask & ~call->scopes) != 0)
		return call_refuse(call, FORBIDDEN, "/scopes",
		    "this key lacks, and so cannot give, %s",
		    key_scopes_text(call->arena, mask & ~call->scopes));
	return OK;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct key *made = call->witness;
	struct key ignored;

	return key_find(db, call->arena, &made->id, &ignored);
}

enum outcome
keys_create(struct call *call)
{
	const struct key *body = call->body;
	struct key *answer = call->answer;
	enum outcome rc = check(call, body);

	if (rc != OK)
		return rc;
	*answer = *body;
	answer->account_id = call->key.account_id;
	key_make(call->arena, answer);
	call->witness = answer;
	call->settled = is_there;
	return key_insert(call->db, answer);
}

enum outcome
keys_revoke(struct call *call)
{
	struct answer_message *answer = call->answer;
	struct id id;
	enum outcome rc = call_path_id(call, 0, KEY_NOT_FOUND, "key", &id);

	if (rc == OK)
		rc = key_revoke(call->db, &call->key.account_id, &id);
	answer->message = "The key is revoked";
	call->settled = tx_repeat;
	return call_missing(call, rc, KEY_NOT_FOUND, NULL, "key");
}
