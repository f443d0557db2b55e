/*
 * Conversations by their ids: /v1/sms/conversations.
 */
#ifndef PARLEY_API_SMS_CONVERSATIONS_H
#define PARLEY_API_SMS_CONVERSATIONS_H

#include "api/routes.h"

extern const struct schema conversations_query_schema;
extern const struct schema conversation_detail_schema;
extern const struct schema conversation_patch_schema;
extern const struct schema conversation_patched_schema;
extern const struct schema messages_delete_schema, messages_deleted_schema;

handler sms_conversations_list, sms_conversation_show;
handler sms_conversation_patch, sms_conversation_delete;
handler sms_messages_delete;

#endif
