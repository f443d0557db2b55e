#include "base/base.h"

#include "api/hooks_call.h"

#include "api/answer.h"
#include "api/call.h"
#include "api/hooks_twilio.h"
#include "base/text.h"
#include "db/tx.h"
#include "model/field.h"
#include "model/twilio.h"
#include "store/calling.h"

/* clang-format off */
static const struct field query_fields[] = {
	{ "call", FIELD_ID, 0, FIELD_AT(struct hook_query, call),
	    .about = "Our id of the call." },
};
/* clang-format on */

const struct schema hook_query_schema =
    SCHEMA("TwilioCallQuery", query_fields, struct hook_query);

enum outcome
hooks_call_report(const struct twilio_call *form, struct calling_report *report)
{
	report->carrier_call_id = form->call_sid;
	if (form->call_duration == NULL ||
	    text_to_integer(form->call_duration, &report->duration) != OK ||
	    report->duration < 0)
		report->duration = -1;
	return form->call_status == NULL
		   ? NOT_FOUND
		   : twilio_progress(form->call_status, &report->progress);
}

/* Of a call that is not ours, or a word that is new, nothing is kept: they
 * add words without notice. */
enum outcome
hooks_twilio_call_status(struct call *call)
{
	const struct twilio_call *form = call->body;
	const struct hook_query *query = call->query;
	struct answer_status *answer = call->answer;
	struct calling_report report;
	struct calling calling;
	struct id account;
	enum outcome rc = hooks_twilio_check(call, form->account_sid, &account);

	if (rc != OK)
		return rc;
	call->settled = tx_repeat;
	answer->status = "ok";
	if (hooks_call_report(form, &report) != OK)
		return OK;
	rc = calling_lock(call->db, call->arena, &account, &query->call,
	    form->call_sid, &calling);
	if (rc == OK)
		rc = calling_report(call->db, call->arena, &calling, &report);
	return rc == NOT_FOUND ? OK : rc;
}
