#include "base/base.h"

#include "api/phone_numbers.h"

#include "api/answer.h"
#include "api/call.h"
#include "base/json.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/number.h"
#include "store/carrier.h"
#include "store/number.h"
#include "store/number_channels.h"

#include <json-c/json.h>
#include <string.h>

#define AT(member) FIELD_AT(struct phone_number, member)

/* clang-format off */
static const struct field request_fields[] = {
	{ "phone_number", FIELD_PHONE, FIELD_REQUIRED, AT(number) },
	{ "carrier_id", FIELD_ID, FIELD_REQUIRED, AT(carrier_id) },
	{ "channels", FIELD_TEXTS, 0, AT(channels), 1, CHANNEL_MESSAGING_N,
	    .about = "sms (the default), whatsapp, imessage." },
	{ "label", FIELD_TEXT, FIELD_NULLABLE, AT(label), 0, 255 },
};

static const struct field patch_fields[] = {
	{ "carrier_id", FIELD_ID, 0, AT(carrier_id) },
	{ "channels", FIELD_TEXTS, 0, AT(channels), 1, CHANNEL_MESSAGING_N },
	{ "label", FIELD_TEXT, FIELD_NULLABLE, AT(label), 0, 255 },
};
/* clang-format on */

const struct schema phone_number_request_schema =
    SCHEMA("PhoneNumberRequest", request_fields, struct phone_number);
const struct schema phone_number_patch_schema =
    SCHEMA("PhoneNumberPatch", patch_fields, struct phone_number);

static const char number_field[] = "/phone_number";

enum outcome
phone_numbers_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc =
	    number_list(call->db, call->arena, &call->key.account_id, &rows);

	if (rc != OK)
		return rc;
	answer->items = rows.list;
	answer->count = rows.count;
	return OK;
}

/* The channels as a mask, from their JSON array. */
static enum outcome
read_channels(struct call *call, const char *json, unsigned *mask)
{
	struct json_object *list;
	struct json_fault ignored;
	const char *word;
	unsigned found = 0;
	size_t i;
	int channel;
	enum outcome rc =
	    json_parse(call->arena, json, strlen(json), &list, &ignored);

	assert(rc == OK);
	for (i = 0; i < json_object_array_length(list); i++) {
		word =
		    json_object_get_string(json_object_array_get_idx(list, i));
		if (names_find(&messaging_channel_names, word, &channel) != OK)
			return call_refuse(call, INVALID_PARAMETER, "/channels",
			    "channels must be of %s",
			    names_list(call->arena, &messaging_channel_names));
		found |= 1u << channel;
	}
	*mask = found;
	return OK;
}

static enum outcome
hold_carrier(struct call *call, const struct id *id)
{
	struct carrier carrier;
	enum outcome rc = carrier_hold(
	    call->db, call->arena, &call->key.account_id, id, &carrier);

	if (rc == OK && !carrier_has_numbers(&carrier))
		return call_refuse(call, INVALID_PARAMETER, "/carrier_id",
		    "carrier_id must be a carrier that has numbers, and %s has"
		    " none",
		    names_text(&carrier_kind_names, carrier.kind));
	return call_missing(
	    call, rc, CARRIER_NOT_FOUND, "/carrier_id", "carrier");
}

static enum outcome
show(struct call *call, const char *number)
{
	enum outcome rc = number_find(
	    call->db, call->arena, &call->key.account_id, number, call->answer);

	return call_missing(
	    call, rc, PHONE_NUMBER_NOT_FOUND, NULL, "phone number");
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct phone_number *made = call->witness;
	struct phone_number ignored;

	return number_find(
	    db, call->arena, &call->key.account_id, made->number, &ignored);
}

enum outcome
phone_numbers_create(struct call *call)
{
	struct phone_number number = *(const struct phone_number *)call->body;
	unsigned mask = 1u << CHANNEL_SMS;
	enum outcome rc = OK;

	call->witness = call->body;
	call->settled = is_there;
	if (number.channels != NULL)
		rc = read_channels(call, number.channels, &mask);
	if (rc == OK)
		rc = hold_carrier(call, &number.carrier_id);
	if (rc == OK)
		rc = number_insert(call->db, &call->key.account_id, &number);
	if (rc == CONFLICT)
		return call_refuse(call, PHONE_NUMBER_EXISTS, number_field,
		    "the account has this number already");
	if (rc == OK)
		rc = number_channels_set(call->db, call->arena,
		    &call->key.account_id, number.number, mask);
	return rc == OK ? show(call, number.number) : rc;
}

enum outcome
phone_numbers_show(struct call *call)
{
	return show(call, call->values[0]);
}

/* Nothing else may change the number meanwhile: what is not given is
 * written back as it was read. */
enum outcome
phone_numbers_update(struct call *call)
{
	const struct phone_number *body = call->body;
	struct phone_number *answer = call->answer;
	const char *number = call->values[0];
	unsigned mask = 0;
	enum outcome rc =
	    number_hold(call->db, call->arena, &call->key.account_id, number);

	call->settled = tx_repeat;
	rc = call_missing(
	    call, rc, PHONE_NUMBER_NOT_FOUND, NULL, "phone number");
	if (rc == OK)
		rc = show(call, number);
	if (rc == OK && body->channels != NULL)
		rc = read_channels(call, body->channels, &mask);
	if (rc == OK && !id_is_none(&body->carrier_id))
		rc = hold_carrier(call, &body->carrier_id);
	if (rc != OK)
		return rc;
	call_read_over(call, &phone_number_patch_schema, answer);
	rc = number_update(call->db, &call->key.account_id, answer);
	if (rc == OK && mask != 0)
		rc = number_channels_set(
		    call->db, call->arena, &call->key.account_id, number, mask);
	return rc == OK ? show(call, number) : rc;
}

enum outcome
phone_numbers_delete(struct call *call)
{
	struct answer_message *answer = call->answer;
	const struct id *account = &call->key.account_id;
	const char *number = call->values[0];
	enum outcome rc = number_hold(call->db, call->arena, account, number);

	if (rc == OK)
		rc = number_delete(call->db, call->arena, account, number);
	if (rc == CONFLICT)
		return call_refuse(call, PHONE_NUMBER_IN_USE, NULL,
		    "conversations on this number are still active: end them"
		    " first");
	answer->message = "Phone number deleted";
	return call_missing(
	    call, rc, PHONE_NUMBER_NOT_FOUND, NULL, "phone number");
}
