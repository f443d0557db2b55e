#include "base/base.h"

#include "work/taking.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/pool.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/pathway.h"
#include "model/tool.h"
#include "store/conduct.h"
#include "store/conversation.h"
#include "store/mail.h"
#include "store/message.h"
#include "store/model_setting.h"
#include "store/secret.h"
#include "store/tool.h"
#include "work/kinds.h"
#include "work/order.h"

#include <string.h>

struct order {
	const char *event;
	bool is_rich;
};

static const struct field order_fields[] = {
	{ "event", FIELD_TEXT, FIELD_REQUIRED, FIELD_AT(struct order, event) },
	{ "rich", FIELD_BOOLEAN, 0, FIELD_AT(struct order, is_rich) },
};

static const struct schema order_schema =
    SCHEMA("TurnOrder", order_fields, struct order);

/* Why the agent is to be silent, as things stand; NULL: it may speak. */
const char *
taking_silence(
    const struct taking *taking, const struct conversation *conversation)
{
	if (!conversation->is_active)
		return "{\"stopped\":\"the conversation has ended\"}";
	if (conversation->human_handoff_at != 0)
		return "{\"stopped\":\"a person has taken over\"}";
	if (taking->config.human_mode)
		return "{\"stopped\":\"people answer on this number\"}";
	if (!id_equal(&conversation->turn_work_id, &taking->job->work.id))
		return "{\"stopped\":\"another turn is asked for\"}";
	return NULL;
}

enum outcome
taking_is_sated(const struct taking *taking, struct db *db,
    const struct pair *pair, bool *sated)
{
	const struct job *job = taking->job;
	int64_t most = taking->config.daily_messages;
	struct message_sent sent = { 0, 0 };
	enum outcome rc = OK;

	if (most > 0)
		rc = message_count_sent_since(db, job->arena,
		    &job->work.account_id, pair, when_now() - WHEN_DAY, &sent);
	*sated = most > 0 && sent.count >= most;
	return rc;
}

/* Nothing is said to who has heard enough today. */
static enum outcome
check_limits(struct taking *taking, struct db *db)
{
	bool sated;
	enum outcome rc =
	    taking_is_sated(taking, db, &taking->conversation.pair, &sated);

	if (rc != OK || !sated)
		return rc;
	taking->stopped = "{\"stopped\":\"the user has been sent as many"
			  " messages as daily_messages allows\"}";
	return NOT_FOUND;
}

/* Nothing is drafted for who is not written to. */
static enum outcome
check_ledger(struct taking *taking, struct db *db)
{
	const struct conversation *conversation = &taking->conversation;
	enum outcome rc;

	if (conversation->pair.channel != CHANNEL_EMAIL)
		return OK;
	rc = mail_thread_suppressed(db, taking->job->arena,
	    &conversation->account_id, &conversation->id);
	return rc == OK ? NOT_FOUND : rc == NOT_FOUND ? OK : rc;
}

/* NOT_FOUND: there is nobody to answer; `stopped` says why. */
static enum outcome
load_conversation(struct taking *taking, struct db *db)
{
	struct job *job = taking->job;
	const struct id *account = &job->work.account_id;
	struct conversation *conversation = &taking->conversation;
	struct conduct conduct = { .opted_out = false };
	enum outcome rc = conversation_find(
	    db, job->arena, account, &job->work.subject_id, conversation);

	taking->stopped = "{\"stopped\":\"the conversation is gone\"}";
	if (rc != OK)
		return rc;
	rc = conduct_find(db, job->arena, conversation, &conduct);
	if (rc != OK) {
		taking->stopped =
		    "{\"stopped\":\"the number, or the agent, is gone\"}";
		return rc;
	}
	taking->config = conduct.config;
	taking->agent_config = conduct.agent;
	taking->stopped = taking_silence(taking, conversation);
	if (taking->stopped != NULL)
		return NOT_FOUND;
	taking->stopped = "{\"stopped\":\"the user opted out\"}";
	if (conduct.opted_out)
		return NOT_FOUND;
	rc = check_ledger(taking, db);
	return rc == OK ? check_limits(taking, db) : rc;
}

enum outcome
taking_add_tools(struct taking *taking, struct db *db)
{
	struct job *job = taking->job;
	struct list *tools = &taking->asking.tools;
	struct list found = { NULL, 0 }, ignored = { NULL, 0 };
	struct tool *all;
	enum outcome rc;

	if (taking->pathway == NULL)
		return OK;
	rc = tool_resolve(db, job->arena, job->config, &job->work.account_id,
	    pathway_tools(job->arena, taking->pathway), &found, &ignored);
	if (rc != OK || found.count == 0)
		return rc;
	all = arena_alloc(
	    job->arena, (tools->count + found.count) * sizeof(*all));
	if (tools->count > 0)
		(void)memcpy(all, tools->items, tools->count * sizeof(*all));
	(void)memcpy(
	    &all[tools->count], found.items, found.count * sizeof(*all));
	*tools = (struct list){ all, tools->count + found.count };
	return OK;
}

static enum outcome
load_tools(struct taking *taking, struct db *db, struct list *missing)
{
	struct job *job = taking->job;
	enum outcome rc =
	    tool_resolve(db, job->arena, job->config, &job->work.account_id,
		taking->config.tools, &taking->asking.tools, missing);

	taking->tools_offered = taking->asking.tools.count;
	return rc == OK ? taking_add_tools(taking, db) : rc;
}

/* Secrets are opened only for who has a use for them. */
static enum outcome
equip_within(struct taking *taking, struct db *db)
{
	struct job *job = taking->job;
	const struct id *account = &job->work.account_id;
	enum outcome rc = completion_line_find(db, job->arena, job->config,
	    job->secret_key, account, &taking->asking.line);

	if (rc == OK && taking->agent_config != NULL &&
	    taking->agent_config->model != NULL)
		taking->asking.line.model = taking->agent_config->model;
	if (rc == OK &&
	    (taking->asking.tools.count > 0 || taking->pathway != NULL))
		rc = secret_list_open(db, job->arena, job->secret_key, account,
		    &taking->asking.secrets);
	return rc;
}

enum outcome
taking_equip(struct taking *taking)
{
	struct db *db;
	enum outcome rc;

	if (taking->is_equipped)
		return OK;
	db = db_pool_borrow(taking->job->pool);
	rc = equip_within(taking, db);
	db_pool_return(taking->job->pool, db);
	taking->is_equipped = rc == OK;
	if (rc == OK)
		return OK;
	taking->job->reason = "the store could not be read";
	return AGAIN;
}

static void
note_missing(struct taking *taking, const struct list *missing)
{
	const struct tool_missing *list = missing->items;
	struct arena *arena = taking->job->arena;
	size_t i;

	for (i = 0; i < missing->count; i++)
		trace_note(&taking->trace, when_now(),
		    arena_format(arena, "without the tool %s: %s",
			list[i].reference, list[i].reason));
}

static enum outcome
load_within(struct taking *taking, struct db *db)
{
	struct job *job = taking->job;
	const struct id *account = &job->work.account_id;
	const struct conversation *conversation = &taking->conversation;
	struct list missing = { 0 };
	enum outcome rc = load_conversation(taking, db);

	if (rc == OK)
		rc = message_list(db, job->arena, account, &conversation->id,
		    &conversation->pair, &taking->messages);
	if (rc == OK)
		rc = taking_find_pathway(taking, db);
	if (rc == OK)
		rc = load_tools(taking, db, &missing);
	if (rc == OK)
		note_missing(taking, &missing);
	return rc;
}

enum outcome
taking_load(struct taking *taking)
{
	struct job *job = taking->job;
	struct order order = { .is_rich = false };
	struct db *db;
	enum outcome rc = order_read(job, &order_schema, &order);

	if (rc != OK)
		return rc;
	taking->event = order.event;
	taking->is_rich = order.is_rich;
	trace_init(&taking->trace, job->arena);
	taking->asking.arena = job->arena;
	taking->asking.config = job->config;
	db = db_pool_borrow(job->pool);
	rc = load_within(taking, db);
	db_pool_return(job->pool, db);
	if (rc == OK || rc == NOT_FOUND)
		return rc;
	job->reason = "the store could not be read";
	return AGAIN;
}
