#include "base/base.h"

#include "upstream/twilio.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/message.h"
#include "model/twilio.h"
#include "net/fetch.h"
#include "upstream/carrier.h"

#include <string.h>

#define API "https://api.twilio.com"
#define FORM_MOST 65536 /* bytes */
#define SEND_TIMEOUT 20 /* seconds */
#define LOOK_TIMEOUT 10
/* Three messages of 1,600 characters, all escaped, fit in one answer. */
#define PAGE_SIZE "3"
#define PAGES_MOST 7
/* Its clock and ours may differ, and its moments are whole seconds. */
#define MARGIN (120 * WHEN_SECOND)
#define REASON_MOST 300

/* What stands before the numbers of a channel; NULL: it has none such. */
static const char *const prefixes[] = {
	[CHANNEL_SMS] = "",
	[CHANNEL_WHATSAPP] = "whatsapp:",
	[CHANNEL_IMESSAGE] = NULL,
};
static_assert(
    COUNT(prefixes) == CHANNEL_MESSAGING_N, "a prefix for every channel");

/* A message as it describes it, or an error. */
struct resource {
	const char *sid;
	const char *status;
	const char *body;
	const char *direction;
	const char *date_created;
	const char *error_code;
	const char *code;
	const char *message;
};

/* Of messages, or of calls. */
struct page {
	struct list messages;
	struct list calls;
	const char *next_page_uri;
};

#define AT(member) FIELD_AT(struct resource, member)

/* An error's `status` is the number of HTTP. */
/* clang-format off */
static const struct field resource_fields[] = {
	{ "sid", FIELD_TEXT, FIELD_NULLABLE, AT(sid), 0, 64 },
	{ "status", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER, AT(status) },
	{ "body", FIELD_TEXT, FIELD_NULLABLE, AT(body) },
	{ "direction", FIELD_TEXT, FIELD_NULLABLE, AT(direction) },
	{ "date_created", FIELD_TEXT, FIELD_NULLABLE, AT(date_created) },
	{ "error_code", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(error_code), 0, 64 },
	{ "code", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER, AT(code),
	    0, 64 },
	{ "message", FIELD_TEXT, FIELD_NULLABLE, AT(message) },
};
/* clang-format on */

static const struct schema resource_schema =
    SCHEMA("TwilioMessage", resource_fields, struct resource);

/* clang-format off */
static const struct field page_fields[] = {
	{ "messages", FIELD_LIST, 0, FIELD_AT(struct page, messages),
	    .schema = &resource_schema },
	{ "calls", FIELD_LIST, 0, FIELD_AT(struct page, calls),
	    .schema = &resource_schema },
	{ "next_page_uri", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct page, next_page_uri) },
};
/* clang-format on */

static const struct schema page_schema =
    SCHEMA("TwilioPage", page_fields, struct page);

static const char *base_url(const struct carrier_line *line);
static const char *resource_url(
    const struct carrier_line *line, const char *resource);
static enum outcome call(const struct carrier_line *line,
    struct fetch_request *request, struct fetch_answer *fetched);
static enum outcome read_document(struct arena *arena,
    const struct fetch_answer *fetched, const struct schema *schema, void *out);

/* --- What is written. */

static void
add_encoded(struct buf *buf, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~";

	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			buf_add_char(buf, *text);
		else
			buf_add_format(buf, "%%%02X", (unsigned char)*text);
	}
}

void
twilio_add(
    struct buf *buf, const char *name, const char *prefix, const char *value)
{
	if (value == NULL)
		return;
	if (buf->length > 0)
		buf_add_char(buf, '&');
	buf_add_text(buf, name);
	buf_add_char(buf, '=');
	add_encoded(buf, prefix);
	add_encoded(buf, value);
}

/* With a messaging service it is the service that picks the number. */
static void
add_ends(struct buf *buf, const struct carrier_message *message)
{
	const char *prefix = prefixes[message->channel];
	const char *service = message->messaging_service_sid;

	twilio_add(buf, "To", prefix, message->to);
	twilio_add(buf, "From", prefix, service == NULL ? message->from : NULL);
}

static void
refuse(struct carrier_answer *answer, const char *code, const char *reason)
{
	answer->fate = CARRIER_REFUSED;
	answer->receipt.error_code = code;
	answer->reason = reason;
}

static void
judge_call(struct arena *arena, enum outcome rc,
    const struct fetch_answer *fetched, struct carrier_answer *answer)
{
	if (rc == OK) {
		twilio_judge(arena, fetched, answer);
	} else if (rc == DENIED) {
		refuse(answer, "CARRIER_ADDRESS_REFUSED", fetched->trouble);
	} else if (rc == INVALID) {
		refuse(answer, "CARRIER_ADDRESS_INVALID",
		    "the carrier's base_url cannot be called");
	} else {
		/* What is not known to be absent may be there. */
		answer->fate = rc == AGAIN && !fetched->arrived
				   ? CARRIER_LATER
				   : CARRIER_UNKNOWN;
		answer->reason = fetched->trouble;
	}
}

void
twilio_post(const struct carrier_line *line, const char *resource,
    const struct buf *form, struct carrier_answer *answer)
{
	static const char *const headers[] = {
		"Content-Type: application/x-www-form-urlencoded", NULL
	};
	struct fetch_request request = {
		.method = "POST",
		.url = resource_url(line, resource),
		.headers = headers,
		.timeout = SEND_TIMEOUT,
	};
	struct fetch_answer fetched = { .arrived = true };

	assert(buf_ok(form));
	request.body = buf_text(form);
	request.length = form->length;
	judge_call(
	    line->arena, call(line, &request, &fetched), &fetched, answer);
}

void
twilio_send(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_answer *answer)
{
	const struct send_template *template = &message->template;
	struct buf form;

	*answer = (struct carrier_answer){ .fate = CARRIER_UNKNOWN };
	if (prefixes[message->channel] == NULL) {
		refuse(answer, "CHANNEL_NOT_SUPPORTED",
		    "Twilio does not carry this channel");
		return;
	}
	buf_init(&form, line->arena, FORM_MOST);
	add_ends(&form, message);
	twilio_add(
	    &form, "MessagingServiceSid", "", message->messaging_service_sid);
	if (template->sid == NULL)
		twilio_add(&form, "Body", "", message->text);
	twilio_add(&form, "ContentSid", "", template->sid);
	twilio_add(&form, "ContentVariables", "", template->variables);
	twilio_add(&form, "StatusCallback", "", message->status_callback);
	twilio_post(line, "Messages.json", &form, answer);
}

/* --- What is read. */

/* It has the message even where it could not send it on. */
static void
accept(const struct resource *resource, struct carrier_answer *answer)
{
	int status = MESSAGE_SENT;

	answer->fate = CARRIER_ACCEPTED;
	answer->receipt.carrier_message_id = resource->sid;
	answer->receipt.error_code = resource->error_code;
	if (resource->status == NULL ||
	    twilio_status(resource->status, &status) != OK ||
	    status == MESSAGE_QUEUED)
		status = MESSAGE_SENT;
	answer->receipt.status = status;
}

static const char *
reason_of(struct arena *arena, int64_t status, const struct resource *resource)
{
	if (resource->message == NULL)
		return arena_format(
		    arena, "the carrier answered %lld", (long long)status);
	return arena_format(arena, "the carrier answered %lld: %.*s",
	    (long long)status, REASON_MOST, resource->message);
}

static bool
has_sid(const struct resource *resource)
{
	return resource->sid != NULL && resource->sid[0] != '\0';
}

void
twilio_judge(struct arena *arena, const struct fetch_answer *fetched,
    struct carrier_answer *answer)
{
	struct resource resource = { .sid = NULL };
	int64_t status = fetched->status;

	*answer = (struct carrier_answer){ .fate = CARRIER_UNKNOWN };
	/* What cannot be read is told by its status alone. */
	if (read_document(arena, fetched, &resource_schema, &resource) != OK)
		resource = (struct resource){ .sid = NULL };
	answer->reason = reason_of(arena, status, &resource);
	answer->retry_after = fetched->retry_after;
	if (status >= 200 && status < 300 && has_sid(&resource))
		accept(&resource, answer);
	else if (status == 429 || status == 503)
		answer->fate = CARRIER_LATER;
	else if (status >= 300 && status < 500 && status != 408)
		refuse(answer,
		    resource.code != NULL
			? resource.code
			: arena_format(arena, "HTTP_%lld", (long long)status),
		    answer->reason);
}

/* Was it made before our message was?  What cannot be read was not. */
static bool
is_older(struct arena *arena, const struct resource *resource,
    const struct carrier_message *message)
{
	int64_t created;

	return resource->date_created != NULL &&
	       twilio_when(arena, resource->date_created, &created) == OK &&
	       created < message->since - MARGIN;
}

/* What it makes of a template is not known here. */
static bool
has_words(
    const struct resource *resource, const struct carrier_message *message)
{
	if (message->text == NULL || message->template.sid != NULL)
		return true;
	return resource->body != NULL &&
	       text_equal(resource->body, message->text);
}

static bool
is_ours(const struct resource *resource, const struct carrier_message *message)
{
	return has_sid(resource) && has_words(resource, message) &&
	       (resource->direction == NULL ||
		   text_equal(resource->direction, "outbound-api"));
}

/* Newer ones come first, and the oldest is to be the first that is tried. */
static void
put_first(struct carrier_found *found, const struct receipt *receipt)
{
	size_t kept = found->count;

	if (kept == CARRIER_FOUND_MOST)
		kept--;
	(void)memmove(
	    found->list + 1, found->list, kept * sizeof(*found->list));
	found->list[0] = *receipt;
	found->count = kept + 1;
}

enum outcome
twilio_read_page(struct arena *arena, const struct fetch_answer *fetched,
    const struct carrier_message *message, struct carrier_found *found,
    const char **next)
{
	struct page page = { .next_page_uri = NULL };
	const struct resource *list;
	struct carrier_answer answer;
	struct list all;
	size_t i, older = 0;

	if (fetched->status != 200 ||
	    read_document(arena, fetched, &page_schema, &page) != OK)
		return INVALID;
	all = page.messages.items != NULL ? page.messages : page.calls;
	if (all.items == NULL)
		return INVALID;
	list = all.items;
	for (i = 0; i < all.count; i++) {
		if (is_older(arena, &list[i], message)) {
			older++;
		} else if (is_ours(&list[i], message)) {
			accept(&list[i], &answer);
			put_first(found, &answer.receipt);
		}
	}
	*next = older < all.count ? page.next_page_uri : NULL;
	return OK;
}

static enum outcome
read_document(struct arena *arena, const struct fetch_answer *fetched,
    const struct schema *schema, void *out)
{
	struct faults *faults = arena_alloc(arena, sizeof(*faults));
	struct reader reader = { .arena = arena, .faults = faults };
	struct json_object *document;
	struct json_fault fault;

	faults_init(faults, arena);
	if (json_parse(
		arena, fetched->body, fetched->length, &document, &fault) != OK)
		return INVALID;
	return field_read(&reader, schema, document, "", out);
}

/* --- Looking up. */

static const char *
trouble_of(
    struct arena *arena, enum outcome rc, const struct fetch_answer *fetched)
{
	if (rc != OK)
		return fetched->trouble != NULL
			   ? fetched->trouble
			   : "the carrier's base_url cannot be called";
	return arena_format(arena,
	    "looking it up, the carrier answered %lld with what is no page",
	    (long long)fetched->status);
}

/* No filter by the day of sending: a message that waits at the carrier has
 * none yet, and would be left out. */
enum outcome
twilio_search(const struct carrier_line *line, const char *resource,
    const struct carrier_message *message, struct carrier_found *found,
    const char **reason)
{
	struct fetch_request request = {
		.method = "GET",
		.timeout = LOOK_TIMEOUT,
	};
	struct fetch_answer fetched;
	const char *next = NULL;
	struct buf query;
	enum outcome rc;
	int i;

	found->count = 0;
	buf_init(&query, line->arena, FORM_MOST);
	add_ends(&query, message);
	twilio_add(&query, "PageSize", "", PAGE_SIZE);
	request.url = arena_format(line->arena, "%s?%s",
	    resource_url(line, resource), buf_text(&query));
	for (i = 0; i < PAGES_MOST; i++) {
		fetched = (struct fetch_answer){ .status = 0 };
		rc = call(line, &request, &fetched);
		if (rc != OK || twilio_read_page(line->arena, &fetched, message,
				    found, &next) != OK) {
			*reason = trouble_of(line->arena, rc, &fetched);
			return AGAIN;
		}
		/* A path of the same server, and nothing else. */
		if (next == NULL || next[0] != '/')
			return OK;
		request.url =
		    arena_format(line->arena, "%s%s", base_url(line), next);
	}
	*reason = "the carrier has too many of them to find this one";
	return AGAIN;
}

enum outcome
twilio_look_up(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_found *found,
    const char **reason)
{
	found->count = 0;
	if (prefixes[message->channel] == NULL)
		return OK;
	return twilio_search(line, "Messages.json", message, found, reason);
}

/* --- The calls. */

static const char *
base_url(const struct carrier_line *line)
{
	const char *url = line->carrier->base_url;
	size_t length;

	if (url == NULL)
		return API;
	length = strlen(url);
	while (length > 0 && url[length - 1] == '/')
		length--;
	return arena_copy(line->arena, url, length);
}

static const char *
resource_url(const struct carrier_line *line, const char *resource)
{
	struct buf sid;

	buf_init(&sid, line->arena, FORM_MOST);
	add_encoded(&sid, line->carrier->account_sid);
	return arena_format(line->arena, "%s/2010-04-01/Accounts/%s/%s",
	    base_url(line), buf_text(&sid), resource);
}

/* Whoever has an account here chose its base_url: that may lead into our
 * network only where the operator listed the address. */
static enum outcome
call(const struct carrier_line *line, struct fetch_request *request,
    struct fetch_answer *fetched)
{
	request->user = line->carrier->account_sid;
	request->password = line->carrier->auth_token;
	request->trusted = line->carrier->base_url == NULL;
	request->plain = line->carrier->base_url != NULL;
	return fetch_run(line->arena, line->config, request, fetched);
}
