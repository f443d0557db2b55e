#include "base/base.h"

#include "api/routes.h"

#include "api/agent_config.h"
#include "api/agent_versions.h"
#include "api/agents.h"
#include "api/analyze.h"
#include "api/answer.h"
#include "api/carriers.h"
#include "api/citations.h"
#include "api/conversation_talk.h"
#include "api/conversation_webrtc.h"
#include "api/conversations_create.h"
#include "api/conversations_read.h"
#include "api/description.h"
#include "api/health.h"
#include "api/hooks_call.h"
#include "api/hooks_livekit.h"
#include "api/hooks_twilio.h"
#include "api/hooks_voice.h"
#include "api/inbound.h"
#include "api/keys.h"
#include "api/me.h"
#include "api/model_settings.h"
#include "api/outcomes.h"
#include "api/pathway_chats.h"
#include "api/pathway_folders.h"
#include "api/pathway_replays.h"
#include "api/pathway_versions.h"
#include "api/pathways.h"
#include "api/phone_numbers.h"
#include "api/routes_email.h"
#include "api/secrets.h"
#include "api/sms_conversations.h"
#include "api/sms_create.h"
#include "api/sms_end.h"
#include "api/sms_handoff.h"
#include "api/sms_history.h"
#include "api/sms_messages.h"
#include "api/sms_numbers.h"
#include "api/sms_send.h"
#include "api/tools.h"
#include "api/turns.h"
#include "api/webhooks.h"
#include "api/workflows.h"
#include "model/carrier.h"
#include "model/chat.h"
#include "model/citation.h"
#include "model/conversation.h"
#include "model/conversation_view.h"
#include "model/disposition.h"
#include "model/event_log.h"
#include "model/key.h"
#include "model/livekit.h"
#include "model/model_setting.h"
#include "model/number.h"
#include "model/secret.h"
#include "model/tool.h"
#include "model/turn_record.h"
#include "model/twilio.h"
#include "model/webhook.h"
#include "model/work.h"

#define DATA ENVELOPE_DATA
#define LIST ENVELOPE_LIST
#define PAGE ENVELOPE_PAGE
#define BARE ENVELOPE_BARE
#define ARRAY ENVELOPE_ARRAY
#define NONE ENVELOPE_NONE
#define STATUS ENVELOPE_STATUS
#define STATUS_LIST ENVELOPE_STATUS_LIST
#define OPEN ROUTE_OPEN
#define WRITES ROUTE_WRITES
#define CURSOR (ROUTE_CORE | ROUTE_CURSOR)
#define KEYED (ROUTE_WRITES | ROUTE_KEYED)
#define CORE ROUTE_CORE

#define TALK_READ                                                              \
	(SCOPE(CONVERSATIONS_READ) | SCOPE(CONVERSATIONS_READ_SENSITIVE) |     \
	    SCOPE(CONVERSATIONS_MANAGE))
#define TALK_SENSITIVE                                                         \
	(SCOPE(CONVERSATIONS_READ_SENSITIVE) | SCOPE(CONVERSATIONS_MANAGE))
#define TALK_MANAGE SCOPE(CONVERSATIONS_MANAGE)
#define AGENTS_READ (SCOPE(AGENTS_READ) | SCOPE(AGENTS_MANAGE))
#define AGENTS_MANAGE SCOPE(AGENTS_MANAGE)
#define NUMBERS_READ (SCOPE(PHONE_NUMBERS_READ) | SCOPE(PHONE_NUMBERS_MANAGE))
#define NUMBERS_MANAGE SCOPE(PHONE_NUMBERS_MANAGE)
#define CARRIERS_READ (SCOPE(CARRIERS_READ) | SCOPE(CARRIERS_MANAGE))
#define CARRIERS_MANAGE SCOPE(CARRIERS_MANAGE)
#define KEYS SCOPE(KEYS_MANAGE)
#define WEBHOOKS_READ (SCOPE(WEBHOOKS_READ) | SCOPE(WEBHOOKS_MANAGE))
#define WEBHOOKS_MANAGE SCOPE(WEBHOOKS_MANAGE)
#define TOOLS_READ (SCOPE(TOOLS_READ) | SCOPE(TOOLS_MANAGE))
#define TOOLS_MANAGE SCOPE(TOOLS_MANAGE)
#define PATHWAYS_READ (SCOPE(PATHWAYS_READ) | SCOPE(PATHWAYS_MANAGE))
#define PATHWAYS_MANAGE SCOPE(PATHWAYS_MANAGE)

/*
 * method, path, flags, scopes,
 *     query, body, answer, envelope, status, handler,
 *     about
 */
/* clang-format off */
const struct route routes[] = {
	{ "GET", "/v1/health", OPEN, 0,
	    NULL, NULL, &health_schema, BARE, 200, health_show,
	    "Alive." },
	{ "GET", "/v1/ready", OPEN, 0,
	    NULL, NULL, &ready_schema, BARE, 200, ready_show,
	    "The store can be reached and has the schema that is needed." },
	{ "GET", "/v1/openapi.json", OPEN, 0,
	    NULL, NULL, &description_schema, BARE, 200, description_show,
	    "This description." },
	{ "GET", "/v1/me", 0, 0,
	    NULL, NULL, &me_schema, BARE, 200, me_show,
	    "The account and the key that ask." },
	{ "GET", "/v1/keys", 0, KEYS,
	    NULL, NULL, &key_schema, LIST, 200, keys_list,
	    "The account's keys, without their secrets." },
	{ "POST", "/v1/keys", KEYED | ROUTE_SECRET, KEYS,
	    NULL, &key_request_schema, &key_created_schema, DATA, 201,
	    keys_create, "Make a key. It is shown this once." },
	{ "DELETE", "/v1/keys/{key_id}", WRITES, KEYS,
	    NULL, NULL, &answer_message_schema, DATA, 200, keys_revoke,
	    "Revoke a key." },
	{ "GET", "/v1/carriers", 0, CARRIERS_READ,
	    NULL, NULL, &carrier_schema, LIST, 200, carriers_list,
	    "The account's carriers, without their credentials." },
	{ "POST", "/v1/carriers", KEYED, CARRIERS_MANAGE,
	    NULL, &carrier_schema, &carrier_schema, DATA, 201,
	    carriers_create, "Add a carrier." },
	{ "GET", "/v1/carriers/{carrier_id}", 0, CARRIERS_READ,
	    NULL, NULL, &carrier_schema, DATA, 200, carriers_show,
	    "One carrier." },
	{ "DELETE", "/v1/carriers/{carrier_id}", WRITES, CARRIERS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200, carriers_delete,
	    "Delete a carrier that no number uses." },

	{ "GET", "/v1/phone-numbers", 0, NUMBERS_READ,
	    NULL, NULL, &phone_number_schema, LIST, 200, phone_numbers_list,
	    "The account's numbers." },
	{ "POST", "/v1/phone-numbers", KEYED, NUMBERS_MANAGE,
	    NULL, &phone_number_request_schema, &phone_number_schema, DATA,
	    201, phone_numbers_create, "Add a number of a carrier." },
	{ "GET", "/v1/phone-numbers/{phone_number}", 0, NUMBERS_READ,
	    NULL, NULL, &phone_number_schema, DATA, 200, phone_numbers_show,
	    "One number." },
	{ "PATCH", "/v1/phone-numbers/{phone_number}", WRITES, NUMBERS_MANAGE,
	    NULL, &phone_number_patch_schema, &phone_number_schema, DATA,
	    200, phone_numbers_update, "Change a number." },
	{ "DELETE", "/v1/phone-numbers/{phone_number}", WRITES,
	    NUMBERS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    phone_numbers_delete, "Delete a number." },
	ROUTES_EMAIL
	{ "GET", "/v1/model", 0, AGENTS_READ,
	    NULL, NULL, &model_setting_schema, DATA, 200, model_setting_show,
	    "The language model that answers." },
	{ "PUT", "/v1/model", WRITES, AGENTS_MANAGE,
	    NULL, &model_setting_request_schema, &model_setting_schema, DATA,
	    200, model_setting_replace,
	    "Choose the language model that answers for the account." },
	{ "DELETE", "/v1/model", WRITES, AGENTS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    model_setting_forget, "Leave the choice to the deployment." },

	{ "GET", "/v1/agent-config-schema", CORE, AGENTS_READ,
	    NULL, NULL, &agent_config_document_schema, BARE, 200,
	    agent_config_describe, "What may be in an agent's config." },
	{ "GET", "/v1/agents", CURSOR, AGENTS_READ,
	    &agents_query_schema, NULL, &agent_schema, ARRAY, 200,
	    agents_list, "Agents, newest first." },
	{ "POST", "/v1/agents", KEYED | CORE, AGENTS_MANAGE,
	    NULL, &agent_request_schema, &agent_schema, BARE, 201,
	    agents_create, "Add an agent, which has no version yet." },
	{ "GET", "/v1/agents/{agent_id}", CORE, AGENTS_READ,
	    NULL, NULL, &agent_detail_schema, BARE, 200, agents_show,
	    "One agent with its versions, numbers and conversations." },
	{ "PUT", "/v1/agents/{agent_id}", WRITES | CORE, AGENTS_MANAGE,
	    NULL, &agent_patch_schema, &agent_schema, BARE, 200,
	    agents_update, "Change what is given of an agent." },
	{ "DELETE", "/v1/agents/{agent_id}", WRITES | CORE, AGENTS_MANAGE,
	    NULL, NULL, NULL, NONE, 204, agents_delete,
	    "Delete an agent that no number and no conversation needs." },
	{ "GET", "/v1/agents/{agent_id}/versions", CURSOR, AGENTS_READ,
	    &agent_versions_query_schema, NULL, &agent_version_schema, ARRAY,
	    200, agent_versions_list, "An agent's versions, newest first." },
	{ "POST", "/v1/agents/{agent_id}/versions", KEYED | CORE,
	    AGENTS_MANAGE,
	    NULL, &agent_version_request_schema, &agent_version_schema, BARE,
	    201, agent_versions_create, "Add a version: a draft." },
	{ "GET", "/v1/agents/{agent_id}/versions/{version}", WRITES | CORE,
	    AGENTS_READ,
	    NULL, NULL, &agent_version_schema, BARE, 200,
	    agent_versions_show, "One version, by its number; latest: the"
	    " newest draft, which is made if need be." },
	{ "PUT", "/v1/agents/{agent_id}/versions/{version}", WRITES | CORE,
	    AGENTS_MANAGE,
	    NULL, &agent_version_update_schema, &agent_version_schema, BARE,
	    200, agent_versions_update, "Replace a draft's config." },
	{ "POST", "/v1/agents/{agent_id}/versions/{version}/publish",
	    KEYED | CORE, AGENTS_MANAGE,
	    NULL, &agent_publish_schema, &phone_number_schema, ARRAY, 200,
	    agent_versions_publish, "Publish a version, and assign it to"
	    " numbers; these are answered as they are then." },

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

	{ "GET", "/v1/workflows/{workflow_id}", 0, TALK_READ,
	    NULL, NULL, &workflow_schema, DATA, 200, workflows_show,
	    "The work behind a workflow_id." },
	{ "POST", "/v1/workflows/{workflow_id}/retry", KEYED, TALK_MANAGE,
	    NULL, NULL, &workflow_schema, DATA, 200, workflows_retry,
	    "Let work that was given up be tried again." },

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

	{ "POST", "/v1/conversations", KEYED | CORE | ROUTE_LATER, TALK_MANAGE,
	    NULL, &conversation_create_schema, &conversation_opened_schema,
	    BARE, 200, conversations_create,
	    "Begin a conversation, on any channel." },
	{ "GET", "/v1/conversations", CORE, TALK_READ,
	    &conversations_search_schema, NULL, &conversation_view_schema,
	    ARRAY, 200, conversations_list,
	    "Conversations, newest first; Next-Cursor says how to go on." },
	{ "GET", "/v1/conversations/{conversation_id}", CORE, TALK_READ,
	    NULL, NULL, &conversation_view_schema, BARE, 200,
	    conversations_show, "One conversation, with its transcript." },
	{ "POST", "/v1/conversations/{conversation_id}/messages",
	    KEYED | CORE, TALK_MANAGE,
	    NULL, &conversation_message_schema, &conversation_reply_schema,
	    BARE, 200, conversation_message,
	    "Say something as the user of a text conversation; the agent's"
	    " answer is in the answer." },
	{ "POST", "/v1/conversations/{conversation_id}/end", KEYED | CORE,
	    TALK_MANAGE,
	    NULL, NULL, &conversation_closed_schema, BARE, 200,
	    conversation_close, "End a text conversation." },
	{ "POST", "/v1/conversations/{conversation_id}/listener-token", CORE,
	    TALK_SENSITIVE,
	    NULL, NULL, &webrtc_room_schema, BARE, 200, conversation_listener,
	    "A token to listen to a webrtc conversation that goes on: hidden,"
	    " without a voice." },
	{ "GET", "/v1/conversations/{conversation_id}/turns", 0,
	    TALK_SENSITIVE,
	    &turns_query_schema, NULL, &turn_record_schema, PAGE, 200,
	    turns_show, "The turns that the agent took, with their traces,"
	    " newest first, in pages." },

	{ "GET", "/v1/webhooks/deliveries", 0, WEBHOOKS_READ,
	    &deliveries_query_schema, NULL, &delivery_schema, PAGE, 200,
	    webhook_deliveries_list,
	    "Webhooks with every attempt, newest first, in pages." },
	{ "POST", "/v1/webhooks/deliveries/{delivery_id}/resend", KEYED,
	    WEBHOOKS_MANAGE,
	    NULL, NULL, &delivery_resent_schema, DATA, 200,
	    webhook_delivery_resend, "Send a webhook again." },
	{ "GET", "/v1/webhooks/secret", 0, WEBHOOKS_READ,
	    NULL, NULL, &webhook_secret_schema, LIST, 200,
	    webhook_secrets_list,
	    "The secrets that sign webhooks, without their words." },
	{ "POST", "/v1/webhooks/secret", KEYED | ROUTE_SECRET,
	    WEBHOOKS_MANAGE,
	    NULL, &webhook_secret_request_schema,
	    &webhook_secret_created_schema, DATA, 201,
	    webhook_secret_create, "Make a secret. It is shown this once;"
	    " the one before it stays valid for a while." },
	{ "DELETE", "/v1/webhooks/secret/{secret_id}", WRITES,
	    WEBHOOKS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    webhook_secret_revoke, "Delete a secret at once." },

	{ "POST", "/v1/hooks/livekit", OPEN | WRITES, 0,
	    NULL, &livekit_event_schema, &answer_status_schema, BARE, 200,
	    hooks_livekit,
	    "What happened in a room, as LiveKit tells it: the server's webhook"
	    " is to be this, signed with the carrier's api_key." },
	{ "POST", "/v1/hooks/twilio/message", OPEN | WRITES | ROUTE_FORM, 0,
	    NULL, &twilio_text_schema, &answer_status_schema, ENVELOPE_TWIML,
	    200, hooks_twilio_message, "A text that came in by Twilio." },
	{ "GET", "/v1/pathway_calls/{conversation_id}", 0, TALK_SENSITIVE,
	    &events_query_schema, NULL, &event_log_schema, ARRAY, 200,
	    events_show, "What happened in a conversation, as a log of events:"
	    " nodes, texts, requests and their results." },
	{ "GET", "/v1/pathway", 0, PATHWAYS_READ,
	    &pathways_query_schema, NULL, &pathway_shown_schema, ARRAY, 200,
	    pathways_list, "Pathways with their drafts, newest first; a Link"
	    " header leads to more." },
	{ "POST", "/v1/pathway/create", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_create_schema, &pathway_made_schema, BARE, 200,
	    pathways_create, "Make a pathway." },
	{ "POST", "/v1/pathway/chat/create", KEYED, PATHWAYS_MANAGE,
	    NULL, &chat_create_schema, &chat_created_schema, DATA, 200,
	    pathway_chats_create, "Open a chat with a pathway." },
	{ "POST", "/v1/pathway/chat/{chat_id}", KEYED, PATHWAYS_MANAGE,
	    NULL, &chat_message_schema, &chat_answer_schema, DATA, 200,
	    pathway_chats_say, "Say something, and wait for the answer." },
	{ "GET", "/v1/pathway/chat/{chat_id}", 0, PATHWAYS_READ,
	    NULL, NULL, &chat_line_schema, LIST, 200, pathway_chats_show,
	    "All that was said in a chat." },
	{ "GET", "/v1/pathway/folders", 0, PATHWAYS_READ,
	    NULL, NULL, &pathway_folders_schema, BARE, 200,
	    pathway_folders_list, "Folders of pathways." },
	{ "POST", "/v1/pathway/folders", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_folder_request_schema, &pathway_folder_schema,
	    BARE, 200, pathway_folders_create, "Make a folder." },
	{ "POST", "/v1/pathway/folders/move", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_move_schema, &pathway_status_schema, BARE, 200,
	    pathway_folders_move, "Put a pathway into a folder." },
	{ "PATCH", "/v1/pathway/folders/{folder_id}", WRITES, PATHWAYS_MANAGE,
	    NULL, &pathway_folder_patch_schema, &pathway_folder_schema,
	    BARE, 200, pathway_folders_update, "Rename or move a folder." },
	{ "DELETE", "/v1/pathway/folders/{folder_id}", WRITES,
	    PATHWAYS_MANAGE,
	    NULL, NULL, &pathway_status_schema, BARE, 200,
	    pathway_folders_delete, "Delete a folder that is empty." },
	{ "GET", "/v1/pathway/folders/{folder_id}/pathways", 0, PATHWAYS_READ,
	    NULL, NULL, &pathway_folder_content_schema, BARE, 200,
	    pathway_folders_content, "The pathways in a folder." },
	{ "GET", "/v1/pathway/{pathway_id}", 0, PATHWAYS_READ,
	    NULL, NULL, &pathway_plain_schema, BARE, 200, pathways_show,
	    "One pathway, with its draft." },
	{ "POST", "/v1/pathway/{pathway_id}", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_patch_schema, &pathway_written_schema, BARE, 200,
	    pathways_update, "Change what is given of a pathway's draft." },
	{ "DELETE", "/v1/pathway/{pathway_id}", WRITES, PATHWAYS_MANAGE,
	    &pathway_delete_query_schema, NULL, &pathway_status_schema,
	    BARE, 200, pathways_delete,
	    "Delete a pathway that nobody is in." },
	{ "GET", "/v1/pathway/{pathway_id}/versions", 0, PATHWAYS_READ,
	    NULL, NULL, &pathway_version_head_schema, ARRAY, 200,
	    pathway_versions_list, "Its versions, newest first." },
	{ "POST", "/v1/pathway/{pathway_id}/replay", 0, PATHWAYS_READ,
	    NULL, &replay_request_schema, &replay_answer_schema, DATA, 200,
	    pathway_replays_make,
	    "Take recorded conversations again over another version, with the"
	    " recorded answers, and tell where they part. Nothing is asked,"
	    " sent or changed." },
	{ "POST", "/v1/pathway/{pathway_id}/version", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_version_request_schema,
	    &pathway_version_made_schema, BARE, 200,
	    pathway_versions_create, "Make a version." },
	{ "GET", "/v1/pathway/{pathway_id}/version/{version_id}", 0,
	    PATHWAYS_READ,
	    NULL, NULL, &pathway_version_shown_schema, BARE, 200,
	    pathway_versions_show,
	    "One version, by its number, name or id; 0: the one that is"
	    " live." },
	{ "POST", "/v1/pathway/{pathway_id}/version/{version_id}", KEYED,
	    PATHWAYS_MANAGE,
	    NULL, &pathway_version_request_schema,
	    &pathway_version_written_schema, BARE, 200,
	    pathway_versions_update,
	    "Write a version that was never in production; 0: the draft." },
	{ "DELETE", "/v1/pathway/{pathway_id}/version/{version_id}", WRITES,
	    PATHWAYS_MANAGE,
	    NULL, NULL, &pathway_status_schema, BARE, 200,
	    pathway_versions_delete, "Archive a version." },
	{ "POST", "/v1/pathway/{pathway_id}/publish", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_publish_schema, &answer_message_schema, BARE, 200,
	    pathway_versions_publish,
	    "Put a version that can run into production or staging." },

	{ "GET", "/v1/convo_pathway", 0, PATHWAYS_READ,
	    &pathways_query_schema, NULL, &pathway_head_schema, LIST, 200,
	    convo_pathways_list, "Pathways without their documents." },
	{ "POST", "/v1/convo_pathway/create", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_create_schema, &pathway_made_schema, BARE, 200,
	    pathways_create, "Make a pathway (Bland's client)." },
	{ "POST", "/v1/convo_pathway/create-version", KEYED, PATHWAYS_MANAGE,
	    NULL, &convo_version_request_schema,
	    &pathway_version_made_schema, BARE, 200,
	    pathway_versions_create, "Make a version (Bland's client)." },
	{ "POST", "/v1/convo_pathway/update", KEYED, PATHWAYS_MANAGE,
	    &convo_update_query_schema, &convo_update_schema,
	    &pathway_version_written_schema, BARE, 200,
	    convo_versions_update, "Write a version (Bland's client)." },
	{ "POST", "/v1/convo_pathway/get_one", 0, PATHWAYS_READ,
	    NULL, &convo_one_request_schema, &convo_one_schema, DATA, 200,
	    convo_versions_show, "One version (Bland's client)." },
	{ "POST", "/v1/convo_pathway/publish", KEYED, PATHWAYS_MANAGE,
	    NULL, &convo_publish_schema, &answer_message_schema, BARE, 200,
	    pathway_versions_publish, "Publish a version (Bland's client)." },
	{ "POST", "/v1/convo_pathway/duplicate", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_duplicate_schema, &pathway_duplicated_schema,
	    BARE, 200, pathways_duplicate,
	    "A new pathway with the draft of another." },
	{ "GET", "/v1/convo_pathway/{pathway_id}", 0, PATHWAYS_READ,
	    NULL, NULL, &pathway_shown_schema, DATA, 200,
	    convo_pathways_show, "One pathway with its draft, whose edges have"
	    " their labels within data as well." },
	{ "POST", "/v1/convo_pathway/{pathway_id}", KEYED, PATHWAYS_MANAGE,
	    NULL, &pathway_patch_schema, &pathway_written_schema, BARE, 200,
	    pathways_update, "Change the draft (Bland's client)." },
	{ "DELETE", "/v1/convo_pathway/{pathway_id}", WRITES,
	    PATHWAYS_MANAGE,
	    &pathway_delete_query_schema, NULL, &pathway_status_schema,
	    BARE, 200, pathways_delete, "Delete a pathway (Bland's client)." },
	{ "GET", "/v1/convo_pathway/{pathway_id}/versions", 0, PATHWAYS_READ,
	    NULL, NULL, &pathway_version_head_schema, ARRAY, 200,
	    pathway_versions_list, "Its versions, newest first." },

	{ "GET", "/v1/inbound", 0, NUMBERS_READ,
	    NULL, NULL, &inbound_numbers_schema, BARE, 200, inbound_list,
	    "The account's numbers with their configs for SMS." },
	{ "GET", "/v1/inbound/{phone_number}", 0, NUMBERS_READ,
	    NULL, NULL, &inbound_number_schema, BARE, 200, inbound_show,
	    "One number with its config for SMS." },
	{ "POST", "/v1/inbound/{phone_number}", KEYED, NUMBERS_MANAGE,
	    NULL, &inbound_patch_schema, &inbound_number_schema, BARE, 200,
	    inbound_update, "Change what is given of its config." },
	{ "DELETE", "/v1/inbound/{phone_number}", WRITES, NUMBERS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200,
	    phone_numbers_delete, "Delete a number." },

	{ "GET", "/v2/tools", 0, TOOLS_READ,
	    &tools_query_schema, NULL, &tool_answer_schema, BARE, 200,
	    tools_list, "Tools, newest first, in pages." },
	{ "POST", "/v2/tools", KEYED, TOOLS_MANAGE,
	    NULL, &tool_request_schema, &tool_answer_schema, BARE, 200,
	    tools_create, "Make a tool: a request that agents may make." },
	{ "GET", "/v2/tools/{tool_id}", 0, TOOLS_READ,
	    NULL, NULL, &tool_answer_schema, BARE, 200, tools_show,
	    "One tool." },
	{ "POST", "/v2/tools/{tool_id}", KEYED, TOOLS_MANAGE,
	    NULL, &tool_patch_schema, &tool_answer_schema, BARE, 200,
	    tools_update, "Change what is given of a tool." },
	{ "DELETE", "/v2/tools/{tool_id}", WRITES, TOOLS_MANAGE,
	    NULL, NULL, &tool_answer_schema, BARE, 200, tools_delete,
	    "Delete a tool; agents that have it go on without." },
	{ "GET", "/v1/tools", 0, TOOLS_READ,
	    NULL, NULL, &legacy_tools_schema, BARE, 200, legacy_tools_list,
	    "The same tools (older)." },
	{ "POST", "/v1/tools", KEYED, TOOLS_MANAGE,
	    NULL, &legacy_tool_request_schema, &legacy_tool_made_schema,
	    BARE, 200, legacy_tools_create, "Make a tool (older)." },
	{ "GET", "/v1/tools/{tool_id}", 0, TOOLS_READ,
	    NULL, NULL, &legacy_tool_answer_schema, BARE, 200,
	    legacy_tools_show, "One tool (older)." },
	{ "POST", "/v1/tools/{tool_id}", KEYED, TOOLS_MANAGE,
	    NULL, &legacy_tool_patch_schema, &legacy_tool_made_schema, BARE,
	    200, legacy_tools_update,
	    "Change what is given of a tool (older)." },
	{ "PUT", "/v1/tools/{tool_id}", WRITES, TOOLS_MANAGE,
	    NULL, &legacy_tool_request_schema, &legacy_tool_made_schema,
	    BARE, 200, legacy_tools_replace, "Replace a tool (older)." },
	{ "DELETE", "/v1/tools/{tool_id}", WRITES, TOOLS_MANAGE,
	    NULL, NULL, &legacy_tool_deleted_schema, BARE, 200,
	    legacy_tools_delete, "Delete a tool (older)." },

	{ "GET", "/v1/secrets", 0, TOOLS_READ,
	    NULL, NULL, &secret_schema, LIST, 200, secrets_list,
	    "The secrets that tools use, without their values." },
	{ "POST", "/v1/secrets", KEYED | ROUTE_SECRET, TOOLS_MANAGE,
	    NULL, &secret_request_schema, &secret_schema, DATA, 200,
	    secrets_save, "Keep a secret for tools: {{SECRET.name}}." },
	{ "DELETE", "/v1/secrets/{secret}", WRITES, TOOLS_MANAGE,
	    NULL, NULL, &answer_message_schema, DATA, 200, secrets_delete,
	    "Delete a secret, by its name or its id." },

	{ "POST", "/v1/hooks/twilio/status", OPEN | WRITES | ROUTE_FORM, 0,
	    NULL, &twilio_report_schema, &answer_status_schema, BARE, 200,
	    hooks_twilio_status,
	    "What became of a message, as Twilio reports it." },
	{ "POST", "/v1/hooks/twilio/voice", OPEN | WRITES | ROUTE_FORM, 0,
	    &voice_query_schema, &twilio_call_schema, &answer_status_schema,
	    ENVELOPE_TWIML, 200, hooks_twilio_voice,
	    "What Twilio is to say in a call, and do next." },
	{ "POST", "/v1/hooks/twilio/call-status", OPEN | WRITES | ROUTE_FORM, 0,
	    &hook_query_schema, &twilio_call_schema, &answer_status_schema,
	    BARE, 200, hooks_twilio_call_status,
	    "How far a call has come, as Twilio reports it." },
};
/* clang-format on */

const size_t routes_count = COUNT(routes);
