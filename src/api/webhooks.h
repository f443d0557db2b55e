/*
 * What clients were told by webhook, and the secrets that sign it.
 */
#ifndef PARLEY_API_WEBHOOKS_H
#define PARLEY_API_WEBHOOKS_H

#include "api/routes.h"

extern const struct schema deliveries_query_schema;
extern const struct schema delivery_resent_schema;
extern const struct schema conversation_webhook_schema;
extern const struct schema webhook_secret_request_schema;

handler webhook_deliveries_list, webhook_delivery_resend;
handler sms_conversation_webhook; /* the newest of a conversation */
handler webhook_secrets_list, webhook_secret_create, webhook_secret_revoke;

#endif
