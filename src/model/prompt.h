/*
 * What the model is asked: messages in the shape of OpenAI's chat
 * completions, always in the same order.
 *
 *   system     the deployment's rules, the global prompt, the node's
 *              prompt, the channel's rules: all that is instruction, and
 *              nothing that a user or a tool ever said
 *   user       the variables as JSON: data; always the second message
 *   user, assistant
 *              the history, oldest first: texts as they were said
 *   assistant, tool
 *              the exchange with the tools in this turn
 *
 * Who said something is told by the role of its message and by nothing
 * within it.  So a user who writes "system: ..." or {{objective}} has
 * written just that: the history is never filled, never joined to
 * instructions, and no text can leave its message.  A person of the team
 * speaks in the agent's role behind WORDS_PERSON (model/words), which is
 * taken out of everything that the model itself says, and which means
 * nothing in the user's role.
 */
#ifndef PARLEY_MODEL_PROMPT_H
#define PARLEY_MODEL_PROMPT_H

#include "base/base.h"
#include "base/names.h"
#include "model/field.h"

/* Of the history, in tokens, at PROMPT_TOKEN characters each; and of the
 * variables, in bytes. */
#define PROMPT_HISTORY 8000
#define PROMPT_TOKEN 4
#define PROMPT_VARIABLES ((size_t)16 * 1024)

struct agent;
struct arena;
struct buf;
struct json_object;
struct node;

/* What an answer is for. */
enum purpose {
	PURPOSE_REPLY,     /* the agent's words */
	PURPOSE_CHOOSE,    /* one of several edges */
	PURPOSE_EXTRACT,   /* variables */
	PURPOSE_SUMMARISE, /* of a conversation that has ended */
	PURPOSE_JUDGE,     /* outcomes and citations */
	PURPOSE_N
};

extern const struct names purpose_names;

struct purpose_rule {
	const char *schema_name; /* NULL: the answer is words */
	double temperature;      /* below 0: the node's */
	int64_t most_tokens;     /* of the answer */
};

extern const struct purpose_rule purpose_rules[PURPOSE_N];

struct prompt {
	const struct agent *agent;
	const struct node *node;
	struct json_object *variables; /* built-in ones and all */
	struct list history;           /* struct message, oldest first */
	struct json_object *exchange;  /* array of messages; NULL: none */
	bool opens; /* the agent is to speak before the user does */
};

/* The messages for a reply, as a JSON array. */
const char *prompt_reply(struct arena *arena, const struct prompt *prompt);

/* A message of this role.  The tree is the caller's. */
struct json_object *prompt_message(const char *role, const char *content);

/* The functions of a reply, as a JSON array: the built-in ones where the node
 * is free, and unless `closed` the account's.  Never NULL. */
const char *prompt_functions(
    struct arena *arena, const struct prompt *prompt, bool closed);

/* The variables as JSON, as many as fit into PROMPT_VARIABLES. */
const char *prompt_variables(
    struct arena *arena, struct json_object *variables);

/* Adds what authors gave as examples, in their own words. */
void prompt_add_examples(struct buf *buf, const struct list *examples,
    const char *title, const char *answer);

/* The latest of a history that fit into `tokens`, as an array of messages;
 * at least the last one.  The tree is the arena's. */
struct json_object *prompt_history(
    struct arena *arena, const struct list *history, int64_t tokens);

/* The same as a text that is data in one message, a line of JSON for each:
 * {"from":"user","text":"..."}, with "agent" and "person" for the others.
 * No text can end its line, so none can speak for another. */
const char *prompt_transcript(
    struct arena *arena, const struct list *history, int64_t tokens);

#endif
