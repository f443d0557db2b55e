#include "base/base.h"

#include "api/conversation_telephone.h"

#include "api/call.h"
#include "api/conversation_opening.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/phone.h"
#include "model/progress.h"
#include "store/agent_version.h"
#include "store/calling.h"
#include "store/number.h"

static const char number_field[] = "/agent_number";

/* The agent that calls from the number. */
static enum outcome
choose_agent(struct call *call, struct opening *opening)
{
	const struct id *account = &call->key.account_id;
	const char *number = opening->body->agent_number;
	struct conversation *conversation = &opening->thread.conversation;
	struct phone_number found;
	struct agent_version version;
	enum outcome rc =
	    number_find(call->db, call->arena, account, number, &found);

	if (rc == NOT_FOUND)
		return call_refuse(call, INVALID_PARAMETER, number_field,
		    "%s is not a number of the account", number);
	if (rc == OK)
		rc = agent_version_find(call->db, call->arena, account,
		    &found.outbound_agent_version_id, &version);
	if (rc == OK && !version.is_active)
		rc = NOT_FOUND;
	if (rc == NOT_FOUND)
		return call_refuse(call, INVALID_PARAMETER, number_field,
		    "no agent calls from %s: name one, or publish a version"
		    " with direction outbound for it",
		    number);
	if (rc == OK) {
		conversation->agent_id = version.agent_id;
		conversation->agent_version_id = version.id;
	}
	return rc;
}

/* The number that calls. */
static enum outcome
choose_number(struct call *call, const char *given, const char **number)
{
	const struct id *account = &call->key.account_id;
	const struct phone_number *list;
	struct phone_number ignored;
	struct rows rows;
	enum outcome rc;

	if (given != NULL) {
		*number = given;
		rc = number_find(
		    call->db, call->arena, account, given, &ignored);
		return rc != NOT_FOUND
			   ? rc
			   : call_refuse(call, INVALID_PARAMETER, number_field,
				 "%s is not a number of the account", given);
	}
	rc = number_list(call->db, call->arena, account, &rows);
	if (rc != OK)
		return rc;
	if (rows.count != 1)
		return call_refuse(call, MISSING_REQUIRED_FIELDS, number_field,
		    rows.count == 0
			? "the account has no number that could call"
			: "the account has several numbers: say which calls");
	list = rows.list;
	*number = list[0].number;
	return OK;
}

static enum outcome
check(struct call *call, const struct conversation_create *body)
{
	if (body->agent_config != NULL)
		return call_refuse(call, INVALID_PARAMETER, "/agent_config",
		    "on telephone agent_id, agent_version_id or agent_number"
		    " says who calls");
	if (!phone_is_e164(body->user_id))
		return call_refuse(call, INVALID_PARAMETER, "/user_id",
		    "on telephone user_id must be an E.164 number, such as"
		    " +14155551234");
	return OK;
}

static enum outcome
write(struct call *call, struct opening *opening)
{
	struct conversation *conversation = &opening->thread.conversation;
	const struct agent_telephone *telephone =
	    &opening->conduct.agent->properties.telephone;
	struct phone_call phone = {
		.id = id_new(),
		.account_id = conversation->account_id,
		.conversation_id = conversation->id,
		.attempt = 1,
		.retries = telephone->retries,
		.retry_delay = telephone->retry_delay,
		.ring_most = telephone->ring_timeout,
		.talk_most = telephone->max_duration,
	};
	enum outcome rc;

	conversation->progress = PROGRESS_TRIGGERED;
	conversation->work_id = phone.id;
	opening->answer->workflow_id = phone.id;
	rc = thread_write(call->db, &opening->thread);
	return rc == OK ? calling_dial(call->db, &phone, when_now()) : rc;
}

static enum outcome
open_telephone(struct call *call, struct opening *opening)
{
	enum outcome rc = check(call, opening->body);

	if (rc == OK)
		rc = choose_number(call, opening->body->agent_number,
		    &opening->thread.conversation.pair.agent);
	return rc == OK ? write(call, opening) : rc;
}

static enum outcome
show_telephone(struct call *call, struct opening *opening)
{
	(void)call;
	opening->answer->workflow_id = opening->thread.conversation.work_id;
	return OK;
}

const struct opening_channel conversation_telephone = {
	.choose_agent = choose_agent,
	.open = open_telephone,
	.show = show_telephone,
	.status = 202,
};
