#include "base/base.h"

#include "work/silence.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/field.h"
#include "model/number.h"
#include "model/progress.h"
#include "store/conduct.h"
#include "store/conversation.h"
#include "store/thread.h"
#include "work/order.h"

/* Is this the conversation's clock, and has nobody spoken since?  Who left
 * does not come back by what others say. */
static bool
is_current(const struct job *job, const struct silence_clock *clock,
    const struct conversation *conversation)
{
	return conversation->is_active &&
	       (clock->stage == SILENCE_LEFT ||
		   conversation->last_seq == clock->seq) &&
	       id_equal(&conversation->silence_work_id, &job->work.id);
}

static enum outcome
say(struct db *db, struct job *job, struct thread *thread, const char *text)
{
	const struct saying saying = { .text = text, .sender = SENDER_AGENT };
	struct message ignored;

	return thread_say(db, job->arena, thread, &saying, &ignored);
}

/* The end is counted from the beginning of the silence, not from the
 * warning, however late that is. */
static enum outcome
warn(struct db *db, struct job *job, struct thread *thread,
    const struct silence *silence)
{
	const struct silence_clock *clock = job->context;
	struct conversation *conversation = &thread->conversation;
	bool says = silence->warning_message != NULL;
	const struct silence_clock end = {
		.seq = conversation->last_seq + (says ? 1 : 0),
		.stage = SILENCE_TIMEOUT,
		.since = clock->since,
	};
	enum outcome rc = OK;

	job->result = "{\"struck\":\"warning\"}";
	conversation->silence_work_id = (struct id){ 0 };
	conversation->updated_at = when_now();
	if (silence->time_out > 0)
		rc = thread_set_clock(db, job->arena, conversation, &end,
		    end.since +
			(int64_t)(silence->time_out * (double)WHEN_SECOND));
	if (rc != OK)
		return rc;
	if (!says)
		return conversation_save(db, conversation);
	return say(db, job, thread, silence->warning_message);
}

static enum outcome
time_out(struct db *db, struct job *job, struct thread *thread,
    const struct silence *silence, const struct number_config *config)
{
	struct conversation *conversation = &thread->conversation;
	struct id ignored;
	enum outcome rc = OK;

	job->result = "{\"struck\":\"timeout\"}";
	conversation->silence_work_id = (struct id){ 0 };
	conversation->timed_out_at = when_now();
	if (config->timeout_action != TIMEOUT_END &&
	    silence->timeout_message != NULL)
		rc = say(db, job, thread, silence->timeout_message);
	if (rc == OK)
		rc = thread_end(db, job->arena, conversation,
		    CONVERSATION_TIMEOUT, "the user was silent", &ignored);
	return rc;
}

static enum outcome
give_up_room(struct db *db, struct job *job, struct conversation *conversation)
{
	struct id ignored;

	if (conversation->progress != PROGRESS_TOKEN_CREATED)
		return OK;
	job->result = "{\"struck\":\"join\"}";
	conversation->silence_work_id = (struct id){ 0 };
	conversation->progress = PROGRESS_UNANSWERED;
	return thread_end(db, job->arena, conversation, CONVERSATION_ENDED,
	    "nobody joined", &ignored);
}

static enum outcome
close_room(struct db *db, struct job *job, struct conversation *conversation)
{
	struct id ignored;

	job->result = "{\"struck\":\"left\"}";
	conversation->silence_work_id = (struct id){ 0 };
	return thread_end(db, job->arena, conversation, CONVERSATION_ENDED,
	    "the user left the room", &ignored);
}

static enum outcome
strike(struct db *db, struct job *job)
{
	const struct silence_clock *clock = job->context;
	const struct id *account = &job->work.account_id;
	struct thread thread = { .is_new = false };
	struct conduct conduct;
	const struct number_config *config = &conduct.config;
	struct silence silence;
	enum outcome rc = conversation_lock(db, job->arena, account,
	    &job->work.subject_id, &thread.conversation);

	job->result = "{\"stopped\":\"the conversation moved on\"}";
	if (rc == NOT_FOUND ||
	    (rc == OK && !is_current(job, clock, &thread.conversation)))
		return OK;
	if (rc == OK && clock->stage == SILENCE_JOIN)
		return give_up_room(db, job, &thread.conversation);
	if (rc == OK && clock->stage == SILENCE_LEFT)
		return close_room(db, job, &thread.conversation);
	if (rc == OK)
		rc = conduct_find(
		    db, job->arena, &thread.conversation, &conduct);
	if (rc == NOT_FOUND) {
		/* A number that was taken off its channel watches nobody. */
		number_config_init(&conduct.config);
		rc = OK;
	}
	if (rc != OK)
		return rc;
	silence = silence_over(&thread.conversation.silence, &config->silence);
	thread.webhook = config->webhook;
	if (clock->stage == SILENCE_WARNING)
		return warn(db, job, &thread, &silence);
	return time_out(db, job, &thread, &silence, config);
}

enum outcome
silence_perform(struct job *job)
{
	struct silence_clock *clock = arena_alloc(job->arena, sizeof(*clock));

	job->context = clock;
	job->record = strike;
	return order_read(job, &silence_clock_schema, clock);
}
