#include "base/base.h"

#include "api/carriers.h"

#include "api/answer.h"
#include "api/call.h"
#include "base/secret.h"
#include "db/stmt.h"
#include "model/carrier.h"
#include "model/field.h"
#include "store/carrier.h"

enum outcome
carriers_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc =
	    carrier_list(call->db, call->arena, &call->key.account_id, &rows);

	if (rc != OK)
		return rc;
	answer->items = rows.list;
	answer->count = rows.count;
	return OK;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct carrier *made = call->witness;
	struct carrier ignored;

	return carrier_find(
	    db, call->arena, &call->key.account_id, &made->id, &ignored);
}

/* The field of a secret, by the name that it was given under. */
static const char *
given_secret(const struct call *call)
{
	static const char *const names[] = { "/api_secret", "/password",
		"/auth_token" };
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (call_gives(call, names[i] + 1))
			return names[i];
	return "/signing_key";
}

/* Credentials are bound to their row: moved to another they do not open. */
static enum outcome
seal(struct call *call, struct carrier *carrier)
{
	const unsigned char *key = call->server->secret_key;
	const char *context = id_text(call->arena, &carrier->id);

	if (carrier->auth_token == NULL && carrier->signing_key == NULL)
		return OK;
	if (key == NULL)
		return call_refuse(call, SERVICE_UNAVAILABLE,
		    given_secret(call),
		    "this server has no key to keep credentials under: its"
		    " operator has to set [secret] key_file");
	if (carrier->auth_token != NULL)
		carrier->sealed =
		    secret_seal(call->arena, key, context, carrier->auth_token);
	if (carrier->signing_key != NULL)
		carrier->signing_sealed = secret_seal(call->arena, key,
		    carrier_signing_context(call->arena, carrier),
		    carrier->signing_key);
	return OK;
}

enum outcome
carriers_create(struct call *call)
{
	const struct carrier *body = call->body;
	struct carrier *answer = call->answer;
	enum outcome rc = carrier_check(body, &call->faults);

	*answer = *body;
	answer->id = id_new();
	if (rc == OK)
		rc = seal(call, answer);
	if (rc != OK)
		return rc;
	call->witness = answer;
	call->settled = is_there;
	rc = carrier_insert(call->db, &call->key.account_id, answer);
	if (rc == CONFLICT)
		return call_refuse(call, CARRIER_EXISTS,
		    call_gives(call, "api_key") ? "/api_key" : "/account_sid",
		    "this account of the provider has a carrier already");
	return rc;
}

enum outcome
carriers_show(struct call *call)
{
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CARRIER_NOT_FOUND, "carrier", &id);

	if (rc == OK)
		rc = carrier_find(call->db, call->arena, &call->key.account_id,
		    &id, call->answer);
	return call_missing(call, rc, CARRIER_NOT_FOUND, NULL, "carrier");
}

enum outcome
carriers_delete(struct call *call)
{
	struct answer_message *answer = call->answer;
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CARRIER_NOT_FOUND, "carrier", &id);

	if (rc == OK)
		rc = carrier_delete(
		    call->db, call->arena, &call->key.account_id, &id);
	if (rc == CONFLICT)
		return call_refuse(call, CARRIER_IN_USE, NULL,
		    "numbers or email addresses still use this carrier:"
		    " delete them, or give them another");
	answer->message = "Carrier deleted";
	return call_missing(call, rc, CARRIER_NOT_FOUND, NULL, "carrier");
}
