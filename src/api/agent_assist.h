/*
 * GET /v1/agent-assist/{phone_number}: what a person should know who takes
 * over from the agent.  What the store has is always there; what a model
 * makes of it is null where none is configured or it does not answer in time,
 * and `note` then says why.
 */
#ifndef PARLEY_API_AGENT_ASSIST_H
#define PARLEY_API_AGENT_ASSIST_H

#include "base/base.h"

struct call;
struct schema;

extern const struct schema agent_assist_schema;

enum outcome agent_assist(struct call *call);

#endif
