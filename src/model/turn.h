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
 * What a model says is said as it is: no variable and no secret is filled in.
 *
 * Every turn ends: with one of wait, end, hand_off and transfer as its last
 * action.  It takes at most TURN_STEPS events and comes to at most TURN_STEPS
 * nodes.  What was asked and is not answered by then is to be done all the
 * same: a webhook that nobody waits for.
 *
 * Between turns all that is kept of the walk is `turn.state`
 * (model/turn_state): it is stored once a turn was recorded, given to the
 * next by turn_place, and means something only with the same version of the
 * same pathway.  A conversation that continues at a given node has a state
 * with that node: with `entered`, the user's next text is the answer to it;
 * without, the agent is yet to speak there.
 *
 * Beside its variables a turn has {{lastUserMessage}} and {{prevNodePrompt}},
 * which are never stored.
 */
#ifndef PARLEY_MODEL_TURN_H
#define PARLEY_MODEL_TURN_H

#include "base/base.h"
#include "base/names.h"
#include "model/field.h"
#include "model/prompt.h"
#include "model/turn_call.h"
#include "model/turn_state.h"

#define TURN_STEPS 100
#define TURN_SAYINGS 16 /* at most, a turn */
/* Of a step: a move, a tag and one thing more at each node. */
#define TURN_ACTIONS                                                           \
	(TURN_STEPS * 3 + TURN_SAYINGS + TURN_CALLS_AT_ONCE * 2 + 8)
#define TURN_RESULT ((size_t)16 * 1024) /* bytes of one that the model sees */

struct arena;
struct json_object;
struct node;
struct tool;

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
	ACTION_SEND,          /* text; name: another number than the user's */
	ACTION_ASK_MODEL,     /* ask, purpose, question */
	ACTION_CALL_TOOL,     /* ask, name, arguments */
	ACTION_CALL_URL,      /* ask, request, variables; arguments: how the
	                       * request may be shown */
	ACTION_SET_VARIABLES, /* variables: to be laid over those there are */
	ACTION_MOVE,          /* name: the node's id; text: its name */
	ACTION_TAG,           /* name; text: its color, or NULL */
	ACTION_HAND_OFF,      /* to a person; text: why; name: the number that
	                       * the node has, or NULL */
	ACTION_TRANSFER,      /* name: the pathway's id; arguments: with its
	                       * version and node_id, or null for them */
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
	const char *text; /* a model's words; a tool's result, JSON or not;
	                   * a url's answer */
	const char *tool_calls; /* a model's: OpenAI's array; NULL: none */
	struct json_object *variables; /* that a tool set; NULL: none */
	int64_t status;                /* of a url's answer, by HTTP */
	const char *fault;
};

/* As upstream/completion wants it. */
struct turn_question {
	const char *messages;
	const char *tools; /* NULL: none */
	const char *schema;
	const char *schema_name;
	const char *choices; /* JSON array of label and node_id, in the order of
	                      * the names that they have; NULL: none */
	const char *model;   /* that the node names; NULL: none */
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
	const struct tool *request; /* to be made with these variables */
};

struct turn_actions {
	size_t count;
	struct turn_action list[TURN_ACTIONS];
};

/* Somewhere to go, or to stay. */
struct turn_choice {
	const struct node *target; /* NULL: none */
	const char *label;
	const char *about;
	bool is_global; /* it outranks what the node waits for */
	bool is_return; /* a global node is done: back to where it came from */
};

/* What the model owes an answer to. */
struct turn_asking {
	int64_t ask; /* 0: nothing */
	bool again;  /* it was asked once more */
};

struct turn {
	struct arena *arena;       /* all that is kept lives in it */
	const struct agent *agent; /* borrowed */
	const struct node *node;   /* where it stands; NULL: nowhere yet */
	struct turn_state state;   /* to be kept for the next turn */
	struct json_object *variables;
	struct list history;          /* struct message, oldest first */
	const char *said;             /* the user's last text; NULL: none */
	struct json_object *exchange; /* with the model, in this turn */
	struct turn_call calls[TURN_CALLS_AT_ONCE]; /* of its last answer */
	size_t call_count;
	int64_t asked;      /* the number of what was asked last */
	int64_t tool_calls; /* made or refused */
	int64_t steps, moves, sayings;
	struct turn_asking reply, choose, extract;
	int64_t request;      /* of a node, which it waits for; 0: none */
	bool completed;       /* the request was answered, and well */
	const char *response; /* how, in words */
	bool began;
	bool opens;       /* the agent speaks first */
	bool answering;   /* the user's text is what decides */
	bool routes_late; /* once the variables are taken */
	bool decided;
	struct turn_choice choice; /* that was decided */
	const char *reason;        /* for it */
	struct list choices;       /* struct turn_choice, that were asked of */
	const struct node *next;   /* to go to at once */
	bool over;                 /* no event changes anything any more */
};

/* A turn that has not begun anywhere.  `variables` (built-in ones and all) is
 * copied; `history` has the messages that the agent may see. */
void turn_init(struct turn *turn, struct arena *arena,
    const struct agent *agent, struct json_object *variables,
    struct list history);

/* Says where it stands, before its first event.  Where the pathway has no such
 * node, it begins at the start. */
void turn_place(struct turn *turn, const struct turn_state *state);

/* What is to be done after an event.  Texts of events must live as long as
 * the turn's arena. */
void turn_step(struct turn *turn, const struct turn_event *event,
    struct turn_actions *actions);

#endif
