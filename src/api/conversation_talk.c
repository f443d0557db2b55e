#include "base/base.h"

#include "api/conversation_talk.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/when.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/message.h"
#include "model/progress.h"
#include "model/transcript.h"
#include "model/turn_record.h"
#include "model/turn_result.h"
#include "model/work.h"
#include "store/conversation.h"
#include "store/thread.h"
#include "store/turns.h"
#include "store/work.h"

enum interactivity { INTERACTIVITY_PLAIN, INTERACTIVITY_RICH, INTERACTIVITY_N };

static const char *const interactivity_words[] = {
	[INTERACTIVITY_PLAIN] = "plain",
	[INTERACTIVITY_RICH] = "rich",
};
static_assert(COUNT(interactivity_words) == INTERACTIVITY_N,
    "a word for every interactivity");

static const struct names interactivity_names = NAMES(interactivity_words);

struct talk {
	const char *text;
	int interactivity; /* enum interactivity */
};

struct talk_query {
	bool stream;
};

struct reply {
	struct id conversation_id;
	const char *reply;
	struct list tool_calls; /* struct transcript_turn */
	const char *widgets;
};

struct closed {
	struct id conversation_id;
	int status; /* enum progress */
	int64_t duration;
	const char *summary;
};

#define REPLY_AT(member) FIELD_AT(struct reply, member)
#define CLOSED_AT(member) FIELD_AT(struct closed, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "stream", FIELD_BOOLEAN, 0, FIELD_AT(struct talk_query, stream),
	    .about = "Only false: an agent's words are known once its turn is"
	             " recorded, and are not sent before." },
};

static const struct field message_fields[] = {
	{ "text", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    FIELD_AT(struct talk, text), 1, MESSAGE_LONG_MOST,
	    .about = "What the user says." },
	{ "interactivity", FIELD_NAME, 0, FIELD_AT(struct talk, interactivity),
	    .names = &interactivity_names,
	    .about = "rich: the agent may answer with widgets, too." },
};

static const struct field reply_fields[] = {
	{ "conversation_id", FIELD_ID, 0, REPLY_AT(conversation_id) },
	{ "reply", FIELD_TEXT, 0, REPLY_AT(reply),
	    .about = "Empty where the agent says nothing: a person has taken"
	             " over." },
	{ "tool_calls", FIELD_LIST, 0, REPLY_AT(tool_calls),
	    .schema = &transcript_turn_schema,
	    .about = "Calls and their results, by call_id." },
	{ "widgets", FIELD_ARRAY, FIELD_SPARSE, REPLY_AT(widgets),
	    .about = "Only if rich: type and data of each." },
};

static const struct field closed_fields[] = {
	{ "conversation_id", FIELD_ID, 0, CLOSED_AT(conversation_id) },
	{ "status", FIELD_NAME, 0, CLOSED_AT(status),
	    .names = &progress_names },
	{ "duration", FIELD_INTEGER, 0, CLOSED_AT(duration),
	    .about = "Seconds." },
	{ "summary", FIELD_TEXT, FIELD_NULLABLE, CLOSED_AT(summary),
	    .about = "Where the config asks for one, it is there soon after"
	             " the end." },
};
/* clang-format on */

const struct schema conversation_message_query_schema =
    SCHEMA("ConversationMessageQuery", query_fields, struct talk_query);
const struct schema conversation_message_schema =
    SCHEMA("ConversationMessage", message_fields, struct talk);
const struct schema conversation_reply_schema =
    SCHEMA("ConversationReply", reply_fields, struct reply);
const struct schema conversation_closed_schema =
    SCHEMA("ConversationClosed", closed_fields, struct closed);

static const char thing[] = "conversation";

/* Locked.  404, 409. */
static enum outcome
lock_text(struct call *call, struct conversation *conversation)
{
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CONVERSATION_NOT_FOUND, thing, &id);

	if (rc == OK)
		rc = conversation_lock(call->db, call->arena,
		    &call->key.account_id, &id, conversation);
	if (rc != OK)
		return call_missing(
		    call, rc, CONVERSATION_NOT_FOUND, NULL, thing);
	if (conversation->pair.channel != CHANNEL_TEXT)
		return call_refuse(call, CHANNEL_NOT_TEXT, NULL,
		    "this conversation is on %s; only one on text takes this",
		    names_text(&channel_names, conversation->pair.channel));
	return OK;
}

/* --- A message, and its answer. */

const char *
conversation_said(struct call *call, const struct work *work)
{
	struct turn_result result;

	if (turn_result_read(call->arena, work->result, &result) != OK)
		return "";
	return turn_result_text(call->arena, &result);
}

enum outcome
conversation_not_answered(struct call *call, const struct work *work)
{
	if (work->reason == NULL)
		return await_refuse(call,
		    "RESULT_NOT_READY: the answer takes longer than a request"
		    " may wait; the message is kept, and the answer will be in"
		    " GET /v1/conversations/{conversation_id}");
	return await_refuse(call,
	    arena_format(call->arena,
		"%s; the message is kept, and is answered once the cause is"
		" gone",
		work->reason));
}

/* From the trace of the turn, where it made any. */
static enum outcome
find_tool_calls(struct call *call, const struct work *work,
    const struct turn_result *result, struct list *tool_calls)
{
	const struct list none = { NULL, 0 };
	struct turn_record record;
	enum outcome rc;

	if (result->tool_calls == 0)
		return OK;
	rc = turns_find(call->db, call->arena, &call->key.account_id,
	    &work->subject_id, &result->turn_id, &record);
	if (rc == OK)
		*tool_calls = transcript_new(
		    call->arena, &none, &(struct list){ &record, 1 })
				  ->turns;
	return rc == NOT_FOUND ? OK : rc;
}

static enum outcome
finish(struct call *call, const struct work *works)
{
	const struct talk *body = call->body;
	struct reply *answer = call->answer;
	struct turn_result result = { .tool_calls = 0 };

	if (works[0].state != WORK_DONE)
		return conversation_not_answered(call, &works[0]);
	*answer = (struct reply){
		.conversation_id = works[0].subject_id,
		.reply = "",
	};
	/* A turn that was stopped has no result, and no calls. */
	if (turn_result_read(call->arena, works[0].result, &result) == OK)
		answer->reply = turn_result_text(call->arena, &result);
	if (body->interactivity == INTERACTIVITY_RICH)
		answer->widgets =
		    result.widgets != NULL ? result.widgets : "[]";
	return find_tool_calls(call, &works[0], &result, &answer->tool_calls);
}

static enum outcome
finish_busy(struct call *call, const struct work *works)
{
	(void)works;
	response_header(&call->response, "Retry-After", "2");
	return call_refuse(call, TURN_IN_PROGRESS, NULL,
	    "the message before is still being answered; this one was not"
	    " taken");
}

static enum outcome
wait_for(struct call *call, const struct id *work, bool again)
{
	struct id *id = arena_alloc(call->arena, sizeof(*id));

	*id = *work;
	call->await =
	    (struct await){ id, 1, NULL, again, again ? finish_busy : finish };
	return OK;
}

static enum outcome
is_asked(struct db *db, void *context)
{
	struct call *call = context;
	struct work ignored;

	return work_find(
	    db, call->arena, &call->key.account_id, call->witness, &ignored);
}

/* Is the turn that the conversation knows of under way?  OK, NOT_FOUND. */
static enum outcome
turn_runs(struct call *call, const struct conversation *conversation)
{
	struct work work;
	enum outcome rc = NOT_FOUND;

	if (!id_is_none(&conversation->turn_work_id))
		rc = work_find(call->db, call->arena, &call->key.account_id,
		    &conversation->turn_work_id, &work);
	if (rc == OK && work.state != WORK_RUNNING &&
	    (work.state != WORK_WAITING || work.attempt > 0))
		rc = NOT_FOUND;
	return rc;
}

static enum outcome
ask_turn(struct call *call, struct conversation *conversation)
{
	const struct talk *body = call->body;
	int64_t now = when_now();
	enum outcome rc =
	    thread_ask_turn(call->db, call->arena, conversation, "texted", now);

	if (rc == OK && body->interactivity == INTERACTIVITY_RICH)
		rc = work_move(call->db, &conversation->turn_work_id, now,
		    "{\"event\":\"texted\",\"rich\":true}");
	return rc;
}

static enum outcome
hear(struct call *call, struct thread *thread)
{
	const struct talk *body = call->body;
	struct message message = {
		.sender = SENDER_USER,
		.status = MESSAGE_STORED,
		.text = body->text,
	};
	struct conversation *conversation = &thread->conversation;
	struct reply *answer = call->answer;
	bool answers = conversation->human_handoff_at == 0;
	enum outcome rc = OK;

	conversation->progress = PROGRESS_IN_PROGRESS;
	if (answers)
		rc = ask_turn(call, conversation);
	if (rc == OK)
		rc = thread_hear(call->db, call->arena, thread, &message);
	if (rc != OK)
		return rc;
	*answer = (struct reply){ conversation->id, "", { NULL, 0 }, NULL };
	if (!answers)
		return OK;
	(void)wait_for(call, &conversation->turn_work_id, false);
	call->witness = call->await.works;
	call->settled = is_asked;
	return OK;
}

enum outcome
conversation_message(struct call *call)
{
	struct thread thread = { .is_new = false };
	struct conversation *conversation = &thread.conversation;
	const struct talk_query *query = call->query;
	enum outcome rc;

	if (query->stream)
		return call_refuse(call, INVALID_PARAMETER, "/stream",
		    "answers are not streamed: what a model says may be thrown"
		    " away until its turn is recorded; leave stream out");
	rc = await_begin(call);
	if (rc == OK && call->resumed != NULL)
		return wait_for(call, &call->resumed[0], false);
	if (rc == OK)
		rc = lock_text(call, conversation);
	if (rc != OK)
		return rc;
	if (!progress_is_active((enum progress)conversation->progress))
		return call_refuse(call, CONVERSATION_HAS_ENDED, NULL,
		    "this conversation is %s: create another",
		    names_text(&progress_names, conversation->progress));
	rc = turn_runs(call, conversation);
	if (rc == OK)
		return wait_for(call, &conversation->turn_work_id, true);
	if (rc != NOT_FOUND)
		return rc;
	thread.webhook = conversation->webhook;
	return hear(call, &thread);
}

/* --- The end. */

enum outcome
conversation_close(struct call *call)
{
	struct closed *answer = call->answer;
	struct conversation conversation;
	struct id ignored;
	enum outcome rc = lock_text(call, &conversation);

	if (rc == OK && conversation.is_active)
		rc = thread_end(call->db, call->arena, &conversation,
		    CONVERSATION_ENDED, "Conversation ended via API", &ignored);
	if (rc != OK)
		return rc;
	if (conversation.progress != PROGRESS_COMPLETED)
		return call_refuse(call, CONVERSATION_HAS_ENDED, NULL,
		    "this conversation ended as %s",
		    names_text(&progress_names, conversation.progress));
	call->settled = tx_repeat;
	*answer = (struct closed){
		.conversation_id = conversation.id,
		.status = conversation.progress,
		.duration = conversation.duration,
		.summary = conversation.summary,
	};
	return OK;
}
