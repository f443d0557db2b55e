/*
 * The account's email addresses: by which carrier mail from each leaves, and
 * which agent's version answers what comes to it.
 */
#ifndef PARLEY_MODEL_EMAIL_ADDRESS_H
#define PARLEY_MODEL_EMAIL_ADDRESS_H

#include "base/base.h"
#include "base/id.h"

struct schema;

struct email_address {
	const char *address; /* in small letters */
	struct id carrier_id;
	struct id inbound_agent_version_id; /* none: mail to it is refused */
	const char *label;
	int64_t created_at;
};

extern const struct schema email_address_schema;

#endif
