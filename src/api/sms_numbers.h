/*
 * What the account's numbers do on a channel: /v1/sms/numbers and the
 * routes that change it.
 */
#ifndef PARLEY_API_SMS_NUMBERS_H
#define PARLEY_API_SMS_NUMBERS_H

#include "api/routes.h"

extern const struct schema numbers_query_schema, number_entry_schema;
extern const struct schema number_request_schema, number_answer_schema;
extern const struct schema prompt_request_schema, webhook_request_schema;
extern const struct schema toggle_request_schema;

handler sms_numbers_list;
handler sms_number_update;  /* any part of the config */
handler sms_prompt_update;  /* older: prompt, ignore_keywords, temperature */
handler sms_webhook_update; /* older: webhook */
handler sms_number_toggle;  /* older: human_mode */

#endif
