#include "base/base.h"

#include "api/sms_numbers.h"

#include "api/answer.h"
#include "api/call.h"
#include "base/arena.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/number.h"
#include "store/number.h"
#include "store/reference.h"

#define PROMPT_MOST 20000
#define KEYWORDS_MOST 100

struct numbers_query {
	int channel;
};

/* All four requests are read into it: what they give goes over the config
 * that is there. */
struct number_request {
	const char *phone_number;
	int channel;
	struct number_config config;
};

struct number_answer {
	const char *message;
	struct number_config config;
};

#define AT(member) FIELD_AT(struct number_request, member)
#define NUMBER_FIELDS                                                          \
	{ "phone_number", FIELD_PHONE, FIELD_REQUIRED, AT(phone_number),       \
		.about = "The account's number." },                            \
	{                                                                      \
		"channel", FIELD_NAME, 0, AT(channel),                         \
		    .names = &messaging_channel_names,                         \
		    .about = "sms if not given."                               \
	}

/* clang-format off */
static const struct field numbers_query_fields[] = {
	{ "channel", FIELD_NAME, 0, FIELD_AT(struct numbers_query, channel),
	    .names = &messaging_channel_names, .about = "sms if not given." },
};

static const struct field entry_fields[] = {
	{ "phone_number", FIELD_PHONE, 0,
	    FIELD_AT(struct number_entry, number) },
	{ "sms_config", FIELD_STRUCT, 0,
	    FIELD_AT(struct number_entry, config),
	    .schema = &number_config_schema },
	{ "conversation_count", FIELD_INTEGER, 0,
	    FIELD_AT(struct number_entry, conversations) },
};

static const struct field number_fields[] = {
	NUMBER_FIELDS,
	{ "sms_config", FIELD_INLINE, 0, AT(config),
	    .schema = &number_config_schema },
};

static const struct field answer_fields[] = {
	{ "message", FIELD_TEXT, 0, FIELD_AT(struct number_answer, message) },
	{ "sms_config", FIELD_STRUCT, 0,
	    FIELD_AT(struct number_answer, config),
	    .schema = &number_config_schema },
};

static const struct field prompt_fields[] = {
	NUMBER_FIELDS,
	{ "prompt", FIELD_TEXT, FIELD_NULLABLE, AT(config.objective),
	    0, PROMPT_MOST },
	{ "ignore_keywords", FIELD_TEXTS, FIELD_NULLABLE,
	    AT(config.ignore_keywords), .most = KEYWORDS_MOST },
	{ "temperature", FIELD_NUMBER, 0, AT(config.temperature), 0, 2 },
};

static const struct field webhook_fields[] = {
	NUMBER_FIELDS,
	{ "webhook", FIELD_URL, FIELD_NULLABLE, AT(config.webhook) },
};

static const struct field toggle_fields[] = {
	NUMBER_FIELDS,
	{ "on", FIELD_BOOLEAN, FIELD_REQUIRED, AT(config.human_mode),
	    .about = "true: people answer on this number, and no agent." },
};
/* clang-format on */

const struct schema numbers_query_schema =
    SCHEMA("NumbersQuery", numbers_query_fields, struct numbers_query);
const struct schema number_entry_schema =
    SCHEMA("NumberEntry", entry_fields, struct number_entry);
const struct schema number_request_schema =
    SCHEMA("NumberRequest", number_fields, struct number_request);
const struct schema number_answer_schema =
    SCHEMA("NumberAnswer", answer_fields, struct number_answer);
const struct schema prompt_request_schema =
    SCHEMA("PromptRequest", prompt_fields, struct number_request);
const struct schema webhook_request_schema =
    SCHEMA("WebhookRequest", webhook_fields, struct number_request);
const struct schema toggle_request_schema =
    SCHEMA("ToggleRequest", toggle_fields, struct number_request);

enum outcome
sms_numbers_list(struct call *call)
{
	const struct numbers_query *query = call->query;
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc = number_entries(call->db, call->arena,
	    &call->key.account_id, query->channel, &rows);

	if (rc != OK)
		return rc;
	answer->items = rows.list;
	answer->count = rows.count;
	return OK;
}

/* The config of the number in the request, which may have none on this
 * channel yet.  The number is held, so nobody changes it meanwhile. */
static enum outcome
load(struct call *call, const struct number_request *body,
    struct number_config *config)
{
	const struct id *account = &call->key.account_id;
	enum outcome rc =
	    number_hold(call->db, call->arena, account, body->phone_number);

	rc = call_missing(
	    call, rc, INBOUND_NUMBER_NOT_FOUND, "/phone_number", "number");
	if (rc != OK)
		return rc;
	rc = number_config_find(call->db, call->arena, account,
	    body->phone_number, body->channel, config);
	if (rc == NOT_FOUND) {
		number_config_init(config);
		rc = OK;
	}
	return rc;
}

/* Puts the request over the config that is there, and writes it.  Running
 * it again does the same. */
static enum outcome
update(struct call *call, struct number_config *config)
{
	const struct number_request *body = call->body;
	struct number_request whole = { .config = { 0 } };
	enum outcome rc = load(call, body, &whole.config);

	call->settled = tx_repeat;
	if (rc != OK)
		return rc;
	call_read_over(call, call->route->body, &whole);
	rc = number_config_check(
	    &whole.config, &body->config.silence, &call->faults);
	if (rc == OK)
		rc = reference_check_config(call->db, call->arena,
		    &call->key.account_id, &body->config, &whole.config,
		    &call->faults);
	if (rc == OK)
		rc = number_config_save(call->db, &call->key.account_id,
		    body->phone_number, body->channel, &whole.config);
	*config = whole.config;
	return rc;
}

enum outcome
sms_number_update(struct call *call)
{
	const struct number_request *body = call->body;
	struct number_answer *answer = call->answer;

	answer->message =
	    arena_format(call->arena, "%s config updated for number %s",
		channel_title((enum channel)body->channel), body->phone_number);
	return update(call, &answer->config);
}

enum outcome
sms_prompt_update(struct call *call)
{
	struct answer_status *answer = call->answer;
	struct number_config ignored;

	answer->status = "Prompt updated";
	return update(call, &ignored);
}

enum outcome
sms_webhook_update(struct call *call)
{
	struct answer_status *answer = call->answer;
	struct number_config ignored;

	answer->status = "success";
	return update(call, &ignored);
}

enum outcome
sms_number_toggle(struct call *call)
{
	const struct number_request *body = call->body;
	struct answer_status *answer = call->answer;
	struct number_config ignored;

	answer->status = body->config.human_mode ? "Turned human mode on"
						 : "Turned human mode off";
	return update(call, &ignored);
}
