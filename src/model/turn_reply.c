/*
 * The model's words at a node, and the calls of tools that come before them.
 */
#include "base/base.h"

#include "model/turn_step.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/agent.h"
#include "model/function.h"
#include "model/pathway.h"
#include "model/words.h"

#include <json-c/json.h>
#include <string.h>

static void take_words(const struct step *step);
static bool take_function(const struct step *step);
static const struct turn_call *find_ending(
    const struct turn *turn, int *function);
static const char *clean_words(const struct step *step);
static void take_calls(const struct step *step);
static void start_call(const struct step *step, struct turn_call *call);
static const char *refusal(
    const struct turn *turn, const struct turn_call *call);
static void close_calls(const struct step *step);
static int find_function(const struct turn *turn, const char *name);
static const char *error_text(struct arena *arena, const char *words);

static const enum turn_action_kind endings[] = {
	[FUNCTION_END] = ACTION_END,
	[FUNCTION_HAND_OFF] = ACTION_HAND_OFF,
};
static_assert(COUNT(endings) == FUNCTION_N, "an ending for every function");

void
step_ask_reply(const struct step *step, const char *reason)
{
	struct turn *turn = step->turn;
	const struct prompt prompt = step_prompt(step);
	struct arena *arena = arena_new();
	const char *tools = prompt_functions(
	    arena, &prompt, turn->tool_calls >= turn->agent->tool_calls);
	const struct turn_question question = {
		.messages = prompt_reply(arena, &prompt),
		.tools = text_equal(tools, "[]") ? NULL : tools,
	};

	turn->reply.ask = step_ask(step, PURPOSE_REPLY, question, reason)->ask;
	arena_free(arena);
}

void
step_take_reply(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct turn_event *event = step->event;

	turn->reply.ask = 0;
	turn->call_count = 0;
	if (event->fault != NULL) {
		step_spoken(
		    step, arena_format(turn->arena,
			      "the model gave no answer: %s", event->fault));
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

void
step_take_tool(const struct step *step)
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
		step_set_variables(step, event->variables,
		    arena_format(turn->arena, "the result of %s", call->name));
	close_calls(step);
}

static void
take_words(const struct step *step)
{
	struct turn *turn = step->turn;
	const char *text = clean_words(step);

	if (!text_is_blank(text)) {
		step_say(step, text, "the model's answer");
		step_spoken(step, "for the user's answer");
	} else if (!turn->reply.again) {
		turn->reply.again = true;
		step_ask_reply(step, "the model's answer was empty: once more");
	} else
		step_spoken(step,
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
		step_say(step, words, "the model's words before the call");
	arguments.farewell = words_clean(turn->arena, arguments.farewell);
	if (!text_is_blank(arguments.farewell) &&
	    !text_equal(arguments.farewell, words))
		step_say(step, arguments.farewell, "the model's farewell");
	step_finish(step, endings[function], reason)->text = arguments.reason;
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
	action = step_act(step, ACTION_CALL_TOOL,
	    arena_format(turn->arena, "the model called %s", call->name));
	action->ask = call->ask = ++turn->asked;
	action->name = call->name;
	action->arguments = call->arguments;
}

/* Why a call is not made, in words for the model; NULL: it is. */
static const char *
refusal(const struct turn *turn, const struct turn_call *call)
{
	const struct agent_tool *tool;

	if (find_function(turn, call->name) != FUNCTION_N)
		return "call this alone, once you have the other results";
	if (turn->tool_calls >= turn->agent->tool_calls)
		return "no more calls are possible before you answer the user";
	tool = agent_find_tool(turn->agent, call->name);
	if (tool == NULL || tool->is_hidden)
		return "there is no tool of this name";
	if (!turn_call_is_right(turn->arena, call))
		return "the arguments are not a JSON object";
	return NULL;
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
	step_ask_reply(step, "the model has the results of its calls");
}

/* FUNCTION_N: it is none of ours, or a tool of the account stands in its
 * place. */
static int
find_function(const struct turn *turn, const char *name)
{
	int function;

	if (!turn->node->is_free ||
	    agent_find_tool(turn->agent, name) != NULL ||
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
