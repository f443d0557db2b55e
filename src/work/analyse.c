#include "base/base.h"

#include "work/analyse.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/when.h"
#include "db/pool.h"
#include "db/stmt.h"
#include "model/conversation.h"
#include "model/extraction.h"
#include "store/citation.h"
#include "store/conversation.h"
#include "store/disposition.h"
#include "store/message.h"
#include "store/work_queue.h"
#include "upstream/completion.h"

#define TIME_MOST INT64_C(100) /* seconds of one try */
#define TIME_SPARE INT64_C(10) /* of the lease, to record */
#define TRIES 2                /* of a question, where an answer is bad */
#define LATER_MOST 8           /* tries for want of time beside the kind's */
#define TEMPERATURE 0.0
#define TOKENS 4096 /* of an answer */

static const char no_store[] = "the store cannot be read";

void
inquiry_add(struct inquiry *inquiry, const struct question *question)
{
	if (inquiry->count < INQUIRY_MOST)
		inquiry->questions[inquiry->count++] = *question;
}

enum outcome
inquiry_add_citations(struct inquiry *inquiry, struct job *job, struct db *db,
    const char *references)
{
	const char **names = analysis_references(job->arena, references);
	struct citation_schema *schema;
	struct question question;
	enum outcome rc = OK;

	for (; *names != NULL && rc == OK; names++) {
		schema = arena_alloc(job->arena, sizeof(*schema));
		rc = citation_refer(
		    db, job->arena, &job->work.account_id, *names, schema);
		if (rc == OK && schema->rules.variables.count > 0) {
			question = question_of_citation(job->arena, schema);
			inquiry_add(inquiry, &question);
		} else if (rc == OK || rc == NOT_FOUND) {
			inquiry->skipped++;
			rc = OK;
		}
	}
	return rc;
}

enum outcome
inquiry_add_dispositions(struct inquiry *inquiry, struct job *job,
    struct db *db, const char *references)
{
	const char **names = analysis_references(job->arena, references);
	struct disposition *disposition;
	struct question question;
	enum outcome rc = OK;

	for (; *names != NULL && rc == OK; names++) {
		disposition = arena_alloc(job->arena, sizeof(*disposition));
		rc = disposition_refer(
		    db, job->arena, &job->work.account_id, *names, disposition);
		if (rc == OK && disposition->fields.count > 0) {
			question =
			    question_of_disposition(job->arena, disposition);
			inquiry_add(inquiry, &question);
		} else if (rc == OK || rc == NOT_FOUND) {
			inquiry->skipped++;
			rc = OK;
		}
	}
	return rc;
}

static bool
is_of(const struct finding *finding, const struct question *question)
{
	return finding->kind == question->kind &&
	       text_equal(finding->id, question->id);
}

/* Once: a definition may be named twice, and is asked once. */
static bool
is_found(const struct inquiry *inquiry, const struct question *question)
{
	size_t i;

	for (i = 0; i < inquiry->found; i++)
		if (is_of(&inquiry->findings[i], question))
			return true;
	return false;
}

void
inquiry_take(struct inquiry *inquiry, const struct list *findings)
{
	const struct finding *list = findings->items;
	size_t i, j;

	for (i = 0; i < inquiry->count; i++)
		for (j = 0; j < findings->count; j++)
			if (is_of(&list[j], &inquiry->questions[i]) &&
			    !is_found(inquiry, &inquiry->questions[i]))
				inquiry->findings[inquiry->found++] = list[j];
}

struct list
inquiry_found(const struct inquiry *inquiry)
{
	return (struct list){ inquiry->findings, inquiry->found };
}

/* Asking. */

static void
add_finding(struct inquiry *inquiry, const struct finding *finding)
{
	assert(inquiry->found < INQUIRY_MOST);
	inquiry->findings[inquiry->found++] = *finding;
}

/* Outcomes are judged with what the citations found. */
static const char *
known_citations(struct inquiry *inquiry, struct job *job)
{
	const char *known = inquiry->talk.conversation->citation_variables;
	const struct finding *list = inquiry->findings;
	size_t i;

	for (i = 0; i < inquiry->found; i++)
		if (list[i].kind == QUESTION_CITATION)
			known = analysis_merge(job->arena, known,
			    analysis_variables(job->arena, &list[i]));
	return known;
}

/* Is a model that cannot be reached worth another try? */
static bool
put_off(struct job *job, const struct completion_answer *answer)
{
	int64_t now = when_now(), asked = answer->retry_after * WHEN_SECOND;

	job->due =
	    kind_next_try(&kinds[job->work.kind], job->work.attempt, now);
	if (job->due == 0 || text_equal(answer->code, LLM_NOT_CONFIGURED))
		return false;
	if (job->due < now + asked)
		job->due = now + asked;
	job->reason =
	    arena_format(job->arena, "%s: %s", answer->code, answer->reason);
	return true;
}

static enum outcome
ask_model(struct job *job, const char *messages, const char *schema,
    struct completion_answer *answer)
{
	const struct config *config = job->config;
	struct completion_line line = {
		.url = config->llm_url,
		.key = config->llm_key,
		.model = config->llm_model,
		.trusted = true,
	};
	struct completion_request request = {
		.messages = messages,
		.schema = schema,
		.schema_name = "answer",
		.temperature = TEMPERATURE,
		.most_tokens = TOKENS,
	};

	return completion_ask(job->arena, config, &line, &request, answer);
}

/* One that is no JSON, or was cut: it was answered all the same. */
static bool
is_bad(enum outcome rc, const struct completion_answer *answer)
{
	return rc == AGAIN && text_equal(answer->code, LLM_BROKEN_ANSWER);
}

/* One request.  OK: `finding` is there, be it an error.  INVALID: the same,
 * but the answer was bad, for the `fault`, and may be better. */
static enum outcome
ask_once(struct inquiry *inquiry, struct job *job,
    const struct question *question, struct finding *finding, const char **said,
    const char **fault)
{
	struct completion_answer answer;
	const char *code = "LLM_INVALID_ANSWER";
	enum outcome rc = ask_model(job,
	    question_messages(
		job->arena, question, &inquiry->talk, *said, *fault),
	    question->schema, &answer);

	if (rc == OK) {
		rc = question_read(job->arena, question, &inquiry->talk,
		    answer.text, finding, fault);
		if (rc == OK)
			return OK;
	} else if (is_bad(rc, &answer)) {
		code = answer.code;
		*fault = answer.reason;
	} else if (rc == AGAIN && put_off(job, &answer)) {
		return AGAIN;
	} else {
		*finding = question_failed(
		    job->arena, question, answer.code, answer.reason);
		return OK;
	}
	*said = answer.text;
	*finding = question_failed(job->arena, question, code, *fault);
	return INVALID;
}

/* OK: it has its finding. */
static enum outcome
ask(struct inquiry *inquiry, struct job *job, const struct question *question)
{
	struct finding finding = { .kind = question->kind };
	const char *said = NULL, *fault = NULL;
	int64_t start = when_elapsed();
	int try;
	enum outcome rc = INVALID;

	for (try = 0; try < TRIES && rc == INVALID; try++)
		rc = ask_once(inquiry, job, question, &finding, &said, &fault);
	if (rc == AGAIN)
		return rc;
	finding.exec_time = (when_elapsed() - start) / 1000;
	add_finding(inquiry, &finding);
	return OK;
}

/* The last question that is begun ends within the lease. */
static int64_t
time_of(const struct config *config)
{
	int64_t room = config->worker_lease - config->llm_timeout - TIME_SPARE;

	if (room < 0)
		room = 0;
	return (room < TIME_MOST ? room : TIME_MOST) * WHEN_SECOND;
}

/* The rest of the questions, in a further try or not at all. */
static enum outcome
run_out(struct inquiry *inquiry, struct job *job)
{
	int64_t tries = (int64_t)kinds[job->work.kind].tries + LATER_MOST;
	struct finding finding;
	size_t i;

	if (job->work.attempt < tries) {
		job->due = when_now();
		job->reason = "there is more to ask than one try has time for";
		return AGAIN;
	}
	for (i = 0; i < inquiry->count; i++) {
		if (is_found(inquiry, &inquiry->questions[i]))
			continue;
		finding = question_failed(job->arena, &inquiry->questions[i],
		    "RESULT_NOT_READY", "there was no time left to ask");
		add_finding(inquiry, &finding);
	}
	return OK;
}

enum outcome
inquiry_ask(struct inquiry *inquiry, struct job *job)
{
	int64_t start = when_elapsed(), most = time_of(job->config);
	size_t i, asked = 0;
	enum outcome rc = OK;

	for (i = 0; i < inquiry->count && rc == OK; i++) {
		if (is_found(inquiry, &inquiry->questions[i]))
			continue;
		if (asked > 0 && when_elapsed() - start >= most)
			return run_out(inquiry, job);
		inquiry->talk.citations = known_citations(inquiry, job);
		rc = ask(inquiry, job, &inquiry->questions[i]);
		asked++;
	}
	return rc;
}

/* A client's own questions. */

struct analysing {
	struct extraction_order order;
	struct conversation conversation;
	struct rows messages;
	struct list said; /* the same */
	struct inquiry inquiry;
	struct extraction_result result;
};

/* NOT_FOUND: the conversation is gone. */
static enum outcome
load(struct job *job, struct db *db, struct analysing *analysing)
{
	const struct id *account = &job->work.account_id;
	struct conversation *conversation = &analysing->conversation;
	struct citation_schema *given;
	struct question question;
	enum outcome rc = conversation_find(
	    db, job->arena, account, &job->work.subject_id, conversation);

	if (rc == OK)
		rc = message_list(db, job->arena, account, &conversation->id,
		    &conversation->pair, &analysing->messages);
	if (rc == OK)
		rc = inquiry_add_citations(
		    &analysing->inquiry, job, db, analysing->order.schema_ids);
	if (rc != OK || analysing->order.document == NULL)
		return rc;
	given = arena_alloc(job->arena, sizeof(*given));
	given->id = given->name = "";
	rc = citation_read(job->arena, analysing->order.document, given);
	if (rc != OK)
		return rc;
	if (given->rules.variables.count > 0) {
		question = question_of_citation(job->arena, given);
		inquiry_add(&analysing->inquiry, &question);
	}
	return OK;
}

/* Others may have written to the variables meanwhile: they are merged with
 * what is there now. */
static enum outcome
keep_variables(struct db *db, struct job *job, struct analysing *analysing)
{
	struct extraction_result *result = &analysing->result;
	struct conversation held;
	enum outcome rc = conversation_lock(db, job->arena,
	    &job->work.account_id, &job->work.subject_id, &held);

	if (rc != OK)
		return rc == NOT_FOUND ? OK : rc;
	result->previous =
	    analysis_merge(job->arena, held.citation_variables, NULL);
	result->final = held.citation_variables = analysis_merge(
	    job->arena, held.citation_variables, result->variables);
	return result->count > 0 ? conversation_save(db, &held) : OK;
}

static enum outcome
record(struct db *db, struct job *job)
{
	struct analysing *analysing = job->context;
	enum outcome rc = OK;

	if (job->outcome == AGAIN) {
		analysing->order.findings = inquiry_found(&analysing->inquiry);
		return work_keep(db, &job->work,
		    extraction_order_write(job->arena, &analysing->order));
	}
	if (analysing->order.keep)
		rc = keep_variables(db, job, analysing);
	job->result = extraction_result_write(job->arena, &analysing->result);
	return rc;
}

static void
conclude(struct job *job, struct analysing *analysing)
{
	struct list found = inquiry_found(&analysing->inquiry);

	analysing->result = extraction_conclude(job->arena, &found);
	analysing->result.messages = (int64_t)analysing->messages.count;
	if (analysing->messages.count == 0)
		analysing->result.status = EXTRACTION_SKIPPED;
}

enum outcome
analyse_perform(struct job *job)
{
	struct analysing *analysing =
	    arena_alloc(job->arena, sizeof(*analysing));
	struct inquiry *inquiry = &analysing->inquiry;
	struct db *db;
	enum outcome rc = extraction_order_read(
	    job->arena, job->work.payload, &analysing->order);

	if (rc != OK) {
		job->reason = "the payload is not one of this kind";
		return rc;
	}
	db = db_pool_borrow(job->pool);
	rc = load(job, db, analysing);
	db_pool_return(job->pool, db);
	if (rc != OK) {
		job->reason =
		    rc == NOT_FOUND ? "the conversation is gone" : no_store;
		return rc == NOT_FOUND ? rc : AGAIN;
	}
	analysing->said = (struct list){ analysing->messages.list,
		analysing->messages.count };
	inquiry->talk = (struct talk){ .conversation = &analysing->conversation,
		.messages = &analysing->said };
	inquiry_take(inquiry, &analysing->order.findings);
	if (analysing->said.count > 0)
		rc = inquiry_ask(inquiry, job);
	if (rc == OK)
		conclude(job, analysing);
	job->context = analysing;
	job->record = record;
	return rc;
}
