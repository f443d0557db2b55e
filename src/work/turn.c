#include "base/base.h"

#include "work/turn.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/turn_result.h"
#include "model/variables.h"
#include "store/conversation.h"
#include "store/handoff.h"
#include "store/message.h"
#include "store/thread.h"
#include "store/turns.h"
#include "work/kinds.h"
#include "work/send.h"
#include "work/taking.h"

#define DISCARDS_MOST 3 /* in a row */
#define FAILURES_KEPT 5 /* traces of tries that failed */
#define RETRY_MOST 300  /* seconds that a model may ask for */

static enum outcome fail(struct taking *taking, int64_t retry_after);
static enum outcome record(struct db *db, struct job *job);

enum outcome
turn_perform(struct job *job)
{
	struct taking *taking = arena_alloc(job->arena, sizeof(*taking));
	int64_t retry_after;
	enum outcome rc;

	taking->job = job;
	job->context = taking;
	rc = taking_load(taking);
	if (rc == NOT_FOUND) {
		job->result = taking->stopped;
		return OK;
	}
	if (rc != OK)
		return rc;
	rc = taking_take(taking, &retry_after);
	if (rc != OK)
		return fail(taking, retry_after);
	job->record = record;
	taking->thread = arena_alloc(job->arena, sizeof(*taking->thread));
	job->conversation = &taking->thread->conversation;
	return OK;
}

static enum outcome
write_record(struct db *db, struct taking *taking, enum turn_outcome outcome,
    const char *reason)
{
	struct turn_record *record = &taking->record;

	record->outcome = (int)outcome;
	record->reason = reason;
	record->ended_at = when_now();
	record->trace = trace_text(&taking->trace);
	return turns_insert(db, record);
}

static enum outcome
record_failure(struct db *db, struct job *job)
{
	struct taking *taking = job->context;

	if (job->work.attempt > FAILURES_KEPT)
		return OK;
	return write_record(db, taking, TURN_FAILED, job->reason);
}

/* The message stays, and so does the turn, until it can be taken. */
static enum outcome
fail(struct taking *taking, int64_t retry_after)
{
	struct job *job = taking->job;
	int64_t now = when_now();
	int64_t pause = retry_after < RETRY_MOST ? retry_after : RETRY_MOST;

	trace_note(&taking->trace, now, job->reason);
	job->due = kind_next_try(&kinds[WORK_TURN], job->work.attempt, now);
	if (job->due < now + pause * WHEN_SECOND)
		job->due = now + pause * WHEN_SECOND;
	job->record = record_failure;
	return AGAIN;
}

/* The whole of what was said is answered, a while after the last of it. */
static enum outcome
discard(struct db *db, struct taking *taking, struct conversation *conversation)
{
	struct job *job = taking->job;
	double wait = taking->config.debounce;
	enum outcome rc;

	conversation->turn_discards++;
	rc = conversation_save(db, conversation);
	if (rc == OK)
		rc = write_record(
		    db, taking, TURN_DISCARDED, "something was said meanwhile");
	job->outcome = AGAIN;
	job->put_off = true;
	job->due = conversation->last_message_at +
		   (int64_t)(wait * (double)WHEN_SECOND);
	return rc;
}

static bool
is_fetched(const struct conversation *conversation)
{
	return channel_way((enum channel)conversation->pair.channel) ==
	       WAY_FETCHED;
}

/* Where nobody reports that the words have arrived they have at once; but on
 * the telephone it is the carrier that waits for the user. */
static bool
starts_clock(const struct conversation *conversation)
{
	return is_fetched(conversation) &&
	       conversation->pair.channel != CHANNEL_TELEPHONE;
}

/* The first of what is said leaves at once, by a carrier.  But the row that
 * keeps a number's pace is one for all of its conversations, and too much is
 * written here to hold it meanwhile. */
static enum outcome
say(struct db *db, struct taking *taking, struct thread *thread,
    const struct saying *saying, struct message *message)
{
	struct job *job = taking->job;
	int channel = thread->conversation.pair.channel;

	if (saying->text == taking->sayings[0] &&
	    channel_way((enum channel)channel) == WAY_CARRIER &&
	    taking->config.sends_per_second <= 0)
		return send_say(db, job, thread, saying, message);
	return thread_say(db, job->arena, thread, saying, message);
}

static enum outcome
say_all(struct db *db, struct taking *taking, struct thread *thread)
{
	struct message message;
	size_t i;
	enum outcome rc = OK;

	for (i = 0; rc == OK && i < taking->count; i++) {
		const struct saying saying = {
			.text = taking->sayings[i],
			.sender = SENDER_AGENT,
			.starts_clock = i + 1 == taking->count &&
					taking->ending == ACTION_WAIT,
		};

		rc = say(db, taking, thread, &saying, &message);
	}
	if (rc == OK && taking->count > 0 && taking->ending == ACTION_WAIT &&
	    starts_clock(&thread->conversation))
		rc = thread_start_clock(db, taking->job->arena,
		    &thread->conversation, &taking->config.silence,
		    message.seq);
	return rc;
}

/* Whoever waits for the turn is given its words with its result. */
static const char *
result_of(const struct taking *taking, const struct conversation *conversation)
{
	struct arena *arena = taking->job->arena;
	struct turn_result result = {
		.turn_id = taking->record.id,
		.ending = taking->ending,
	};

	if (is_fetched(conversation)) {
		result.said =
		    turn_result_sayings(arena, taking->sayings, taking->count);
		result.number = taking->number;
		result.widgets = taking->widgets;
		result.tool_calls = taking->turn.tool_calls;
	}
	return turn_result_write(arena, &result);
}

/* A text to another number, from the one that the conversation is with, is a
 * message of the conversation with that one. */
static enum outcome
write_to(struct db *db, struct taking *taking, struct thread *own,
    const struct sending_out *other)
{
	struct job *job = taking->job;
	const struct saying saying = { .text = other->text,
		.sender = SENDER_AGENT };
	struct pair pair = own->conversation.pair;
	struct thread thread = { .webhook = taking->config.webhook };
	struct message ignored;
	bool sated = false;
	enum outcome rc;

	if (text_equal(pair.user, other->number))
		return thread_say(db, job->arena, own, &saying, &ignored);
	pair.user = other->number;
	rc = taking_is_sated(taking, db, &pair, &sated);
	if (rc == OK && sated)
		trace_note(&taking->trace, when_now(),
		    arena_format(job->arena,
			"not sent to %s: as many as daily_messages allows",
			other->number));
	if (rc != OK || sated)
		return rc;
	rc = thread_open(
	    db, job->arena, &job->work.account_id, &pair, false, &thread);
	thread.webhook = taking->config.webhook;
	return rc == OK ? thread_say(db, job->arena, &thread, &saying, &ignored)
			: rc;
}

/* Where there are no numbers nobody else can be written to. */
static enum outcome
write_to_others(struct db *db, struct taking *taking, struct thread *thread)
{
	int channel = thread->conversation.pair.channel;
	size_t i;
	enum outcome rc = OK;

	if (!channel_has_pairs((enum channel)channel))
		return OK;
	for (i = 0; rc == OK && i < taking->other_count; i++)
		rc = write_to(db, taking, thread, &taking->others[i]);
	return rc;
}

static enum outcome
conclude(struct db *db, struct taking *taking, struct thread *thread)
{
	struct arena *arena = taking->job->arena;
	const struct handoff handoff = {
		.reason = taking->why,
		.metadata = conversation_agent_handoff(arena, taking->number),
	};
	struct id ignored;

	if (taking->ending == ACTION_HAND_OFF)
		return handoff_begin(db, arena, thread, &handoff);
	if (taking->ending == ACTION_END)
		return thread_end(db, arena, &thread->conversation,
		    CONVERSATION_ENDED, taking->why, &ignored);
	/* What was said wrote it. */
	if (taking->count > 0)
		return OK;
	return conversation_save(db, &thread->conversation);
}

/* One that was kept although the user wrote on is followed by another. */
static enum outcome
follow(struct db *db, struct taking *taking, struct conversation *conversation)
{
	enum outcome rc;

	if (!conversation->is_active || conversation->human_handoff_at != 0 ||
	    conversation->user_seq == taking->conversation.user_seq)
		return OK;
	rc = thread_ask_turn(db, taking->job->arena, conversation,
	    names_text(&turn_event_names, EVENT_TEXTED), when_now());
	return rc == OK ? conversation_save(db, conversation) : rc;
}

/* Where the agent stands now, for its next turn. */
static void
stand(const struct taking *taking, struct conversation *conversation)
{
	const struct turn_state *state = &taking->turn.state;

	conversation->pathway_tags = taking->tags;
	if (taking->pathway == NULL)
		return;
	conversation->position = taking->position;
	conversation->position.node_id = state->node;
	conversation->turn_state = turn_state_write(taking->job->arena, state);
}

static enum outcome
keep_turn(struct db *db, struct taking *taking, struct thread *thread)
{
	struct arena *arena = taking->job->arena;
	struct conversation *conversation = &thread->conversation;
	enum outcome rc;

	conversation->turn_work_id = (struct id){ 0 };
	conversation->turn_discards = 0;
	conversation->variables =
	    variables_lay(arena, conversation->variables, taking->variables);
	stand(taking, conversation);
	rc = say_all(db, taking, thread);
	if (rc == OK)
		rc = write_to_others(db, taking, thread);
	if (rc == OK)
		rc = conclude(db, taking, thread);
	if (rc == OK)
		rc = follow(db, taking, conversation);
	taking->job->result = result_of(taking, conversation);
	return rc == OK ? write_record(db, taking, TURN_DONE, taking->why) : rc;
}

static enum outcome
record(struct db *db, struct job *job)
{
	struct taking *taking = job->context;
	const struct conversation *seen = &taking->conversation;
	struct conversation *conversation = &taking->thread->conversation;

	/* It may be run again. */
	job->outcome = OK;
	job->put_off = false;
	job->due = 0;
	if (id_is_none(&conversation->id))
		return OK;
	taking->thread->webhook = taking->config.webhook;
	job->result = taking_silence(taking, conversation);
	if (job->result != NULL)
		return write_record(db, taking, TURN_DISCARDED, job->result);
	if (conversation->last_seq != seen->last_seq &&
	    conversation->turn_discards < DISCARDS_MOST)
		return discard(db, taking, conversation);
	return keep_turn(db, taking, taking->thread);
}
