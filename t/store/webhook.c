/*
 * Deliveries with their work and attempts, and the secrets that sign them.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/page.h"
#include "model/work.h"
#include "store/webhook.h"
#include "store/webhook_secret.h"
#include "store/work.h"

#include "database.h"
#include "tap.h"

#define URL "https://hooks.example.test/sms"
#define STATUS "{\"type\":\"status\",\"status\":\"ended\"}"
#define MESSAGE "{\"type\":\"message\",\"message\":\"hello\"}"
#define ROUNDS 10
#define RACERS 6

static struct conversation
conversation_of(const struct id *account)
{
	return (struct conversation){
		.id = id_new(),
		.account_id = *account,
		.pair = { CHANNEL_SMS, "+15550100002", "+15550100001" },
	};
}

static struct id
enqueue(struct database *d, const struct conversation *conversation,
    const char *document)
{
	struct id id;

	must(
	    webhook_enqueue(d->db, d->arena, conversation, URL, document, &id));
	return id;
}

static struct delivery
found(struct database *d, const struct id *id)
{
	struct delivery delivery = { .url = NULL };

	must(webhook_find(d->db, d->arena, &d->account, id, &delivery));
	return delivery;
}

static void
test_enqueue(struct database *d)
{
	struct conversation conversation = conversation_of(&d->account);
	struct delivery delivery;
	struct work work = { .kind = WORK_TURN };
	struct id id = enqueue(d, &conversation, STATUS), no = id_new();

	delivery = found(d, &id);
	is_text(delivery.url, URL, "a delivery has its URL");
	is_text(delivery.document, STATUS, "and its document, byte for byte");
	is_int(delivery.kind, WEBHOOK_STATUS, "and is known by its document");
	ok(id_equal(&delivery.conversation_id, &conversation.id),
	    "it belongs to its conversation");
	is_int(delivery.state, DELIVERY_PENDING, "it is pending");
	is_int(delivery.send_type, SEND_SPAWN, "and spawned");
	is_int(delivery.count, 0, "nothing was tried yet");
	is_outcome(
	    work_find(d->db, d->arena, &d->account, &delivery.work_id, &work),
	    OK, "its work is there");
	is_int(work.kind, WORK_DELIVER, "of the kind that delivers");
	ok(id_equal(&work.subject_id, &conversation.id),
	    "about the conversation");
	is_text(work.payload,
	    arena_format(
		d->arena, "{\"delivery_id\":\"%s\"}", id_text(d->arena, &id)),
	    "and says which");
	is_outcome(webhook_find(d->db, d->arena, &d->stranger, &id, &delivery),
	    NOT_FOUND, "a stranger does not find it");
	is_outcome(
	    webhook_enqueue(d->db, d->arena, &conversation, NULL, MESSAGE, &no),
	    OK, "without a URL nothing is wrong");
	ok(id_is_none(&no), "and nothing is written");
	id = enqueue(d, &conversation, MESSAGE);
	is_int(found(d, &id).kind, WEBHOOK_MESSAGE, "a message is a message");
}

static void
attempt(struct database *d, const struct id *id, int64_t code)
{
	struct delivery_attempt made = {
		.delivery_id = *id,
		.sent_at = when_now(),
		.response_code = code,
		.response_time = 88,
		.error_message = code == 200 ? NULL : "it did not work",
	};

	must(webhook_record(d->db, &d->account, &made, code == 200));
}

static void
test_attempts(struct database *d)
{
	struct conversation conversation = conversation_of(&d->account);
	struct conversation other = conversation_of(&d->account);
	struct delivery_attempt gone = { .delivery_id = id_new() };
	const struct delivery_attempt *attempts;
	struct delivery delivery = { .url = NULL };
	struct id first = enqueue(d, &conversation, STATUS), id;

	attempt(d, &first, 200);
	id = enqueue(d, &conversation, STATUS);
	(void)enqueue(d, &other, STATUS);
	attempt(d, &id, 0);
	attempt(d, &id, 503);
	is_int(found(d, &id).state, DELIVERY_PENDING,
	    "what did not arrive is pending");
	attempt(d, &id, 200);
	is_outcome(webhook_find_latest(d->db, d->arena, &d->account,
		       &conversation.id, &delivery),
	    OK, "a conversation's newest is found");
	ok(id_equal(&delivery.id, &id), "and is the newest");
	is_int(delivery.state, DELIVERY_DELIVERED, "it arrived");
	ok(delivery.delivered_at != 0, "at some time");
	is_int(delivery.count, 3, "after three attempts");
	is_int((int64_t)delivery.attempts.count, 3, "which are all there");
	attempts = delivery.attempts.items;
	is_int(attempts[0].response_code, 0, "the first had no answer");
	is_int(attempts[1].response_code, 503, "the second a bad one");
	is_text(attempts[1].error_message, "it did not work",
	    "with what was wrong");
	is_int(attempts[2].attempt, 3, "they are counted");
	is_text(attempts[2].took, "88ms", "and timed");
	is_outcome(webhook_record(d->db, &d->account, &gone, true), NOT_FOUND,
	    "no attempt is kept of what is not there");
	is_outcome(webhook_find_latest(d->db, d->arena, &d->stranger,
		       &conversation.id, &delivery),
	    NOT_FOUND, "a stranger's conversation has none");
}

static void
test_resend(struct database *d)
{
	struct conversation conversation = conversation_of(&d->account);
	struct id id = enqueue(d, &conversation, STATUS), work = { { 0 } };
	struct delivery before = found(d, &id), after;
	struct work old;

	attempt(d, &id, 200);
	is_outcome(webhook_resend(d->db, d->arena, &d->account, &id, &work), OK,
	    "it is sent again");
	after = found(d, &id);
	ok(id_equal(&after.work_id, &work) && !id_equal(&work, &before.work_id),
	    "by another piece of work");
	is_int(after.state, DELIVERY_PENDING, "it is pending again");
	is_int(after.send_type, SEND_RESEND, "and resent");
	must(work_find(d->db, d->arena, &d->account, &before.work_id, &old));
	is_int(old.state, WORK_DONE, "the work before it is stopped");
	database_do(d->root, "UPDATE %s.work SET state = 'dead' WHERE id = %s",
	    d->name, database_id(d->arena, &work));
	is_int(found(d, &id).state, DELIVERY_FAILED,
	    "what was given up has failed");
	is_outcome(webhook_resend(d->db, d->arena, &d->stranger, &id, &work),
	    NOT_FOUND, "a stranger cannot send it again");
}

static struct page
listed(struct database *d, const struct delivery_query *query)
{
	struct page page;

	must(webhook_list(d->db, d->arena, &d->account, query, &page));
	return page;
}

static void
test_list(struct database *d)
{
	struct conversation conversation = conversation_of(&d->account);
	struct conversation other = conversation_of(&d->account);
	struct delivery_query query = {
		.conversation_id = conversation.id,
		.page = 1,
		.size = 2,
	};
	const struct delivery *list;
	struct page page;
	struct id ids[3], between;
	size_t i;

	for (i = 0; i < COUNT(ids); i++) {
		ids[i] = enqueue(d, &conversation, STATUS);
		attempt(d, &ids[i], 500 + (int64_t)i);
		between = enqueue(d, &other, STATUS);
		attempt(d, &between, 200);
	}
	page = listed(d, &query);
	list = page.list.items;
	is_int((int64_t)page.list.count, 2, "a page has its size");
	is_int(page.pagination.items, 3, "and the number of all");
	is_int(page.pagination.pages, 2, "and of pages");
	ok(id_equal(&list[0].id, &ids[2]) && id_equal(&list[1].id, &ids[1]),
	    "the newest stand first");
	for (i = 0; i < page.list.count; i++) {
		const struct delivery_attempt *one = list[i].attempts.items;

		is_int(
		    (int64_t)list[i].attempts.count, 1, "each has its attempt");
		is_int(one->response_code, 502 - (int64_t)i, "and no other's");
	}
	query.page = 2;
	page = listed(d, &query);
	is_int((int64_t)page.list.count, 1, "the last page has the rest");
	query.page = 3;
	is_int(
	    (int64_t)listed(d, &query).list.count, 0, "behind it is nothing");
	query = (struct delivery_query){ .page = 1, .size = 1 };
	page = listed(d, &query);
	list = page.list.items;
	ok(id_equal(&list[0].id, &between),
	    "without a conversation all are listed");
	is_int((int64_t)list[0].attempts.count, 1, "with their attempts");
}

/* A page reads what is on it, however many deliveries there are. */
static void
test_plan(struct database *d)
{
	struct conversation conversation = conversation_of(&d->account);
	struct delivery_query query = {
		.conversation_id = conversation.id,
		.page = 1,
		.size = 2,
	};
	struct delivery delivery;
	struct id id;
	int i;

	for (i = 0; i < 3; i++) {
		id = enqueue(d, &conversation, STATUS);
		attempt(d, &id, 200);
	}
	(void)listed(d, &query); /* prepares */
	must(webhook_find_latest(
	    d->db, d->arena, &d->account, &conversation.id, &delivery));
	for (i = 0; i < 200; i++) {
		struct conversation other = conversation_of(&d->account);

		id = enqueue(d, &other, STATUS);
		attempt(d, &id, 200);
	}
	database_watch(d->db);
	(void)listed(d, &query);
	must(webhook_find_latest(
	    d->db, d->arena, &d->account, &conversation.id, &delivery));
	ok(database_reads(d->db) < 40,
	    "a conversation's page does not read the others'");
}

static void
test_delete(struct database *d)
{
	struct conversation conversation = conversation_of(&d->account);
	struct conversation other = conversation_of(&d->account);
	struct id id = enqueue(d, &conversation, STATUS);
	struct id kept = enqueue(d, &other, STATUS);
	struct delivery ignored;

	attempt(d, &id, 500);
	attempt(d, &kept, 500);
	must(webhook_delete_all(d->db, &d->account, &conversation.id));
	is_outcome(webhook_find(d->db, d->arena, &d->account, &id, &ignored),
	    NOT_FOUND, "what is deleted is gone");
	is_int(database_number(d->root,
		   "SELECT COUNT(*) FROM %s.delivery_attempt"
		   " WHERE delivery_id = %s",
		   d->name, database_id(d->arena, &id)),
	    0, "with its attempts");
	must(webhook_find_latest(
	    d->db, d->arena, &d->account, &other.id, &ignored));
	is_int((int64_t)ignored.attempts.count, 1, "others' stay");
}

static enum outcome
insert_secret(struct db *db, struct database *d, const struct id *account,
    int64_t overlap, struct webhook_secret *secret)
{
	webhook_secret_make(d->arena, secret);
	secret->sealed = "sealed";
	return webhook_secret_insert(db, d->arena, account, overlap, secret);
}

static struct rows
secrets_of(struct database *d, const struct id *account)
{
	struct rows rows;

	must(webhook_secret_list(d->db, d->arena, account, &rows));
	return rows;
}

static void
test_secrets(struct database *d)
{
	struct webhook_secret first, second, third;
	const struct webhook_secret *list;
	struct rows rows;

	is_outcome(insert_secret(d->db, d, &d->account, 60, &first), OK,
	    "a secret is made");
	is_outcome(insert_secret(d->db, d, &d->account, 60, &second), OK,
	    "and a second");
	is_outcome(insert_secret(d->db, d, &d->account, 60, &third), CONFLICT,
	    "and no third while two are valid");
	rows = secrets_of(d, &d->account);
	list = rows.list;
	is_int((int64_t)rows.count, 2, "two are valid");
	ok(id_equal(&list[0].id, &second.id) && list[0].expires_at == 0,
	    "the newest stands first and does not expire");
	is_int(list[1].expires_at, second.created_at + 60 * WHEN_SECOND,
	    "the one before it does, when it was asked for");
	is_outcome(webhook_secret_delete(d->db, &d->stranger, &second.id),
	    NOT_FOUND, "a stranger cannot delete it");
	must(webhook_secret_delete(d->db, &d->account, &second.id));
	rows = secrets_of(d, &d->account);
	list = rows.list;
	ok(rows.count == 1 && list[0].expires_at == 0,
	    "the one that is left signs on");
	is_outcome(insert_secret(d->db, d, &d->account, 0, &second), OK,
	    "a secret may take the other's place at once");
	is_int((int64_t)secrets_of(d, &d->account).count, 1,
	    "then it alone is valid");
	is_outcome(webhook_secret_find(
		       d->db, d->arena, &d->account, &first.id, &third),
	    NOT_FOUND, "and the other is not found");
	is_outcome(insert_secret(d->db, d, &d->account, 60, &third), OK,
	    "and leaves room for another");
	is_int((int64_t)secrets_of(d, &d->stranger).count, 0,
	    "a stranger has none of them");
}

struct race {
	struct database *d;
	struct id account;
	struct webhook_secret secret;
};

static enum outcome
race_within(struct db *db, void *context)
{
	struct race *race = context;

	return insert_secret(db, race->d, &race->account, 60, &race->secret);
}

static enum outcome
run_racer(struct database *d, void *context)
{
	struct race *race = context;
	struct tx tx = { race_within, NULL, race };

	race->d = d;
	return tx_run(d->db, &tx);
}

static void
test_race(struct database *d)
{
	struct race race = { .d = d };
	pid_t children[RACERS];
	int round, made = 0, refused = 0;
	enum outcome rc;
	size_t i;

	for (round = 0; round < ROUNDS; round++) {
		race.account = id_new();
		for (i = 0; i < RACERS; i++)
			children[i] = database_fork(d, &race, run_racer);
		for (i = 0; i < RACERS; i++) {
			rc = database_join(children[i]);
			made += rc == OK;
			refused += rc == CONFLICT;
		}
	}
	is_int(made, ROUNDS * WEBHOOK_SECRETS,
	    "of many that are asked for at once two are made");
	is_int(refused, ROUNDS * (RACERS - WEBHOOK_SECRETS),
	    "and the others refused");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_enqueue(&d);
	test_attempts(&d);
	test_resend(&d);
	test_list(&d);
	test_plan(&d);
	test_delete(&d);
	test_secrets(&d);
	test_race(&d);
	database_close(&d);
	return done();
}
