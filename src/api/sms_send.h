/*
 * POST /v1/sms/send: something is said to a user, in the conversation of the
 * pair or in a new one.  The words are given, or the agent finds them in a
 * turn of its own.
 */
#ifndef PARLEY_API_SMS_SEND_H
#define PARLEY_API_SMS_SEND_H

#include "api/routes.h"

extern const struct schema send_request_schema, send_answer_schema;

handler sms_send;

#endif
