/*
 * Messages: every column comes back, in order, and a carrier's message is
 * there once.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/segment.h"
#include "store/conversation.h"
#include "store/message.h"

#include "database.h"
#include "tap.h"

#define USER "+15550199999"
#define AGENT "+15550100001"
#define MOMENT INT64_C(1893456000123456)

static const struct pair pair = { CHANNEL_SMS, USER, AGENT };

static struct message
make_message(struct database *d, const struct id *account,
    const struct id *conversation, int64_t seq, const char *text)
{
	struct message made = {
		.id = id_new(),
		.conversation_id = *conversation,
		.seq = seq,
		.sender = seq % 2 == 1 ? SENDER_USER : SENDER_AGENT,
		.text = text,
		.segments = 1,
		.created_at = MOMENT + seq,
	};

	must(message_insert(d->db, account, &made));
	return made;
}

static struct message *
list(struct database *d, const struct id *account,
    const struct id *conversation, size_t *count)
{
	struct rows rows;

	must(
	    message_list(d->db, d->arena, account, conversation, &pair, &rows));
	*count = rows.count;
	return rows.list;
}

static void
test_columns(struct database *d)
{
	struct id conversation = id_new();
	struct message full = {
		.id = id_new(),
		.conversation_id = conversation,
		.seq = INT64_C(9007199254740993),
		.sender = SENDER_HUMAN,
		.status = MESSAGE_UNDELIVERED,
		.carrier_message_id = "SM0001",
		.error_code = "30003",
		.work_id = id_new(),
		.segments = 12,
		.encoding = ENCODING_UCS2,
		.created_at = MOMENT,
	};
	struct message *found;
	char *text = arena_alloc(d->arena, 6401);
	size_t count, i;

	for (i = 0; i < 1600; i++)
		(void)memcpy(text + 4 * i, "🦜", 4);
	full.text = text;
	is_outcome(message_insert(d->db, &d->account, &full), OK,
	    "a message is inserted");
	found = list(d, &d->account, &conversation, &count);
	is_int(count, 1, "it is listed");
	ok(id_equal(&found->id, &full.id), "with its id");
	ok(id_equal(&found->conversation_id, &conversation),
	    "with its conversation");
	is_int(found->seq, full.seq, "with its seq");
	is_int(found->sender, SENDER_HUMAN, "with its sender");
	is_int(found->status, MESSAGE_UNDELIVERED, "with its status");
	is_text(found->text, text, "with 1,600 characters of four bytes");
	is_text(found->carrier_message_id, "SM0001", "with the carrier's id");
	is_text(found->error_code, "30003", "with the carrier's error");
	ok(id_equal(&found->work_id, &full.work_id), "with its work");
	is_int(found->segments, 12, "with its segments");
	is_int(found->encoding, ENCODING_UCS2, "with its encoding");
	is_int(found->created_at, MOMENT, "with its time");
	full.id = id_new();
	is_outcome(message_insert(d->db, &d->account, &full), CONFLICT,
	    "a seq of a conversation is there once");
}

static void
test_words(struct database *d)
{
	struct id conversation = id_new();
	struct message made = {
		.conversation_id = conversation,
		.text = "",
		.created_at = MOMENT,
	};
	struct message *found;
	size_t count, i;
	bool same = true;

	for (i = 0; i < MESSAGE_STATUS_N; i++) {
		made.id = id_new();
		made.seq = (int64_t)i + 1;
		made.status = (int)i;
		made.sender = (int)i % SENDER_N;
		made.encoding = (int)i % ENCODING_N;
		must(message_insert(d->db, &d->account, &made));
	}
	found = list(d, &d->account, &conversation, &count);
	is_int(count, MESSAGE_STATUS_N, "one of each kind is listed");
	for (i = 0; i < count; i++)
		same = same && found[i].status == (int)i &&
		       found[i].sender == (int)i % SENDER_N &&
		       found[i].encoding == (int)i % ENCODING_N;
	ok(same, "every status, sender and encoding comes back");
	ok(found[0].carrier_message_id == NULL && found[0].error_code == NULL &&
		id_is_none(&found[0].work_id),
	    "what was not given comes back as NULL");
	is_text(found[0].text, "", "an empty text comes back empty");
}

static void
test_list(struct database *d)
{
	struct id conversation = id_new(), other = id_new();
	struct message *found;
	size_t count, i;
	bool ordered = true;

	(void)list(d, &d->account, &conversation, &count);
	is_int(count, 0, "a conversation without messages lists none");
	for (i = 100; i > 0; i--)
		(void)make_message(d, &d->account, &conversation, (int64_t)i,
		    arena_format(d->arena, "text %zu", i));
	(void)make_message(d, &d->account, &other, 1, "other");
	(void)make_message(d, &d->stranger, &conversation, 101, "theirs");
	found = list(d, &d->account, &conversation, &count);
	is_int(
	    count, 100, "a list is the account's and the conversation's alone");
	for (i = 0; i < count; i++)
		ordered = ordered && found[i].seq == (int64_t)i + 1 &&
			  strcmp(found[i].text,
			      arena_format(d->arena, "text %zu", i + 1)) == 0;
	ok(ordered, "in the order in which they were said");
	is_text(found[0].from, USER, "what a user says is from the user");
	is_text(found[0].to, AGENT, "and to the agent");
	is_text(found[1].from, AGENT, "what an agent says is from the agent");
	is_text(found[1].to, USER, "and to the user");
}

static void
test_carrier(struct database *d)
{
	struct id conversation = id_new();
	struct message made = {
		.id = id_new(),
		.conversation_id = conversation,
		.seq = 1,
		.text = "hello",
		.carrier_message_id = "SMabc",
		.work_id = id_new(),
		.created_at = MOMENT,
	};
	struct message twin = made, found;
	struct id *us = &d->account;

	must(message_insert(d->db, us, &made));
	twin.id = id_new();
	twin.conversation_id = id_new();
	is_outcome(message_insert(d->db, us, &twin), CONFLICT,
	    "a carrier's message is there once in an account");
	is_outcome(message_insert(d->db, &d->stranger, &twin), OK,
	    "in another account it is another");
	is_outcome(message_find_carrier(d->db, d->arena, us, "SMabc", &found),
	    OK, "a message is found by the carrier's id");
	ok(id_equal(&found.id, &made.id) &&
		id_equal(&found.conversation_id, &conversation) &&
		id_equal(&found.work_id, &made.work_id),
	    "with id, conversation and work");
	must(message_mark_deleted(d->db, us, &conversation, &made.id));
	is_outcome(message_find_carrier(d->db, d->arena, us, "SMabc", &found),
	    OK, "also when it was deleted");
	is_outcome(message_find_carrier(d->db, d->arena, us, "SMABC", &found),
	    NOT_FOUND, "a carrier's id in other case is another");
	is_outcome(message_find_carrier(d->db, d->arena, us, NULL, &found),
	    NOT_FOUND, "no id at all finds none");
	must(message_find_carrier(
	    d->db, d->arena, &d->stranger, "SMabc", &found));
	ok(id_equal(&found.id, &twin.id), "another account finds its own");
}

static void
test_exists(struct database *d)
{
	struct id conversation = id_new();
	struct message made =
	    make_message(d, &d->account, &conversation, 1, "hello");
	struct message other = made;
	struct id *us = &d->account;

	is_outcome(message_exists(d->db, d->arena, us, &made), OK,
	    "a message that was written is there");
	is_outcome(message_exists(d->db, d->arena, &d->stranger, &made),
	    NOT_FOUND, "not for another account");
	other.id = id_new();
	is_outcome(message_exists(d->db, d->arena, us, &other), NOT_FOUND,
	    "another's message at the same seq is not this one");
	other = made;
	other.seq = 2;
	is_outcome(message_exists(d->db, d->arena, us, &other), NOT_FOUND,
	    "nor is the next seq there");
}

static void
test_delete(struct database *d)
{
	struct id conversation = id_new(), other = id_new();
	struct id *us = &d->account;
	struct message first, second, *found;
	size_t count;
	int64_t after;

	first = make_message(d, us, &conversation, 1, "first");
	second = make_message(d, us, &conversation, 2, "second");
	(void)make_message(d, us, &conversation, 3, "third");
	is_outcome(
	    message_mark_deleted(d->db, &d->stranger, &conversation, &first.id),
	    NOT_FOUND, "another account cannot delete a message");
	is_outcome(message_mark_deleted(d->db, us, &other, &first.id),
	    NOT_FOUND, "nor can it be deleted from another conversation");
	is_outcome(message_mark_deleted(d->db, us, &conversation, &second.id),
	    OK, "a message is deleted");
	is_outcome(message_mark_deleted(d->db, us, &conversation, &second.id),
	    NOT_FOUND, "once");
	found = list(d, us, &conversation, &count);
	ok(count == 2 && found[0].seq == 1 && found[1].seq == 3,
	    "then it is not listed, and the others stay");
	is_outcome(
	    message_count_after(d->db, d->arena, us, &conversation, 0, &after),
	    OK, "messages are counted");
	is_int(after, 2, "without deleted ones");
	must(
	    message_count_after(d->db, d->arena, us, &conversation, 1, &after));
	is_int(after, 1, "and only those after the seq");
	must(message_count_after(
	    d->db, d->arena, &d->stranger, &conversation, 0, &after));
	is_int(after, 0, "another account counts none");
	(void)make_message(d, us, &other, 1, "other");
	must(message_delete_all(d->db, &d->stranger, &conversation));
	is_outcome(message_delete_all(d->db, us, &conversation), OK,
	    "all of a conversation are deleted");
	is_int(database_number(d->db,
		   "SELECT COUNT(*) FROM message"
		   " WHERE conversation_id = %s",
		   database_id(d->arena, &conversation)),
	    0, "for good");
	(void)list(d, us, &other, &count);
	is_int(count, 1, "another conversation's stay");
}

static struct id
make_conversation(struct database *d, const struct id *account,
    int64_t created_at, int channel)
{
	struct conversation made = {
		.id = id_new(),
		.account_id = *account,
		.pair = pair,
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.created_at = created_at,
		.updated_at = created_at,
	};

	made.pair.channel = channel;
	must(conversation_insert(d->db, &made));
	made.is_active = false;
	made.status = CONVERSATION_ENDED;
	must(conversation_save(d->db, &made));
	return made.id;
}

static void
test_pair(struct database *d)
{
	struct id *us = &d->account, *them = &d->stranger;
	struct id later = make_conversation(d, us, MOMENT + 9, CHANNEL_SMS);
	struct id early = make_conversation(d, us, MOMENT, CHANNEL_SMS);
	struct id chat = make_conversation(d, us, MOMENT, CHANNEL_WHATSAPP);
	struct id theirs = make_conversation(d, them, MOMENT, CHANNEL_SMS);
	struct message gone, *found;
	struct rows rows;

	(void)make_message(d, us, &later, 1, "third");
	(void)make_message(d, us, &early, 2, "second");
	(void)make_message(d, us, &early, 1, "first");
	(void)make_message(d, us, &chat, 1, "on another channel");
	(void)make_message(d, them, &theirs, 1, "theirs");
	gone = make_message(d, us, &early, 3, "gone");
	must(message_mark_deleted(d->db, us, &early, &gone.id));
	is_outcome(message_list_pair(d->db, d->arena, us, &pair, &rows), OK,
	    "the messages of a pair are listed");
	found = rows.list;
	is_int(rows.count, 3,
	    "without deleted ones, other channels and other accounts");
	is_text(found[0].text, "first", "the oldest conversation first");
	is_text(found[1].text, "second", "in its order");
	is_text(found[2].text, "third", "then the next conversation");
	is_text(found[1].from, AGENT, "with who said it");
	is_text(found[1].to, USER, "and to whom");
}

/* A message of a sender and a status, so many microseconds after MOMENT. */
static void
make_sent(struct database *d, const struct id *account,
    const struct id *conversation, int sender, int status, int64_t after)
{
	static int64_t seq;
	const struct message made = {
		.id = id_new(),
		.conversation_id = *conversation,
		.seq = ++seq,
		.sender = sender,
		.status = status,
		.text = "sent",
		.created_at = MOMENT + after,
	};

	must(message_insert(d->db, account, &made));
}

static void
test_sent(struct database *d)
{
	const struct pair talk = { CHANNEL_SMS, "+1sent", AGENT };
	struct id *us = &d->account;
	struct conversation made[2];
	struct message_sent sent;
	size_t i;

	must(message_count_sent_since(d->db, d->arena, us, &talk, 1, &sent));
	ok(sent.count == 0 && sent.oldest == 0, "a new user was sent nothing");
	for (i = 0; i < COUNT(made); i++) {
		made[i] = (struct conversation){ .id = id_new(),
			.account_id = *us,
			.pair = talk,
			.status = CONVERSATION_ENDED,
			.created_at = MOMENT,
			.updated_at = MOMENT,
			.last_message_at = MOMENT + 100 };
		must(conversation_insert(d->db, &made[i]));
	}
	make_sent(d, us, &made[0].id, SENDER_AGENT, MESSAGE_SENT, 10);
	make_sent(d, us, &made[0].id, SENDER_AGENT, MESSAGE_DELIVERED, 30);
	make_sent(d, us, &made[0].id, SENDER_HUMAN, MESSAGE_PENDING, 40);
	make_sent(d, us, &made[1].id, SENDER_AGENT, MESSAGE_UNDELIVERED, 20);
	make_sent(d, us, &made[1].id, SENDER_USER, MESSAGE_STORED, 15);
	make_sent(d, us, &made[1].id, SENDER_AGENT, MESSAGE_STORED, 16);
	make_sent(d, us, &made[1].id, SENDER_AGENT, MESSAGE_FAILED, 17);
	is_outcome(message_count_sent_since(
		       d->db, d->arena, us, &talk, MOMENT + 10, &sent),
	    OK, "what a user was sent is counted");
	is_int(sent.count, 3,
	    "in every conversation, by agent and person,"
	    " without what was stored or failed");
	is_int(sent.oldest, MOMENT + 20, "with the oldest after the moment");
	must(message_count_sent_since(
	    d->db, d->arena, us, &talk, MOMENT + 100, &sent));
	is_int(sent.count, 0, "nothing is newer than the last");
	must(message_count_sent_since(
	    d->db, d->arena, &d->stranger, &talk, 1, &sent));
	is_int(sent.count, 0, "another account has sent nothing");
}

static void
test_index(struct database *d)
{
	struct id *us = &d->account, conversation, other;
	struct message made, found;
	struct message_sent sent;
	struct rows rows;
	size_t count;
	int64_t after;
	int i;

	for (i = 0; i < 200; i++) {
		other = id_new();
		(void)make_message(d, us, &other, 1, "other");
	}
	conversation = make_conversation(d, us, MOMENT + 20, CHANNEL_IMESSAGE);
	made = make_message(d, us, &conversation, 1, "one");
	database_do(d->db, "ANALYZE TABLE message, conversation");
	database_watch(d->db);
	(void)list(d, us, &conversation, &count);
	must(message_exists(d->db, d->arena, us, &made));
	must(
	    message_count_after(d->db, d->arena, us, &conversation, 0, &after));
	must(message_mark_deleted(d->db, us, &conversation, &made.id));
	ok(database_reads(d->db) <= 12,
	    "a conversation's messages are read by their key");
	database_watch(d->db);
	must(message_find_carrier(d->db, d->arena, us, "SMabc", &found));
	ok(database_reads(d->db) <= 4, "a carrier's message by its index");
	database_watch(d->db);
	must(message_list_pair(d->db, d->arena, us, &pair, &rows));
	ok(database_reads(d->db) <= 24, "a pair's messages by both indexes");
	database_watch(d->db);
	must(message_count_sent_since(
	    d->db, d->arena, us, &pair, MOMENT, &sent));
	ok(database_reads(d->db) <= 24, "so is what it was sent");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_columns(&d);
	test_words(&d);
	test_list(&d);
	test_carrier(&d);
	test_exists(&d);
	test_delete(&d);
	test_pair(&d);
	test_sent(&d);
	test_index(&d);
	database_close(&d);
	return done();
}
