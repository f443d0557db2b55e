#include "base/base.h"

#include "api/email_addresses.h"

#include "api/answer.h"
#include "api/call.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/carrier.h"
#include "model/channel.h"
#include "model/email_address.h"
#include "model/mail_address.h"
#include "model/mail_delivery.h"
#include "store/agent_version.h"
#include "store/carrier.h"
#include "store/email_address.h"
#include "store/suppression.h"

#define AT(member) FIELD_AT(struct email_address, member)
#define OUT_AT(member) FIELD_AT(struct suppression, member)

/* clang-format off */
static const struct field patch_fields[] = {
	{ "carrier_id", FIELD_ID, 0, AT(carrier_id) },
	{ "inbound_agent_version_id", FIELD_ID, FIELD_NULLABLE,
	    AT(inbound_agent_version_id) },
	{ "label", FIELD_TEXT, FIELD_NULLABLE, AT(label), 0, 255 },
};

static const struct field suppression_fields[] = {
	{ "address", FIELD_TEXT, 0, OUT_AT(address) },
	{ "reason", FIELD_NAME, 0, OUT_AT(reason),
	    .names = &suppression_reason_names },
	{ "created_at", FIELD_WHEN, 0, OUT_AT(created_at) },
};
/* clang-format on */

const struct schema email_address_patch_schema =
    SCHEMA("EmailAddressPatch", patch_fields, struct email_address);
const struct schema email_suppression_schema =
    SCHEMA("EmailSuppression", suppression_fields, struct suppression);

static enum outcome
missing(struct call *call, enum outcome rc)
{
	return call_missing(
	    call, rc, EMAIL_ADDRESS_NOT_FOUND, NULL, "email address");
}

static const char *
path_address(struct call *call)
{
	return mail_address_key(call->arena, call->values[0]);
}

enum outcome
email_addresses_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc = email_address_list(
	    call->db, call->arena, &call->key.account_id, &rows);

	if (rc != OK)
		return rc;
	*answer = (struct list){ rows.list, rows.count };
	return OK;
}

/* Its carrier sends mail, and its agent's version is published. */
static enum outcome
check_references(struct call *call, const struct email_address *address)
{
	const struct id *account = &call->key.account_id;
	struct carrier carrier;
	struct agent_version version;
	enum outcome rc = carrier_hold(
	    call->db, call->arena, account, &address->carrier_id, &carrier);

	if (rc == OK && carrier.kind != CARRIER_SMTP)
		return call_refuse(call, INVALID_PARAMETER, "/carrier_id",
		    "carrier_id must be a carrier of kind smtp");
	rc =
	    call_missing(call, rc, CARRIER_NOT_FOUND, "/carrier_id", "carrier");
	if (rc != OK || id_is_none(&address->inbound_agent_version_id))
		return rc;
	rc = agent_version_find(call->db, call->arena, account,
	    &address->inbound_agent_version_id, &version);
	if (rc == OK && version.published_at == 0)
		return call_refuse(call, INVALID_PARAMETER,
		    "/inbound_agent_version_id",
		    "this version is a draft: publish it first");
	return call_missing(call, rc, AGENT_NOT_FOUND,
	    "/inbound_agent_version_id", "version of an agent");
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct email_address *made = call->witness;
	struct email_address ignored;

	return email_address_find(
	    db, call->arena, &call->key.account_id, made->address, &ignored);
}

enum outcome
email_addresses_create(struct call *call)
{
	struct email_address *answer = call->answer;
	enum outcome rc;

	*answer = *(const struct email_address *)call->body;
	answer->address = mail_address_key(call->arena, answer->address);
	call->witness = answer;
	call->settled = is_there;
	rc = check_references(call, answer);
	if (rc == OK)
		rc = email_address_insert(
		    call->db, &call->key.account_id, answer);
	if (rc == CONFLICT)
		return call_refuse(call, EMAIL_ADDRESS_EXISTS, "/address",
		    "the account has this address already");
	return rc;
}

enum outcome
email_addresses_show(struct call *call)
{
	return missing(
	    call, email_address_find(call->db, call->arena,
		      &call->key.account_id, path_address(call), call->answer));
}

enum outcome
email_addresses_update(struct call *call)
{
	struct email_address *answer = call->answer;
	enum outcome rc = email_addresses_show(call);

	call->settled = tx_repeat;
	if (rc != OK)
		return rc;
	call_read_over(call, &email_address_patch_schema, answer);
	rc = check_references(call, answer);
	if (rc == OK)
		rc = missing(call, email_address_update(call->db,
				       &call->key.account_id, answer));
	return rc;
}

enum outcome
email_addresses_delete(struct call *call)
{
	struct answer_message *answer = call->answer;

	answer->message = "Email address deleted";
	return missing(call, email_address_delete(call->db,
				 &call->key.account_id, path_address(call)));
}

enum outcome
email_suppressions_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc = suppression_list(
	    call->db, call->arena, &call->key.account_id, CHANNEL_EMAIL, &rows);

	if (rc != OK)
		return rc;
	*answer = (struct list){ rows.list, rows.count };
	return OK;
}

enum outcome
email_suppressions_delete(struct call *call)
{
	struct answer_message *answer = call->answer;

	answer->message = "The address is written to again";
	return missing(call, suppression_remove(call->db, &call->key.account_id,
				 CHANNEL_EMAIL, path_address(call)));
}
