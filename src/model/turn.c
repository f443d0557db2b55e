/*
 * A row for each event says what it does.  Whatever ends a turn goes through
 * finish, and whatever asks through ask: there is no other way to do either.
 */
#include "base/base.h"

#include "model/turn.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/agent.h"
#include "model/builtin.h"
#include "model/channel.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/turn_step.h"
#include "model/words.h"

#include <json-c/json.h>
#include <string.h>

typedef void taking(const struct step *step);

static taking take_opened, take_texted, take_model, take_tool, take_url,
    take_timeout, take_resumed;

static void begin(const struct step *step, bool opens, const char *reason);
static const char *last_text(const struct list *history);

static const char *const event_words[] = {
	[EVENT_OPENED] = "opened",
	[EVENT_TEXTED] = "texted",
	[EVENT_MODEL_ANSWERED] = "model_answered",
	[EVENT_TOOL_ANSWERED] = "tool_answered",
	[EVENT_URL_ANSWERED] = "url_answered",
	[EVENT_TIMED_OUT] = "timed_out",
	[EVENT_RESUMED] = "resumed",
};
static_assert(COUNT(event_words) == EVENT_N, "a word for every event");

static const char *const action_words[] = {
	[ACTION_SAY] = "say",
	[ACTION_SEND] = "send",
	[ACTION_ASK_MODEL] = "ask_model",
	[ACTION_CALL_TOOL] = "call_tool",
	[ACTION_CALL_URL] = "call_url",
	[ACTION_SET_VARIABLES] = "set_variables",
	[ACTION_MOVE] = "move",
	[ACTION_TAG] = "tag",
	[ACTION_HAND_OFF] = "hand_off",
	[ACTION_TRANSFER] = "transfer",
	[ACTION_END] = "end",
	[ACTION_WAIT] = "wait",
};
static_assert(COUNT(action_words) == ACTION_N, "a word for every action");

const struct names turn_event_names = NAMES(event_words);
const struct names turn_action_names = NAMES(action_words);

static taking *const takers[] = {
	[EVENT_OPENED] = take_opened,
	[EVENT_TEXTED] = take_texted,
	[EVENT_MODEL_ANSWERED] = take_model,
	[EVENT_TOOL_ANSWERED] = take_tool,
	[EVENT_URL_ANSWERED] = take_url,
	[EVENT_TIMED_OUT] = take_timeout,
	[EVENT_RESUMED] = take_resumed,
};
static_assert(COUNT(takers) == EVENT_N, "a taker for every event");

void
turn_init(struct turn *turn, struct arena *arena, const struct agent *agent,
    struct json_object *variables, struct list history)
{
	struct json_object *copy = NULL;

	if (variables != NULL)
		(void)json_object_deep_copy(variables, &copy, NULL);
	else
		copy = json_object_new_object();
	assert(copy != NULL);
	*turn = (struct turn){
		.arena = arena,
		.agent = agent,
		.variables = json_own(arena, copy),
		.history = history,
		.exchange = json_own(arena, json_object_new_array()),
	};
}

void
turn_step(struct turn *turn, const struct turn_event *event,
    struct turn_actions *actions)
{
	const struct step step = { turn, event, actions };

	assert(event->kind >= 0 && event->kind < EVENT_N);
	actions->count = 0;
	if (turn->over)
		return;
	if (++turn->steps > TURN_STEPS)
		(void)step_finish(&step, ACTION_WAIT,
		    "the turn took too many steps and was ended");
	else
		takers[event->kind](&step);
	while (turn->next != NULL && !turn->over)
		step_arrive(&step);
}

void
turn_place(struct turn *turn, const struct turn_state *state)
{
	turn->node = state->node != NULL
			 ? pathway_find(turn->agent->pathway, state->node)
			 : NULL;
	if (turn->node != NULL)
		turn->state = *state;
}

/* Events. */

static void
take_opened(const struct step *step)
{
	begin(step, true, "the agent speaks first");
}

static void
take_texted(const struct step *step)
{
	begin(step, false, "the user wrote");
}

static void
take_resumed(const struct step *step)
{
	const struct list *history = &step->turn->history;
	const struct message *list = history->items;

	if (!step->turn->began &&
	    (history->count == 0 ||
		list[history->count - 1].sender != SENDER_USER))
		(void)step_finish(step, ACTION_WAIT,
		    "handed back, and the user waits for no answer");
	else
		begin(step, false,
		    "handed back, and the user waits for an answer");
}

static void
take_timeout(const struct step *step)
{
	(void)step_finish(step, ACTION_WAIT,
	    "the time for the turn was out before there was an answer");
}

static void
take_url(const struct step *step)
{
	if (step->event->ask != 0 && step->event->ask == step->turn->request)
		step_take_url(step);
}

static void
take_tool(const struct step *step)
{
	if (step->event->ask != 0 && step->event->ask == step->turn->request)
		step_take_node_tool(step);
	else
		step_take_tool(step);
}

static void
take_model(const struct step *step)
{
	const struct turn *turn = step->turn;
	int64_t ask = step->event->ask;

	if (ask == 0)
		return;
	if (ask == turn->reply.ask)
		step_take_reply(step);
	else if (ask == turn->choose.ask)
		step_take_choice(step);
	else if (ask == turn->extract.ask)
		step_take_extract(step);
}

/* Only the first event of a turn begins it: what the user writes later is
 * for the next one.  A node that says nothing and waits has been waiting for
 * this very text. */
static void
begin(const struct step *step, bool opens, const char *reason)
{
	struct turn *turn = step->turn;
	bool stands = turn->node != NULL && turn->state.entered;

	if (turn->began)
		return;
	turn->began = true;
	turn->opens = opens;
	turn->reason = reason;
	turn->said = opens ? NULL : last_text(&turn->history);
	if (turn->node == NULL)
		turn->node = turn->agent->pathway->start;
	if (turn->node == NULL)
		(void)step_finish(
		    step, ACTION_WAIT, "the pathway has no node to start at");
	else if (stands && !opens) {
		step_set_helpers(step);
		step_respond(step);
	} else
		turn->next = turn->node;
}

static const char *
last_text(const struct list *history)
{
	const struct message *list = history->items;
	size_t i = history->count;

	while (i > 0 && list[i - 1].sender != SENDER_USER)
		i--;
	return i > 0 ? list[i - 1].text : NULL;
}

/* Actions. */

struct turn_action *
step_act(
    const struct step *step, enum turn_action_kind kind, const char *reason)
{
	struct turn_action *action;

	assert(step->actions->count < TURN_ACTIONS);
	action = &step->actions->list[step->actions->count++];
	*action = (struct turn_action){ .kind = kind, .reason = reason };
	return action;
}

/* The texts are copied, so that what they were made with need not be kept
 * while a model thinks. */
struct turn_action *
step_ask(const struct step *step, int purpose, struct turn_question question,
    const char *reason)
{
	struct arena *arena = step->turn->arena;
	const struct purpose_rule *rule = &purpose_rules[purpose];
	const struct node *node = step->turn->node;
	struct turn_action *action = step_act(step, ACTION_ASK_MODEL, reason);

	question.messages = arena_text(arena, question.messages);
	question.tools = arena_text(arena, question.tools);
	question.schema = arena_text(arena, question.schema);
	question.choices = arena_text(arena, question.choices);
	question.schema_name = rule->schema_name;
	question.model = node->model;
	question.temperature =
	    rule->temperature < 0 ? node->temperature : rule->temperature;
	question.most_tokens = rule->most_tokens;
	action->ask = ++step->turn->asked;
	action->purpose = purpose;
	action->question = question;
	return action;
}

/* NULL: it is not said. */
static struct turn_action *
add_text(const struct step *step, enum turn_action_kind kind, const char *text,
    const char *reason)
{
	struct turn *turn = step->turn;
	struct turn_action *action;

	if (turn->over || text_is_blank(text))
		return NULL;
	if (++turn->sayings > TURN_SAYINGS) {
		(void)step_finish(
		    step, ACTION_WAIT, "the turn said too much and was ended");
		return NULL;
	}
	action = step_act(step, kind, reason);
	action->text = words_fit(turn->arena, text,
	    channel_message_most((enum channel)turn->agent->channel),
	    turn->agent->max_segments, &action->cut);
	if (action->cut)
		action->reason = arena_format(
		    turn->arena, "%s, cut to what a message holds", reason);
	return action;
}

/* What was said is seen by those who speak later in the same turn. */
void
step_say(const struct step *step, const char *text, const char *reason)
{
	struct turn_action *action = add_text(step, ACTION_SAY, text, reason);

	if (action != NULL)
		(void)json_object_array_add(step->turn->exchange,
		    prompt_message("assistant", action->text));
}

void
step_send(const struct step *step, const char *number, const char *text,
    const char *reason)
{
	struct turn_action *action = add_text(step, ACTION_SEND, text, reason);

	if (action != NULL)
		action->name = number;
}

/* Once it is over, the action that ended it. */
struct turn_action *
step_finish(
    const struct step *step, enum turn_action_kind kind, const char *reason)
{
	struct turn *turn = step->turn;

	if (turn->over)
		return &step->actions->list[step->actions->count - 1];
	turn->over = true;
	turn->reply = turn->choose = turn->extract =
	    (struct turn_asking){ 0, false };
	turn->request = 0;
	turn->call_count = 0;
	turn->next = NULL;
	return step_act(step, kind, reason);
}

void
step_set_variables(
    const struct step *step, struct json_object *variables, const char *reason)
{
	struct turn *turn = step->turn;
	struct json_object *set =
	    json_own(turn->arena, json_object_new_object());

	json_object_object_foreach(variables, variable, value)
	{
		if (builtin_is_fact(variable))
			continue;
		(void)json_object_object_add(
		    set, variable, json_object_get(value));
		(void)json_object_object_add(
		    turn->variables, variable, json_object_get(value));
	}
	if (json_object_object_length(set) > 0)
		step_act(step, ACTION_SET_VARIABLES, reason)->variables = set;
}

struct prompt
step_prompt(const struct step *step)
{
	const struct turn *turn = step->turn;

	return (struct prompt){
		.agent = turn->agent,
		.node = turn->node,
		.variables = turn->variables,
		.history = turn->history,
		.exchange = turn->exchange,
		.opens = turn->opens,
	};
}
