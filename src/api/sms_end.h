/*
 * POST /v1/sms/conversations/{conversation_id}/end: a conversation ends at
 * its client's wish.  Nothing is said to the user.
 */
#ifndef PARLEY_API_SMS_END_H
#define PARLEY_API_SMS_END_H

#include "api/routes.h"

extern const struct schema conversation_end_schema, conversation_ended_schema;

handler sms_conversation_end;

#endif
