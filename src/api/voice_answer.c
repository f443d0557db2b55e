#include "base/base.h"

#include "api/voice.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "db/stmt.h"
#include "model/agent_config.h"
#include "model/message.h"
#include "model/phone.h"
#include "model/progress.h"
#include "model/twiml.h"
#include "store/message.h"

#define HOOK "/v1/hooks/twilio/voice"
#define BRIDGE 2 /* seconds */

static const char sorry[] =
    "I am sorry, something does not work here. Please call again later.";

/* What follows what is said. */
enum next {
	NEXT_LISTEN,
	NEXT_ASK_AGAIN, /* the agent is still thinking */
	NEXT_CONNECT,   /* with a person */
	NEXT_HANG_UP
};

static const struct agent_telephone *
telephone_of(const struct voice *voice)
{
	return &voice->conduct.agent->properties.telephone;
}

static struct twiml_voice
voice_of(const struct voice *voice)
{
	return (struct twiml_voice){
		.language = voice->conduct.agent->voice.language,
		.name = voice->conduct.agent->voice.voice_id,
	};
}

/* What Twilio is to ask next; `step` is where the call is by then. */
static const char *
address(const struct voice *voice, int64_t step, int64_t poll)
{
	struct arena *arena = voice->call->arena;
	const char *path = arena_format(arena, HOOK "?call=%s&step=%lld%s%s",
	    id_text(arena, &voice->calling.call.id), (long long)step,
	    voice->silence > 0 ? arena_format(arena, "&silence=%lld",
				     (long long)voice->silence)
			       : "",
	    poll > 0 ? arena_format(arena, "&poll=%lld", (long long)poll) : "");
	const char *url =
	    config_public_url(arena, voice->call->server->config, path);

	return url != NULL ? url : path;
}

/* --- What is said. */

/* The agent's words since the step that Twilio knows, and since the user
 * spoke: those that it has not been given, or not for sure. */
static bool
is_due(const struct voice *voice, const struct message *message)
{
	return message->sender != SENDER_USER &&
	       message->seq >= voice->query->step &&
	       message->seq > voice->calling.conversation.user_seq;
}

static size_t
say_due(
    const struct voice *voice, const struct rows *messages, struct twiml *twiml)
{
	const struct twiml_voice speaker = voice_of(voice);
	const struct message *list = messages->list;
	size_t i, count = 0;

	for (i = 0; i < messages->count; i++) {
		if (!is_due(voice, &list[i]))
			continue;
		twiml_say(twiml, &speaker, list[i].text);
		count++;
	}
	return count;
}

bool
voice_waits(const struct voice *voice)
{
	const struct conversation *conversation = &voice->calling.conversation;
	int64_t said = voice->query->step - 1;
	int64_t known =
	    conversation->user_seq > said ? conversation->user_seq : said;

	return conversation->is_active && conversation->human_handoff_at == 0 &&
	       !id_is_none(&conversation->turn_work_id) &&
	       conversation->last_seq <= known;
}

/* --- What follows. */

/* Where a person is: as the agent said, or as its config does. */
static const char *
person_of(const struct voice *voice)
{
	const char *number = conversation_transfer_number(
	    voice->call->arena, &voice->calling.conversation);

	if (number != NULL)
		number = phone_plain(voice->call->arena, number);
	if (number != NULL && phone_is_e164(number))
		return number;
	return telephone_of(voice)->transfer_number;
}

/* The agent handed over: the call is put through, or where nobody is named it
 * is over. */
static enum outcome
hand_over(struct voice *voice)
{
	return calling_end(voice->call->db, voice->call->arena,
	    &voice->calling.conversation,
	    person_of(voice) != NULL ? PROGRESS_TRANSFERRED
				     : PROGRESS_COMPLETED,
	    -1, "the agent handed the call over");
}

static enum outcome
despair(struct voice *voice)
{
	return calling_end(voice->call->db, voice->call->arena,
	    &voice->calling.conversation, PROGRESS_FAILED, -1,
	    "the agent had no words for minutes");
}

static enum outcome
decide(struct voice *voice, enum next *next)
{
	struct conversation *conversation = &voice->calling.conversation;
	enum outcome rc = OK;

	*next = NEXT_LISTEN;
	if (conversation->is_active && conversation->human_handoff_at != 0)
		rc = hand_over(voice);
	else if (voice_waits(voice) && voice->query->poll >= VOICE_POLLS)
		rc = despair(voice);
	else if (voice_waits(voice))
		*next = NEXT_ASK_AGAIN;
	if (!conversation->is_active)
		*next = conversation->progress == PROGRESS_TRANSFERRED &&
				person_of(voice) != NULL
			    ? NEXT_CONNECT
			    : NEXT_HANG_UP;
	return rc;
}

static void
listen(struct voice *voice, const struct rows *messages, struct twiml *twiml)
{
	const struct conversation *conversation = &voice->calling.conversation;
	const struct twiml_gather gather = {
		.action = address(voice, conversation->last_seq + 1, 0),
		.language = voice->conduct.agent->voice.language,
		.timeout = telephone_of(voice)->no_input_timeout,
	};

	twiml_open_gather(twiml, &gather);
	(void)say_due(voice, messages, twiml);
	twiml_close_gather(twiml);
}

static void
leave(struct voice *voice, const struct rows *messages, enum next next,
    struct twiml *twiml)
{
	const struct conversation *conversation = &voice->calling.conversation;
	const struct twiml_voice speaker = voice_of(voice);

	(void)say_due(voice, messages, twiml);
	if (conversation->progress == PROGRESS_FAILED)
		twiml_say(twiml, &speaker, sorry);
	if (next == NEXT_CONNECT)
		twiml_dial(twiml, conversation->pair.agent, person_of(voice));
	twiml_hang_up(twiml);
}

enum outcome
voice_answer(struct voice *voice)
{
	struct call *call = voice->call;
	const struct conversation *conversation = &voice->calling.conversation;
	struct twiml twiml;
	struct rows messages;
	enum next next;
	enum outcome rc =
	    message_list(call->db, call->arena, &conversation->account_id,
		&conversation->id, &conversation->pair, &messages);

	if (rc == OK)
		rc = decide(voice, &next);
	if (rc != OK)
		return rc;
	twiml_begin(&twiml, call->arena);
	if (next == NEXT_LISTEN) {
		listen(voice, &messages, &twiml);
	} else if (next == NEXT_ASK_AGAIN) {
		twiml_pause(&twiml, 1);
		twiml_redirect(&twiml,
		    address(voice, voice->query->step, voice->query->poll + 1));
	} else
		leave(voice, &messages, next, &twiml);
	call->twiml = twiml_end(&twiml);
	return OK;
}

void
voice_bridge(const struct voice *voice)
{
	struct twiml twiml;

	if (voice->query->poll >= VOICE_POLLS) {
		voice_turn_away(voice->call, sorry);
		return;
	}
	twiml_begin(&twiml, voice->call->arena);
	twiml_pause(&twiml, BRIDGE);
	twiml_redirect(
	    &twiml, address(voice, voice->query->step, voice->query->poll + 1));
	voice->call->twiml = twiml_end(&twiml);
}

void
voice_turn_away(struct call *call, const char *text)
{
	static const struct twiml_voice plain;
	struct twiml twiml;

	twiml_begin(&twiml, call->arena);
	twiml_say(&twiml, &plain, text);
	twiml_hang_up(&twiml);
	call->twiml = twiml_end(&twiml);
}
