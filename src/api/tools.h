/*
 * The account's tools, by the newer routes and by the oldest: two ways to
 * write and to show the same rows.
 */
#ifndef PARLEY_API_TOOLS_H
#define PARLEY_API_TOOLS_H

#include "api/routes.h"

extern const struct schema tools_query_schema;
extern const struct schema tool_answer_schema;      /* of /v2/tools */
extern const struct schema legacy_tool_made_schema; /* of /v1/tools */
extern const struct schema legacy_tool_answer_schema;
extern const struct schema legacy_tools_schema;
extern const struct schema legacy_tool_deleted_schema;

handler tools_create, tools_update, tools_list, tools_show, tools_delete;

handler legacy_tools_create, legacy_tools_update, legacy_tools_replace;
handler legacy_tools_list, legacy_tools_show, legacy_tools_delete;

#endif
