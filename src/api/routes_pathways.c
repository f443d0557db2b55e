/*
 * Pathways, tools and secrets.
 *
 * method, path, flags, scopes,
 *     query, body, answer, envelope, status, handler,
 *     about
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/pathway_chats.h"
#include "api/pathway_folders.h"
#include "api/pathway_replays.h"
#include "api/pathway_versions.h"
#include "api/pathways.h"
#include "api/route_words.h"
#include "api/secrets.h"
#include "api/sms_create.h"
#include "api/tools.h"
#include "api/turns.h"
#include "model/chat.h"
#include "model/conversation.h"
#include "model/event_log.h"
#include "model/number.h"
#include "model/secret.h"
#include "model/tool.h"
#include "model/turn_record.h"
#include "model/webhook.h"

/* clang-format off */
static const struct route list[] = {
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
};
/* clang-format on */

const struct route_table routes_pathways = { list, COUNT(list) };
