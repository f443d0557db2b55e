/*
 * The conversations API, with its agents.
 *
 * method, path, flags, scopes,
 *     query, body, answer, envelope, status, handler,
 *     about
 */
#include "base/base.h"

#include "api/agent_assist.h"
#include "api/agent_config.h"
#include "api/agent_versions.h"
#include "api/agents.h"
#include "api/conversation_talk.h"
#include "api/conversation_webrtc.h"
#include "api/conversations_create.h"
#include "api/conversations_read.h"
#include "api/route_words.h"
#include "api/sms_create.h"
#include "api/turns.h"
#include "model/conversation.h"
#include "model/conversation_view.h"
#include "model/event_log.h"
#include "model/number.h"
#include "model/turn_record.h"
#include "model/webhook.h"

/* clang-format off */
static const struct route list[] = {
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
	{ "POST", "/v1/conversations", KEYED | CORE | ROUTE_LATER, TALK_MANAGE,
	    NULL, &conversation_create_schema, &conversation_opened_schema,
	    BARE, 200, conversations_create,
	    "Begin a conversation, on any channel." },
	{ "GET", "/v1/conversations", CURSOR, TALK_READ,
	    &conversations_search_schema, NULL, &conversation_view_schema,
	    ARRAY, 200, conversations_list,
	    "Conversations on every channel, newest first." },
	{ "GET", "/v1/conversations/{conversation_id}", CORE, TALK_READ,
	    NULL, NULL, &conversation_view_schema, BARE, 200,
	    conversations_show, "One conversation, with its transcript." },
	{ "GET", "/v1/agent-assist/{phone_number}", WRITES | CORE,
	    SCOPE(CONVERSATIONS_READ_SENSITIVE),
	    NULL, NULL, &agent_assist_schema, BARE, 200, agent_assist,
	    "What a person should know who takes over from the agent." },
	{ "POST", "/v1/conversations/{conversation_id}/messages",
	    KEYED | CORE, TALK_MANAGE,
	    &conversation_message_query_schema, &conversation_message_schema,
	    &conversation_reply_schema,
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
};
/* clang-format on */

const struct route_table routes_conversations = { list, COUNT(list) };
