#include "base/base.h"

#include "store/arrival.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/keyword.h"
#include "store/conversation.h"
#include "store/handoff.h"
#include "store/message.h"
#include "store/opt_out.h"

static const char stopped[] =
    "You are unsubscribed and will get no more messages from this number."
    " Reply START to subscribe again.";
static const char started[] =
    "You are subscribed again. Reply HELP for help, STOP to unsubscribe.";
static const char help[] =
    "You are talking with an automated agent. Reply STOP to unsubscribe.";

static enum outcome find_earlier(
    struct db *db, struct arena *arena, struct arrival *arrival);
static enum outcome take(
    struct db *db, struct arena *arena, struct arrival *arrival);

enum outcome
arrival_store(struct db *db, struct arena *arena, struct arrival *arrival)
{
	enum outcome rc = find_earlier(db, arena, arrival);

	return rc == NOT_FOUND ? take(db, arena, arrival) : rc;
}

/* A carrier that had no answer in time brings it again.  That is rare: it is
 * looked for only when the id was found taken. */
static enum outcome
find_earlier(struct db *db, struct arena *arena, struct arrival *arrival)
{
	enum outcome rc = NOT_FOUND;

	if (arrival->conflicts)
		rc = message_find_carrier(db, arena, &arrival->account,
		    arrival->carrier_message_id, &arrival->message);
	if (rc != OK)
		return rc;
	arrival->fate = ARRIVAL_REPEATED;
	arrival->thread.conversation.id = arrival->message.conversation_id;
	return OK;
}

/* START words are answers to who did not say STOP; to who did, there is
 * nothing else to say. */
static enum keyword
keyword_for(const char *text, bool opted_out)
{
	enum keyword keyword = keyword_of(text);

	if (opted_out)
		return keyword == KEYWORD_START ? keyword : KEYWORD_NONE;
	return keyword == KEYWORD_START ? KEYWORD_NONE : keyword;
}

/* A text that opens none joins the one that ended last. */
static bool
joins(const struct arrival *arrival, const struct conversation *found,
    bool silently)
{
	return found->is_active || silently ||
	       !(found->ended_by_client ||
		   arrival->config.restart_after_end_call);
}

/* Most users write where one is open, or for the first time: whether there
 * is any to be joined is one question, and which is another. */
static enum outcome
open_thread(
    struct db *db, struct arena *arena, struct arrival *arrival, bool silently)
{
	struct thread *thread = &arrival->thread;
	const struct id *account = &arrival->account;
	const struct pair *pair = &arrival->pair;
	struct conversation found;
	enum outcome rc =
	    conversation_lock_any(db, arena, account, pair, &found);

	if (rc == OK && !found.is_active)
		rc = conversation_lock_last(db, arena, account, pair, &found);
	if (rc != OK && rc != NOT_FOUND)
		return rc;
	if (rc == OK && joins(arrival, &found, silently))
		*thread = (struct thread){ .conversation = found };
	else
		thread_init(thread, account, pair);
	thread->webhook = arrival->config.webhook;
	return OK;
}

/* Why the agent leaves it unanswered; NULL: it answers. */
static const char *
silence_reason(struct arena *arena, const struct arrival *arrival)
{
	const struct conversation *conversation = &arrival->thread.conversation;

	if (arrival->opted_out)
		return "the user opted out";
	if (!conversation->is_active)
		return "the conversation has ended";
	if (arrival->config.human_mode)
		return "people answer on this number";
	if (conversation->human_handoff_at != 0)
		return "a person has taken over";
	if (keyword_ignores(
		arena, arrival->config.ignore_keywords, arrival->text))
		return "it has a word that is not answered";
	return NULL;
}

/* A while after this text, and not much later than its burst began. */
static int64_t
turn_due(const struct arrival *arrival)
{
	const struct conversation *conversation = &arrival->thread.conversation;
	const struct number_config *config = &arrival->config;
	int64_t now = when_now(), first = now, due, last;

	if (!id_is_none(&conversation->turn_work_id))
		first = conversation->turn_since;
	due = now + (int64_t)(config->debounce * (double)WHEN_SECOND);
	last = first + (int64_t)(config->debounce_max * (double)WHEN_SECOND);
	if (last < now)
		last = now;
	return due < last ? due : last;
}

/* Nobody writes so much for so long without a pause, but another agent. */
static bool
talks_too_much(const struct arrival *arrival)
{
	const struct conversation *conversation = &arrival->thread.conversation;
	int64_t most = arrival->config.loop_guard;

	return most > 0 && conversation->agent_streak >= most &&
	       when_now() - conversation->last_message_at < THREAD_PAUSE;
}

static enum outcome
hand_off(struct db *db, struct arena *arena, struct arrival *arrival)
{
	const struct handoff handoff = {
		.reason = arena_format(arena,
		    "the agent sent %lld messages without a pause: another"
		    " agent may be at the other end",
		    (long long)arrival->thread.conversation.agent_streak),
		.metadata = "{\"source\":\"loop_guard\"}",
	};

	arrival->reason = handoff.reason;
	return handoff_begin(db, arena, &arrival->thread, &handoff);
}

static enum outcome
ask_agent(struct db *db, struct arena *arena, struct arrival *arrival)
{
	arrival->reason = silence_reason(arena, arrival);
	arrival->fate = ARRIVAL_STORED;
	if (arrival->reason == NULL && talks_too_much(arrival))
		return hand_off(db, arena, arrival);
	if (arrival->reason != NULL)
		return OK;
	arrival->fate = ARRIVAL_ANSWERED;
	return thread_ask_turn(db, arena, &arrival->thread.conversation,
	    "texted", turn_due(arrival));
}

static enum outcome
hear(struct db *db, struct arena *arena, struct arrival *arrival)
{
	enum outcome rc;

	arrival->message = (struct message){
		.sender = SENDER_USER,
		.status = MESSAGE_STORED,
		.text = arrival->text,
		.carrier_message_id = arrival->carrier_message_id,
		.media = arrival->media,
	};
	rc = thread_hear(db, arena, &arrival->thread, &arrival->message);
	if (rc == AGAIN)
		arrival->conflicts = arrival->carrier_message_id != NULL;
	arrival->thread.is_new = false;
	return rc;
}

static enum outcome
notify(struct db *db, struct arena *arena, struct arrival *arrival,
    const char *text)
{
	const struct saying saying = {
		.text = text,
		.sender = SENDER_AGENT,
		.is_notice = true,
	};
	struct message ignored;

	return thread_say(db, arena, &arrival->thread, &saying, &ignored);
}

static enum outcome
stop(struct db *db, struct arena *arena, struct arrival *arrival)
{
	struct conversation *conversation = &arrival->thread.conversation;
	struct id ignored;
	enum outcome rc = opt_out_add(db, &arrival->account, &arrival->pair);

	if (rc == OK)
		rc = notify(db, arena, arrival, stopped);
	if (rc == OK && conversation->is_active)
		rc = thread_end(db, arena, conversation,
		    CONVERSATION_BLACKLISTED, "the user opted out", &ignored);
	return rc;
}

static enum outcome
obey(struct db *db, struct arena *arena, struct arrival *arrival,
    enum keyword keyword)
{
	const char *answer = arrival->config.help_message;
	enum outcome rc = OK;

	arrival->fate = ARRIVAL_OBEYED;
	if (keyword == KEYWORD_STOP)
		return stop(db, arena, arrival);
	if (keyword == KEYWORD_HELP)
		return notify(
		    db, arena, arrival, answer != NULL ? answer : help);
	rc = opt_out_remove(db, &arrival->account, &arrival->pair);
	return rc == OK ? notify(db, arena, arrival, started) : rc;
}

static enum outcome
take(struct db *db, struct arena *arena, struct arrival *arrival)
{
	enum keyword keyword = keyword_for(arrival->text, arrival->opted_out);
	enum outcome rc = open_thread(
	    db, arena, arrival, arrival->opted_out || keyword != KEYWORD_NONE);

	if (rc == OK && keyword == KEYWORD_NONE)
		rc = ask_agent(db, arena, arrival);
	if (rc == OK)
		rc = hear(db, arena, arrival);
	if (rc == OK && keyword != KEYWORD_NONE)
		rc = obey(db, arena, arrival, keyword);
	return rc;
}
