#include "base/base.h"

#include "api/model_settings.h"

#include "api/answer.h"
#include "api/call.h"
#include "base/config.h"
#include "base/secret.h"
#include "base/text.h"
#include "model/model_setting.h"
#include "store/model_setting.h"

/* Where the operator's server is, is not a client's business. */
static void
show_deployment(const struct config *config, struct model_setting *answer)
{
	if (config->llm_url == NULL || config->llm_model == NULL) {
		answer->source = MODEL_NONE;
		return;
	}
	answer->source = MODEL_DEPLOYMENT;
	answer->model = config->llm_model;
}

enum outcome
model_setting_show(struct call *call)
{
	enum outcome rc = model_setting_find(
	    call->db, call->arena, &call->key.account_id, call->answer);

	if (rc != NOT_FOUND)
		return rc;
	show_deployment(call->server->config, call->answer);
	return OK;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct model_setting *made = call->witness;
	struct model_setting found;
	enum outcome rc =
	    model_setting_find(db, call->arena, &call->key.account_id, &found);

	if (rc == OK && found.updated_at != made->updated_at)
		return NOT_FOUND;
	return rc;
}

/* A key is for the server that it was given for: it is not sent to an address
 * that somebody chose who could not read it. */
static enum outcome
keep_key(struct call *call, struct model_setting *setting)
{
	struct model_setting before;
	enum outcome rc = model_setting_find(
	    call->db, call->arena, &call->key.account_id, &before);

	if (rc == NOT_FOUND || (rc == OK && before.sealed == NULL))
		return OK;
	if (rc != OK)
		return rc;
	if (!text_equal(before.url, setting->url))
		return call_refuse(call, MISSING_REQUIRED_FIELDS, "/key",
		    "the key that is there was given for another url: give"
		    " it again, or null");
	setting->sealed = before.sealed;
	return OK;
}

/* Bound to its account: moved to another it does not open. */
static enum outcome
seal(struct call *call, struct model_setting *setting)
{
	const unsigned char *key = call->server->secret_key;

	if (setting->key == NULL)
		return OK;
	if (key == NULL)
		return call_refuse(call, SERVICE_UNAVAILABLE, "/key",
		    "this server has no key to keep credentials under: its"
		    " operator has to set [secret] key_file");
	setting->sealed = secret_seal(call->arena, key,
	    id_text(call->arena, &call->key.account_id), setting->key);
	return OK;
}

enum outcome
model_setting_replace(struct call *call)
{
	const struct model_setting *body = call->body;
	struct model_setting *answer = call->answer;
	enum outcome rc = model_setting_check(body, &call->faults);

	*answer = *body;
	if (rc == OK)
		rc = call_gives(call, "key") ? seal(call, answer)
					     : keep_key(call, answer);
	if (rc != OK)
		return rc;
	answer->source = MODEL_ACCOUNT;
	answer->has_key = answer->sealed != NULL;
	call->witness = answer;
	call->settled = is_there;
	return model_setting_put(call->db, &call->key.account_id, answer);
}

enum outcome
model_setting_forget(struct call *call)
{
	struct answer_message *answer = call->answer;
	enum outcome rc = model_setting_delete(call->db, &call->key.account_id);

	answer->message = "The account's own model is forgotten";
	return call_missing(call, rc, MODEL_NOT_FOUND, NULL, "model");
}
