#include "base/base.h"

#include "api/hooks_mail.h"

#include "api/answer.h"
#include "api/call.h"
#include "api/mail_provider.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "http/form.h"
#include "model/carrier.h"
#include "model/mail.h"
#include "model/mail_address.h"
#include "model/mail_form.h"
#include "model/mail_scan.h"
#include "model/mailgun.h"
#include "store/carrier.h"
#include "store/email_address.h"
#include "store/mail_inbound.h"

#include <json-c/json.h>
#include <string.h>

#define RECIPIENTS_MOST 20

/* A call on its way. */
struct bringing {
	struct form form;
	struct mailgun_signature signature;
	const char *sender; /* of the envelope; NULL: unknown */
	const char *recipients[RECIPIENTS_MOST]; /* in small letters */
	size_t count;
	struct id account;
	struct mail_inbound mail;
};

static enum outcome
not_acceptable(struct call *call, const char *why)
{
	return call_refuse(call, NOT_ACCEPTABLE, NULL, "%s", why);
}

static const char *
field(struct call *call, const struct bringing *bringing, const char *name)
{
	return form_text(call->arena, &bringing->form, name);
}

/* --- The envelope. */

static void
add_recipient(struct call *call, struct bringing *bringing, const char *address)
{
	if (address != NULL && bringing->count < RECIPIENTS_MOST &&
	    mail_address_is_valid(address))
		bringing->recipients[bringing->count++] =
		    mail_address_key(call->arena, address);
}

/* SendGrid's: {"to":["..."],"from":"..."}. */
static void
read_envelope(struct call *call, struct bringing *bringing)
{
	const char *text = field(call, bringing, "envelope");
	struct json_object *envelope, *to;
	struct json_fault fault;
	const char *from;
	size_t i;

	if (text == NULL || json_parse(call->arena, text, strlen(text),
				&envelope, &fault) != OK)
		return;
	from = json_member_text(envelope, "from");
	if (from != NULL)
		bringing->sender = from;
	if (!json_object_object_get_ex(envelope, "to", &to) ||
	    !json_object_is_type(to, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(to); i++)
		add_recipient(call, bringing,
		    json_object_get_string(json_object_array_get_idx(to, i)));
}

static void
read_call(struct call *call, struct bringing *bringing)
{
	const char *recipient = field(call, bringing, "recipient");
	const char **parts;

	bringing->signature = (struct mailgun_signature){
		field(call, bringing, "timestamp"),
		field(call, bringing, "token"),
		field(call, bringing, "signature"),
	};
	bringing->sender = field(call, bringing, "sender");
	read_envelope(call, bringing);
	if (recipient == NULL)
		return;
	for (parts = text_split(call->arena, recipient, ','); *parts != NULL;
	     parts++)
		add_recipient(call, bringing, *parts);
}

/* --- Who calls. */

/* Of the accounts that have the address the one whose carrier's it is. */
static enum outcome
find_owner(struct call *call, struct bringing *bringing, const char *address)
{
	const struct email_owner *list;
	struct carrier carrier;
	struct rows rows;
	size_t i;
	enum outcome rc =
	    email_address_owners(call->db, call->arena, address, &rows);

	list = rows.list;
	for (i = 0; rc == OK && i < rows.count; i++) {
		rc = carrier_find(call->db, call->arena, &list[i].account_id,
		    &list[i].carrier_id, &carrier);
		if (rc == OK &&
		    mail_provider_is(call, &bringing->signature, &carrier)) {
			bringing->account = list[i].account_id;
			return OK;
		}
		if (rc == NOT_FOUND)
			rc = OK;
	}
	return rc == OK ? NOT_FOUND : rc;
}

static enum outcome
find_by_recipient(struct call *call, struct bringing *bringing)
{
	const char *base;
	size_t i;
	enum outcome rc = NOT_FOUND;

	for (i = 0; rc == NOT_FOUND && i < bringing->count; i++) {
		base = mail_address_base(call->arena, bringing->recipients[i]);
		rc = find_owner(call, bringing, bringing->recipients[i]);
		if (rc == NOT_FOUND && base != bringing->recipients[i])
			rc = find_owner(call, bringing, base);
	}
	return rc;
}

static enum outcome
find_by_carrier(struct call *call, struct bringing *bringing)
{
	struct carrier carrier;
	struct id id;
	enum outcome rc = id_parse(call->values[0], &id);

	if (rc == OK)
		rc = carrier_find_hook(
		    call->db, call->arena, &id, &bringing->account, &carrier);
	if (rc == INVALID || (rc == OK && !mail_provider_is(call,
					      &bringing->signature, &carrier)))
		return NOT_FOUND;
	return rc;
}

/* 403 tells whoever is not who they say no more than that; a provider whose
 * key was set wrongly tries again, and finds it right then. */
static enum outcome
authenticate(struct call *call, struct bringing *bringing)
{
	enum outcome rc = call->values[0] != NULL
			      ? find_by_carrier(call, bringing)
			      : find_by_recipient(call, bringing);

	if (rc == NOT_FOUND)
		return call_refuse(call, FORBIDDEN, NULL,
		    "this call is not signed as the carrier of its recipient"
		    " signs");
	if (rc != OK || bringing->signature.signature == NULL)
		return rc;
	if (!mailgun_is_fresh(&bringing->signature, call->request.received_at))
		return not_acceptable(call, "the signature is too old");
	return OK;
}

/* --- The mail. */

static struct mail_form_body
body_of(struct call *call, const struct bringing *bringing, const char *name,
    const char *charset)
{
	const struct form_part *part = form_find(&bringing->form, name);
	const char *charsets = field(call, bringing, "charsets");
	struct json_object *all;
	struct json_fault fault;
	const char *own = NULL;

	if (part == NULL)
		return (struct mail_form_body){ .bytes = NULL };
	if (charsets != NULL && json_parse(call->arena, charsets,
				    strlen(charsets), &all, &fault) == OK)
		own = json_member_text(all, name);
	return (struct mail_form_body){ part->bytes, part->length,
		own != NULL ? own : charset };
}

static size_t
files_of(const struct bringing *bringing, struct mail_form_file *files)
{
	const struct form_part *parts = bringing->form.parts;
	size_t i, count = 0;

	for (i = 0; i < bringing->form.count && count < MAIL_FORM_FILES; i++)
		if (parts[i].filename != NULL)
			files[count++] = (struct mail_form_file){
				parts[i].filename,
				parts[i].type,
				parts[i].length,
			};
	return count;
}

/* Mailgun's names, or SendGrid's. */
static void
put_together(struct call *call, struct bringing *bringing)
{
	struct mail_form_file *files =
	    arena_alloc(call->arena, MAIL_FORM_FILES * sizeof(*files));
	struct mail_form form = {
		.headers = field(call, bringing, "headers"),
		.header_pairs = field(call, bringing, "message-headers"),
		.from = field(call, bringing, "from"),
		.to = field(call, bringing, "to"),
		.cc = field(call, bringing, "cc"),
		.subject = field(call, bringing, "subject"),
		.text = body_of(call, bringing, "body-plain", NULL),
		.html = body_of(call, bringing, "body-html", NULL),
		.files = files,
		.files_count = files_of(bringing, files),
	};

	if (form.text.bytes == NULL)
		form.text = body_of(call, bringing, "text", NULL);
	if (form.html.bytes == NULL)
		form.html = body_of(call, bringing, "html", NULL);
	mail_form_write(
	    call->arena, &form, &bringing->mail.bytes, &bringing->mail.length);
}

static void
read_mail(struct call *call, struct bringing *bringing)
{
	static const char *const whole[] = { "body-mime", "email" };
	const struct form_part *part = NULL;
	size_t i;

	for (i = 0; part == NULL && i < COUNT(whole); i++)
		part = form_find(&bringing->form, whole[i]);
	if (part == NULL) {
		put_together(call, bringing);
		return;
	}
	bringing->mail.bytes = part->bytes;
	bringing->mail.length = part->length;
}

/* --- On disk. */

static enum outcome
store_for(struct call *call, struct bringing *bringing, const char *recipient,
    const char *message_id, size_t *stored)
{
	struct email_address ignored;
	enum outcome rc = email_address_find_for(
	    call->db, call->arena, &bringing->account, recipient, &ignored);

	if (rc == NOT_FOUND)
		return OK;
	bringing->mail.recipient = recipient;
	if (rc == OK)
		rc = mail_inbound_store(call->db, call->arena,
		    &bringing->account, message_id, &bringing->mail);
	*stored += rc == OK;
	return rc;
}

static enum outcome
store(struct call *call, struct bringing *bringing)
{
	const char *message_id = mail_scan_header(call->arena,
	    bringing->mail.bytes, bringing->mail.length, "Message-ID");
	size_t i, stored = 0;
	enum outcome rc = OK;

	if (bringing->mail.length > MAIL_MOST)
		return not_acceptable(call, "the mail is larger than 30 MiB");
	bringing->mail.envelope_from = bringing->sender;
	if (bringing->sender != NULL && bringing->sender[0] != '\0' &&
	    !mail_address_is_valid(bringing->sender))
		bringing->mail.envelope_from = NULL;
	for (i = 0; rc == OK && i < bringing->count; i++)
		rc = store_for(call, bringing, bringing->recipients[i],
		    message_id, &stored);
	if (rc == OK && stored == 0)
		return not_acceptable(
		    call, "no agent has an address of this mail");
	return rc;
}

enum outcome
hooks_mail(struct call *call)
{
	struct bringing *bringing = arena_alloc(call->arena, sizeof(*bringing));
	struct answer_status *answer = call->answer;
	enum outcome rc = form_read(call->arena, call->request.content_type,
	    call->request.body, call->request.body_length, &bringing->form);

	call->settled = tx_repeat;
	answer->status = "ok";
	if (rc != OK)
		return not_acceptable(
		    call, "the body is no form that a mail can be read from");
	read_call(call, bringing);
	rc = authenticate(call, bringing);
	if (rc == OK && bringing->signature.token != NULL)
		rc = hook_token_take(
		    call->db, &bringing->account, bringing->signature.token);
	/* It was here before, with its mail. */
	if (rc == CONFLICT)
		return OK;
	if (rc != OK)
		return rc;
	read_mail(call, bringing);
	return store(call, bringing);
}
