/*
 * An agent's turn: what happened goes in, what is to be done comes out.
 *
 *   struct turn turn;
 *   turn_init(&turn, arena, &agent, variables, history);
 *   event = opened or texted;
 *   do {
 *           turn_step(&turn, &event, &actions);
 *           do them, in order; what is asked may be done at once;
 *           event = what came of one that was asked;
 *   } while (!turn.over);
 *
 * turn_step reads no clock, calls nobody and is not random: the same events
 * give the same actions, in the worker as in tests and in replay.  What it
 * says comes with the end of the turn, so one whose words are no longer
 * wanted is thrown away by not doing that.
 *
 * An action that asks (ask_model, call_tool, call_url) has a number, which
 * the event with its answer names.  Several may be open at once and be
 * answered in any order.  An event that answers nothing open is passed over.
 *
 * Words are said as they are: no variable and no secret is filled in.
 *
 * Every turn ends: with one of wait, end and hand_off as its last action.
 * It takes at most TURN_STEPS events and asks the model at most twice more
 * than its calls of tools.
 */
#ifndef PARLEY_MODEL_TURN_H
#define PARLEY_MODEL_TURN_H

#include "base/base.h"
#include "base/names.h"
#include "model/field.h"
#include "model/prompt.h"
#include "model/turn_call.h"

#define TURN_STEPS 100
#define TURN_ACTIONS (TURN_CALLS_AT_ONCE * 2 + 4)
#define TURN_RESULT ((size_t)16 * 1024) /* bytes of one that the model sees */

struct arena;
struct json_object;

enum turn_event_kind {
	EVENT_OPENED,         /* the agent is to speak first */
	EVENT_TEXTED,         /* the user wrote; it stands in the history */
	EVENT_MODEL_ANSWERED, /* to ask_model */
	EVENT_TOOL_ANSWERED,  /* to call_tool */
	EVENT_URL_ANSWERED,   /* to call_url */
	EVENT_TIMED_OUT, /* the turn's time is out; nothing is waited for */
	EVENT_RESUMED,   /* a person handed the conversation back */
	EVENT_N
};

enum turn_action_kind {
	ACTION_SAY,           /* text */
	ACTION_ASK_MODEL,     /* ask, purpose, question */
	ACTION_CALL_TOOL,     /* ask, name, arguments */
	ACTION_CALL_URL,      /* ask; no node of ours asks for it yet */
	ACTION_SET_VARIABLES, /* variables: to be laid over those there are */
	ACTION_MOVE,          /* name: the node's id; none moves yet */
	ACTION_TAG,           /* name; none yet */
	ACTION_HAND_OFF,      /* to a person; text: why, in the model's words */
	ACTION_TRANSFER,      /* name: to whom; none yet */
	ACTION_END,           /* of the conversation; text: why */
	ACTION_WAIT,          /* for the user */
	ACTION_N
};

extern const struct names turn_event_names;  /* "model_answered" */
extern const struct names turn_action_names; /* "ask_model" */

struct turn_event {
	int kind;    /* enum turn_event_kind */
	int64_t ask; /* of an answer: the number of what was asked */

	/* An answer, as it came.  Where there is none, `fault` says why in
	 * words, and the rest does not count. */
	const char *text; /* a model's words; a tool's result, JSON or not */
	const char *tool_calls; /* a model's: OpenAI's array; NULL: none */
	struct json_object *variables; /* that a tool set; NULL: none */
	const char *fault;
};

/* As upstream/completion wants it. */
struct turn_question {
	const char *messages;
	const char *tools; /* NULL: none */
	const char *schema;
	const char *schema_name;
	double temperature;
	int64_t most_tokens;
};

struct turn_action {
	int kind;           /* enum turn_action_kind */
	const char *reason; /* of the decision, in words */
	int64_t ask;        /* counted from 1; 0: it asks for nothing */
	const char *text;
	bool cut; /* of a text: it was longer */
	const char *name;
	const char *arguments; /* JSON object */
	int purpose;           /* enum purpose */
	struct turn_question question;
	struct json_object *variables;
};

struct turn_actions {
	size_t count;
	struct turn_action list[TURN_ACTIONS];
};

struct turn {
	struct arena *arena;       /* all that is kept lives in it */
	const struct agent *agent; /* borrowed */
	const struct node *node;   /* where it stands */
	struct json_object *variables;
	struct list history;          /* struct message, oldest first */
	struct json_object *exchange; /* with the model, in this turn */
	struct turn_call calls[TURN_CALLS_AT_ONCE]; /* of its last answer */
	size_t call_count;
	int64_t asked;      /* the number of what was asked last */
	int64_t model_ask;  /* what the model owes an answer to; 0: nothing */
	int64_t tool_calls; /* made or refused */
	int64_t steps;
	bool opens;       /* the agent speaks first */
	bool asked_again; /* after an empty answer */
	bool over;        /* no event changes anything any more */
};

/* A turn at the agent's first node.  `variables` (built-in ones and all) is
 * copied; `history` has the messages that the agent may see. */
void turn_init(struct turn *turn, struct arena *arena,
    const struct agent *agent, struct json_object *variables,
    struct list history);

/* What is to be done after an event.  Texts of events must live as long as
 * the turn's arena. */
void turn_step(struct turn *turn, const struct turn_event *event,
    struct turn_actions *actions);

#endif
