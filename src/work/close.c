#include "base/base.h"

#include "work/close.h"

#include "base/arena.h"
#include "base/text.h"
#include "db/pool.h"
#include "db/stmt.h"
#include "model/analysis.h"
#include "model/conversation.h"
#include "model/webhook.h"
#include "store/conduct.h"
#include "store/conversation.h"
#include "store/disposition.h"
#include "store/message.h"
#include "store/webhook.h"
#include "store/work_queue.h"
#include "work/analyse.h"
#include "work/order.h"

/* The payload, and what is read for it. */
struct closing {
	const char *reason;
	struct list findings; /* struct finding, of earlier tries */
	struct conversation conversation;
	struct rows messages;
	struct list said; /* the same */
	struct conduct conduct;
	struct inquiry inquiry;
	const char *document;
};

/* What is to be done at the end: a conversation's own over its number's. */
struct end_settings {
	const char *webhook;
	const char *summary_prompt;
	const char *citation_schema_ids;
	const char *disposition_ids;
};

/* clang-format off */
static const struct field order_fields[] = {
	{ "reason", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct closing, reason) },
	{ "findings", FIELD_LIST, 0, FIELD_AT(struct closing, findings),
	    .schema = &finding_schema },
};
/* clang-format on */

static const struct schema order_schema =
    SCHEMA("CloseOrder", order_fields, struct closing);

static const char *
either(const char *own, const char *number)
{
	return own != NULL ? own : number;
}

static struct end_settings
settings_of(const struct closing *closing)
{
	const struct conversation *own = &closing->conversation;
	const struct number_config *number = &closing->conduct.config;

	return (struct end_settings){
		.webhook = conversation_webhook(own, number->webhook),
		.summary_prompt = number->summary_prompt,
		.citation_schema_ids = either(
		    own->citation_schema_ids, number->citation_schema_ids),
		.disposition_ids =
		    either(own->disposition_ids, number->disposition_ids),
	};
}

/* Outcomes come last: they are judged with the citations. */
static enum outcome
load_questions(struct job *job, struct db *db, struct closing *closing)
{
	struct end_settings settings = settings_of(closing);
	struct inquiry *inquiry = &closing->inquiry;
	struct question summary;
	enum outcome rc = OK;

	if (closing->messages.count == 0)
		return OK;
	if (settings.summary_prompt != NULL &&
	    !text_is_blank(settings.summary_prompt)) {
		summary =
		    question_of_summary(job->arena, settings.summary_prompt);
		inquiry_add(inquiry, &summary);
	}
	rc = inquiry_add_citations(
	    inquiry, job, db, settings.citation_schema_ids);
	if (rc == OK)
		rc = inquiry_add_dispositions(
		    inquiry, job, db, settings.disposition_ids);
	inquiry_take(inquiry, &closing->findings);
	if (rc == OK && inquiry->count > 0)
		rc = inquiry_open(inquiry, job, db);
	return rc;
}

/* NOT_FOUND: the conversation is gone, or there is nothing to do. */
static enum outcome
load(struct job *job, struct db *db, struct closing *closing)
{
	const struct id *account = &job->work.account_id;
	struct conversation *conversation = &closing->conversation;
	enum outcome rc = conversation_find(
	    db, job->arena, account, &job->work.subject_id, conversation);

	if (rc == OK)
		rc = conduct_find(
		    db, job->arena, conversation, &closing->conduct);
	if (rc == OK)
		rc = message_list(db, job->arena, account, &conversation->id,
		    &conversation->pair, &closing->messages);
	if (rc == OK)
		rc = load_questions(job, db, closing);
	if (rc == OK && closing->inquiry.count == 0 &&
	    settings_of(closing).webhook == NULL)
		rc = NOT_FOUND;
	return rc;
}

static enum outcome
keep_findings(struct db *db, struct job *job, struct closing *closing)
{
	closing->findings = inquiry_found(&closing->inquiry);
	return work_keep(db, &job->work,
	    field_write_text(job->arena, &order_schema, closing));
}

/* Locked, so that nothing is kept of a conversation that is deleted at this
 * moment. */
static enum outcome
record(struct db *db, struct job *job)
{
	struct closing *closing = job->context;
	struct list found = inquiry_found(&closing->inquiry);
	struct conversation held;
	struct id ignored;
	enum outcome rc;

	if (job->outcome == AGAIN)
		return keep_findings(db, job, closing);
	rc = conversation_lock(db, job->arena, &job->work.account_id,
	    &job->work.subject_id, &held);
	if (rc != OK)
		return rc == NOT_FOUND ? OK : rc;
	if (found.count > 0) {
		analysis_conclude(job->arena, &found, &held);
		rc = conversation_save(db, &held);
		if (rc == OK)
			rc = disposition_log_write(
			    db, &held.account_id, &held.id, &found);
	}
	if (rc != OK)
		return rc;
	return webhook_enqueue(db, job->arena, &closing->conversation,
	    settings_of(closing).webhook, closing->document, &ignored);
}

static enum outcome
stop(struct job *job, const char *result)
{
	job->result = result;
	return OK;
}

/* The document, and in the work's result how much was found. */
static void
conclude(struct job *job, struct closing *closing)
{
	struct list found = inquiry_found(&closing->inquiry);
	const struct finding *list = found.items;
	size_t i, errors = 0;

	for (i = 0; i < found.count; i++)
		errors += list[i].status == FINDING_ERROR;
	analysis_conclude(job->arena, &found, &closing->conversation);
	closing->document = webhook_status_text(job->arena,
	    &closing->conversation, &closing->said, closing->reason);
	if (closing->inquiry.count + (size_t)closing->inquiry.skipped > 0)
		job->result = arena_format(job->arena,
		    "{\"asked\":%zu,\"errors\":%zu,\"skipped\":%lld}",
		    found.count, errors, (long long)closing->inquiry.skipped);
}

enum outcome
close_perform(struct job *job)
{
	struct closing *closing = arena_alloc(job->arena, sizeof(*closing));
	struct inquiry *inquiry = &closing->inquiry;
	struct db *db;
	enum outcome rc = order_read(job, &order_schema, closing);

	if (rc != OK)
		return rc;
	db = db_pool_borrow(job->pool);
	rc = load(job, db, closing);
	db_pool_return(job->pool, db);
	if (rc == NOT_FOUND)
		return stop(job, "{\"stopped\":\"nobody is to be told\"}");
	if (rc != OK) {
		if (job->reason == NULL)
			job->reason = "the store cannot be read";
		return AGAIN;
	}
	/* A client made it active again before it was told of the end. */
	if (closing->conversation.is_active)
		return stop(job, "{\"stopped\":\"it is active again\"}");
	closing->said =
	    (struct list){ closing->messages.list, closing->messages.count };
	inquiry->talk = (struct talk){ .conversation = &closing->conversation,
		.messages = &closing->said };
	rc = inquiry_ask(inquiry, job);
	if (rc == OK)
		conclude(job, closing);
	job->context = closing;
	job->record = record;
	return rc;
}
