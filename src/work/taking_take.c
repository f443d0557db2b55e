#include "base/base.h"

#include "work/taking.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/when.h"
#include "db/pool.h"
#include "model/builtin.h"
#include "model/message.h"
#include "model/tool.h"
#include "model/variables.h"
#include "store/work_queue.h"
#include "upstream/rest_tool.h"
#include "work/kinds.h"

#include <string.h>

#define FRESH WHEN_SECOND /* a lease that began so lately is a whole one */

/* Of the messages that the agent may see. */
static struct list
history_of(const struct taking *taking)
{
	const struct message *list = taking->messages.list;
	size_t first = 0, count = taking->messages.count;

	while (first < count &&
	       list[first].seq <= taking->conversation.cleared_seq)
		first++;
	return (struct list){
		.items = first < count ? &list[first] : NULL,
		.count = count - first,
	};
}

static struct list
tools_of(const struct taking *taking)
{
	struct arena *arena = taking->job->arena;
	const struct tool *tools = taking->tools.items;
	size_t i, count = taking->tools.count;
	struct agent_tool *list =
	    arena_alloc(arena, (count + 1) * sizeof(*list));

	for (i = 0; i < count; i++)
		list[i] = (struct agent_tool){ tools[i].function,
			tool_function(arena, &tools[i]) };
	return (struct list){ list, count };
}

static void
begin(struct taking *taking)
{
	struct job *job = taking->job;
	const struct conversation *conversation = &taking->conversation;
	const struct number_config *config = &taking->config;
	const struct message *first = taking->messages.list;
	const struct facts facts = {
		.channel = conversation->pair.channel,
		.user = conversation->pair.user,
		.agent = conversation->pair.agent,
		.user_began =
		    taking->messages.count > 0 && first->sender == SENDER_USER,
		.id = id_text(job->arena, &conversation->id),
		.timezone = config->timezone,
		.now = when_now(),
	};
	const char *objective = conversation->objective != NULL
				    ? conversation->objective
				    : config->objective;

	taking->agent = agent_of_objective(job->arena,
	    objective != NULL ? objective : "", config->temperature);
	taking->agent.tools = tools_of(taking);
	taking->agent.channel = conversation->pair.channel;
	taking->agent.max_segments = config->max_segments;
	taking->record = (struct turn_record){
		.id = id_new(),
		.account_id = job->work.account_id,
		.conversation_id = conversation->id,
		.work_id = job->work.id,
		.event = taking->event,
		.user_seq = conversation->user_seq,
		.started_at = facts.now,
	};
	turn_init(&taking->turn, job->arena, &taking->agent,
	    builtin_variables(job->arena, &facts,
		variables_read(
		    job->arena, config->request_data, conversation->variables)),
	    history_of(taking));
}

/* Somebody else may not take it up while it is asked for an answer; of what
 * was claimed just now the lease is whole. */
static enum outcome
extend(struct taking *taking)
{
	struct job *job = taking->job;
	struct db *db;
	enum outcome rc;

	if (when_elapsed() - job->since < FRESH)
		return OK;
	db = db_pool_borrow(job->pool);
	rc = work_extend(db, &job->work,
	    when_now() + job->config->worker_lease * WHEN_SECOND);
	db_pool_return(job->pool, db);
	return rc;
}

static enum outcome
ask_model(struct taking *taking, const struct turn_action *action,
    struct turn_event *event, int64_t *retry_after)
{
	struct job *job = taking->job;
	const struct turn_question *question = &action->question;
	const struct completion_request request = {
		.messages = question->messages,
		.tools = question->tools,
		.schema = question->schema,
		.schema_name = question->schema_name,
		.temperature = question->temperature,
		.most_tokens = question->most_tokens,
	};
	struct completion_answer answer;
	struct trace_cost cost;

	if (completion_ask(job->arena, job->config, &taking->line, &request,
		&answer) != OK) {
		job->reason = arena_format(
		    job->arena, "%s: %s", answer.code, answer.reason);
		*retry_after = answer.retry_after;
		return AGAIN;
	}
	*event = (struct turn_event){
		.kind = EVENT_MODEL_ANSWERED,
		.ask = action->ask,
		.text = answer.text,
		.tool_calls = answer.tool_calls,
	};
	cost = (struct trace_cost){
		.model = answer.model,
		.finish_reason = answer.finish_reason,
		.prompt_tokens = answer.prompt_tokens,
		.completion_tokens = answer.completion_tokens,
		.elapsed = answer.elapsed,
	};
	trace_event(&taking->trace, when_now(), event, &cost);
	return OK;
}

static const struct tool *
find_tool(const struct taking *taking, const char *function)
{
	const struct tool *tools = taking->tools.items;
	size_t i;

	for (i = 0; i < taking->tools.count; i++)
		if (strcmp(tools[i].function, function) == 0)
			return &tools[i];
	return NULL;
}

/* Whatever comes of it, the model is told. */
static enum outcome
call_tool(struct taking *taking, const struct turn_action *action,
    struct turn_event *event)
{
	struct job *job = taking->job;
	const struct tool *tool = find_tool(taking, action->name);
	struct rest_tool_answer answer = { .elapsed = 0 };
	struct trace_cost cost = { 0 };
	struct json_object *input;

	*event = (struct turn_event){
		.kind = EVENT_TOOL_ANSWERED,
		.ask = action->ask,
		.fault = "there is no such tool",
	};
	if (tool != NULL && tool_read_input(job->arena, tool, action->arguments,
				&input, &event->fault) == OK) {
		if (rest_tool_call(job->arena, job->config, tool, input,
			taking->turn.variables, taking->secrets, &answer) != OK)
			trace_note(&taking->trace, when_now(), answer.trouble);
		event->fault = NULL;
		event->text = answer.result.text;
		event->variables = answer.result.variables;
		cost.elapsed = answer.elapsed;
		if (answer.request != NULL)
			trace_note(&taking->trace, when_now(), answer.request);
	}
	trace_event(&taking->trace, when_now(), event, &cost);
	return OK;
}

static enum outcome
ask(struct taking *taking, const struct turn_action *action,
    struct turn_event *event, int64_t *retry_after)
{
	if (extend(taking) != OK) {
		taking->job->reason = "the work could not be held on to";
		return AGAIN;
	}
	if (action->kind == ACTION_ASK_MODEL)
		return ask_model(taking, action, event, retry_after);
	return call_tool(taking, action, event);
}

/* What asks for nothing is kept until it can be recorded. */
static void
keep(struct taking *taking, const struct turn_action *action)
{
	switch (action->kind) {
	case ACTION_SAY:
		if (taking->count < SAYINGS_MOST)
			taking->sayings[taking->count++] = action->text;
		break;
	case ACTION_SET_VARIABLES:
		if (taking->variables == NULL)
			taking->variables =
			    variables_read(taking->job->arena, NULL, NULL);
		variables_set(taking->variables, action->variables);
		break;
	case ACTION_END:
	case ACTION_HAND_OFF:
	case ACTION_WAIT:
		taking->ending = action->kind;
		taking->why =
		    action->text != NULL ? action->text : action->reason;
		break;
	default:
		break;
	}
}

/* Those that ask, behind what is asked already. */
static void
step(struct taking *taking, const struct turn_event *event,
    struct turn_actions *asked)
{
	struct turn_actions *actions =
	    arena_alloc(taking->job->arena, sizeof(*actions));
	size_t i;

	turn_step(&taking->turn, event, actions);
	for (i = 0; i < actions->count; i++) {
		trace_action(&taking->trace, when_now(), &actions->list[i]);
		if (actions->list[i].ask == 0)
			keep(taking, &actions->list[i]);
		else if (asked->count < TURN_ACTIONS)
			asked->list[asked->count++] = actions->list[i];
	}
}

enum outcome
taking_take(struct taking *taking, int64_t *retry_after)
{
	struct job *job = taking->job;
	struct turn_actions *asked = arena_alloc(job->arena, sizeof(*asked));
	struct turn_event event = { .kind = EVENT_TEXTED };
	enum outcome rc = OK;

	*retry_after = 0;
	begin(taking);
	if (names_find(&turn_event_names, taking->event, &event.kind) != OK)
		event.kind = EVENT_TEXTED;
	trace_event(&taking->trace, when_now(), &event, NULL);
	step(taking, &event, asked);
	while (rc == OK && asked->count > 0) {
		rc = ask(taking, &asked->list[0], &event, retry_after);
		asked->count--;
		(void)memmove(&asked->list[0], &asked->list[1],
		    asked->count * sizeof(asked->list[0]));
		if (rc == OK)
			step(taking, &event, asked);
	}
	return rc;
}
