/*
 * The whole of a turn is recorded at once, or nothing of it: a chat whose
 * turn could not be taken is as it was, and may be asked again.
 */
#include "base/base.h"

#include "work/chat.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/id.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "db/pool.h"
#include "model/agent.h"
#include "model/builtin.h"
#include "model/channel.h"
#include "model/chat.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/tool.h"
#include "model/turn.h"
#include "model/variables.h"
#include "store/model_setting.h"
#include "store/pathway.h"
#include "store/pathway_cache.h"
#include "store/pathway_chat.h"
#include "store/pathway_version.h"
#include "store/secret.h"
#include "store/tool.h"
#include "store/work_queue.h"
#include "upstream/asking.h"
#include "upstream/completion.h"
#include "work/kinds.h"
#include "work/order.h"

#include <json-c/json.h>
#include <string.h>

#define TRANSFERS 5 /* from pathway to pathway, in a turn */

struct chatting {
	struct job *job;
	struct chat_order order;
	struct pathway_chat chat; /* as it was read, then as it is to be */
	const struct pathway *pathway;
	struct asking asking;

	struct agent agent;
	struct turn turn;
	struct json_object *variables; /* of its own: given, and set */
	struct json_object *said;      /* in this turn */
	const struct turn_action *transfer;
	int transfers;
};

/* --- What it needs. */

static enum outcome
load_pathway(struct chatting *chatting, struct db *db)
{
	struct job *job = chatting->job;
	struct list ignored = { 0 };
	enum outcome rc = pathway_load(db, job->arena, &job->work.account_id,
	    chatting->chat.pathway_id, chatting->chat.version,
	    &chatting->pathway);

	if (rc == NOT_FOUND || rc == INVALID)
		job->reason = "PATHWAY_NOT_FOUND: the pathway, or this version"
			      " of it, is gone";
	if (rc == OK && chatting->pathway->start == NULL) {
		job->reason =
		    "INVALID_NODE: no node of the pathway has isStart: true";
		rc = INVALID;
	}
	if (rc == OK)
		rc = tool_resolve(db, job->arena, job->config,
		    &job->work.account_id,
		    pathway_tools(job->arena, chatting->pathway),
		    &chatting->asking.tools, &ignored);
	return rc;
}

static enum outcome
load_within(struct chatting *chatting, struct db *db)
{
	struct job *job = chatting->job;
	const struct id *account = &job->work.account_id;
	enum outcome rc = pathway_chat_find(
	    db, job->arena, account, &job->work.subject_id, &chatting->chat);

	if (rc == NOT_FOUND)
		job->reason = "CHAT_NOT_FOUND: the chat is gone";
	if (rc == OK)
		rc = load_pathway(chatting, db);
	if (rc == OK)
		rc = secret_list_open(db, job->arena, job->secret_key, account,
		    &chatting->asking.secrets);
	if (rc == OK)
		rc = completion_line_find(db, job->arena, job->config,
		    job->secret_key, account, &chatting->asking.line);
	return rc;
}

/* What cannot be read now may be read later, unless it was told why not. */
static enum outcome
load(struct chatting *chatting,
    enum outcome (*what)(struct chatting *chatting, struct db *db))
{
	struct job *job = chatting->job;
	struct db *db = db_pool_borrow(job->pool);
	enum outcome rc = what(chatting, db);

	db_pool_return(job->pool, db);
	if (rc == OK || job->reason != NULL)
		return rc;
	job->reason = "SERVICE_UNAVAILABLE: the store cannot be read";
	return AGAIN;
}

/* --- The turn. */

static struct list
history_of(const struct chatting *chatting)
{
	struct arena *arena = chatting->job->arena;
	struct list lines = chat_read(arena, chatting->chat.history);
	const struct chat_line *list = lines.items;
	struct message *messages =
	    arena_alloc(arena, (lines.count + 1) * sizeof(*messages));
	size_t i;

	for (i = 0; i < lines.count; i++)
		messages[i] = (struct message){
			.seq = (int64_t)i + 1,
			.sender = text_equal(list[i].role, CHAT_USER)
				      ? SENDER_USER
				      : SENDER_AGENT,
			.text = list[i].content,
		};
	return (struct list){ messages, lines.count };
}

static void
begin(struct chatting *chatting)
{
	struct job *job = chatting->job;
	const struct facts facts = {
		.channel = CHANNEL_SMS,
		.user = "",
		.agent = "",
		.user_began = true,
		.id = id_text(job->arena, &chatting->chat.id),
		.now = when_now(),
	};
	struct turn_state state;

	chatting->agent = agent_of_objective(job->arena, "", 0);
	chatting->agent.pathway = chatting->pathway;
	chatting->agent.tools = agent_tools(
	    job->arena, &chatting->asking.tools, 0, chatting->pathway);
	chatting->agent.channel = CHANNEL_SMS;
	turn_init(&chatting->turn, job->arena, &chatting->agent,
	    builtin_variables(job->arena, &facts, chatting->variables),
	    history_of(chatting));
	if (chatting->chat.state != NULL &&
	    turn_state_read(job->arena, chatting->chat.state, &state) == OK)
		turn_place(&chatting->turn, &state);
}

/* Somebody else may not take it up while it is asked for an answer. */
static enum outcome
ask(struct chatting *chatting, const struct turn_action *action,
    struct turn_event *event)
{
	struct job *job = chatting->job;
	struct db *db = db_pool_borrow(job->pool);
	struct asked asked;
	enum outcome rc = work_extend(db, &job->work,
	    when_now() + job->config->worker_lease * WHEN_SECOND);

	db_pool_return(job->pool, db);
	if (rc != OK) {
		job->reason = "SERVICE_UNAVAILABLE: the work could not be held"
			      " on to";
		return AGAIN;
	}
	rc = asking_do(
	    &chatting->asking, action, chatting->turn.variables, event, &asked);
	job->reason = asked.reason;
	/* The client waits, and sees to it that there is one. */
	if (rc == AGAIN && strncmp(job->reason, LLM_NOT_CONFIGURED ":",
			       sizeof(LLM_NOT_CONFIGURED)) == 0)
		return INVALID;
	return rc;
}

static void
keep(struct chatting *chatting, const struct turn_action *action)
{
	struct pathway_chat *chat = &chatting->chat;

	switch (action->kind) {
	case ACTION_SAY:
		(void)json_object_array_add(
		    chatting->said, json_string(action->text));
		chat->history = chat_add(chatting->job->arena, chat->history,
		    CHAT_ASSISTANT, action->text);
		break;
	case ACTION_SET_VARIABLES:
		variables_set(chatting->variables, action->variables);
		break;
	case ACTION_TRANSFER:
		chatting->transfer = action;
		break;
	case ACTION_END:
	case ACTION_HAND_OFF:
		chat->completed = true;
		break;
	default:
		break;
	}
}

/* Those that ask, behind what is asked already. */
static void
step(struct chatting *chatting, const struct turn_event *event,
    struct turn_actions *asked)
{
	struct turn_actions *actions =
	    arena_alloc(chatting->job->arena, sizeof(*actions));
	size_t i;

	turn_step(&chatting->turn, event, actions);
	for (i = 0; i < actions->count; i++)
		if (actions->list[i].ask == 0)
			keep(chatting, &actions->list[i]);
		else if (asked->count < TURN_ACTIONS)
			asked->list[asked->count++] = actions->list[i];
}

/* In one pathway. */
static enum outcome
walk(struct chatting *chatting, struct turn_event event)
{
	struct turn_actions *asked =
	    arena_alloc(chatting->job->arena, sizeof(*asked));
	enum outcome rc = OK;

	asked->count = 0;
	begin(chatting);
	step(chatting, &event, asked);
	while (rc == OK && asked->count > 0) {
		rc = ask(chatting, &asked->list[0], &event);
		asked->count--;
		(void)memmove(&asked->list[0], &asked->list[1],
		    asked->count * sizeof(asked->list[0]));
		if (rc == OK)
			step(chatting, &event, asked);
	}
	chatting->chat.state =
	    turn_state_write(chatting->job->arena, &chatting->turn.state);
	chatting->chat.node_name =
	    chatting->turn.node != NULL ? chatting->turn.node->name : NULL;
	return rc;
}

static const char *
text_of(struct json_object *object, const char *name)
{
	return json_object_get_string(json_object_object_get(object, name));
}

/* The pathway that a node leads to, in place of the one before. */
static enum outcome
load_transfer(struct chatting *chatting, struct db *db)
{
	struct job *job = chatting->job;
	const struct turn_action *transfer = chatting->transfer;
	const struct id *account = &job->work.account_id;
	struct turn_state state = { .node = NULL };
	struct pathway_chat *chat = &chatting->chat;
	struct pathway_head head;
	struct json_object *arguments;
	struct json_fault ignored;
	enum outcome rc = json_parse(job->arena, transfer->arguments,
	    strlen(transfer->arguments), &arguments, &ignored);

	if (rc == OK)
		rc = pathway_head_find(
		    db, job->arena, account, transfer->name, &head);
	if (rc == OK)
		rc = pathway_version_resolve(db, job->arena, account, &head,
		    text_of(arguments, "version"), &chat->version);
	if (rc != OK) {
		job->reason = arena_format(job->arena,
		    "PATHWAY_NOT_FOUND: a node leads to the pathway %s, which"
		    " is not there",
		    transfer->name);
		return rc;
	}
	state.node = text_of(arguments, "node_id");
	chat->pathway_id = transfer->name;
	chat->state = turn_state_write(job->arena, &state);
	return load_pathway(chatting, db);
}

/* A pathway that leads to others: the agent speaks first in each. */
static enum outcome
walk_all(struct chatting *chatting)
{
	struct turn_event event = { .kind = chatting->order.message != NULL
						? EVENT_TEXTED
						: EVENT_OPENED };
	enum outcome rc = walk(chatting, event);

	event.kind = EVENT_OPENED;
	while (rc == OK && chatting->transfer != NULL) {
		if (++chatting->transfers > TRANSFERS) {
			chatting->chat.completed = true;
			return OK;
		}
		rc = load(chatting, load_transfer);
		chatting->transfer = NULL;
		if (rc == OK)
			rc = walk(chatting, event);
	}
	return rc;
}

/* --- What came of it. */

static enum outcome
record(struct db *db, struct job *job)
{
	struct chatting *chatting = job->context;
	struct pathway_chat now;
	struct json_object *result;
	enum outcome rc;

	if (job->outcome != OK)
		return OK;
	rc = pathway_chat_lock(
	    db, job->arena, &job->work.account_id, &job->work.subject_id, &now);
	if (rc != OK || !id_equal(&now.work_id, &job->work.id))
		return rc == NOT_FOUND ? OK : rc;
	result = json_own(job->arena, json_object_new_object());
	(void)json_object_object_add(
	    result, "assistant_responses", json_object_get(chatting->said));
	job->result = json_text(job->arena, result);
	chatting->chat.work_id = (struct id){ { 0 } };
	chatting->chat.variables = json_text(job->arena, chatting->variables);
	return pathway_chat_save(db, &job->work.account_id, &chatting->chat);
}

enum outcome
chat_perform(struct job *job)
{
	struct chatting *chatting = arena_alloc(job->arena, sizeof(*chatting));
	enum outcome rc;

	*chatting = (struct chatting){
		.job = job,
		.asking = { .arena = job->arena, .config = job->config },
	};
	rc = order_read(job, &chat_order_schema, &chatting->order);
	if (rc == OK)
		rc = load(chatting, load_within);
	if (rc != OK)
		return rc;
	chatting->said = json_own(job->arena, json_object_new_array());
	chatting->variables =
	    variables_read(job->arena, NULL, chatting->chat.variables);
	if (chatting->order.message != NULL)
		chatting->chat.history = chat_add(job->arena,
		    chatting->chat.history, CHAT_USER, chatting->order.message);
	rc = walk_all(chatting);
	job->context = chatting;
	job->record = record;
	return rc;
}
