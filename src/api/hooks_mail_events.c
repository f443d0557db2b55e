#include "base/base.h"

#include "api/hooks_mail_events.h"

#include "api/answer.h"
#include "api/call.h"
#include "api/mail_provider.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "db/tx.h"
#include "model/carrier.h"
#include "model/mail_delivery.h"
#include "model/mailgun.h"
#include "store/carrier.h"
#include "store/mail.h"

#include <json-c/json.h>
#include <string.h>

#define EVENTS_MOST 1000
#define CODE_MOST 64
#define LINK_MOST 2048
#define SECONDS_MOST 1e11 /* of a time: in the year 5138 */

/* Their words.  What is not here says nothing that we keep: that a mail was
 * accepted or put off, for instance. */
/* clang-format off */
static const struct {
	const char *word;
	int delivery;
} words[] = {
	{ "delivered",  DELIVERY_DELIVERED },
	{ "opened",     DELIVERY_OPENED },
	{ "open",       DELIVERY_OPENED },
	{ "clicked",    DELIVERY_CLICKED },
	{ "click",      DELIVERY_CLICKED },
	{ "complained", DELIVERY_COMPLAINT },
	{ "spamreport", DELIVERY_COMPLAINT },
	{ "failed",     DELIVERY_BOUNCED },
	{ "bounce",     DELIVERY_BOUNCED },
	{ "dropped",    DELIVERY_FAILED },
};
/* clang-format on */

/* The member of an object, through others: "message", "headers", ...; NULL:
 * it is not there. */
static struct json_object *
member(struct json_object *object, const char *const *path)
{
	for (; *path != NULL; path++)
		if (!json_object_is_type(object, json_type_object) ||
		    !json_object_object_get_ex(object, *path, &object))
			return NULL;
	return object;
}

#define MEMBER(object, ...)                                                    \
	member((object), (const char *const[]){ __VA_ARGS__, NULL })

/* A code is a number with one of them, a text with the other. */
static const char *
code_of(struct call *call, struct json_object *event)
{
	struct json_object *code = MEMBER(event, "delivery-status", "code");
	const char *text;

	if (code == NULL)
		code = MEMBER(event, "status");
	text = code != NULL ? json_object_get_string(code) : NULL;
	return text != NULL && strlen(text) <= CODE_MOST
		   ? arena_text(call->arena, text)
		   : NULL;
}

/* Which of ours it is about, without the brackets; NULL: none. */
static const char *
id_of(struct call *call, struct json_object *event)
{
	const char *id =
	    json_member_text(MEMBER(event, "message", "headers"), "message-id");

	if (id == NULL)
		id = json_member_text(event, "smtp-id");
	if (id == NULL)
		return NULL;
	id += strspn(id, "<");
	return arena_copy(call->arena, id, strcspn(id, ">"));
}

static bool
says(struct json_object *event, const char *name, const char *value)
{
	const char *said = json_member_text(event, name);

	return said != NULL && text_equal(said, value);
}

/* What became of it; DELIVERY_NONE: nothing that is kept.  What is to be
 * tried again is no end, and of a mail that was not let in ("blocked") the
 * address may be fine. */
static int
delivery_of(struct json_object *event)
{
	size_t i;

	if (says(event, "severity", "temporary"))
		return DELIVERY_NONE;
	if (says(event, "event", "bounce") && says(event, "type", "blocked"))
		return DELIVERY_FAILED;
	for (i = 0; i < COUNT(words); i++)
		if (says(event, "event", words[i].word))
			return words[i].delivery;
	return DELIVERY_NONE;
}

/* Seconds, with a fraction or not; 0: it does not say. */
static int64_t
moment_of(struct json_object *event)
{
	struct json_object *at = MEMBER(event, "timestamp");
	double seconds = at != NULL ? json_object_get_double(at) : 0;

	if (!(seconds > 0 && seconds < SECONDS_MOST))
		return 0;
	return (int64_t)(seconds * (double)WHEN_SECOND);
}

/* What an event says of a mail.  NOT_FOUND: nothing that is kept. */
static enum outcome
read_event(
    struct call *call, struct json_object *event, struct mail_report *report)
{
	const char *link = json_member_text(event, "url");

	*report = (struct mail_report){
		.message_id = id_of(call, event),
		.delivery = delivery_of(event),
		.at = moment_of(event),
	};
	if (report->message_id == NULL || report->delivery == DELIVERY_NONE)
		return NOT_FOUND;
	if (report->delivery >= DELIVERY_BOUNCED)
		report->error_code = code_of(call, event);
	if (link != NULL && strlen(link) <= LINK_MOST)
		report->link = link;
	return OK;
}

static enum outcome
apply(struct call *call, const struct id *account, struct json_object *event)
{
	struct mail_report report;
	enum outcome rc = read_event(call, event, &report);

	if (rc == OK)
		rc = mail_report_apply(call->db, call->arena, account, &report);
	return rc == NOT_FOUND ? OK : rc;
}

/* Mailgun's object has one, SendGrid's array many. */
static enum outcome
apply_all(
    struct call *call, const struct id *account, struct json_object *document)
{
	struct json_object *one = MEMBER(document, "event-data");
	size_t i;
	enum outcome rc = OK;

	if (one != NULL)
		return apply(call, account, one);
	if (!json_object_is_type(document, json_type_array))
		return OK;
	for (i = 0; rc == OK && i < json_object_array_length(document) &&
		    i < EVENTS_MOST;
	     i++)
		rc = apply(
		    call, account, json_object_array_get_idx(document, i));
	return rc;
}

static enum outcome
authenticate(
    struct call *call, struct json_object *document, struct id *account)
{
	struct json_object *given = MEMBER(document, "signature");
	const struct mailgun_signature signature = {
		json_member_text(given, "timestamp"),
		json_member_text(given, "token"),
		json_member_text(given, "signature"),
	};
	struct carrier carrier;
	struct id id;
	enum outcome rc = id_parse(call->values[0], &id);

	if (rc == OK)
		rc = carrier_find_hook(
		    call->db, call->arena, &id, account, &carrier);
	if (rc != OK && rc != NOT_FOUND && rc != INVALID)
		return rc;
	if (rc != OK || !mail_provider_is(call, &signature, &carrier))
		return call_refuse(call, FORBIDDEN, NULL,
		    "this call is not signed as the carrier signs");
	if (signature.signature != NULL &&
	    !mailgun_is_fresh(&signature, call->request.received_at))
		return call_refuse(
		    call, NOT_ACCEPTABLE, NULL, "the signature is too old");
	return OK;
}

/* An event that comes twice changes nothing the second time, so its token
 * need not be remembered. */
enum outcome
hooks_mail_events(struct call *call)
{
	struct answer_status *answer = call->answer;
	struct json_object *document;
	struct json_fault fault;
	struct id account;
	enum outcome rc = json_parse(call->arena, call->request.body,
	    call->request.body_length, &document, &fault);

	call->settled = tx_repeat;
	answer->status = "ok";
	if (rc != OK)
		return call_refuse(call, NOT_ACCEPTABLE, NULL,
		    "line %zu, column %zu: %s", fault.line, fault.column,
		    fault.what);
	rc = authenticate(call, document, &account);
	return rc == OK ? apply_all(call, &account, document) : rc;
}
