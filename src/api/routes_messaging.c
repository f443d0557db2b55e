/*
 * The messaging API.
 *
 * method, path, flags, scopes,
 *     query, body, answer, envelope, status, handler,
 *     about
 */
#include "base/base.h"

#include "api/analyze.h"
#include "api/answer.h"
#include "api/citations.h"
#include "api/inbound.h"
#include "api/outcomes.h"
#include "api/phone_numbers.h"
#include "api/route_words.h"
#include "api/sms_conversations.h"
#include "api/sms_create.h"
#include "api/sms_end.h"
#include "api/sms_handoff.h"
#include "api/sms_history.h"
#include "api/sms_messages.h"
#include "api/sms_numbers.h"
#include "api/sms_send.h"
#include "api/webhooks.h"
#include "model/citation.h"
#include "model/conversation.h"
#include "model/disposition.h"
#include "model/event_log.h"
#include "model/turn_record.h"
#include "model/webhook.h"

/* clang-format off */
static const struct route list[] = {
	{ "GET", "/v1/outcomes", 0, AGENTS_READ,
	    NULL, NULL, &disposition_schema, LIST, 200, outcomes_list,
	    "What is judged of conversations at their end." },
	{ "POST", "/v1/outcomes", KEYED, AGENTS_MANAGE,
	    NULL, &disposition_schema, &disposition_schema, DATA, 201,
	    outcomes_create, "Add an outcome." },
	{ "GET", "/v1/outcomes/{outcome_id}", 0, AGENTS_READ,
	    NULL, NULL, &disposition_schema, DATA, 200, outcomes_show,
	    "One outcome." },
	{ "PATCH", "/v1/outcomes/{outcome_id}", WRITES, AGENTS_MANAGE,
	    NULL, &disposition_patch_schema, &disposition_schema, DATA, 200,
	    outcomes_update, "Change an outcome: its next version." },
	{ "DELETE", "/v1/outcomes/{outcome_id}", WRITES, AGENTS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200, outcomes_delete,
	    "Delete an outcome with its versions. What refers to it passes"
	    " it over." },
	{ "GET", "/v1/outcomes/{outcome_id}/versions", 0, AGENTS_READ,
	    NULL, NULL, &disposition_schema, LIST, 200, outcomes_versions,
	    "Every version of an outcome, newest first." },
	{ "GET", "/v1/citation_schemas/list", 0, AGENTS_READ,
	    NULL, NULL, &citation_schema_schema, STATUS_LIST, 200,
	    citations_list, "What is extracted from conversations." },
	{ "POST", "/v1/citation_schemas/", KEYED | ROUTE_SLASH,
	    AGENTS_MANAGE,
	    NULL, &citation_schema_schema, &citation_schema_schema, STATUS,
	    200, citations_create, "Add a citation schema." },
	{ "GET", "/v1/citation_schemas/", ROUTE_SLASH, AGENTS_READ,
	    &citation_query_schema, NULL, &citation_schema_schema, STATUS,
	    200, citations_show, "One citation schema." },
	{ "PATCH", "/v1/citation_schemas/", WRITES | ROUTE_SLASH,
	    AGENTS_MANAGE,
	    &citation_query_schema, &citation_patch_schema,
	    &citation_schema_schema, STATUS, 200, citations_update,
	    "Change a citation schema; its schema is replaced whole." },
	{ "DELETE", "/v1/citation_schemas/", WRITES | ROUTE_SLASH,
	    AGENTS_MANAGE,
	    &citation_query_schema, NULL, &answer_message_schema, STATUS,
	    200, citations_delete, "Delete a citation schema." },
	{ "POST", "/v1/citation_schemas/backfill", KEYED, TALK_MANAGE,
	    NULL, &backfill_request_schema, &backfill_answer_schema, STATUS,
	    200, citations_backfill,
	    "Extract from conversations now, and keep what is found." },
	{ "POST", "/v1/sms/analyze", KEYED, TALK_MANAGE,
	    NULL, &analyze_request_schema, &analyze_answer_schema, BARE, 200,
	    sms_analyze, "Extract from a conversation now, and keep nothing." },
	{ "POST", "/v1/sms/send", KEYED, TALK_MANAGE,
	    NULL, &send_request_schema, &send_answer_schema, DATA, 200,
	    sms_send, "Say something to a user, or let the agent open the"
	    " conversation or go on with it." },
	{ "POST", "/v1/sms/create", KEYED, TALK_MANAGE,
	    NULL, &create_request_schema, &create_answer_schema, DATA, 200,
	    sms_create, "Store a message and take a conversation over,"
	    " without sending anything." },
	{ "GET", "/v1/sms/numbers", 0, NUMBERS_READ,
	    &numbers_query_schema, NULL, &number_entry_schema, LIST, 200,
	    sms_numbers_list, "Numbers with their configs." },
	{ "POST", "/v1/sms/number/update", KEYED, NUMBERS_MANAGE,
	    NULL, &number_request_schema, &number_answer_schema, DATA, 200,
	    sms_number_update, "Change what is given of a number's config." },
	{ "POST", "/v1/sms/update", KEYED, NUMBERS_MANAGE,
	    NULL, &prompt_request_schema, &answer_status_schema, BARE, 200,
	    sms_prompt_update, "Change a number's prompt (older)." },
	{ "POST", "/v1/sms/webhook/update", KEYED, NUMBERS_MANAGE,
	    NULL, &webhook_request_schema, &answer_status_schema, BARE, 200,
	    sms_webhook_update, "Change a number's webhook (older)." },
	{ "POST", "/v1/sms/toggle", KEYED, NUMBERS_MANAGE,
	    NULL, &toggle_request_schema, &answer_status_schema, BARE, 200,
	    sms_number_toggle, "Let people answer on a number, and no"
	    " agent, or the agent again (older)." },
	{ "POST", "/v1/sms/clear", KEYED, TALK_MANAGE,
	    NULL, &pair_request_schema, &cleared_schema, BARE, 200,
	    sms_clear, "Hide a pair's history from the agent." },
	{ "POST", "/v1/sms/messages/get", 0, TALK_SENSITIVE,
	    NULL, &pair_request_schema, &history_schema, BARE, 200,
	    sms_messages_get, "All messages of a pair." },
	{ "GET", "/v1/sms/conversations", 0, TALK_READ,
	    &conversations_query_schema, NULL, &conversation_schema, PAGE,
	    200, sms_conversations_list, "Conversations, in pages." },
	{ "GET", "/v1/sms/conversations/{conversation_id}", 0, TALK_SENSITIVE,
	    NULL, NULL, &conversation_detail_schema, DATA, 200,
	    sms_conversation_show, "One conversation with its messages." },
	{ "PATCH", "/v1/sms/conversations/{conversation_id}", WRITES,
	    TALK_MANAGE,
	    NULL, &conversation_patch_schema, &conversation_patched_schema,
	    BARE, 200, sms_conversation_patch,
	    "Archive a conversation, or make it active again." },
	{ "DELETE", "/v1/sms/conversations/{conversation_id}", WRITES,
	    TALK_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    sms_conversation_delete,
	    "Delete a conversation with its messages for good." },
	{ "DELETE", "/v1/sms/conversations/{conversation_id}/messages",
	    WRITES, TALK_MANAGE,
	    NULL, &messages_delete_schema, &messages_deleted_schema, DATA,
	    200, sms_messages_delete, "Mark messages as deleted." },
	{ "POST", "/v1/sms/conversations/{conversation_id}/messages", KEYED,
	    TALK_MANAGE,
	    NULL, &message_request_schema, &message_accepted_schema, DATA,
	    202, sms_message_send,
	    "Say something in a conversation, as a person or in the agent's"
	    " name." },
	{ "POST", "/v1/sms/conversations/{conversation_id}/handoff", KEYED,
	    TALK_MANAGE,
	    NULL, &handoff_request_schema, &handed_off_schema, DATA, 200,
	    sms_handoff,
	    "Let a person take a conversation over: the agent is silent." },
	{ "POST", "/v1/sms/conversations/{conversation_id}/resume", KEYED,
	    TALK_MANAGE,
	    NULL, &resume_request_schema, &resumed_schema, DATA, 200,
	    sms_resume, "Give a conversation back to the agent." },
	{ "POST", "/v1/sms/conversations/{conversation_id}/end", KEYED,
	    TALK_MANAGE,
	    NULL, &conversation_end_schema, &conversation_ended_schema, DATA,
	    200, sms_conversation_end,
	    "End a conversation without a word to the user." },
	{ "GET", "/v1/sms/conversations/{conversation_id}/webhook", 0,
	    TALK_SENSITIVE,
	    NULL, NULL, &conversation_webhook_schema, BARE, 200,
	    sms_conversation_webhook,
	    "The webhook that was sent last of a conversation." },
	{ "GET", "/v1/inbound", 0, NUMBERS_READ,
	    NULL, NULL, &inbound_numbers_schema, BARE, 200, inbound_list,
	    "The account's numbers with their configs for SMS." },
	{ "GET", "/v1/inbound/{phone_number}", 0, NUMBERS_READ,
	    NULL, NULL, &inbound_number_schema, BARE, 200, inbound_show,
	    "One number with its config for SMS." },
	{ "POST", "/v1/inbound/{phone_number}", KEYED, NUMBERS_MANAGE,
	    NULL, &inbound_patch_schema, &inbound_number_schema, BARE, 200,
	    inbound_update, "Change what is given of its config." },
	{ "POST", "/inbound/update_label", KEYED, NUMBERS_MANAGE,
	    NULL, &inbound_label_schema, &inbound_number_schema, BARE, 200,
	    inbound_label, "Set or clear a number's label; Bland's client has"
	    " it here." },
	{ "DELETE", "/v1/inbound/{phone_number}", WRITES, NUMBERS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    phone_numbers_delete, "Delete a number." },
};
/* clang-format on */

const struct route_table routes_messaging = { list, COUNT(list) };
