#include "base/base.h"

#include "model/email_address.h"

#include "model/field.h"
#include "model/mail_address.h"

#define AT(member) FIELD_AT(struct email_address, member)

/* clang-format off */
static const struct field fields[] = {
	{ "address", FIELD_TEXT, FIELD_REQUIRED, AT(address),
	    3, MAIL_ADDRESS_MOST, .rule = &mail_address_rule },
	{ "carrier_id", FIELD_ID, FIELD_REQUIRED, AT(carrier_id),
	    .about = "Of kind smtp." },
	{ "inbound_agent_version_id", FIELD_ID, FIELD_NULLABLE,
	    AT(inbound_agent_version_id),
	    .about = "A published version that answers mail to it." },
	{ "label", FIELD_TEXT, FIELD_NULLABLE, AT(label), 0, 255 },
	{ "created_at", FIELD_WHEN, FIELD_READ_ONLY, AT(created_at) },
};
/* clang-format on */

const struct schema email_address_schema =
    SCHEMA("EmailAddress", fields, struct email_address);
