/*
 * /v1/agents: who talks in conversations.
 *
 * An agent is a name with versions (api/agent_versions.h); what it is to do
 * stands in those.
 */
#ifndef PARLEY_API_AGENTS_H
#define PARLEY_API_AGENTS_H

#include "base/base.h"

struct agent_head;
struct call;

extern const struct schema agents_query_schema;
extern const struct schema agent_request_schema;
extern const struct schema agent_patch_schema;
extern const struct schema agent_schema;
extern const struct schema agent_detail_schema;

enum outcome agents_list(struct call *call);
enum outcome agents_create(struct call *call);
enum outcome agents_show(struct call *call);
enum outcome agents_update(struct call *call);
enum outcome agents_delete(struct call *call);

/* The agent that the path names; `is_held`: nobody else changes it
 * meanwhile.  INVALID, with a fault: there is none. */
enum outcome agents_find(
    struct call *call, bool is_held, struct agent_head *agent) MUSTCHECK;

#endif
