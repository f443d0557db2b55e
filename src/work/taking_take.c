#include "base/base.h"

#include "work/taking.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/when.h"
#include "db/pool.h"
#include "model/builtin.h"
#include "model/message.h"
#include "model/tag.h"
#include "model/tool.h"
#include "model/variables.h"
#include "model/widget.h"
#include "store/work_queue.h"
#include "work/kinds.h"

#include <string.h>

#define TRANSFERS_MOST 5 /* from one pathway to another, a turn */

/* What is asked and not answered yet, in a queue. */
struct pending {
	struct pending *next;
	struct turn_action action;
};

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
	struct list tools = agent_tools(arena, &taking->asking.tools,
	    taking->tools_offered, taking->pathway);
	struct agent_tool *list;

	if (!taking->is_rich)
		return tools;
	list = arena_alloc(arena, (tools.count + 1) * sizeof(*list));
	(void)memcpy(list, tools.items, tools.count * sizeof(*list));
	list[tools.count++] = widget_tool(arena);
	return (struct list){ list, tools.count };
}

/* With what was set in this turn already. */
static struct json_object *
variables_of(
    const struct taking *taking, struct arena *arena, const struct facts *facts)
{
	struct json_object *variables = variables_read(
	    arena, taking->config.request_data, taking->conversation.variables);

	if (taking->variables != NULL)
		variables_set(variables, taking->variables);
	return builtin_variables(arena, facts, variables);
}

static void
trace_beginning(struct taking *taking)
{
	const struct turn *turn = &taking->turn;
	const struct message *list = turn->history.items;
	size_t count = turn->history.count;
	const struct trace_beginning beginning = {
		.pathway = taking->position.pathway_id,
		.version = taking->position.pathway_version,
		.state = &turn->state,
		.variables = turn->variables,
		.first_seq = count > 0 ? list[0].seq : 0,
		.last_seq = count > 0 ? list[count - 1].seq : 0,
		.agent = &taking->agent,
	};

	trace_begin(&taking->trace, when_now(), &beginning);
}

static void
begin_turn(struct taking *taking)
{
	struct job *job = taking->job;
	struct arena *arena = arena_new();
	const struct conversation *conversation = &taking->conversation;
	const struct number_config *config = &taking->config;
	const struct message *first = taking->messages.list;
	const struct facts facts = {
		.channel = conversation->pair.channel,
		.user = conversation->pair.user,
		.agent = conversation->pair.agent,
		.user_began =
		    taking->messages.count > 0 && first->sender == SENDER_USER,
		.id = id_text(arena, &conversation->id),
		.timezone = config->timezone,
		.now = when_now(),
	};
	const char *objective = conversation->objective != NULL
				    ? conversation->objective
				    : config->objective;

	taking->agent = agent_of_objective(job->arena,
	    objective != NULL ? objective : "", config->temperature);
	if (taking->pathway != NULL)
		taking->agent.pathway = taking->pathway;
	taking->agent.tools = tools_of(taking);
	taking->agent.channel = conversation->pair.channel;
	taking->agent.max_segments = config->max_segments;
	taking->agent.context = conversation->initial_context;
	if (taking->agent_config != NULL)
		taking->agent.tool_calls = taking->agent_config->max_tool_steps;
	turn_init(&taking->turn, job->arena, &taking->agent,
	    variables_of(taking, arena, &facts), history_of(taking));
	arena_free(arena);
	if (taking->pathway != NULL)
		turn_place(&taking->turn, &taking->state);
	trace_beginning(taking);
}

static void
begin(struct taking *taking)
{
	const struct conversation *conversation = &taking->conversation;

	taking->tags = conversation->pathway_tags;
	taking->record = (struct turn_record){
		.id = id_new(),
		.account_id = taking->job->work.account_id,
		.conversation_id = conversation->id,
		.work_id = taking->job->work.id,
		.event = taking->event,
		.user_seq = conversation->user_seq,
		.started_at = when_now(),
	};
	begin_turn(taking);
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
ask(struct taking *taking, const struct turn_action *action,
    struct turn_event *event, int64_t *retry_after)
{
	struct job *job = taking->job;
	struct asked asked;

	if (extend(taking) != OK) {
		job->reason = "the work could not be held on to";
		return AGAIN;
	}
	if (taking_equip(taking) != OK)
		return AGAIN;
	if (asking_do(&taking->asking, action, taking->turn.variables, event,
		&asked) != OK) {
		job->reason = asked.reason;
		*retry_after = asked.retry_after;
		return AGAIN;
	}
	if (asked.request != NULL)
		trace_note(&taking->trace, when_now(), asked.request);
	if (asked.trouble != NULL)
		trace_note(&taking->trace, when_now(), asked.trouble);
	trace_event(&taking->trace, when_now(), event, &asked.cost);
	return OK;
}

/* Nobody is asked: it is shown with the words. */
static bool
show_widget(struct taking *taking, const struct turn_action *action,
    struct turn_event *event)
{
	const char *why;

	if (!taking->is_rich || action->kind != ACTION_CALL_TOOL ||
	    !text_equal(action->name, WIDGET_FUNCTION))
		return false;
	*event = (struct turn_event){
		.kind = EVENT_TOOL_ANSWERED,
		.ask = action->ask,
		.text = "{\"shown\":true}",
	};
	if (widget_add(taking->job->arena, action->arguments, &taking->widgets,
		&why) != OK)
		event->fault = why;
	trace_event(&taking->trace, when_now(), event, NULL);
	return true;
}

/* What asks for nothing is kept until it can be recorded. */
static void
keep(struct taking *taking, const struct turn_action *action)
{
	switch (action->kind) {
	case ACTION_SAY:
		if (taking->count < TURN_SAYINGS)
			taking->sayings[taking->count++] = action->text;
		break;
	case ACTION_SEND:
		if (taking->other_count < TURN_SAYINGS)
			taking->others[taking->other_count++] =
			    (struct sending_out){ action->name, action->text };
		break;
	case ACTION_SET_VARIABLES:
		if (taking->variables == NULL)
			taking->variables =
			    variables_read(taking->job->arena, NULL, NULL);
		variables_set(taking->variables, action->variables);
		break;
	case ACTION_TAG:
		taking->tags = tag_add(taking->job->arena, taking->tags,
		    action->name, action->text);
		break;
	case ACTION_TRANSFER:
		taking->transfer = position_read(
		    taking->job->arena, action->name, action->arguments);
		taking->ending = action->kind;
		break;
	case ACTION_END:
	case ACTION_HAND_OFF:
	case ACTION_WAIT:
		taking->ending = action->kind;
		taking->number = action->name;
		taking->why =
		    action->text != NULL ? action->text : action->reason;
		break;
	default:
		break;
	}
}

/* Those that ask are put at the queue's end, and where that is then is given
 * back.  The list is as long as the longest step, and thousands of turns may
 * wait: it is not kept. */
static struct pending **
step(
    struct taking *taking, const struct turn_event *event, struct pending **end)
{
	struct arena *arena = arena_new();
	struct turn_actions *actions = arena_alloc(arena, sizeof(*actions));
	size_t i;

	turn_step(&taking->turn, event, actions);
	for (i = 0; i < actions->count; i++) {
		trace_action(&taking->trace, when_now(), &actions->list[i]);
		if (actions->list[i].ask == 0) {
			keep(taking, &actions->list[i]);
			continue;
		}
		*end = arena_alloc(taking->job->arena, sizeof(**end));
		(*end)->action = actions->list[i];
		end = &(*end)->next;
	}
	arena_free(arena);
	return end;
}

static enum outcome
walk(struct taking *taking, int kind, int64_t *retry_after)
{
	struct turn_event event = { .kind = kind };
	struct pending *asked = NULL, **end;
	enum outcome rc = OK;

	trace_event(&taking->trace, when_now(), &event, NULL);
	end = step(taking, &event, &asked);
	for (; rc == OK && asked != NULL; asked = asked->next) {
		if (!show_widget(taking, &asked->action, &event))
			rc = ask(taking, &asked->action, &event, retry_after);
		if (rc == OK)
			end = step(taking, &event, end);
	}
	return rc;
}

/* The agent goes on in another pathway, and speaks there. */
static enum outcome
transfer(struct taking *taking)
{
	struct job *job = taking->job;
	const struct pathway *before = taking->pathway;
	struct db *db = db_pool_borrow(job->pool);
	enum outcome rc;

	taking->pathway = NULL;
	rc = taking_enter(taking, db, &taking->transfer);
	if (rc == OK)
		rc = taking_add_tools(taking, db);
	db_pool_return(job->pool, db);
	if (rc != OK)
		job->reason = "the store could not be read";
	taking->ending = ACTION_WAIT;
	if (rc != OK || taking->pathway == NULL) {
		taking->pathway = before;
		taking->why = "the pathway to go on in is not there";
		return rc == OK ? NOT_FOUND : AGAIN;
	}
	taking->state = (struct turn_state){ .node = taking->position.node_id };
	begin_turn(taking);
	return OK;
}

enum outcome
taking_take(struct taking *taking, int64_t *retry_after)
{
	int kind, transfers = 0;
	enum outcome rc;

	*retry_after = 0;
	begin(taking);
	if (names_find(&turn_event_names, taking->event, &kind) != OK)
		kind = EVENT_TEXTED;
	rc = walk(taking, kind, retry_after);
	while (rc == OK && taking->ending == ACTION_TRANSFER &&
	       transfers++ < TRANSFERS_MOST) {
		rc = transfer(taking);
		if (rc == OK)
			rc = walk(taking, EVENT_OPENED, retry_after);
	}
	if (rc == OK && taking->ending == ACTION_TRANSFER) {
		taking->ending = ACTION_WAIT;
		taking->why = "the turn went through too many pathways and"
			      " was ended";
	}
	return rc == NOT_FOUND ? OK : rc;
}
