/*
 * POST /v1/sms/conversations/{conversation_id}/handoff and .../resume: a
 * person takes a conversation over from the agent, and gives it back.
 */
#ifndef PARLEY_API_SMS_HANDOFF_H
#define PARLEY_API_SMS_HANDOFF_H

#include "api/routes.h"

extern const struct schema handoff_request_schema, handed_off_schema;
extern const struct schema resume_request_schema, resumed_schema;

handler sms_handoff;
handler sms_resume;

#endif
