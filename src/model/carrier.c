#include "base/base.h"

#include "model/carrier.h"

#include "model/field.h"
#include "model/reason.h"

static const char *const kind_words[] = {
	[CARRIER_LOOPBACK] = "loopback",
	[CARRIER_TWILIO] = "twilio",
};
static_assert(COUNT(kind_words) == CARRIER_KIND_N, "a word for every kind");

const struct names carrier_kind_names = NAMES(kind_words);

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
	    .about = "The account at the provider (Twilio: AC...)." },
	{ "auth_token", FIELD_TEXT,
	    FIELD_NULLABLE | FIELD_NOT_BLANK | FIELD_WRITE_ONLY,
	    AT(auth_token), 1, 255, .about = "Never shown again." },
	{ "base_url", FIELD_URL, FIELD_NULLABLE, AT(base_url),
	    .about = "The provider's API; null: where it usually is." },
	{ "created_at", FIELD_WHEN, FIELD_READ_ONLY, AT(created_at) },
};
/* clang-format on */

const struct schema carrier_schema = SCHEMA("Carrier", fields, struct carrier);

enum outcome
carrier_check(const struct carrier *carrier, struct faults *faults)
{
	enum outcome rc = OK;

	if (carrier->kind == CARRIER_LOOPBACK)
		return OK;
	if (carrier->account_sid == NULL)
		rc = fault_add(faults, &reasons[MISSING_REQUIRED_FIELDS],
		    "/account_sid", "account_sid is required for %s",
		    names_text(&carrier_kind_names, carrier->kind));
	if (carrier->auth_token == NULL)
		rc = fault_add(faults, &reasons[MISSING_REQUIRED_FIELDS],
		    "/auth_token", "auth_token is required for %s",
		    names_text(&carrier_kind_names, carrier->kind));
	return rc;
}
