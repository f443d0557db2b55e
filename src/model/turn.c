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
#include "model/function.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/words.h"

#include <json-c/json.h>
#include <string.h>

/* One step on its way. */
struct step {
	struct turn *turn;
	const struct turn_event *event;
	struct turn_actions *actions;
};

typedef void taking(const struct step *step);

static taking take_opened, take_texted, take_model, take_tool, take_url,
    take_timeout, take_resumed;

static void begin(const struct step *step, const char *reason);
static void take_words(const struct step *step);
static bool take_function(const struct step *step);
static const struct turn_call *find_ending(
    const struct turn *turn, int *function);
static const char *clean_words(const struct step *step);
static void take_calls(const struct step *step);
static void start_call(const struct step *step, struct turn_call *call);
static const char *refusal(
    const struct turn *turn, const struct turn_call *call);
static void set_variables(const struct step *step, const char *name);
static void close_calls(const struct step *step);
static struct turn_action *act(
    const struct step *step, enum turn_action_kind kind, const char *reason);
static void ask_model(const struct step *step, const char *reason);
static void say(const struct step *step, const char *text, const char *reason);
static struct turn_action *finish(
    const struct step *step, enum turn_action_kind kind, const char *reason);
static int find_function(const struct turn *turn, const char *name);
static const char *error_text(struct arena *arena, const char *words);

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

static const enum turn_action_kind endings[] = {
	[FUNCTION_END] = ACTION_END,
	[FUNCTION_HAND_OFF] = ACTION_HAND_OFF,
};
static_assert(COUNT(endings) == FUNCTION_N, "an ending for every function");

void
turn_init(struct turn *turn, struct arena *arena, const struct agent *agent,
    struct json_object *variables, struct list history)
{
	struct json_object *copy = NULL;

	assert(agent->pathway->start != NULL);
	if (variables != NULL)
		(void)json_object_deep_copy(variables, &copy, NULL);
	else
		copy = json_object_new_object();
	assert(copy != NULL);
	*turn = (struct turn){
		.arena = arena,
		.agent = agent,
		.node = agent->pathway->start,
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
		(void)finish(&step, ACTION_WAIT,
		    "the turn took too many steps and was ended");
	else
		takers[event->kind](&step);
}

/* Events. */

static void
take_opened(const struct step *step)
{
	if (step->turn->asked == 0)
		step->turn->opens = true;
	begin(step, "the agent speaks first");
}

static void
take_texted(const struct step *step)
{
	begin(step, "the user wrote");
}

static void
take_resumed(const struct step *step)
{
	const struct list *history = &step->turn->history;
	const struct message *list = history->items;

	if (step->turn->asked == 0 &&
	    (history->count == 0 ||
		list[history->count - 1].sender != SENDER_USER))
		(void)finish(step, ACTION_WAIT,
		    "handed back, and the user waits for no answer");
	else
		begin(step, "handed back, and the user waits for an answer");
}

static void
take_timeout(const struct step *step)
{
	(void)finish(step, ACTION_WAIT,
	    "the time for the turn was out before there was an answer");
}

/* No node asks for one yet. */
static void
take_url(const struct step *step)
{
	(void)step;
}

static void
take_model(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct turn_event *event = step->event;

	if (event->ask == 0 || event->ask != turn->model_ask)
		return;
	turn->model_ask = 0;
	turn->call_count = 0;
	if (event->fault != NULL) {
		(void)finish(step, ACTION_WAIT,
		    arena_format(turn->arena, "the model gave no answer: %s",
			event->fault));
		return;
	}
	if (event->tool_calls != NULL)
		turn->call_count = turn_call_read(
		    turn->arena, event->tool_calls, turn->asked, turn->calls);
	if (take_function(step))
		return;
	if (turn->call_count > 0 && turn->tool_calls < turn->agent->tool_calls)
		take_calls(step);
	else
		take_words(step);
}

static void
take_tool(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct turn_event *event = step->event;
	struct turn_call *call = NULL;
	size_t i;

	for (i = 0; i < turn->call_count; i++)
		if (event->ask != 0 && turn->calls[i].ask == event->ask)
			call = &turn->calls[i];
	if (call == NULL)
		return;
	call->ask = 0;
	call->result =
	    event->fault != NULL
		? error_text(turn->arena, event->fault)
		: words_cut(turn->arena, event->text != NULL ? event->text : "",
		      TURN_RESULT);
	if (event->fault == NULL && event->variables != NULL)
		set_variables(step, call->name);
	close_calls(step);
}

/* Only the first event of a turn begins it: what the user writes later is
 * for the next one. */
static void
begin(const struct step *step, const char *reason)
{
	if (step->turn->asked == 0)
		ask_model(step, reason);
}

/* What the model answered. */

static void
take_words(const struct step *step)
{
	struct turn *turn = step->turn;
	const char *text = clean_words(step);

	if (!text_is_blank(text)) {
		say(step, text, "the model's answer");
		(void)finish(step, ACTION_WAIT, "for the user's answer");
	} else if (!turn->asked_again) {
		turn->asked_again = true;
		ask_model(step, "the model's answer was empty: once more");
	} else
		(void)finish(step, ACTION_WAIT,
		    "the model's answer was empty twice; nothing was said");
}

/* A function ends the turn. */
static bool
take_function(const struct step *step)
{
	struct turn *turn = step->turn;
	const char *words = clean_words(step), *reason;
	struct function_arguments arguments;
	const struct turn_call *call;
	int function;

	call = find_ending(turn, &function);
	if (call == NULL)
		return false;
	arguments = function_read(
	    turn->arena, (enum function)function, call->arguments);
	reason =
	    arena_format(turn->arena, "the model called %s%s%s", call->name,
		arguments.reason[0] != '\0' ? ": " : "", arguments.reason);
	if (!text_is_blank(words))
		say(step, words, "the model's words before the call");
	arguments.farewell = words_clean(turn->arena, arguments.farewell);
	if (!text_is_blank(arguments.farewell) &&
	    !text_equal(arguments.farewell, words))
		say(step, arguments.farewell, "the model's farewell");
	finish(step, endings[function], reason)->text = arguments.reason;
	return true;
}

/* The first call of a function that stands alone: beside calls of tools it
 * waits until the model has seen what came of them.  Where tools may not be
 * called any more, such calls do not count. */
static const struct turn_call *
find_ending(const struct turn *turn, int *function)
{
	bool closed = turn->tool_calls >= turn->agent->tool_calls;
	const struct turn_call *call = NULL;
	int found;
	size_t i;

	for (i = 0; i < turn->call_count; i++) {
		found = find_function(turn, turn->calls[i].name);
		if (found == FUNCTION_N && !closed)
			return NULL;
		if (found == FUNCTION_N || call != NULL)
			continue;
		call = &turn->calls[i];
		*function = found;
	}
	return call;
}

static const char *
clean_words(const struct step *step)
{
	const char *text = step->event->text;

	return text != NULL ? words_clean(step->turn->arena, text) : "";
}

/* Words beside calls are not said, and the model does not see them again:
 * it was about to find out what to say. */
static void
take_calls(const struct step *step)
{
	size_t i;

	for (i = 0; i < step->turn->call_count; i++)
		start_call(step, &step->turn->calls[i]);
	close_calls(step);
}

static void
start_call(const struct step *step, struct turn_call *call)
{
	struct turn *turn = step->turn;
	const char *refused = refusal(turn, call);
	struct turn_action *action;

	if (find_function(turn, call->name) == FUNCTION_N)
		turn->tool_calls++;
	if (refused != NULL) {
		call->result = error_text(turn->arena, refused);
		return;
	}
	action = act(step, ACTION_CALL_TOOL,
	    arena_format(turn->arena, "the model called %s", call->name));
	action->ask = call->ask = ++turn->asked;
	action->name = call->name;
	action->arguments = call->arguments;
}

/* Why a call is not made, in words for the model; NULL: it is. */
static const char *
refusal(const struct turn *turn, const struct turn_call *call)
{
	if (find_function(turn, call->name) != FUNCTION_N)
		return "call this alone, once you have the other results";
	if (turn->tool_calls >= turn->agent->tool_calls)
		return "no more calls are possible before you answer the user";
	if (agent_find_tool(turn->agent, call->name) == NULL)
		return "there is no tool of this name";
	if (!turn_call_is_right(turn->arena, call))
		return "the arguments are not a JSON object";
	return NULL;
}

/* Facts are ours: who talks cannot be changed by a tool. */
static void
set_variables(const struct step *step, const char *name)
{
	struct turn *turn = step->turn;
	struct json_object *set =
	    json_own(turn->arena, json_object_new_object());
	struct turn_action *action;

	json_object_object_foreach(step->event->variables, variable, value)
	{
		if (builtin_is_fact(variable))
			continue;
		(void)json_object_object_add(
		    set, variable, json_object_get(value));
		(void)json_object_object_add(
		    turn->variables, variable, json_object_get(value));
	}
	if (json_object_object_length(set) == 0)
		return;
	action = act(step, ACTION_SET_VARIABLES,
	    arena_format(turn->arena, "the result of %s", name));
	action->variables = set;
}

/* Once all have a result, the model is shown them in the order in which it
 * called. */
static void
close_calls(const struct step *step)
{
	struct turn *turn = step->turn;
	struct json_object *message, *calls;
	size_t i;

	for (i = 0; i < turn->call_count; i++)
		if (turn->calls[i].result == NULL)
			return;
	calls = json_object_new_array();
	message = prompt_message("assistant", NULL);
	(void)json_object_object_add(message, "tool_calls", calls);
	(void)json_object_array_add(turn->exchange, message);
	for (i = 0; i < turn->call_count; i++) {
		(void)json_object_array_add(
		    calls, turn_call_write(turn->arena, &turn->calls[i]));
		(void)json_object_array_add(
		    turn->exchange, turn_call_result(&turn->calls[i]));
	}
	turn->call_count = 0;
	ask_model(step, "the model has the results of its calls");
}

/* Actions. */

static struct turn_action *
act(const struct step *step, enum turn_action_kind kind, const char *reason)
{
	struct turn_action *action;

	assert(step->actions->count < TURN_ACTIONS);
	action = &step->actions->list[step->actions->count++];
	*action = (struct turn_action){ .kind = kind, .reason = reason };
	return action;
}

static void
ask_model(const struct step *step, const char *reason)
{
	struct turn *turn = step->turn;
	const struct purpose_rule *rule = &purpose_rules[PURPOSE_REPLY];
	const struct prompt prompt = {
		.agent = turn->agent,
		.node = turn->node,
		.variables = turn->variables,
		.history = turn->history,
		.exchange = turn->exchange,
		.opens = turn->opens,
	};
	struct turn_action *action = act(step, ACTION_ASK_MODEL, reason);

	action->ask = turn->model_ask = ++turn->asked;
	action->purpose = PURPOSE_REPLY;
	action->question = (struct turn_question){
		.messages = prompt_reply(turn->arena, &prompt),
		.tools = prompt_functions(turn->arena, turn->agent,
		    turn->tool_calls >= turn->agent->tool_calls),
		.schema_name = rule->schema_name,
		.temperature = rule->temperature < 0 ? turn->node->temperature
						     : rule->temperature,
		.most_tokens = rule->most_tokens,
	};
}

static void
say(const struct step *step, const char *text, const char *reason)
{
	struct turn *turn = step->turn;
	struct turn_action *action = act(step, ACTION_SAY, reason);

	action->text = words_fit(
	    turn->arena, text, turn->agent->max_segments, &action->cut);
	if (action->cut)
		action->reason = arena_format(
		    turn->arena, "%s, cut to what a message holds", reason);
}

static struct turn_action *
finish(const struct step *step, enum turn_action_kind kind, const char *reason)
{
	step->turn->over = true;
	step->turn->model_ask = 0;
	step->turn->call_count = 0;
	return act(step, kind, reason);
}

/* FUNCTION_N: it is none of ours, or a tool of the account stands in its
 * place. */
static int
find_function(const struct turn *turn, const char *name)
{
	int function;

	if (agent_find_tool(turn->agent, name) != NULL ||
	    names_find(&function_names, name, &function) != OK)
		return FUNCTION_N;
	return function;
}

static const char *
error_text(struct arena *arena, const char *words)
{
	struct json_object *made = json_own(arena, json_object_new_object());

	(void)json_object_object_add(
	    made, "error", json_string(words_cut(arena, words, TURN_RESULT)));
	return json_text(arena, made);
}
