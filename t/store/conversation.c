/*
 * Conversations: every column comes back, a pair has one open one, and
 * whoever holds it keeps others out.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/work.h"
#include "store/conversation.h"
#include "store/work_queue.h"

#include "database.h"
#include "tap.h"

#define USER "+15550199999"
#define AGENT "+15550100001"
#define MOMENT INT64_C(1893456000123456)

static struct pair
pair_of(const char *user)
{
	return (struct pair){ CHANNEL_SMS, user, AGENT };
}

static struct conversation
make_conversation(
    struct database *d, const struct id *account, const char *user)
{
	struct conversation made = {
		.id = id_new(),
		.account_id = *account,
		.pair = pair_of(user),
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.created_at = MOMENT,
		.updated_at = MOMENT,
	};

	must(conversation_insert(d->db, &made));
	return made;
}

static const char *
long_text(struct database *d, char letter, size_t length)
{
	char *text = arena_alloc(d->arena, length + 1);

	(void)memset(text, letter, length);
	(void)memcpy(text, "Ü🦜", 6);
	return text;
}

static void
fill(struct database *d, struct conversation *c, const char *word)
{
	c->position = (struct position){
		arena_format(d->arena, "pathway %s", word),
		arena_format(d->arena, "version %s", word),
		arena_format(d->arena, "node %s", word),
	};
	c->variables = long_text(d, word[0], 100000);
	c->metadata = long_text(d, word[1], 161);
	c->silence = (struct silence){ 900.5, 0.25, long_text(d, word[2], 6000),
		long_text(d, word[3], 160) };
	c->silence_work_id = id_new();
	c->last_seq = INT64_C(9007199254740993);
	c->cleared_seq = 3;
	c->message_count = 4;
	c->updated_at = MOMENT + 1;
	c->last_message_at = MOMENT + 2;
}

static void
same(const struct conversation *got, const struct conversation *wanted,
    const char *when)
{
	ok(id_equal(&got->id, &wanted->id) &&
		id_equal(&got->account_id, &wanted->account_id),
	    "%s: ids come back", when);
	is_int(got->pair.channel, wanted->pair.channel, "%s: channel", when);
	is_text(got->pair.user, wanted->pair.user, "%s: user", when);
	is_text(got->pair.agent, wanted->pair.agent, "%s: agent", when);
	is_int(got->is_active, wanted->is_active, "%s: is_active", when);
	is_int(got->status, wanted->status, "%s: status", when);
	is_text(got->position.pathway_id, wanted->position.pathway_id,
	    "%s: pathway", when);
	is_text(got->position.pathway_version, wanted->position.pathway_version,
	    "%s: version", when);
	is_text(
	    got->position.node_id, wanted->position.node_id, "%s: node", when);
	is_text(got->variables, wanted->variables, "%s: variables", when);
	is_text(got->metadata, wanted->metadata, "%s: metadata", when);
	ok(got->silence.time_out == wanted->silence.time_out, "%s: time_out",
	    when);
	ok(got->silence.warning_time == wanted->silence.warning_time,
	    "%s: warning_time", when);
	is_text(got->silence.timeout_message, wanted->silence.timeout_message,
	    "%s: timeout_message", when);
	is_text(got->silence.warning_message, wanted->silence.warning_message,
	    "%s: warning_message", when);
	ok(id_equal(&got->silence_work_id, &wanted->silence_work_id),
	    "%s: the clock", when);
	is_int(got->last_seq, wanted->last_seq, "%s: last_seq", when);
	is_int(got->cleared_seq, wanted->cleared_seq, "%s: cleared_seq", when);
	is_int(got->message_count, wanted->message_count, "%s: message_count",
	    when);
	is_int(got->created_at, wanted->created_at, "%s: created_at", when);
	is_int(got->updated_at, wanted->updated_at, "%s: updated_at", when);
	is_int(got->last_message_at, wanted->last_message_at,
	    "%s: last_message_at", when);
	is_int(
	    got->timed_out_at, wanted->timed_out_at, "%s: timed_out_at", when);
	is_int(got->ended_at, wanted->ended_at, "%s: ended_at", when);
}

static void
test_columns(struct database *d)
{
	struct conversation full = {
		.id = id_new(),
		.account_id = d->account,
		.pair = { CHANNEL_IMESSAGE, "someone@example.com", "Büro" },
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.created_at = MOMENT,
	};
	struct conversation least = make_conversation(d, &d->account, USER);
	struct conversation found;

	fill(d, &full, "abcd");
	is_outcome(conversation_insert(d->db, &full), OK,
	    "a conversation is inserted");
	must(conversation_find(d->db, d->arena, &d->account, &full.id, &found));
	same(&found, &full, "inserted");
	fill(d, &full, "wxyz");
	full.is_active = false;
	full.status = CONVERSATION_TIMEOUT;
	full.timed_out_at = MOMENT + 3;
	full.ended_at = MOMENT + 4;
	is_outcome(
	    conversation_save(d->db, &full), OK, "a conversation is saved");
	must(conversation_find(d->db, d->arena, &d->account, &full.id, &found));
	same(&found, &full, "saved");
	must(
	    conversation_find(d->db, d->arena, &d->account, &least.id, &found));
	same(&found, &least, "least, untouched by another's saving");
	found.variables = found.metadata = "";
	must(conversation_save(d->db, &found));
	must(
	    conversation_find(d->db, d->arena, &d->account, &least.id, &found));
	is_text(found.variables, "", "an empty text is not NULL");
}

static void
test_statuses(struct database *d)
{
	struct conversation made, found;
	int i;

	for (i = 1; i < CONVERSATION_STATUS_N; i++) {
		made = make_conversation(d, &d->account, "+15550188888");
		made.is_active = false;
		made.status = i;
		must(conversation_save(d->db, &made));
		must(conversation_find(
		    d->db, d->arena, &d->account, &made.id, &found));
		is_int(found.status, i, "status %s comes back",
		    names_text(&conversation_status_names, i));
	}
	made.status = CONVERSATION_OPEN;
	db_hush(d->db);
	is_outcome(conversation_save(d->db, &made), FAULT,
	    "one that is not active cannot be open");
	made.is_active = true;
	made.status = CONVERSATION_ENDED;
	is_outcome(conversation_save(d->db, &made), FAULT,
	    "one that is active cannot have ended");
}

static void
test_accounts(struct database *d)
{
	struct conversation ours = make_conversation(d, &d->account, "+1a");
	struct conversation theirs, found, foreign;
	struct pair pair = pair_of("+1a");
	struct id none = id_new();
	struct rows rows;
	struct id *them = &d->stranger;

	is_outcome(conversation_find(d->db, d->arena, them, &ours.id, &found),
	    NOT_FOUND, "another account does not find it");
	is_outcome(conversation_lock(d->db, d->arena, them, &ours.id, &found),
	    NOT_FOUND, "nor can it lock it");
	is_outcome(conversation_lock_open(d->db, d->arena, them, &pair, &found),
	    NOT_FOUND, "nor is its pair taken there");
	must(conversation_lock_pair(d->db, d->arena, them, &pair, &rows));
	is_int(rows.count, 0, "nor does it list it");
	foreign = ours;
	foreign.account_id = *them;
	must(conversation_delete(d->db, &foreign));
	is_outcome(
	    conversation_find(d->db, d->arena, &d->account, &ours.id, &found),
	    OK, "nor can it delete it");
	is_outcome(
	    conversation_find(d->db, d->arena, &d->account, &none, &found),
	    NOT_FOUND, "an id that is no conversation's is not found");
	theirs = make_conversation(d, them, "+1a");
	must(conversation_lock_open(d->db, d->arena, them, &pair, &found));
	ok(id_equal(&found.id, &theirs.id),
	    "another account has a pair of the same numbers");
	must(conversation_delete(d->db, &ours));
	is_outcome(
	    conversation_find(d->db, d->arena, &d->account, &ours.id, &found),
	    NOT_FOUND, "a conversation that was deleted is gone");
}

static void
test_pair(struct database *d)
{
	struct conversation first = make_conversation(d, &d->account, "+1b");
	struct conversation second = first, found, *list;
	struct pair pair = pair_of("+1b"), other = pair;
	struct rows rows;
	struct id *us = &d->account;

	second.id = id_new();
	is_outcome(conversation_insert(d->db, &second), CONFLICT,
	    "a pair has one open conversation");
	is_outcome(conversation_lock_open(d->db, d->arena, us, &pair, &found),
	    OK, "which is found by its pair");
	ok(id_equal(&found.id, &first.id), "it is that one");
	other.channel = CHANNEL_WHATSAPP;
	is_outcome(conversation_lock_open(d->db, d->arena, us, &other, &found),
	    NOT_FOUND, "on another channel the pair has none");
	other = (struct pair){ CHANNEL_SMS, AGENT, "+1b" };
	is_outcome(conversation_lock_open(d->db, d->arena, us, &other, &found),
	    NOT_FOUND, "the pair the other way round is another");
	first.is_active = false;
	first.status = CONVERSATION_ENDED;
	must(conversation_save(d->db, &first));
	is_outcome(conversation_lock_open(d->db, d->arena, us, &pair, &found),
	    NOT_FOUND, "one that has ended is not found as open");
	is_outcome(conversation_lock_any(d->db, d->arena, us, &pair, &found),
	    OK, "but as any");
	second.created_at = MOMENT - 1;
	is_outcome(
	    conversation_lock_any(d->db, d->arena, &d->stranger, &pair, &found),
	    NOT_FOUND, "not by another account");
	is_outcome(conversation_insert(d->db, &second), OK,
	    "then the pair may have another");
	must(conversation_lock_any(d->db, d->arena, us, &pair, &found));
	ok(id_equal(&found.id, &second.id),
	    "which comes before what has ended, though it is older");
	must(conversation_lock_last(d->db, d->arena, us, &pair, &found));
	ok(id_equal(&found.id, &first.id), "and is not the last");
	first.is_active = true;
	first.status = CONVERSATION_OPEN;
	is_outcome(conversation_save(d->db, &first), CONFLICT,
	    "and the first cannot be opened again beside it");
	must(conversation_lock_pair(d->db, d->arena, us, &pair, &rows));
	list = rows.list;
	ok(rows.count == 2 && id_equal(&list[0].id, &second.id) &&
		id_equal(&list[1].id, &first.id),
	    "a pair's conversations are listed, the oldest first");
}

static void
test_locks(struct database *d)
{
	struct conversation made = make_conversation(d, &d->account, "+1c");
	struct conversation found;
	struct pair pair = pair_of("+1c");
	struct id *us = &d->account;
	struct rows rows;

	database_hurry(d->other);
	database_begin(d->db);
	must(conversation_lock(d->db, d->arena, us, &made.id, &found));
	is_outcome(conversation_lock(d->other, d->arena, us, &made.id, &found),
	    AGAIN, "a conversation is locked by one at a time");
	is_outcome(
	    conversation_lock_open(d->other, d->arena, us, &pair, &found),
	    AGAIN, "also when it is looked for by its pair");
	is_outcome(conversation_find(d->other, d->arena, us, &made.id, &found),
	    OK, "reading does not wait");
	database_commit(d->db);
	database_begin(d->db);
	must(conversation_lock_open(d->db, d->arena, us, &pair, &found));
	is_outcome(conversation_lock(d->other, d->arena, us, &made.id, &found),
	    AGAIN, "locking by pair locks it too");
	is_outcome(conversation_save(d->other, &made), AGAIN,
	    "and keeps others from writing");
	database_commit(d->db);
	database_begin(d->db);
	must(conversation_lock_pair(d->db, d->arena, us, &pair, &rows));
	is_outcome(conversation_lock(d->other, d->arena, us, &made.id, &found),
	    AGAIN, "locking all of a pair locks it too");
	database_commit(d->db);
	is_outcome(conversation_lock(d->other, d->arena, us, &made.id, &found),
	    OK, "a commit lets go of it");
}

/* Who looks for a pair that has no open one locks nobody out. */
static void
test_no_gap(struct database *d)
{
	struct conversation found;
	struct conversation made = {
		.id = id_new(),
		.account_id = d->account,
		.pair = pair_of("+1e"),
		.is_active = true,
		.created_at = MOMENT,
		.updated_at = MOMENT,
	};
	struct pair absent = pair_of("+1d"), near = made.pair;

	database_begin(d->db);
	is_outcome(conversation_lock_open(
		       d->db, d->arena, &d->account, &absent, &found),
	    NOT_FOUND, "a pair that has none is looked for");
	is_outcome(
	    conversation_lock_open(d->db, d->arena, &d->account, &near, &found),
	    NOT_FOUND, "and another");
	is_outcome(conversation_insert(d->other, &made), OK,
	    "meanwhile another connection may open one");
	database_rollback(d->db);
}

static void
test_index(struct database *d)
{
	struct conversation made, found;
	struct pair pair = pair_of("+1z");
	struct rows rows;
	struct id *us = &d->account;
	int i;

	for (i = 0; i < 300; i++)
		made = make_conversation(
		    d, us, arena_format(d->arena, "many %d", i));
	made = make_conversation(d, us, "+1z");
	database_do(d->db, "ANALYZE TABLE conversation");
	database_watch(d->db);
	must(conversation_find(d->db, d->arena, us, &made.id, &found));
	must(conversation_lock(d->db, d->arena, us, &made.id, &found));
	ok(database_reads(d->db) <= 4, "one is found by its key");
	database_watch(d->db);
	must(conversation_lock_open(d->db, d->arena, us, &pair, &found));
	ok(database_reads(d->db) <= 4, "a pair's open one by its index");
	database_watch(d->db);
	must(conversation_lock_pair(d->db, d->arena, us, &pair, &rows));
	ok(rows.count == 1 && database_reads(d->db) <= 8,
	    "all of a pair by its index");
	database_watch(d->db);
	must(conversation_save(d->db, &found));
	ok(database_reads(d->db) <= 4, "one is written by its key");
	database_watch(d->db);
	must(conversation_delete(d->db, &made));
	ok(database_reads(d->db) <= 60,
	    "and deleted by it, with what it is found by");
}

/* With the piece of work that it is locked for. */
static void
test_lock_for(struct database *d)
{
	struct conversation made = make_conversation(d, &d->account, "+1f");
	struct conversation found;
	struct work work = {
		.id = id_new(),
		.account_id = d->account,
		.subject_id = made.id,
		.kind = WORK_SEND,
		.payload = "{}",
	};

	must(work_insert_claimed(d->db, &work, "host:1", MOMENT));
	database_begin(d->db);
	must(conversation_lock_for(d->db, d->arena, &work, &found));
	ok(id_equal(&found.id, &made.id) && found.is_active,
	    "a conversation is found by its work");
	is_outcome(conversation_lock(
		       d->other, d->arena, &d->account, &made.id, &found),
	    AGAIN, "and locked");
	is_outcome(
	    work_hold(d->other, d->arena, &work), AGAIN, "with its work");
	database_commit(d->db);
	work.attempt++;
	is_outcome(conversation_lock_for(d->db, d->arena, &work, &found),
	    NOT_FOUND, "by one who lost the work it is not found");
	work.attempt--;
	must(conversation_delete(d->db, &made));
	must(conversation_lock_for(d->db, d->arena, &work, &found));
	ok(id_is_none(&found.id), "one that is gone has no id");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_columns(&d);
	test_statuses(&d);
	test_accounts(&d);
	test_pair(&d);
	test_locks(&d);
	test_no_gap(&d);
	test_index(&d);
	test_lock_for(&d);
	database_close(&d);
	return done();
}
