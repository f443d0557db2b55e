/*
 * What Twilio reports of a call.  It names our own id of the call in its
 * query, so that a report is not lost that comes before we know Twilio's.
 */
#ifndef PARLEY_API_HOOKS_CALL_H
#define PARLEY_API_HOOKS_CALL_H

#include "api/routes.h"
#include "base/id.h"

struct calling_report;
struct twilio_call;

/* What stands in the query of both hooks of a call. */
struct hook_query {
	struct id call; /* ours; none: Twilio's id says which */
};

extern const struct schema hook_query_schema;

/* POST /v1/hooks/twilio/call-status */
handler hooks_twilio_call_status;

/* What the form says of how far the call has come.  NOT_FOUND: nothing that
 * we know. */
enum outcome hooks_call_report(
    const struct twilio_call *form, struct calling_report *report) MUSTCHECK;

#endif
