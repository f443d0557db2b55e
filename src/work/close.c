#include "base/base.h"

#include "work/close.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "db/pool.h"
#include "db/stmt.h"
#include "model/conversation.h"
#include "model/number.h"
#include "model/webhook.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/number.h"
#include "store/webhook.h"

#include <string.h>

/* The payload, and what is read for it. */
struct closing {
	const char *reason;
	struct conversation conversation;
	struct rows messages;
	struct number_config number;
	const char *document;
};

static const struct field order_fields[] = {
	{ "reason", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct closing, reason) },
};

static const struct schema order_schema =
    SCHEMA("CloseOrder", order_fields, struct closing);

static enum outcome
read_order(struct job *job, struct closing *closing)
{
	struct faults faults;
	struct reader reader = { .arena = job->arena, .faults = &faults };
	struct json_object *payload;
	struct json_fault ignored;
	enum outcome rc;

	faults_init(&faults, job->arena);
	rc = json_parse(job->arena, job->work.payload,
	    strlen(job->work.payload), &payload, &ignored);
	if (rc == OK)
		rc = field_read(&reader, &order_schema, payload, "", closing);
	if (rc != OK)
		job->reason = "the payload is not one of this kind";
	return rc;
}

/* NOT_FOUND: the conversation is gone, or nobody is to be told. */
static enum outcome
load(struct job *job, struct db *db, struct closing *closing)
{
	const struct id *account = &job->work.account_id;
	struct conversation *conversation = &closing->conversation;
	enum outcome rc = conversation_find(
	    db, job->arena, account, &job->work.subject_id, conversation);

	if (rc == OK)
		rc = number_config_find(db, job->arena, account,
		    conversation->pair.agent, conversation->pair.channel,
		    &closing->number);
	if (rc == OK && closing->number.webhook == NULL)
		rc = NOT_FOUND;
	if (rc == OK)
		rc = message_list(db, job->arena, account, &conversation->id,
		    &conversation->pair, &closing->messages);
	return rc;
}

/* Locked, so that nothing is kept of a conversation that is deleted at this
 * moment. */
static enum outcome
record(struct db *db, struct job *job)
{
	const struct closing *closing = job->context;
	struct conversation held;
	struct id ignored;
	enum outcome rc = conversation_lock(db, job->arena,
	    &job->work.account_id, &job->work.subject_id, &held);

	if (rc != OK)
		return rc == NOT_FOUND ? OK : rc;
	return webhook_enqueue(db, job->arena, &closing->conversation,
	    closing->number.webhook, closing->document, &ignored);
}

static enum outcome
stop(struct job *job, const char *result)
{
	job->result = result;
	return OK;
}

enum outcome
close_perform(struct job *job)
{
	struct closing *closing = arena_alloc(job->arena, sizeof(*closing));
	struct list messages;
	struct db *db;
	enum outcome rc = read_order(job, closing);

	if (rc != OK)
		return rc;
	db = db_pool_borrow(job->pool);
	rc = load(job, db, closing);
	db_pool_return(job->pool, db);
	if (rc == NOT_FOUND)
		return stop(job, "{\"stopped\":\"nobody is to be told\"}");
	if (rc != OK) {
		job->reason = "the store cannot be read";
		return AGAIN;
	}
	/* A client made it active again before it was told of the end. */
	if (closing->conversation.is_active)
		return stop(job, "{\"stopped\":\"it is active again\"}");
	messages =
	    (struct list){ closing->messages.list, closing->messages.count };
	closing->document = webhook_status_text(
	    job->arena, &closing->conversation, &messages, closing->reason);
	job->context = closing;
	job->record = record;
	return OK;
}
