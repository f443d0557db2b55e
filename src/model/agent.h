/*
 * An agent as its turns see it: what it is to do, and what it may use.
 *
 * It walks a pathway.  One that has an objective and nothing else has a
 * pathway of one node, so that there is one engine for both.  All texts are
 * the operator's or the client's, never a user's; those with places for
 * variables are filled when they are used.
 */
#ifndef PARLEY_MODEL_AGENT_H
#define PARLEY_MODEL_AGENT_H

#include "base/base.h"
#include "model/field.h"

struct arena;
struct pathway;

/* Where the agent does not say. */
#define AGENT_OBJECTIVE "Chat with the user"
#define AGENT_TOOL_CALLS 3 /* a turn */

/* A tool of the account, as the model is told of it; or one that only nodes
 * call, by whatever name they have for it. */
struct agent_tool {
	const char *name;     /* ^[a-zA-Z0-9_-]{1,64}$ */
	const char *function; /* JSON: name, description, parameters */
	bool is_hidden;       /* the model is not told */
};

struct agent {
	const char *rules;   /* of the deployment; NULL: none */
	const char *context; /* of this conversation, by the client; or NULL */
	const struct pathway *pathway;
	struct list tools;    /* struct agent_tool */
	int channel;          /* enum channel */
	int64_t tool_calls;   /* at most, a turn; 0: none */
	int64_t max_segments; /* of a message; 0: no limit of its own */
};

/* One that has an objective and no more: the defaults for the rest. */
struct agent agent_of_objective(
    struct arena *arena, const char *objective, double temperature);

/* The first `offered` of these (struct tool, with their functions), and hidden
 * those of them all that the nodes call by name or id: struct agent_tool. */
struct list agent_tools(struct arena *arena, const struct list *tools,
    size_t offered, const struct pathway *pathway);

/* The tool of this very name, borrowed from the agent; NULL: none. */
const struct agent_tool *agent_find_tool(
    const struct agent *agent, const char *name);

#endif
