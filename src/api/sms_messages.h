/*
 * POST /v1/sms/conversations/{conversation_id}/messages: a person, or a
 * client in the agent's name, says something in a conversation, also while
 * a person has taken it over.
 */
#ifndef PARLEY_API_SMS_MESSAGES_H
#define PARLEY_API_SMS_MESSAGES_H

#include "api/routes.h"

extern const struct schema message_request_schema, message_accepted_schema;

handler sms_message_send;

#endif
