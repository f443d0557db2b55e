#include "base/base.h"

#include "work/deliver.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"
#include "db/pool.h"
#include "db/stmt.h"
#include "model/conversation.h"
#include "model/message.h"
#include "model/webhook.h"
#include "net/fetch.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/webhook.h"
#include "store/webhook_secret.h"
#include "work/order.h"

#include <string.h>

#define TIMEOUT 20          /* seconds: Standard Webhooks has 15 to 30 */
#define PAUSE_MOST WHEN_DAY /* that a Retry-After may ask for */
#define HEADERS_MOST 8
#define SIGNATURES_MOST 1024
#define GONE 410

static const char json_type[] = "Content-Type: application/json";
static const char no_key[] =
    "there is no key to open the account's secrets: set [secret] key_file";
static const char not_opened[] =
    "a secret of the account does not open with the configured key";
static const char no_store[] = "the store cannot be read";

/* One attempt on its way. */
struct delivering {
	struct job *job;
	struct delivery delivery;
	struct rows secrets; /* struct webhook_secret, newest first */
	struct delivery_attempt attempt;
	const char *headers[HEADERS_MOST + 1];
	size_t count;
};

static enum outcome load(struct delivering *delivering);
static enum outcome write_headers(struct delivering *delivering);
static enum outcome call_out(struct delivering *delivering);
static void plan_next(struct job *job, int64_t retry_after);
static enum outcome record(struct db *db, struct job *job);

enum outcome
deliver_perform(struct job *job)
{
	struct delivering *delivering =
	    arena_alloc(job->arena, sizeof(*delivering));
	enum outcome rc;

	delivering->job = job;
	rc = load(delivering);
	if (rc == NOT_FOUND) {
		job->result = "{\"stopped\":\"the delivery is not there, or"
			      " another piece of work has it\"}";
		return OK;
	}
	if (rc == OK)
		rc = write_headers(delivering);
	if (rc == OK)
		rc = call_out(delivering);
	return rc;
}

/* With what is known now of the conversation, up to this message; every
 * further attempt sends the same.  NOT_FOUND: it was deleted. */
static enum outcome
compose(struct db *db, struct job *job, struct delivery *delivery)
{
	const struct id *account = &job->work.account_id;
	struct conversation conversation;
	struct rows rows;
	struct list list;
	const struct message *messages;
	enum outcome rc = conversation_find(
	    db, job->arena, account, &delivery->conversation_id, &conversation);

	if (rc == OK)
		rc = message_list(db, job->arena, account, &conversation.id,
		    &conversation.pair, &rows);
	if (rc != OK)
		return rc;
	messages = rows.list;
	list = (struct list){ rows.list, rows.count };
	while (list.count > 0 &&
	       messages[list.count - 1].seq > delivery->message_seq)
		list.count--;
	if (list.count == 0 ||
	    messages[list.count - 1].seq != delivery->message_seq)
		return NOT_FOUND;
	delivery->document = webhook_message_text(
	    job->arena, &conversation, &list, &messages[list.count - 1]);
	return webhook_compose(db, account, &delivery->id, delivery->document);
}

/* A few statements on one connection, which is given back before the call.
 * NOT_FOUND: there is nothing that this piece of work is to deliver. */
static enum outcome
load(struct delivering *delivering)
{
	struct job *job = delivering->job;
	const struct id *account = &job->work.account_id;
	struct deliver_order order;
	struct db *db;
	enum outcome rc = order_read(job, &deliver_order_schema, &order);

	if (rc != OK)
		return rc;
	db = db_pool_borrow(job->pool);
	rc = webhook_find(
	    db, job->arena, account, &order.delivery_id, &delivering->delivery);
	if (rc == OK && !id_equal(&delivering->delivery.work_id, &job->work.id))
		rc = NOT_FOUND;
	if (rc == OK && delivering->delivery.document == NULL)
		rc = compose(db, job, &delivering->delivery);
	if (rc == OK)
		rc = webhook_secret_list(
		    db, job->arena, account, &delivering->secrets);
	db_pool_return(job->pool, db);
	if (rc == OK || rc == NOT_FOUND)
		return rc;
	job->reason = no_store;
	return AGAIN;
}

static void
add_header(struct delivering *delivering, const char *name, const char *value)
{
	assert(delivering->count < HEADERS_MOST);
	delivering->headers[delivering->count++] =
	    arena_format(delivering->job->arena, "%s: %s", name, value);
}

/* AGAIN, because an operator can mend it. */
static enum outcome
sign(struct delivering *delivering, const struct webhook_secret *secret,
    const char *id, int64_t now, const char **signature, const char **plain)
{
	struct job *job = delivering->job;
	const char *body = delivering->delivery.document, *text;
	const char *context = id_text(job->arena, &secret->id);

	if (job->secret_key == NULL) {
		job->reason = no_key;
		return AGAIN;
	}
	if (secret_open(job->arena, job->secret_key, context, secret->sealed,
		&text) != OK ||
	    webhook_sign(job->arena, text, id, now, body, signature) != OK) {
		job->reason = not_opened;
		return AGAIN;
	}
	*plain = webhook_sign_body(job->arena, text, body);
	return OK;
}

/* An account without a secret is sent no signature. */
static enum outcome
write_signatures(struct delivering *delivering, const char *id, int64_t now)
{
	const struct webhook_secret *secrets = delivering->secrets.list;
	const char *signature, *plain;
	struct buf buf;
	size_t i;
	enum outcome rc;

	buf_init(&buf, delivering->job->arena, SIGNATURES_MOST);
	for (i = 0; i < delivering->secrets.count; i++) {
		rc = sign(delivering, &secrets[i], id, now, &signature, &plain);
		if (rc != OK)
			return rc;
		buf_add_text(&buf, i > 0 ? " " : "");
		buf_add_text(&buf, signature);
		if (i == 0)
			add_header(delivering, "X-Webhook-Signature", plain);
	}
	assert(buf_ok(&buf));
	if (buf.length > 0)
		add_header(delivering, "webhook-signature", buf_text(&buf));
	return OK;
}

/* The id is the delivery's on every attempt, so that a receiver knows what
 * it has had; the time is that of the attempt. */
static enum outcome
write_headers(struct delivering *delivering)
{
	struct arena *arena = delivering->job->arena;
	int64_t now = when_now() / WHEN_SECOND;
	const char *id = arena_format(arena, "msg_%s",
	    secret_hex(arena, delivering->delivery.id.bytes, ID_BYTES));

	delivering->headers[delivering->count++] = json_type;
	add_header(delivering, "webhook-id", id);
	add_header(delivering, "webhook-timestamp",
	    arena_format(arena, "%lld", (long long)now));
	return write_signatures(delivering, id, now);
}

/* What an answer means: 2xx alone is delivered, 410 says never again, and
 * a redirect is a failure like any other. */
static enum outcome
judge(struct job *job, const struct fetch_answer *answer)
{
	if (answer->status >= 200 && answer->status <= 299) {
		job->result = arena_format(job->arena,
		    "{\"response_code\":%lld}", (long long)answer->status);
		return OK;
	}
	if (answer->status == GONE) {
		job->reason = "the receiver answered 410: it is gone for good";
		return DENIED;
	}
	job->reason = arena_format(job->arena, "the receiver answered %lld",
	    (long long)answer->status);
	return AGAIN;
}

/* A scheme is the same in either case (RFC 3986, section 3.1). */
static bool
is_plain(struct arena *arena, const char *url)
{
	return text_equal_nocase(arena_format(arena, "%.5s", url), "http:");
}

/* The address was judged as a text when it was stored; where it leads is
 * judged by fetch_run, on every attempt. */
static enum outcome
call_out(struct delivering *delivering)
{
	struct job *job = delivering->job;
	const struct delivery *delivery = &delivering->delivery;
	struct fetch_request request = {
		.method = "POST",
		.url = delivery->url,
		.headers = delivering->headers,
		.body = delivery->document,
		.length = strlen(delivery->document),
		.plain = is_plain(job->arena, delivery->url),
		.timeout = TIMEOUT,
	};
	struct fetch_answer answer = { .status = 0 };
	int64_t now = when_now();
	enum outcome rc = fetch_run(job->arena, job->config, &request, &answer);

	if (rc == OK)
		rc = judge(job, &answer);
	else
		job->reason = answer.trouble != NULL
				  ? answer.trouble
				  : "this URL cannot be called";
	delivering->attempt = (struct delivery_attempt){
		.delivery_id = delivery->id,
		.send_type = delivery->send_type,
		.sent_at = now,
		.response_code = answer.status,
		.response_time = answer.elapsed / 1000,
		.error_message = job->reason,
	};
	if (rc == AGAIN)
		plan_next(job, answer.retry_after);
	job->context = delivering;
	job->record = record;
	return rc;
}

/* By the schedule, or later where the receiver asks for it. */
static void
plan_next(struct job *job, int64_t retry_after)
{
	int64_t now = when_now(), pause = PAUSE_MOST;

	job->due = kind_next_try(&kinds[WORK_DELIVER], job->work.attempt, now);
	if (retry_after < PAUSE_MOST / WHEN_SECOND)
		pause = retry_after * WHEN_SECOND;
	if (job->due != 0 && job->due < now + pause)
		job->due = now + pause;
}

static enum outcome
record(struct db *db, struct job *job)
{
	const struct delivering *delivering = job->context;
	enum outcome rc = webhook_record(db, &job->work.account_id,
	    &delivering->attempt, job->outcome == OK);

	/* Deleted with its conversation: there is nothing to keep. */
	return rc == NOT_FOUND ? OK : rc;
}
