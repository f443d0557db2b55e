#include "base/base.h"

#include "api/webhooks.h"

#include "api/answer.h"
#include "api/call.h"
#include "base/secret.h"
#include "db/stmt.h"
#include "model/conversation.h"
#include "model/page.h"
#include "model/webhook.h"
#include "store/conversation.h"
#include "store/webhook.h"
#include "store/webhook_secret.h"

#define SENSITIVE                                                              \
	(SCOPE(CONVERSATIONS_READ_SENSITIVE) | SCOPE(CONVERSATIONS_MANAGE))

struct delivery_resent {
	const char *message;
	struct id delivery_id;
	struct id work_id;
};

/* A document of its own, because its data may be null. */
struct conversation_webhook {
	const char *data;   /* JSON of delivery_log_schema */
	const char *errors; /* none */
};

struct secret_request {
	int64_t overlap;
};

#define QUERY_AT(member) FIELD_AT(struct delivery_query, member)
#define RESENT_AT(member) FIELD_AT(struct delivery_resent, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "page", FIELD_INTEGER, 0, QUERY_AT(page), 1, PAGE_MOST,
	    .about = "Counted from 1." },
	{ "pageSize", FIELD_INTEGER, 0, QUERY_AT(size), 1, PAGE_SIZE_MOST,
	    .about = "25 if not given." },
	{ "conversation_id", FIELD_ID, 0, QUERY_AT(conversation_id),
	    .about = "Only what was said of this one." },
};

static const struct field resent_fields[] = {
	{ "message", FIELD_TEXT, 0, RESENT_AT(message) },
	{ "delivery_id", FIELD_ID, 0, RESENT_AT(delivery_id) },
	{ "workflow_id", FIELD_ID, 0, RESENT_AT(work_id) },
};

static const struct field webhook_fields[] = {
	{ "data", FIELD_OBJECT, FIELD_NULLABLE,
	    FIELD_AT(struct conversation_webhook, data),
	    .about = "conversation_id, url, payload, created_at, user_id, and"
	             " as metadata the attempts: sent_at, response_code,"
	             " response_time, send_type, error_message. null when"
	             " nothing was sent." },
	{ "errors", FIELD_ARRAY, FIELD_NULLABLE,
	    FIELD_AT(struct conversation_webhook, errors) },
};

static const struct field secret_fields[] = {
	{ "overlap", FIELD_INTEGER, 0,
	    FIELD_AT(struct secret_request, overlap), 0,
	    WEBHOOK_OVERLAP_MOST,
	    .about = "Seconds for which the secret before it stays valid;"
	             " 86400 if not given." },
};
/* clang-format on */

const struct schema deliveries_query_schema =
    SCHEMA("DeliveriesQuery", query_fields, struct delivery_query);
const struct schema delivery_resent_schema =
    SCHEMA("DeliveryResent", resent_fields, struct delivery_resent);
const struct schema conversation_webhook_schema =
    SCHEMA("ConversationWebhook", webhook_fields, struct conversation_webhook);
const struct schema webhook_secret_request_schema =
    SCHEMA("WebhookSecret", secret_fields, struct secret_request);

/* A document holds what was said. */
static void
redact(struct call *call, struct page *page)
{
	struct delivery *deliveries = (void *)(uintptr_t)page->list.items;
	size_t i;

	if (key_allows(call->scopes, SENSITIVE))
		return;
	for (i = 0; i < page->list.count; i++)
		deliveries[i].document = NULL;
}

enum outcome
webhook_deliveries_list(struct call *call)
{
	const struct delivery_query *given = call->query;
	struct delivery_query query = {
		.conversation_id = given->conversation_id,
		.page = given->page > 0 ? given->page : 1,
		.size = given->size > 0 ? given->size : PAGE_SIZE,
	};
	enum outcome rc = webhook_list(
	    call->db, call->arena, &call->key.account_id, &query, call->answer);

	if (rc == OK)
		redact(call, call->answer);
	return rc;
}

/* Does the work that was written still have the delivery? */
static enum outcome
is_resent(struct db *db, void *context)
{
	struct call *call = context;
	const struct delivery_resent *made = call->witness;
	struct delivery delivery;
	enum outcome rc = webhook_find(db, call->arena, &call->key.account_id,
	    &made->delivery_id, &delivery);

	if (rc == OK && !id_equal(&delivery.work_id, &made->work_id))
		return NOT_FOUND;
	return rc;
}

enum outcome
webhook_delivery_resend(struct call *call)
{
	struct delivery_resent *answer = call->answer;
	enum outcome rc = call_path_id(
	    call, 0, DELIVERY_NOT_FOUND, "delivery", &answer->delivery_id);

	if (rc == OK)
		rc =
		    webhook_resend(call->db, call->arena, &call->key.account_id,
			&answer->delivery_id, &answer->work_id);
	answer->message = "The webhook is sent again";
	call->witness = answer;
	call->settled = is_resent;
	return call_missing(call, rc, DELIVERY_NOT_FOUND, NULL, "delivery");
}

enum outcome
sms_conversation_webhook(struct call *call)
{
	const struct id *account = &call->key.account_id;
	struct conversation_webhook *answer = call->answer;
	struct conversation ignored;
	struct delivery delivery;
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CONVERSATION_NOT_FOUND, "conversation", &id);

	if (rc == OK)
		rc = conversation_find(
		    call->db, call->arena, account, &id, &ignored);
	if (rc != OK)
		return call_missing(
		    call, rc, CONVERSATION_NOT_FOUND, NULL, "conversation");
	rc =
	    webhook_find_latest(call->db, call->arena, account, &id, &delivery);
	if (rc == OK)
		answer->data = field_write_text(
		    call->arena, &delivery_log_schema, &delivery);
	return rc == NOT_FOUND ? OK : rc;
}

enum outcome
webhook_secrets_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc = webhook_secret_list(
	    call->db, call->arena, &call->key.account_id, &rows);

	if (rc == OK)
		*answer = (struct list){ rows.list, rows.count };
	return rc;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct webhook_secret *made = call->witness;
	struct webhook_secret ignored;

	return webhook_secret_find(
	    db, call->arena, &call->key.account_id, &made->id, &ignored);
}

/* Bound to its row: moved to another it does not open. */
static enum outcome
make_secret(struct call *call, struct webhook_secret *secret)
{
	const unsigned char *key = call->server->secret_key;

	if (key == NULL)
		return call_refuse(call, SERVICE_UNAVAILABLE, NULL,
		    "this server has no key to keep secrets under: its"
		    " operator has to set [secret] key_file");
	webhook_secret_make(call->arena, secret);
	secret->sealed = secret_seal(call->arena, key,
	    id_text(call->arena, &secret->id), secret->secret);
	return OK;
}

enum outcome
webhook_secret_create(struct call *call)
{
	struct secret_request request = { .overlap = WEBHOOK_OVERLAP };
	struct webhook_secret *answer = call->answer;
	enum outcome rc = make_secret(call, answer);

	if (rc != OK)
		return rc;
	call_read_over(call, &webhook_secret_request_schema, &request);
	call->witness = answer;
	call->settled = is_there;
	rc = webhook_secret_insert(call->db, call->arena, &call->key.account_id,
	    request.overlap, answer);
	if (rc == CONFLICT)
		return call_refuse(call, TOO_MANY_WEBHOOK_SECRETS, NULL,
		    "%d secrets are valid already: delete one first, or wait"
		    " until the older expires",
		    WEBHOOK_SECRETS);
	return rc;
}

enum outcome
webhook_secret_revoke(struct call *call)
{
	struct answer_message *answer = call->answer;
	struct id id;
	enum outcome rc = call_path_id(
	    call, 0, WEBHOOK_SECRET_NOT_FOUND, "webhook secret", &id);

	if (rc == OK)
		rc =
		    webhook_secret_delete(call->db, &call->key.account_id, &id);
	answer->message = "The secret is deleted: nothing more is signed by it";
	return call_missing(
	    call, rc, WEBHOOK_SECRET_NOT_FOUND, NULL, "webhook secret");
}
