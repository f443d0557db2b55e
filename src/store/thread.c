#include "base/base.h"

#include "store/thread.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/progress.h"
#include "model/segment.h"
#include "model/send.h"
#include "model/work.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/number.h"
#include "store/webhook.h"
#include "store/work.h"
#include "store/work_queue.h"

#include <json-c/json.h>

/* Why a message of theirs leaves no clock running. */
static const char *const stops[] = {
	[SENDER_USER] = "the user spoke",
	[SENDER_AGENT] = "no time_out and no warning_time",
	[SENDER_HUMAN] = "a person spoke",
};
static_assert(COUNT(stops) == SENDER_N, "a reason for every sender");

static const char *note(
    struct arena *arena, const char *name, const char *value);

void
thread_init(
    struct thread *thread, const struct id *account, const struct pair *pair)
{
	*thread = (struct thread){
		.is_new = true,
		.conversation = {
			.id = id_new(),
			.account_id = *account,
			.pair = *pair,
			.status = CONVERSATION_OPEN,
			.is_active = true,
			.progress = PROGRESS_IN_PROGRESS,
		},
	};
}

enum outcome
thread_open(struct db *db, struct arena *arena, const struct id *account,
    const struct pair *pair, bool restart, struct thread *thread)
{
	struct conversation *conversation = &thread->conversation;
	struct id ignored;
	enum outcome rc =
	    conversation_lock_open(db, arena, account, pair, conversation);

	thread->is_new = false;
	thread->webhook = NULL;
	if (rc == OK && restart) {
		conversation->ended_by_client = true;
		rc = thread_end(db, arena, conversation, CONVERSATION_INACTIVE,
		    "a new conversation was asked for", &ignored);
		if (rc == OK)
			rc = NOT_FOUND;
	}
	if (rc != NOT_FOUND)
		return rc;
	thread_init(thread, account, pair);
	return OK;
}

static enum outcome
write_conversation(struct db *db, const struct thread *thread)
{
	return thread->is_new ? conversation_insert(db, &thread->conversation)
			      : conversation_save(db, &thread->conversation);
}

/* How often the agent spoke since there was a pause or a person. */
static void
count_streak(struct conversation *conversation, const struct message *message,
    int64_t now)
{
	if (now - conversation->last_message_at >= THREAD_PAUSE ||
	    message->sender == SENDER_HUMAN)
		conversation->agent_streak = 0;
	if (message->sender == SENDER_AGENT)
		conversation->agent_streak++;
}

static void
open_at(struct conversation *conversation, int64_t now)
{
	conversation->created_at = now;
	if (conversation->progress == PROGRESS_IN_PROGRESS)
		conversation->answered_at = now;
}

/* Gives a message its place. */
static void
begin(struct thread *thread, struct message *message)
{
	struct conversation *conversation = &thread->conversation;
	int64_t now = when_now();

	message->id = id_new();
	message->conversation_id = conversation->id;
	message->seq = ++conversation->last_seq;
	count_streak(conversation, message, now);
	message->segments = segment_count(message->text, &message->encoding);
	message->created_at = now;
	conversation->message_count++;
	conversation->updated_at = conversation->last_message_at = now;
	if (message->sender == SENDER_USER)
		conversation->user_turn_count++;
	if (thread->is_new)
		open_at(conversation, now);
}

/* What became of a message is known by then, or never. */
#define KNOWN WHEN_DAY

/* Nobody is told of what a client stored itself. */
static enum outcome
tell(struct db *db, struct arena *arena, const struct thread *thread,
    struct message *message)
{
	const struct conversation *conversation = &thread->conversation;
	const char *url = conversation_webhook(conversation, thread->webhook);
	int64_t due = message->created_at;

	if (url == NULL)
		return OK;
	if (message->status == MESSAGE_PENDING ||
	    message->status == MESSAGE_QUEUED)
		due += KNOWN;
	return webhook_enqueue_message(db, arena, conversation, url,
	    message->seq, due, &message->told_work_id);
}

/* Last of all that is written, because its row is the one that others wait
 * for. */
static enum outcome
count_new(struct db *db, const struct thread *thread)
{
	const struct conversation *conversation = &thread->conversation;

	if (!thread->is_new ||
	    !channel_has_pairs((enum channel)conversation->pair.channel))
		return OK;
	return number_count_add(db, &conversation->account_id,
	    conversation->pair.agent, conversation->pair.channel,
	    &conversation->id, 1);
}

enum outcome
thread_write(struct db *db, struct thread *thread)
{
	struct conversation *conversation = &thread->conversation;
	enum outcome rc;

	conversation->updated_at = when_now();
	if (thread->is_new)
		open_at(conversation, conversation->updated_at);
	rc = write_conversation(db, thread);
	if (rc == CONFLICT)
		return AGAIN;
	return rc == OK ? count_new(db, thread) : rc;
}

/* Writes the conversation, the message and the count. */
static enum outcome
finish(
    struct db *db, const struct thread *thread, const struct message *message)
{
	const struct conversation *conversation = &thread->conversation;
	enum outcome rc = write_conversation(db, thread);

	if (rc == OK)
		rc = message_insert(db, &conversation->account_id, message);
	if (rc == CONFLICT)
		rc = AGAIN;
	return rc == OK ? count_new(db, thread) : rc;
}

/* How it ended in the words of the conversations API: as whoever ends it has
 * said already, or as it should. */
static void
conclude(struct conversation *conversation)
{
	int64_t since = conversation->answered_at;

	if (!progress_is_final((enum progress)conversation->progress))
		conversation->progress = PROGRESS_COMPLETED;
	if (since == 0)
		since = conversation->created_at;
	conversation->duration = (conversation->ended_at - since) / WHEN_SECOND;
}

enum outcome
thread_end(struct db *db, struct arena *arena,
    struct conversation *conversation, enum conversation_status status,
    const char *reason, struct id *id)
{
	struct work work = {
		.id = id_new(),
		.account_id = conversation->account_id,
		.subject_id = conversation->id,
		.kind = WORK_CLOSE,
		.state = WORK_WAITING,
		.due = when_now(),
		.payload = note(arena, "reason", reason),
	};
	const char *stopped = note(arena, "stopped", "the conversation ended");
	enum outcome rc = OK;

	if (!id_is_none(&conversation->silence_work_id))
		rc = work_stop(db, &conversation->silence_work_id, stopped);
	if (rc == OK && !id_is_none(&conversation->turn_work_id))
		rc = work_stop(db, &conversation->turn_work_id, stopped);
	conversation->silence_work_id = (struct id){ 0 };
	conversation->turn_work_id = (struct id){ 0 };
	conversation_take_back(arena, conversation);
	conversation->is_active = false;
	conversation->status = status;
	conversation->updated_at = conversation->ended_at = work.due;
	conclude(conversation);
	if (rc == OK)
		rc = conversation_save(db, conversation);
	if (rc == OK)
		rc = work_insert(db, &work);
	if (rc == OK)
		*id = work.id;
	return rc;
}

/* {"name":"value"} */
static const char *
note(struct arena *arena, const char *name, const char *value)
{
	struct json_object *object = json_own(arena, json_object_new_object());

	(void)json_object_object_add(object, name, json_string(value));
	return json_text(arena, object);
}

/* One clock at a time needs no merge key: the conversation is locked, and it
 * knows its clock.  One that is striking finds that the conversation has
 * moved on.  Without silence to watch, what was written is work that is done:
 * the client gets the id of something that it can ask for. */
static enum outcome
write_clock(struct db *db, struct conversation *conversation, int64_t due,
    const char *payload, const char *result)
{
	struct work work = {
		.id = id_new(),
		.account_id = conversation->account_id,
		.subject_id = conversation->id,
		.kind = WORK_SILENCE,
		.state = result == NULL ? WORK_WAITING : WORK_DONE,
		.due = due,
		.payload = payload,
		.result = result,
	};

	conversation->silence_work_id = work.id;
	return work_insert(db, &work);
}

static const char *
clock_payload(struct arena *arena, const struct silence_clock *clock)
{
	return field_write_text(arena, &silence_clock_schema, clock);
}

enum outcome
thread_set_clock(struct db *db, struct arena *arena,
    struct conversation *conversation, const struct silence_clock *clock,
    int64_t due)
{
	const struct id *running = &conversation->silence_work_id;
	const char *payload = clock_payload(arena, clock);
	enum outcome rc = NOT_FOUND;

	if (!id_is_none(running))
		rc = work_move(db, running, due, payload);
	if (rc == NOT_FOUND)
		rc = write_clock(db, conversation, due, payload, NULL);
	return rc;
}

/* The clock that runs, if one does, comes to an end. */
static enum outcome
stop_clock(struct db *db, struct conversation *conversation, const char *result)
{
	struct id clock = conversation->silence_work_id;

	conversation->silence_work_id = (struct id){ 0 };
	return id_is_none(&clock) ? NOT_FOUND : work_stop(db, &clock, result);
}

enum outcome
thread_find_clock(struct db *db, struct arena *arena,
    const struct conversation *conversation, struct silence_clock *clock)
{
	struct work work;
	enum outcome rc;

	if (id_is_none(&conversation->silence_work_id))
		return NOT_FOUND;
	rc = work_find(db, arena, &conversation->account_id,
	    &conversation->silence_work_id, &work);
	if (rc != OK)
		return rc;
	return work.state == WORK_WAITING
		   ? silence_clock_read(arena, work.payload, clock)
		   : NOT_FOUND;
}

enum outcome
thread_stop_clock(struct db *db, struct arena *arena,
    struct conversation *conversation, const char *why)
{
	enum outcome rc =
	    stop_clock(db, conversation, note(arena, "stopped", why));

	return rc == NOT_FOUND ? OK : rc;
}

/* What a message that is only stored does to the clock. */
static enum outcome
set_clock(struct db *db, struct arena *arena, struct conversation *conversation,
    const struct silence *silence, struct message *message)
{
	struct id *running = &conversation->silence_work_id;
	struct silence_clock clock = { message->seq, SILENCE_TIMEOUT,
		message->created_at };
	const char *result;
	int64_t due = 0;
	enum outcome rc;

	if (message->sender == SENDER_AGENT)
		due = silence_due(silence, &clock);
	if (due != 0) {
		rc = thread_set_clock(db, arena, conversation, &clock, due);
		message->work_id = *running;
		return rc;
	}
	message->work_id = *running;
	result = note(arena, "stopped", stops[message->sender]);
	rc = stop_clock(db, conversation, result);
	if (rc != NOT_FOUND)
		return rc;
	rc = write_clock(db, conversation, message->created_at,
	    clock_payload(arena, &clock), result);
	message->work_id = *running;
	*running = (struct id){ 0 };
	return rc;
}

/* What a message that leaves causes. */
static enum outcome
send_later(struct db *db, struct arena *arena,
    const struct conversation *conversation, struct message *message,
    const struct saying *saying, enum channel_way way)
{
	struct send_order order = { message->id, message->seq,
		saying->starts_clock, saying->is_notice, saying->template };
	struct thread_claim *claim = saying->claim;
	struct work work = {
		.id = id_new(),
		.account_id = conversation->account_id,
		.subject_id = conversation->id,
		.kind = way == WAY_MAIL ? WORK_MAIL : WORK_SEND,
		.state = WORK_WAITING,
		.due = message->created_at,
	};

	work.payload = field_write_text(arena, &send_order_schema, &order);
	if (claim != NULL)
		work.id = claim->work.id;
	message->work_id = work.id;
	if (claim == NULL)
		return work_insert(db, &work);
	claim->work = work;
	return work_insert_claimed(
	    db, &claim->work, claim->worker, claim->lease);
}

/* The clock of what was said before gives way to that of what is said. */
static enum outcome
start_saying(struct db *db, struct arena *arena,
    struct conversation *conversation, const struct saying *saying)
{
	enum outcome rc = OK;

	if (saying->starts_clock)
		rc = stop_clock(db, conversation,
		    note(arena, "stopped", "the agent spoke"));
	return rc == NOT_FOUND ? OK : rc;
}

enum outcome
thread_append(struct db *db, struct arena *arena, struct thread *thread,
    const struct silence *number, struct message *message)
{
	struct conversation *conversation = &thread->conversation;
	struct silence silence = silence_over(&conversation->silence, number);
	enum outcome rc;

	begin(thread, message);
	if (message->sender == SENDER_USER) {
		conversation->user_seq = message->seq;
		conversation->user_at = message->created_at;
	}
	rc = set_clock(db, arena, conversation, &silence, message);
	return rc == OK ? finish(db, thread, message) : rc;
}

enum outcome
thread_say(struct db *db, struct arena *arena, struct thread *thread,
    const struct saying *saying, struct message *message)
{
	struct conversation *conversation = &thread->conversation;
	enum channel_way way =
	    channel_way((enum channel)conversation->pair.channel);
	enum outcome rc;

	*message = (struct message){
		.sender = (int)saying->sender,
		.status = way == WAY_FETCHED ? MESSAGE_STORED : MESSAGE_PENDING,
		.text = saying->text,
	};
	if (saying->claim != NULL)
		message->status = MESSAGE_QUEUED;
	begin(thread, message);
	rc = start_saying(db, arena, conversation, saying);
	if (rc == OK && way != WAY_FETCHED)
		rc = send_later(db, arena, conversation, message, saying, way);
	if (rc == OK)
		rc = tell(db, arena, thread, message);
	return rc == OK ? finish(db, thread, message) : rc;
}

enum outcome
thread_hear(struct db *db, struct arena *arena, struct thread *thread,
    struct message *message)
{
	struct conversation *conversation = &thread->conversation;
	enum outcome rc;

	begin(thread, message);
	conversation->user_seq = message->seq;
	conversation->user_at = message->created_at;
	message->work_id = conversation->turn_work_id;
	rc = stop_clock(
	    db, conversation, note(arena, "stopped", stops[SENDER_USER]));
	if (rc == OK || rc == NOT_FOUND)
		rc = tell(db, arena, thread, message);
	return rc == OK ? finish(db, thread, message) : rc;
}

/* Is it one that runs, and will look at what was said? */
static enum outcome
runs(
    struct db *db, struct arena *arena, const struct conversation *conversation)
{
	struct work work;
	enum outcome rc = work_find(db, arena, &conversation->account_id,
	    &conversation->turn_work_id, &work);

	if (rc != OK)
		return rc;
	return work.state == WORK_RUNNING || work.state == WORK_WAITING
		   ? OK
		   : NOT_FOUND;
}

enum outcome
thread_ask_turn(struct db *db, struct arena *arena,
    struct conversation *conversation, const char *event, int64_t due)
{
	const struct id *waiting = &conversation->turn_work_id;
	struct work work = {
		.id = id_new(),
		.account_id = conversation->account_id,
		.subject_id = conversation->id,
		.kind = WORK_TURN,
		.state = WORK_WAITING,
		.due = due,
		.payload = note(arena, "event", event),
	};
	enum outcome rc = NOT_FOUND;

	if (!id_is_none(waiting))
		rc = work_move(db, waiting, due, work.payload);
	if (rc == NOT_FOUND && !id_is_none(waiting))
		rc = runs(db, arena, conversation);
	if (rc != NOT_FOUND)
		return rc;
	conversation->turn_work_id = work.id;
	conversation->turn_since = when_now();
	conversation->turn_discards = 0;
	return work_insert(db, &work);
}

enum outcome
thread_start_clock(struct db *db, struct arena *arena,
    struct conversation *conversation, const struct silence *number,
    int64_t seq)
{
	struct silence silence = silence_over(&conversation->silence, number);
	struct silence_clock clock = { .seq = seq, .since = when_now() };
	int64_t due = silence_due(&silence, &clock);
	enum outcome rc;

	if (due == 0 || conversation->last_seq != seq ||
	    conversation->human_handoff_at != 0)
		return OK;
	rc = thread_set_clock(db, arena, conversation, &clock, due);
	if (rc != OK)
		return rc;
	conversation->updated_at = clock.since;
	return conversation_save_clock(db, conversation);
}
