#include "base/base.h"

#include "api/hooks_voice.h"

#include "api/call.h"
#include "api/conversation_opening.h"
#include "api/hooks_call.h"
#include "api/hooks_twilio.h"
#include "api/voice.h"
#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/agent_config.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/message.h"
#include "model/progress.h"
#include "model/twilio.h"
#include "store/agent_version.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/number.h"
#include "store/thread.h"

#define STEP_MOST 1000000000
#define COUNT_MOST 1000
#define TALK_MOST 14400 /* seconds; Twilio lets no call last longer */
/* Twilio waits 15 for an answer. */
#define PATIENCE 8

#define AT(member) FIELD_AT(struct voice_query, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "call", FIELD_ID, 0, AT(call), .about = "Our id of the call." },
	{ "step", FIELD_INTEGER, 0, AT(step), 0, STEP_MOST,
	    .about = "How many messages there were when this was asked for,"
	    " and one more; 0: it is the first request." },
	{ "silence", FIELD_INTEGER, 0, AT(silence), 0, COUNT_MOST,
	    .about = "How often in a row nothing was heard before." },
	{ "poll", FIELD_INTEGER, 0, AT(poll), 0, COUNT_MOST,
	    .about = "How often the agent's words were asked for before." },
};
/* clang-format on */

const struct schema voice_query_schema =
    SCHEMA("TwilioVoiceQuery", query_fields, struct voice_query);

static const char nobody[] = "This number does not take calls. Goodbye.";
static const char still_there[] = "Are you still there?";
static const char goodbye[] = "Goodbye.";

/* --- A call that comes in. */

static enum outcome
insert_inbound(struct voice *voice, const struct agent_version *version)
{
	struct call *call = voice->call;
	const struct twilio_call *form = call->body;
	struct thread thread = { .is_new = true };
	struct phone_call phone = {
		.id = id_new(),
		.account_id = call->key.account_id,
		.attempt = 1,
		.is_up = true,
		.carrier_call_id = form->call_sid,
		.talk_most = TALK_MOST,
	};
	enum outcome rc;

	thread.conversation = (struct conversation){
		.id = id_new(),
		.account_id = call->key.account_id,
		.pair = { CHANNEL_TELEPHONE,
		    form->from != NULL ? form->from : "", form->to },
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.direction = DIRECTION_INBOUND,
		.progress = PROGRESS_IN_PROGRESS,
		.agent_id = version->agent_id,
		.agent_version_id = version->id,
		.carrier_call_id = form->call_sid,
	};
	phone.conversation_id = thread.conversation.id;
	rc = thread_write(call->db, &thread);
	if (rc == OK)
		rc = phone_call_insert(call->db, &phone);
	if (rc == OK)
		rc = calling_lock(call->db, call->arena, &call->key.account_id,
		    &phone.id, NULL, &voice->calling);
	if (rc == OK)
		rc = calling_watch(call->db, call->arena, &voice->calling);
	return rc == CONFLICT ? AGAIN : rc;
}

/* The agent in the number's slot takes it, once however often it is asked
 * for.  NOT_FOUND: there is none. */
static enum outcome
take_inbound(struct voice *voice)
{
	struct call *call = voice->call;
	const struct twilio_call *form = call->body;
	const struct id *account = &call->key.account_id;
	struct phone_number number;
	struct agent_version version;
	enum outcome rc = NOT_FOUND;

	if (form->to != NULL)
		rc = number_find(
		    call->db, call->arena, account, form->to, &number);
	if (rc == OK)
		rc = agent_version_find(call->db, call->arena, account,
		    &number.inbound_agent_version_id, &version);
	if (rc == OK && !version.is_active)
		rc = NOT_FOUND;
	return rc == OK ? insert_inbound(voice, &version) : rc;
}

/* NOT_FOUND: it is no call of ours, or not any more. */
static enum outcome
find(struct voice *voice)
{
	struct call *call = voice->call;
	const struct twilio_call *form = call->body;
	struct calling *calling = &voice->calling;
	enum outcome rc =
	    calling_lock(call->db, call->arena, &call->key.account_id,
		&voice->query->call, form->call_sid, calling);

	if (rc == NOT_FOUND && id_is_none(&voice->query->call))
		rc = take_inbound(voice);
	if (rc == OK &&
	    (!calling_is(calling, form->call_sid) || !calling->call.is_last))
		rc = NOT_FOUND;
	if (rc == OK)
		rc = conduct_find(call->db, call->arena, &calling->conversation,
		    &voice->conduct);
	return rc == OK && voice->conduct.agent == NULL ? NOT_FOUND : rc;
}

/* --- What happened. */

static struct thread
thread_of(const struct voice *voice)
{
	const struct conversation *conversation = &voice->calling.conversation;

	return (struct thread){
		.conversation = *conversation,
		.webhook = voice->conduct.config.webhook,
	};
}

static enum outcome
say(struct voice *voice, const char *text)
{
	const struct saying saying = { .text = text, .sender = SENDER_AGENT };
	struct thread thread = thread_of(voice);
	struct message ignored;
	enum outcome rc = thread_say(
	    voice->call->db, voice->call->arena, &thread, &saying, &ignored);

	voice->calling.conversation = thread.conversation;
	return rc;
}

/* Somebody has answered: the agent speaks first. */
static enum outcome
greet(struct voice *voice)
{
	struct call *call = voice->call;
	struct conversation *conversation = &voice->calling.conversation;
	struct opening opening = {
		.thread = thread_of(voice),
		.conduct = voice->conduct,
	};
	const char *words = opening_greeting(call, &opening);
	enum outcome rc;

	if (words != NULL)
		return say(voice, words);
	rc = thread_ask_turn(
	    call->db, call->arena, conversation, "opened", when_now());
	return rc == OK ? conversation_save(call->db, conversation) : rc;
}

/* The message is named by the call and the step, so that it is stored once. */
static enum outcome
hear(struct voice *voice, const char *words)
{
	struct call *call = voice->call;
	const struct twilio_call *form = call->body;
	struct thread thread = thread_of(voice);
	struct message message = {
		.sender = SENDER_USER,
		.status = MESSAGE_STORED,
		.text = words,
		.carrier_message_id = arena_format(call->arena, "%.40s:%lld",
		    form->call_sid, (long long)voice->query->step),
	};
	enum outcome rc = thread_ask_turn(
	    call->db, call->arena, &thread.conversation, "texted", when_now());

	if (rc == OK)
		rc = thread_hear(call->db, call->arena, &thread, &message);
	voice->calling.conversation = thread.conversation;
	return rc;
}

/* Our own words are English: who speaks another language has them in the
 * config, or hears none. */
static const char *
own_words(const struct voice *voice, const char *words)
{
	const char *language = voice->conduct.agent->voice.language;

	return language == NULL || text_starts_nocase(language, "en") ? words
								      : NULL;
}

static enum outcome
part(struct voice *voice)
{
	const char *words = own_words(voice, goodbye);
	enum outcome rc = words != NULL ? say(voice, words) : OK;

	return rc == OK ? calling_end(voice->call->db, voice->call->arena,
			      &voice->calling.conversation, PROGRESS_COMPLETED,
			      -1, "the user said nothing")
			: rc;
}

/* What is said to who says nothing is a message too: the next step. */
static enum outcome
bear_silence(struct voice *voice)
{
	const struct agent_telephone *telephone =
	    &voice->conduct.agent->properties.telephone;
	const char *words = telephone->no_input_message;

	voice->silence = voice->query->silence + 1;
	if (voice->silence > telephone->no_input_retries)
		return part(voice);
	if (words == NULL || text_is_blank(words))
		words = own_words(voice, still_there);
	return words != NULL ? say(voice, words) : OK;
}

/* What was said, or typed; NULL: nothing. */
static const char *
words_of(const struct twilio_call *form)
{
	if (form->speech_result != NULL && !text_is_blank(form->speech_result))
		return form->speech_result;
	return form->digits != NULL && !text_is_blank(form->digits)
		   ? form->digits
		   : NULL;
}

/* Was it borne before, and is answered as then? */
static bool
is_silence_again(const struct voice *voice, const char *words)
{
	const struct conversation *conversation = &voice->calling.conversation;
	int64_t step = voice->query->step;

	return words == NULL && voice->query->poll == 0 && step > 0 &&
	       step <= conversation->last_seq && conversation->user_seq < step;
}

/* What was said after a step that nobody answered yet: something may have
 * been written meanwhile, and it is not lost for that. */
static bool
is_answer(const struct voice *voice)
{
	const struct conversation *conversation = &voice->calling.conversation;
	int64_t step = voice->query->step;

	return step > conversation->user_seq &&
	       step <= conversation->last_seq + 1;
}

/* Only what is new is taken in. */
static enum outcome
take_in(struct voice *voice)
{
	const struct conversation *conversation = &voice->calling.conversation;
	const struct voice_query *query = voice->query;
	const char *words = words_of(voice->call->body);

	if (is_silence_again(voice, words))
		voice->silence = query->silence + 1;
	if (!conversation->is_active || conversation->human_handoff_at != 0 ||
	    !id_is_none(&conversation->turn_work_id) || query->poll > 0)
		return OK;
	if (query->step == 0)
		return conversation->last_seq == 0 ? greet(voice) : OK;
	if (words != NULL)
		return is_answer(voice) ? hear(voice, words) : OK;
	return query->step == conversation->last_seq + 1 ? bear_silence(voice)
							 : OK;
}

/* --- The answer. */

static enum outcome
answer_within(struct db *db, void *context)
{
	struct voice *voice = context;
	struct call *call = voice->call;
	enum outcome rc = calling_lock(db, call->arena, &call->key.account_id,
	    &voice->calling.call.id, NULL, &voice->calling);

	if (rc == OK)
		return voice_answer(voice);
	voice_turn_away(call, "");
	return rc == NOT_FOUND ? OK : rc;
}

/* Whatever came of the turn stands in the conversation. */
static enum outcome
finish(struct call *call, const struct work *works)
{
	struct voice *voice = (struct voice *)call->await.context;
	struct tx tx = { answer_within, tx_repeat, voice };

	(void)works;
	return tx_run(call->db, &tx);
}

/* Where too many requests wait already, this one is asked again; to one out
 * of the spool nobody listens. */
static enum outcome
answer(struct voice *voice)
{
	struct call *call = voice->call;
	struct id *work;

	if (call->is_spooled || !voice_waits(voice) ||
	    voice->query->poll >= VOICE_POLLS || !await_try(call))
		return voice_answer(voice);
	work = arena_alloc(call->arena, sizeof(*work));
	*work = voice->calling.conversation.turn_work_id;
	call->patience = PATIENCE;
	call->await = (struct await){
		.works = work,
		.count = 1,
		.context = voice,
		.finish = finish,
	};
	return OK;
}

/* That it asks says that somebody has answered. */
static enum outcome
report(struct voice *voice)
{
	struct calling_report report;

	if (hooks_call_report(voice->call->body, &report) != OK)
		return OK;
	return calling_report(
	    voice->call->db, voice->call->arena, &voice->calling, &report);
}

enum outcome
hooks_twilio_voice(struct call *call)
{
	const struct twilio_call *form = call->body;
	struct voice *voice = arena_alloc(call->arena, sizeof(*voice));
	enum outcome rc =
	    hooks_twilio_check(call, form->account_sid, &call->key.account_id);

	if (rc != OK)
		return rc;
	call->settled = tx_repeat;
	voice->call = call;
	voice->query = call->query;
	voice->silence = 0;
	rc = find(voice);
	if (rc == NOT_FOUND) {
		voice_turn_away(call, nobody);
		return OK;
	}
	if (rc == OK)
		rc = report(voice);
	if (rc == OK)
		rc = take_in(voice);
	return rc == OK ? answer(voice) : rc;
}

bool
hooks_voice_is_news(const struct call *call)
{
	const struct voice_query *query = call->query;

	return query->poll == 0;
}

void
hooks_voice_bridge(struct call *call)
{
	const struct voice_query *query = call->query;
	const struct voice voice = {
		.call = call,
		.query = query,
		.calling.call.id = query->call,
		.silence = query->silence,
	};

	voice_bridge(&voice);
}
