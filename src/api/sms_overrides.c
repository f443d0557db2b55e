#include "base/base.h"

#include "api/sms_overrides.h"

#include "api/call.h"
#include "base/json.h"
#include "base/text.h"
#include "model/conversation.h"
#include "model/field.h"
#include "model/number.h"
#include "model/variables.h"
#include "store/reference.h"

#include <string.h>

#define OBJECTIVE_MOST 20000
#define REFERENCES_MOST 100
#define AT(member) FIELD_AT(struct conversation, member)

/* clang-format off */
static const struct field override_fields[] = {
	{ "objective", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    AT(objective), 1, OBJECTIVE_MOST, .reason = INVALID_OBJECTIVE,
	    .about = "What the agent is to do in this conversation." },
	{ "webhook", FIELD_URL, FIELD_NULLABLE, AT(webhook),
	    .about = "Where messages and statuses of this conversation are"
	             " posted." },
	{ "metadata", FIELD_OBJECT, FIELD_NULLABLE, AT(metadata),
	    .most = DATA_MOST,
	    .about = "Is repeated in every webhook of the conversation." },
	{ "disposition_ids", FIELD_TEXTS, FIELD_NULLABLE,
	    AT(disposition_ids), .most = REFERENCES_MOST,
	    .about = "Outcomes to judge at the end, in place of the"
	             " number's." },
	{ "outcome_ids", FIELD_TEXTS, FIELD_NULLABLE | FIELD_ALIAS,
	    AT(disposition_ids), .most = REFERENCES_MOST,
	    .about = "Another name for disposition_ids." },
	{ "citation_schema_ids", FIELD_TEXTS, FIELD_NULLABLE,
	    AT(citation_schema_ids), .most = REFERENCES_MOST,
	    .about = "Citation schemas to extract at the end, in place of"
	             " the number's." },
	{ "silence", FIELD_INLINE, 0, AT(silence),
	    .schema = &silence_schema },
};
/* clang-format on */

const struct schema overrides_schema =
    SCHEMA("Overrides", override_fields, struct conversation);

enum outcome
overrides_check(struct call *call, const struct conversation *given)
{
	const struct number_config references = {
		.disposition_ids = given->disposition_ids,
		.citation_schema_ids = given->citation_schema_ids,
	};

	return reference_check_config(call->db, call->arena,
	    &call->key.account_id, &references, &references, &call->faults);
}

enum outcome
overrides_check_silence(struct call *call,
    const struct conversation *conversation, const struct silence *asked,
    const struct silence *number)
{
	struct silence silence = silence_over(&conversation->silence, number);

	if (!call_gives(call, "time_out") && !call_gives(call, "warning_time"))
		return OK;
	return silence_check(&silence, asked, &call->faults);
}

enum outcome
overrides_variables(struct call *call, struct conversation *conversation,
    const char *request_data)
{
	struct json_object *given;
	struct json_fault ignored;
	enum outcome rc;

	if (request_data == NULL)
		return OK;
	rc = json_parse(
	    call->arena, request_data, strlen(request_data), &given, &ignored);
	assert(rc == OK);
	conversation->variables =
	    variables_lay(call->arena, conversation->variables, given);
	if (conversation->variables == NULL)
		conversation->variables = request_data;
	if (strlen(conversation->variables) <= DATA_MOST)
		return OK;
	return call_refuse(call, INVALID_PARAMETER, "/request_data",
	    "the conversation's variables must be at most %d bytes of JSON",
	    DATA_MOST);
}

static bool
is_elsewhere(const struct position *position, const struct position *given)
{
	return given->pathway_id != NULL &&
	       (position->pathway_id == NULL ||
		   !text_equal(position->pathway_id, given->pathway_id));
}

enum outcome
overrides_position(struct call *call, struct conversation *conversation,
    const struct position *given, const struct position_fields *fields)
{
	struct position *position = &conversation->position;

	if (given->pathway_id == NULL && given->pathway_version == NULL &&
	    given->node_id == NULL)
		return OK;
	if (is_elsewhere(position, given))
		*position = *given;
	if (given->pathway_version != NULL)
		position->pathway_version = given->pathway_version;
	if (given->node_id != NULL)
		position->node_id = given->node_id;
	return reference_check_position(call->db, call->arena,
	    &call->key.account_id, position, fields, &call->faults);
}
