#include "base/base.h"

#include "model/carrier.h"

#include "base/arena.h"
#include "model/field.h"
#include "model/mail.h"
#include "model/reason.h"
#include "model/url.h"

#include <string.h>

#define BASE64                                                                 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

static const char *const kind_words[] = {
	[CARRIER_LOOPBACK] = "loopback",
	[CARRIER_TWILIO] = "twilio",
	[CARRIER_LIVEKIT] = "livekit",
	[CARRIER_SMTP] = "smtp",
};
static_assert(COUNT(kind_words) == CARRIER_KIND_N, "a word for every kind");

const struct names carrier_kind_names = NAMES(kind_words);

/* What a carrier of each kind cannot do without, by the names that whoever
 * uses it knows; NULL: it needs none.  And does it have numbers? */
static const struct {
	const char *account, *token, *url;
	bool has_numbers;
} needs[] = {
	[CARRIER_LOOPBACK] = { .has_numbers = true },
	[CARRIER_TWILIO] = { "account_sid", "auth_token", .has_numbers = true },
	[CARRIER_LIVEKIT] = { "api_key", "api_secret", "base_url",
	    .has_numbers = false },
	[CARRIER_SMTP] = { .url = "base_url" },
};
static_assert(COUNT(needs) == CARRIER_KIND_N, "the needs of every kind");

static bool
is_base64(const char *text)
{
	size_t length = strspn(text, BASE64);

	return length > 0 && text[length + strspn(text + length, "=")] == '\0';
}

static const struct text_rule line_rule = { mail_is_line, "one line" };
static const struct text_rule base64_rule = { is_base64, "base64" };

#define AT(member) FIELD_AT(struct carrier, member)

/* clang-format off */
static const struct field fields[] = {
	{ "id", FIELD_ID, FIELD_READ_ONLY, AT(id) },
	{ "kind", FIELD_NAME, FIELD_REQUIRED, AT(kind),
	    .names = &carrier_kind_names,
	    .about = "loopback keeps what it is given; it needs no provider."},
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK, AT(name),
	    1, 255 },
	{ "account_sid", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    AT(account_sid), 1, 64,
	    .about = "The account at the provider (Twilio: AC..., LiveKit:"
	    " the API key)." },
	{ "api_key", FIELD_TEXT,
	    FIELD_NULLABLE | FIELD_NOT_BLANK | FIELD_ALIAS,
	    AT(account_sid), 1, 64,
	    .about = "The same, as LiveKit calls it." },
	{ "auth_token", FIELD_TEXT,
	    FIELD_NULLABLE | FIELD_NOT_BLANK | FIELD_WRITE_ONLY,
	    AT(auth_token), 1, 255, .about = "Never shown again." },
	{ "api_secret", FIELD_TEXT,
	    FIELD_NULLABLE | FIELD_NOT_BLANK | FIELD_WRITE_ONLY | FIELD_ALIAS,
	    AT(auth_token), 1, 255,
	    .about = "The same, as LiveKit calls it." },
	{ "password", FIELD_TEXT,
	    FIELD_NULLABLE | FIELD_NOT_BLANK | FIELD_WRITE_ONLY | FIELD_ALIAS,
	    AT(auth_token), 1, 255,
	    .about = "The same, of a user of a mail server." },
	{ "username", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    AT(username), 1, 255, .rule = &line_rule,
	    .about = "Of a mail server; null: it asks for none." },
	{ "signing_key", FIELD_TEXT,
	    FIELD_NULLABLE | FIELD_NOT_BLANK | FIELD_WRITE_ONLY,
	    AT(signing_key), 1, 255,
	    .about = "What calls of a mail provider are signed with (Mailgun:"
	    " the HTTP webhook signing key), or the password with which they"
	    " come. Never shown again." },
	{ "verification_key", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    AT(verification_key), 1, 1024, .rule = &base64_rule,
	    .about = "The public key of signed calls, in base64 (SendGrid)." },
	{ "base_url", FIELD_URL,
	    FIELD_NULLABLE | FIELD_OR_SOCKET | FIELD_OR_SMTP, AT(base_url),
	    .about = "The provider's API; null: where it usually is. LiveKit:"
	    " the server, as its clients have it (wss://...). A mail server:"
	    " smtp://HOST:PORT or smtps://HOST:PORT." },
	{ "created_at", FIELD_WHEN, FIELD_READ_ONLY, AT(created_at) },
};
/* clang-format on */

const struct schema carrier_schema = SCHEMA("Carrier", fields, struct carrier);

/* Adds a fault where there is need and nothing is given. */
static enum outcome
check_need(const struct carrier *carrier, const char *need, const char *given,
    struct faults *faults)
{
	if (need == NULL || given != NULL)
		return OK;
	return fault_add(faults, &reasons[MISSING_REQUIRED_FIELDS],
	    field_path(faults->arena, "", need), "%s is required for %s", need,
	    names_text(&carrier_kind_names, carrier->kind));
}

/* A mail server and nothing else is reached by SMTP; a user there has a
 * password. */
static enum outcome
check_mail(const struct carrier *carrier, struct faults *faults)
{
	bool is_mail = carrier->kind == CARRIER_SMTP;
	const char *kind = names_text(&carrier_kind_names, carrier->kind);

	if (carrier->base_url != NULL &&
	    url_is_mail_server(carrier->base_url) != is_mail)
		return fault_add(faults, &reasons[INVALID_PARAMETER],
		    "/base_url",
		    is_mail ? "base_url must be smtp://HOST:PORT or"
			      " smtps://HOST:PORT for %s"
			    : "base_url must be https for %s",
		    kind);
	if (is_mail && carrier->username != NULL)
		return check_need(
		    carrier, "password", carrier->auth_token, faults);
	if (is_mail && carrier->auth_token != NULL)
		return check_need(
		    carrier, "username", carrier->username, faults);
	return OK;
}

enum outcome
carrier_check(const struct carrier *carrier, struct faults *faults)
{
	size_t before = faults->count;
	int kind = carrier->kind;

	(void)check_need(
	    carrier, needs[kind].account, carrier->account_sid, faults);
	(void)check_need(
	    carrier, needs[kind].token, carrier->auth_token, faults);
	(void)check_need(carrier, needs[kind].url, carrier->base_url, faults);
	(void)check_mail(carrier, faults);
	if (kind != CARRIER_LIVEKIT && carrier->base_url != NULL &&
	    url_is_socket(carrier->base_url))
		(void)fault_add(faults, &reasons[INVALID_PARAMETER],
		    "/base_url", "base_url must be https for %s",
		    names_text(&carrier_kind_names, kind));
	return faults->count == before ? OK : INVALID;
}

const char *
carrier_signing_context(struct arena *arena, const struct carrier *carrier)
{
	return arena_format(arena, "%s signing", id_text(arena, &carrier->id));
}

bool
carrier_has_numbers(const struct carrier *carrier)
{
	return needs[carrier->kind].has_numbers;
}
