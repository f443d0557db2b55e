/*
 * What happens to a conversation in one transaction: opening, messages, the
 * clock of silence, the end; and two who race for one pair.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/segment.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/number.h"
#include "store/thread.h"
#include "store/work.h"

#include "database.h"
#include "tap.h"

#define AGENT "+15550100001"
#define RACERS 6
#define ROUNDS 15
#define CLOCK(seq, stage) "{\"seq\":" seq ",\"stage\":\"" stage "\"}"

static const struct silence no_clock = { 0, 0, NULL, NULL };
static const struct silence clock_900 = { 900, 0, "bye", NULL };

/* One message, as a request brings it. */
struct request {
	struct database *d;
	struct pair pair;
	bool restart;
	const struct silence *silence;
	struct message message;
	struct thread thread; /* what came of it */
	const struct silence *own;
};

static struct request
request_of(struct database *d, const char *user, int sender,
    const struct silence *silence)
{
	return (struct request){
		.d = d,
		.pair = { CHANNEL_SMS, user, AGENT },
		.silence = silence,
		.message = { .sender = sender, .text = "hello" },
	};
}

static enum outcome
run_request(struct db *db, void *context)
{
	struct request *request = context;
	struct database *d = request->d;
	enum outcome rc = thread_open(db, d->arena, &d->account, &request->pair,
	    request->restart, &request->thread);

	if (rc == OK && request->own != NULL)
		request->thread.conversation.silence = *request->own;
	if (rc == OK)
		rc = thread_append(db, d->arena, &request->thread,
		    request->silence, &request->message);
	return rc;
}

static enum outcome
deliver(struct request *request)
{
	const struct tx tx = { run_request, tx_repeat, request };

	return tx_run(request->d->db, &tx);
}

/* Delivers one that must work, and reads the conversation back. */
static struct conversation
say(struct database *d, const char *user, int sender,
    const struct silence *silence, struct message *message)
{
	struct request request = request_of(d, user, sender, silence);
	struct conversation found;

	must(deliver(&request));
	must(conversation_find(d->db, d->arena, &d->account,
	    &request.message.conversation_id, &found));
	*message = request.message;
	return found;
}

static struct work
work_of(struct database *d, const struct id *id)
{
	struct work work = { .state = -1 };

	must(work_find(d->db, d->arena, &d->account, id, &work));
	return work;
}

static int64_t
count_number(struct database *d)
{
	return database_number(
	    d->db, "SELECT COALESCE(SUM(conversations), 0) FROM number_count");
}

static void
test_open(struct database *d)
{
	struct pair pair = { CHANNEL_SMS, "+1open", AGENT };
	struct thread thread;

	is_outcome(
	    thread_open(d->db, d->arena, &d->account, &pair, false, &thread),
	    OK, "a pair without a conversation gets one");
	ok(thread.is_new && !id_is_none(&thread.conversation.id),
	    "it is new, with an id");
	ok(thread.conversation.is_active &&
		thread.conversation.status == CONVERSATION_OPEN &&
		id_equal(&thread.conversation.account_id, &d->account),
	    "it is open, and the account's");
	is_text(thread.conversation.pair.user, "+1open", "of this pair");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM conversation"), 0,
	    "before the first message nothing is written");
	is_outcome(
	    thread_open(d->db, d->arena, &d->account, &pair, true, &thread), OK,
	    "a restart without a conversation opens one as well");
	ok(thread.is_new, "which is new");
}

static void
test_append(struct database *d)
{
	struct message first, second;
	struct conversation c;
	int64_t before = when_now(), count = count_number(d);

	c = say(d, "+1append", SENDER_USER, &no_clock, &first);
	is_int(first.seq, 1, "the first message is number 1");
	is_int(c.last_seq, 1, "the conversation knows it");
	is_int(c.message_count, 1, "and counts it");
	ok(!id_is_none(&first.id), "a message gets an id");
	is_int(first.segments, 1, "and its segments");
	is_int(first.encoding, ENCODING_GSM7, "and its encoding");
	ok(first.created_at >= before && first.created_at <= when_now(),
	    "and the present time");
	ok(c.created_at == first.created_at &&
		c.updated_at == first.created_at &&
		c.last_message_at == first.created_at,
	    "which is the new conversation's time");
	is_int(count_number(d), count + 1,
	    "a new conversation counts for its number");
	c = say(d, "+1append", SENDER_USER, &no_clock, &second);
	ok(id_equal(&first.conversation_id, &second.conversation_id),
	    "the next message joins the same conversation");
	is_int(second.seq, 2, "as number 2");
	is_int(c.created_at, first.created_at,
	    "the conversation is as old as before");
	is_int(c.last_message_at, second.created_at, "and last spoke now");
	is_int(count_number(d), count + 1, "it is not counted twice");
}

static void
test_failed(struct database *d)
{
	struct request twin = request_of(d, "+1failed", SENDER_USER, &no_clock);
	struct request fresh = twin;
	struct message first, next;
	struct conversation c;
	int64_t count;

	(void)say(d, "+1failed", SENDER_USER, &no_clock, &first);
	twin.message.carrier_message_id = "SM-failed";
	must(deliver(&twin));
	count = count_number(d);
	is_outcome(deliver(&twin), AGAIN,
	    "a carrier's message that is there already is to come again");
	fresh.pair.user = "+1failed too";
	fresh.message.carrier_message_id = "SM-failed";
	is_outcome(
	    deliver(&fresh), AGAIN, "also where it would open a conversation");
	is_int(count_number(d), count, "which is not counted then");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM conversation"
				      " WHERE user_key = '+1failed too'"),
	    0, "nor is it there");
	c = say(d, "+1failed", SENDER_USER, &no_clock, &next);
	is_int(next.seq, 3, "what failed leaves no gap");
	is_int(c.message_count, 3, "and is not counted");
}

/* A clock's payload without its last member, the time when it began. */
static const char *
clock_of(struct database *d, const char *payload)
{
	const char *since = strstr(payload, ",\"since\"");

	return since == NULL ? payload
			     : arena_format(d->arena, "%.*s}",
				   (int)(since - payload), payload);
}

static void
test_arm(struct database *d)
{
	struct message first, second, third;
	struct conversation c;
	struct work work;

	c = say(d, "+1arm", SENDER_AGENT, &clock_900, &first);
	ok(id_equal(&c.silence_work_id, &first.work_id),
	    "an agent's message starts the clock");
	work = work_of(d, &first.work_id);
	is_int(work.kind, WORK_SILENCE, "which is work");
	is_int(work.state, WORK_WAITING, "that waits");
	is_int(work.due, first.created_at + 900 * WHEN_SECOND,
	    "until the time is out");
	is_text(clock_of(d, work.payload), "{\"seq\":1,\"stage\":\"timeout\"}",
	    "for an answer to the message");
	ok(id_equal(&work.subject_id, &c.id), "whose work it is");
	c = say(d, "+1arm", SENDER_AGENT, &clock_900, &second);
	ok(id_equal(&second.work_id, &first.work_id) &&
		id_equal(&c.silence_work_id, &first.work_id),
	    "the agent's next message moves the same clock");
	work = work_of(d, &first.work_id);
	is_int(
	    work.due, second.created_at + 900 * WHEN_SECOND, "to its own time");
	is_text(clock_of(d, work.payload), "{\"seq\":2,\"stage\":\"timeout\"}",
	    "and its own message");
	c = say(d, "+1arm", SENDER_USER, &clock_900, &third);
	ok(id_is_none(&c.silence_work_id), "a user's message stops the clock");
	ok(id_equal(&third.work_id, &first.work_id),
	    "the message says which work that was");
	work = work_of(d, &first.work_id);
	is_int(work.state, WORK_DONE, "the work is done");
	is_text(
	    work.result, "{\"stopped\":\"the user spoke\"}", "and says why");
}

static void
test_rearm(struct database *d)
{
	struct message first, second, third, last;
	struct conversation c;

	(void)say(d, "+1rearm", SENDER_AGENT, &clock_900, &first);
	(void)say(d, "+1rearm", SENDER_USER, &clock_900, &second);
	c = say(d, "+1rearm", SENDER_AGENT, &clock_900, &third);
	ok(!id_equal(&third.work_id, &first.work_id) &&
		id_equal(&c.silence_work_id, &third.work_id),
	    "a clock that was stopped is followed by another");
	is_int(work_of(d, &third.work_id).state, WORK_WAITING, "which waits");
	database_do(d->db,
	    "UPDATE work SET state = 'done', merge_key = NULL"
	    " WHERE id = %s",
	    database_id(d->arena, &third.work_id));
	c = say(d, "+1rearm", SENDER_AGENT, &clock_900, &last);
	ok(!id_equal(&last.work_id, &third.work_id) &&
		id_equal(&c.silence_work_id, &last.work_id),
	    "a clock that struck is followed by another");
	is_text(clock_of(d, work_of(d, &last.work_id).payload),
	    "{\"seq\":4,\"stage\":\"timeout\"}", "for the last message");
	is_text(clock_of(d, work_of(d, &third.work_id).payload),
	    "{\"seq\":3,\"stage\":\"timeout\"}", "and stays as it was");
}

static void
test_striking(struct database *d)
{
	struct request request =
	    request_of(d, "+1striking", SENDER_AGENT, &clock_900);
	struct message message;
	struct conversation c;

	(void)say(d, "+1striking", SENDER_AGENT, &clock_900, &message);
	database_do(d->db, "UPDATE work SET state = 'running' WHERE id = %s",
	    database_id(d->arena, &message.work_id));
	is_outcome(deliver(&request), OK,
	    "while the clock strikes, an agent's message is let in");
	ok(!id_equal(&request.message.work_id, &message.work_id),
	    "and starts another clock");
	c = say(d, "+1striking", SENDER_USER, &clock_900, &message);
	is_int(c.last_seq, 3, "a user's message is let in");
	is_int(work_of(d, &message.work_id).state, WORK_DONE,
	    "and stops that one");
	ok(id_is_none(&c.silence_work_id), "for the conversation it stands");
}

static void
test_no_clock(struct database *d)
{
	const struct silence warned = { 900, 300, "bye", "still there?" };
	const struct silence own = { 60, 0, NULL, NULL };
	struct request request =
	    request_of(d, "+1own", SENDER_AGENT, &clock_900);
	struct message message;
	struct conversation c;
	struct work work;

	c = say(d, "+1none", SENDER_AGENT, &no_clock, &message);
	ok(id_is_none(&c.silence_work_id), "without settings no clock runs");
	work = work_of(d, &message.work_id);
	is_int(work.state, WORK_DONE, "the message's work is done at once");
	is_text(work.result,
	    "{\"stopped\":\"no time_out and no warning_time\"}",
	    "and says why");
	(void)say(d, "+1none", SENDER_HUMAN, &clock_900, &message);
	is_text(work_of(d, &message.work_id).result,
	    "{\"stopped\":\"a person spoke\"}",
	    "a person's message starts no clock");
	(void)say(d, "+1none", SENDER_USER, &clock_900, &message);
	is_text(work_of(d, &message.work_id).result,
	    "{\"stopped\":\"the user spoke\"}",
	    "a user's message starts no clock");
	(void)say(d, "+1warned", SENDER_AGENT, &warned, &message);
	is_int(work_of(d, &message.work_id).due,
	    message.created_at + 300 * WHEN_SECOND,
	    "the warning comes before the end");
	is_text(clock_of(d, work_of(d, &message.work_id).payload),
	    CLOCK("1", "warning"), "and the clock knows what it strikes for");
	request.own = &own;
	must(deliver(&request));
	is_int(work_of(d, &request.message.work_id).due,
	    request.message.created_at + 60 * WHEN_SECOND,
	    "a conversation's own time is over its number's");
}

struct ending {
	struct database *d;
	struct id id;
	enum conversation_status status;
	struct id work;
};

static enum outcome
run_ending(struct db *db, void *context)
{
	struct ending *ending = context;
	struct database *d = ending->d;
	struct conversation c;
	enum outcome rc =
	    conversation_lock(db, d->arena, &d->account, &ending->id, &c);

	if (rc == OK)
		rc = thread_end(db, d->arena, &c, ending->status, "said \"so\"",
		    &ending->work);
	return rc;
}

static void
test_end(struct database *d)
{
	struct message first, next;
	struct conversation c =
	    say(d, "+1end", SENDER_AGENT, &clock_900, &first);
	struct ending ending = { d, c.id, CONVERSATION_TIMEOUT, { { 0 } } };
	const struct tx tx = { run_ending, tx_repeat, &ending };
	int64_t before = when_now(), count = count_number(d);

	is_outcome(tx_run(d->db, &tx), OK, "a conversation ends");
	must(conversation_find(d->db, d->arena, &d->account, &c.id, &c));
	ok(!c.is_active, "then it is not active");
	is_int(c.status, CONVERSATION_TIMEOUT, "it says how it ended");
	ok(c.ended_at >= before && c.ended_at <= when_now() &&
		c.updated_at == c.ended_at,
	    "and when");
	ok(id_is_none(&c.silence_work_id), "its clock stands");
	is_text(work_of(d, &first.work_id).result,
	    "{\"stopped\":\"the conversation ended\"}", "and says why");
	is_text(database_text(d->db, d->arena,
		    "SELECT payload FROM work WHERE kind = 'close'"
		    " AND state = 'waiting' AND subject_id = %s",
		    database_id(d->arena, &c.id)),
	    "{\"reason\":\"said \\\"so\\\"\"}",
	    "the work that follows an end is written");
	is_int(work_of(d, &ending.work).kind, WORK_CLOSE,
	    "and its id is given out");
	c = say(d, "+1end", SENDER_USER, &clock_900, &next);
	ok(!id_equal(&c.id, &ending.id) && next.seq == 1,
	    "the next message opens another conversation");
	is_int(count_number(d), count + 1, "which counts");
}

static void
test_restart(struct database *d)
{
	struct request request =
	    request_of(d, "+1restart", SENDER_USER, &no_clock);
	struct message first;
	struct conversation old =
	    say(d, "+1restart", SENDER_AGENT, &clock_900, &first);
	int64_t count = count_number(d);

	request.restart = true;
	is_outcome(deliver(&request), OK, "a conversation is restarted");
	ok(request.thread.is_new &&
		!id_equal(&request.message.conversation_id, &old.id),
	    "the message opens a new one");
	is_int(request.message.seq, 1, "as its first");
	must(conversation_find(d->db, d->arena, &d->account, &old.id, &old));
	ok(!old.is_active && old.status == CONVERSATION_INACTIVE,
	    "the old one is archived");
	is_int(work_of(d, &first.work_id).state, WORK_DONE,
	    "with its clock stopped");
	is_int(database_number(d->db,
		   "SELECT COUNT(*) FROM work WHERE kind = 'close'"
		   " AND subject_id = %s",
		   database_id(d->arena, &old.id)),
	    1, "and what follows an end");
	is_int(count_number(d), count + 1, "the new one counts");
}

static void
test_accounts(struct database *d)
{
	struct database theirs = *d;
	struct message ours, message;
	struct conversation c;

	(void)say(d, "+1shared", SENDER_AGENT, &clock_900, &ours);
	theirs.account = d->stranger;
	c = say(&theirs, "+1shared", SENDER_USER, &no_clock, &message);
	is_int(message.seq, 1,
	    "the same pair in another account is another conversation");
	ok(id_equal(&c.account_id, &d->stranger), "of that account");
	is_int(work_of(d, &ours.work_id).state, WORK_WAITING,
	    "and stops no clock here");
}

static enum outcome
child_delivers(struct database *d, void *context)
{
	struct request *request = context;
	enum outcome rc;

	request->d = d;
	rc = deliver(request);
	return rc == OK && request->thread.is_new ? NOT_FOUND : rc;
}

/* The first has opened the pair's conversation and has not committed. */
static void
test_second_waits(struct database *d)
{
	struct request first = request_of(d, "+1waits", SENDER_USER, &no_clock);
	struct request second = first;
	pid_t child;

	database_begin(d->db);
	must(run_request(d->db, &first));
	child = database_fork(d, &second, child_delivers);
	ok(database_waits(d, 1), "who comes second for a pair waits");
	database_commit(d->db);
	is_outcome(database_join(child), OK,
	    "and then joins the first one's conversation");
	is_int(database_number(d->db, "SELECT last_seq FROM conversation"
				      " WHERE user_key = '+1waits'"),
	    2, "with the next seq");
	first = request_of(d, "+1taken back", SENDER_USER, &no_clock);
	second = first;
	database_begin(d->db);
	must(run_request(d->db, &first));
	child = database_fork(d, &second, child_delivers);
	ok(database_waits(d, 1), "again the second waits");
	database_rollback(d->db);
	is_outcome(database_join(child), NOT_FOUND,
	    "where the first was taken back, the second opens its own");
}

/* Both have looked and found no conversation. */
static void
test_both_new(struct database *d)
{
	struct pair pair = { CHANNEL_SMS, "+1both", AGENT };
	struct thread first, second;
	struct message message = { .text = "first" };
	struct message late = { .text = "second" };

	database_begin(d->db);
	database_begin(d->other);
	must(thread_open(d->db, d->arena, &d->account, &pair, false, &first));
	must(thread_open(
	    d->other, d->arena, &d->account, &pair, false, &second));
	ok(first.is_new && second.is_new, "two open a pair at once");
	must(thread_append(d->db, d->arena, &first, &no_clock, &message));
	database_commit(d->db);
	is_outcome(thread_append(d->other, d->arena, &second, &no_clock, &late),
	    AGAIN, "the second to write is to come again");
	database_rollback(d->other);
	must(thread_open(
	    d->other, d->arena, &d->account, &pair, false, &second));
	ok(!second.is_new &&
		id_equal(&second.conversation.id, &first.conversation.id),
	    "and then sees the first one's conversation");
	database_commit(d->other);
}

static enum outcome
child_races(struct database *d, void *context)
{
	const char *user = context;
	struct request request;
	enum outcome rc = OK;
	int i;

	for (i = 0; rc == OK && i < ROUNDS; i++) {
		request = request_of(d, user,
		    i % 2 == 0 ? SENDER_USER : SENDER_AGENT, &clock_900);
		rc = deliver(&request);
	}
	return rc;
}

static void
test_race(struct database *d)
{
	char user[] = "+1race";
	pid_t child[RACERS];
	int64_t count = count_number(d), all = RACERS * ROUNDS;
	int i, failed = 0;

	for (i = 0; i < RACERS; i++)
		child[i] = database_fork(d, user, child_races);
	for (i = 0; i < RACERS; i++)
		failed += database_join(child[i]) != OK;
	is_int(failed, 0, "many at once on one pair all get through");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM conversation"
				      " WHERE user_key = '+1race'"),
	    1, "to one conversation");
	is_int(count_number(d), count + 1, "that is counted once");
	is_int(database_number(d->db,
		   "SELECT COUNT(*) * 1000000000 + MIN(m.seq) * 1000000"
		   " + MAX(m.seq) * 1000 + MAX(c.last_seq)"
		   " FROM message m JOIN conversation c"
		   " ON c.account_id = m.account_id"
		   " AND c.id = m.conversation_id"
		   " WHERE c.user_key = '+1race'"),
	    all * 1000000000 + 1000000 + all * 1000 + all,
	    "with seqs from 1 on without a gap");
	is_int(database_number(d->db,
		   "SELECT COUNT(*) FROM work w JOIN conversation c"
		   " ON c.id = w.subject_id WHERE c.user_key = '+1race'"
		   " AND w.kind = 'silence' AND w.state = 'waiting'"),
	    database_number(d->db,
		"SELECT m.sender = 'AGENT' FROM message m"
		" JOIN conversation c ON c.id = m.conversation_id"
		" WHERE c.user_key = '+1race' ORDER BY m.seq DESC LIMIT 1"),
	    "one clock runs where an agent had the last word, else none");
}

int
main(void)
{
	struct database d;

	log_open("thread.t");
	database_open(&d);
	test_open(&d);
	test_append(&d);
	test_failed(&d);
	test_arm(&d);
	test_rearm(&d);
	test_striking(&d);
	test_no_clock(&d);
	test_end(&d);
	test_restart(&d);
	test_accounts(&d);
	test_second_waits(&d);
	test_both_new(&d);
	test_race(&d);
	database_close(&d);
	return done();
}
