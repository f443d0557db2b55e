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

static enum outcome
check_number(struct call *call, const char *number)
{
	struct phone_number ignored;
	enum outcome rc = number_find(
	    call->db, call->arena, &call->key.account_id, number, &ignored);

	return rc != NOT_FOUND
		   ? rc
		   : call_refuse(call, INVALID_PARAMETER, number_field,
			 "%s is not a number of the account", number);
}

/* Is it from this number that the agent calls?  NOT_FOUND: no. */
static enum outcome
calls_from(struct call *call, const struct phone_number *number,
    const struct id *agent)
{
	struct agent_version version;
	enum outcome rc =
	    agent_version_find(call->db, call->arena, &call->key.account_id,
		&number->outbound_agent_version_id, &version);

	return rc == OK && !id_equal(&version.agent_id, agent) ? NOT_FOUND : rc;
}

/* The only number from which the agent calls; NULL: there is none, or there
 * are several. */
static enum outcome
find_of_agent(struct call *call, const struct id *agent, const char **number)
{
	const struct phone_number *list;
	struct rows rows;
	size_t i, count = 0;
	enum outcome rc = number_list_of_agent(
	    call->db, call->arena, &call->key.account_id, agent, &rows);

	list = rows.list;
	for (i = 0; rc == OK && i < rows.count && count < 2; i++) {
		rc = calls_from(call, &list[i], agent);
		if (rc == OK && count++ == 0)
			*number = list[i].number;
		rc = rc == NOT_FOUND ? OK : rc;
	}
	if (count != 1)
		*number = NULL;
	return rc;
}

/* The number that calls: the one that is named, the account's only one, or
 * the agent's. */
static enum outcome
choose_number(struct call *call, struct opening *opening)
{
	struct conversation *conversation = &opening->thread.conversation;
	const char *given = opening->body->agent_number;
	const char **number = &conversation->pair.agent;
	const struct phone_number *list;
	struct rows rows;
	enum outcome rc;

	*number = given;
	if (given != NULL)
		return check_number(call, given);
	rc = number_list(call->db, call->arena, &call->key.account_id, &rows);
	list = rows.list;
	if (rc == OK && rows.count == 1)
		*number = list[0].number;
	else if (rc == OK)
		rc = find_of_agent(call, &conversation->agent_id, number);
	if (rc != OK || *number != NULL)
		return rc;
	return call_refuse(call, MISSING_REQUIRED_FIELDS, number_field,
	    rows.count == 0
		? "the account has no number that could call"
		: "the account has several numbers, and its agent calls from"
		  " none of them or from several: say which calls");
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
		rc = choose_number(call, opening);
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
