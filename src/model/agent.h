/*
 * An agent as its turns see it: what it is to do, and what it may use.
 *
 * It is a list of nodes, the first of which is where it starts.  An agent
 * that has an objective and nothing else is a list of one, so that there is
 * one engine for both.  All texts are the operator's or the client's, never
 * a user's; those with places for variables are filled when they are used.
 */
#ifndef PARLEY_MODEL_AGENT_H
#define PARLEY_MODEL_AGENT_H

#include "base/base.h"
#include "base/names.h"
#include "model/field.h"

struct arena;

#define AGENT_TOOL_CALLS 3 /* a turn, where the agent does not say */
#define AGENT_TEMPERATURE 0.7

/* What a node does; its words are the types of clients' documents. */
enum node_kind { NODE_DEFAULT, NODE_KIND_N };

extern const struct names node_kind_names;

struct node {
	const char *id;
	int kind;           /* enum node_kind */
	const char *prompt; /* what the model is to say here */
	double temperature;
};

/* A tool of the account, as the model is told of it. */
struct agent_tool {
	const char *name;     /* ^[a-zA-Z0-9_-]{1,64}$ */
	const char *function; /* JSON: name, description, parameters */
};

struct agent {
	const char *rules;         /* of the deployment; NULL: none */
	const char *global_prompt; /* holds at every node; NULL: none */
	struct list nodes;         /* struct node; one at least */
	struct list tools;         /* struct agent_tool */
	int channel;               /* enum channel */
	int64_t tool_calls;        /* at most, a turn; 0: none */
	int64_t max_segments;      /* of a message; 0: no limit of its own */
};

/* One that has an objective and no more: the defaults for the rest. */
struct agent agent_of_objective(
    struct arena *arena, const char *objective, double temperature);

/* The tool of this very name, borrowed from the agent; NULL: none. */
const struct agent_tool *agent_find_tool(
    const struct agent *agent, const char *name);

#endif
