/*
 * A pathway: nodes, at which an agent stands while it talks, and edges, along
 * which it goes on.
 *
 * A document is {"nodes": [...], "edges": [...]} as Bland's editor and its
 * clients write it, with all their habits: the global prompt as a node that
 * has neither id nor type, an edge's label within `data` or beside it,
 * examples as arrays, as texts or as arrays within texts, a variable named
 * bland-prompt that is none.  What is not understood is kept out; the document
 * itself is the caller's to keep.
 *
 * A parsed pathway never changes and may serve any number of turns.
 */
#ifndef PARLEY_MODEL_PATHWAY_H
#define PARLEY_MODEL_PATHWAY_H

#include "base/base.h"
#include "base/names.h"
#include "model/field.h"
#include "model/rule.h"

#define PATHWAY_TEMPLATE 10000 /* characters of one text with places */
#define PATHWAY_NODES 1000
#define PATHWAY_EDGES 5000
#define PATHWAY_TEMPERATURE 0.7

/* Of a Scheduling node: what its calendar has from when on, as an array of
 * texts, and the one that the user has confirmed. */
#define PATHWAY_FROM "start_datetime"
#define PATHWAY_SLOTS "available_slots"
#define PATHWAY_CHOSEN "chosen_datetime"

struct arena;
struct faults;
struct json_object;
struct tool;

/* What a node does; its words are the types of the documents. */
enum node_kind {
	NODE_DEFAULT,
	NODE_END,
	NODE_TRANSFER_CALL, /* in texts there is only a person to go to */
	NODE_HAND_OFF,
	NODE_WEBHOOK,
	NODE_KNOWLEDGE,
	NODE_SMS,
	NODE_WAIT,
	NODE_TRANSFER_PATHWAY,
	NODE_TOOL,
	NODE_SCHEDULING,
	NODE_CODE,
	NODE_BUTTON,
	NODE_VECTOR,
	NODE_CONNECT,
	NODE_UNKNOWN,
	NODE_KIND_N
};

extern const struct names node_kind_names;

struct node_rule {
	const char *refused; /* why it cannot be run; NULL: it can */
	bool passes;         /* it goes on without waiting for the user */
};

extern const struct node_rule node_rules[NODE_KIND_N];

/* A variable that is taken from what the user says. */
struct extract {
	const char *name;
	const char *type; /* of JSON Schema: string, integer, ... */
	const char *about;
};

/* A conversation, and what is right for it. */
struct example {
	const char *conversation;
	const char *answer;
};

enum example_kind {
	EXAMPLE_DIALOGUE,  /* the answer is what to say */
	EXAMPLE_CONDITION, /* "true" or "false" */
	EXAMPLE_PATHWAY,   /* an edge's label */
	EXAMPLE_N
};

struct edge {
	const char *id;
	const char *label; /* "": it has none */
	const char *about; /* NULL: no more than the label */
	bool always;       /* alwaysPick */
	struct list rules; /* struct rule: all must hold; none: the model
	                    * judges by the label */
	const struct node *target;
};

/* Where an answer to a request leads. */
struct route {
	struct rule rule;
	const struct node *target;
};

struct node {
	const char *field; /* where it stands: "/nodes/3" */
	const char *id;
	const char *name;
	const char *type; /* as it is written; NULL: not at all */
	int kind;         /* enum node_kind */

	/* What is said here: `text` as it is, or else by the model. */
	const char *text;      /* NULL: none */
	const char *prompt;    /* NULL: none */
	const char *knowledge; /* to answer from; NULL: none */
	const char *model;     /* modelName, where it is one; NULL: as
	                        * everywhere */
	double temperature;

	/* When it is left. */
	const char *condition; /* NULL: at once */
	bool skips;            /* skipUserResponse */
	struct list edges;     /* struct edge, as they stand in the document */

	struct list extracts;     /* struct extract */
	const char *extract_hint; /* for all of them; NULL: none */
	struct list examples[EXAMPLE_N];
	const char *tag; /* NULL: none */
	const char *tag_color;

	bool is_start;
	bool is_global;
	bool returns;             /* of a global one: to where it came from */
	const char *global_label; /* when it is gone to */
	const char *global_about;

	/* It may end the conversation and hand off as the model likes: an
	 * objective, which has no other nodes for that. */
	bool is_free;

	const struct tool *call;      /* of a webhook, and for slots */
	struct list routes;           /* struct route */
	const char *tool;             /* of a custom tool: its name */
	const char *arguments;        /* for it: JSON object of templates */
	const char *recipient;        /* of an SMS; NULL: the user */
	const char *transfer_number;  /* NULL: none */
	const char *transfer_pathway; /* NULL: none */
	const char *transfer_version; /* NULL: the one in production */
	const char *transfer_node;    /* NULL: where it starts */
};

/* What was kept out of a document. */
struct pathway_fault {
	const char *field; /* "/nodes/3" */
	const char *message;
};

struct pathway {
	const char *global_prompt; /* NULL: none */
	struct list nodes;         /* struct node */
	struct list index;         /* const struct node *, by id */
	struct list globals;       /* const struct node * */
	const struct node *start;  /* NULL: there is none */
	struct list faults;        /* struct pathway_fault */
};

/* Reads a document of any real export.  INVALID only when its nodes or edges
 * are no arrays. */
enum outcome pathway_read(struct arena *arena, struct json_object *document,
    struct pathway **pathway) MUSTCHECK;

/* Why it cannot run: a fault for each reason, naming its node or edge; none:
 * it can. */
void pathway_check(const struct pathway *pathway, struct faults *faults);

/* A pathway of one node, which does what the objective says. */
struct pathway *pathway_of_objective(
    struct arena *arena, const char *objective, double temperature);

/* The node of this id; NULL: none. */
const struct node *pathway_find(const struct pathway *pathway, const char *id);

/* Is its text for another number than the user's? */
bool node_sends(const struct node *node);

/* The names of the tools that its nodes call, as a JSON array. */
const char *pathway_tools(struct arena *arena, const struct pathway *pathway);

/* Does it go on from here without waiting for the user? */
bool node_passes(const struct node *node);

#endif
