#include "base/base.h"

#include "api/hooks_twilio.h"

#include "api/answer.h"
#include "api/call.h"
#include "api/provider.h"
#include "base/arena.h"
#include "base/config.h"
#include "db/tx.h"
#include "model/receipt.h"
#include "model/twilio.h"
#include "store/arrival.h"
#include "store/carrier_status.h"
#include "store/message.h"
#include "store/number.h"

/* What it called: the address that we gave it.  From the configuration, for
 * what a request says of its own address anybody can say. */
static const char *
called_url(struct call *call)
{
	const char *query = call->request.query;
	const char *path = arena_format(call->arena, "%s%s%s",
	    call->route->path, query[0] != '\0' ? "?" : "", query);
	const char *url =
	    config_public_url(call->arena, call->server->config, path);

	return url != NULL ? url : path;
}

/* INVALID: 403; the token is "" where there is no such carrier. */
static enum outcome
check_signature(struct call *call, const char *token)
{
	bool good = twilio_is_signed(call->arena, token, called_url(call),
	    call->form, call->request.twilio_signature);

	if (good && token[0] != '\0')
		return OK;
	return call_refuse(call, FORBIDDEN, NULL,
	    "the signature is not that of the account's carrier");
}

enum outcome
hooks_twilio_check(
    struct call *call, const char *account_sid, struct id *account)
{
	const char *token;
	enum outcome rc =
	    provider_find(call, CARRIER_TWILIO, account_sid, account, &token);

	return rc == OK ? check_signature(call, token) : rc;
}

/* A status that says nothing of a message that leaves is taken and left:
 * they add words without notice. */
enum outcome
hooks_twilio_status(struct call *call)
{
	const struct twilio_report *report = call->body;
	struct answer_status *answer = call->answer;
	struct receipt receipt = {
		.carrier_message_id = report->message_sid,
		.error_code = report->error_code,
	};
	struct id account;
	enum outcome rc =
	    hooks_twilio_check(call, report->account_sid, &account);

	if (rc != OK)
		return rc;
	call->settled = tx_repeat;
	answer->status = "ok";
	if (receipt.error_code != NULL && receipt.error_code[0] == '\0')
		receipt.error_code = NULL;
	if (twilio_status(report->message_status, &receipt.status) != OK)
		return OK;
	return carrier_status_apply(call->db, call->arena, &account, &receipt);
}

static enum outcome
is_stored(struct db *db, void *context)
{
	struct call *call = context;
	const struct arrival *arrival = call->witness;

	return message_exists(
	    db, call->arena, &arrival->account, &arrival->message);
}

/* The number that is written to, once it is known that its account's carrier
 * asks. */
static enum outcome
find_number(struct call *call, const char *account_sid, struct arrival *arrival)
{
	struct number_called called;
	enum outcome rc = number_find_called(call->db, call->arena,
	    CARRIER_TWILIO, account_sid, &arrival->pair, &called);

	if (rc != OK && rc != NOT_FOUND)
		return rc;
	rc = check_signature(
	    call, rc == OK ? provider_secret(call, &called.carrier) : "");
	if (rc != OK)
		return rc;
	arrival->account = called.account_id;
	arrival->config = called.config;
	arrival->opted_out = called.opted_out;
	return call_missing(call, called.has_number ? OK : NOT_FOUND,
	    INBOUND_NUMBER_NOT_FOUND, "To", "number on this channel");
}

/* Stored, and the work for the agent's answer with it; the thinking comes
 * later.  What has no words has media. */
enum outcome
hooks_twilio_message(struct call *call)
{
	const struct twilio_text *text = call->body;
	struct arrival *arrival = call->kept;
	int channel, ignored;
	enum outcome rc;

	if (arrival == NULL)
		call->kept = arrival =
		    arena_alloc(call->arena, sizeof(*arrival));
	arrival->pair.agent = twilio_address(text->to, &ignored);
	arrival->pair.user = twilio_address(text->from, &channel);
	arrival->pair.channel = channel;
	rc = find_number(call, text->account_sid, arrival);
	if (rc != OK)
		return rc;
	arrival->text = text->body != NULL ? text->body : "";
	arrival->carrier_message_id = text->message_sid;
	arrival->media = twilio_media(call->arena, text);
	call->witness = arrival;
	call->settled = is_stored;
	return arrival_store(call->db, call->arena, arrival);
}
