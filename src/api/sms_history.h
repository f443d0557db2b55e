/*
 * The history of a pair, by its two numbers in either order: the oldest
 * routes.
 */
#ifndef PARLEY_API_SMS_HISTORY_H
#define PARLEY_API_SMS_HISTORY_H

#include "api/routes.h"

extern const struct schema pair_request_schema;
extern const struct schema cleared_schema, history_schema;

handler sms_clear;        /* the agent forgets; nothing is deleted */
handler sms_messages_get; /* all messages of the pair, oldest first */

#endif
