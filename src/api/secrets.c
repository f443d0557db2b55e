#include "base/base.h"

#include "api/secrets.h"

#include "api/answer.h"
#include "api/call.h"
#include "db/stmt.h"
#include "model/field.h"
#include "model/secret.h"
#include "store/secret.h"

#include <string.h>

enum outcome
secrets_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc =
	    secret_list(call->db, call->arena, &call->key.account_id, &rows);

	if (rc == OK)
		*answer = (struct list){ rows.list, rows.count };
	return rc;
}

/* Sealing is random: what is there is ours, or it is another's. */
static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct secret *made = call->witness;
	struct secret found;
	enum outcome rc = secret_find(
	    db, call->arena, &call->key.account_id, made->name, &found);

	if (rc == OK && strcmp(found.sealed, made->sealed) != 0)
		return NOT_FOUND;
	return rc;
}

enum outcome
secrets_save(struct call *call)
{
	const struct secret *body = call->body;
	struct secret *answer = call->answer;
	const unsigned char *key = call->server->secret_key;
	enum outcome rc;

	if (key == NULL)
		return call_refuse(call, SERVICE_UNAVAILABLE, NULL,
		    "this server has no key to keep secrets under: its"
		    " operator has to set [secret] key_file");
	*answer = *body;
	call->witness = answer;
	call->settled = is_there;
	rc = secret_save(
	    call->db, call->arena, key, &call->key.account_id, answer);
	if (rc == LIMITED)
		return call_refuse(call, TOO_MANY_SECRETS, NULL,
		    "an account has at most %d secrets: delete one first",
		    SECRETS_MOST);
	return rc;
}

enum outcome
secrets_delete(struct call *call)
{
	struct answer_message *answer = call->answer;
	enum outcome rc = secret_delete(
	    call->db, call->arena, &call->key.account_id, call->values[0]);

	answer->message = "The secret is deleted: tools that name it fail";
	return call_missing(call, rc, SECRET_NOT_FOUND, NULL, "secret");
}
