#include "base/base.h"

#include "api/inbound.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/text.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/number.h"
#include "store/number.h"
#include "store/reference.h"

#include <string.h>

struct inbound_number {
	struct phone_number number;
	const char *area_code; /* NULL: where there are none */
	struct number_config config;
};

struct inbound_numbers {
	struct list list;
};

struct label_request {
	const char *number;
	const char *label;
};

#define AT(member) FIELD_AT(struct inbound_number, member)
#define LABEL_AT(member) FIELD_AT(struct label_request, member)

/* clang-format off */
static const struct field number_fields[] = {
	{ "phone_number", FIELD_PHONE, 0, AT(number.number) },
	{ "label", FIELD_TEXT, FIELD_NULLABLE, AT(number.label) },
	{ "created_at", FIELD_WHEN, 0, AT(number.created_at) },
	{ "area_code", FIELD_TEXT, FIELD_NULLABLE, AT(area_code) },
	{ "prompt", FIELD_TEXT, FIELD_NULLABLE, AT(config.objective) },
	{ "config", FIELD_INLINE, 0, AT(config),
	    .schema = &number_config_schema },
};

static const struct field patch_fields[] = {
	{ "config", FIELD_INLINE, 0, AT(config),
	    .schema = &number_config_schema },
};

static const struct field numbers_fields[] = {
	{ "inbound_numbers", FIELD_LIST, 0,
	    FIELD_AT(struct inbound_numbers, list),
	    .schema = &inbound_number_schema },
};

static const struct field label_fields[] = {
	{ "phoneNumber", FIELD_PHONE, FIELD_REQUIRED, LABEL_AT(number) },
	{ "phone_number", FIELD_PHONE, FIELD_ALIAS, LABEL_AT(number) },
	{ "newLabel", FIELD_TEXT, FIELD_REQUIRED | FIELD_NULLABLE,
	    LABEL_AT(label), 0, 255, .about = "An empty one clears it." },
	{ "label", FIELD_TEXT, FIELD_ALIAS | FIELD_NULLABLE, LABEL_AT(label),
	    0, 255 },
};
/* clang-format on */

const struct schema inbound_number_schema =
    SCHEMA("InboundNumber", number_fields, struct inbound_number);
const struct schema inbound_patch_schema =
    SCHEMA("InboundPatch", patch_fields, struct inbound_number);
const struct schema inbound_label_schema =
    SCHEMA("InboundLabel", label_fields, struct label_request);
const struct schema inbound_numbers_schema =
    SCHEMA("InboundNumbers", numbers_fields, struct inbound_numbers);

/* Of +1 555 000 1111: 555. */
static const char *
area_code_of(struct arena *arena, const char *number)
{
	return text_starts(number, "+1") && strlen(number) == 12
		   ? arena_copy(arena, number + 2, 3)
		   : NULL;
}

/* One that takes no texts has the config that a new one has. */
static enum outcome
load_config(struct call *call, struct inbound_number *number)
{
	enum outcome rc =
	    number_config_find(call->db, call->arena, &call->key.account_id,
		number->number.number, CHANNEL_SMS, &number->config);

	number->area_code = area_code_of(call->arena, number->number.number);
	if (rc == NOT_FOUND) {
		number_config_init(&number->config);
		return OK;
	}
	return rc;
}

static enum outcome
load(struct call *call, struct inbound_number *number)
{
	enum outcome rc = number_find(call->db, call->arena,
	    &call->key.account_id, call->values[0], &number->number);

	if (rc == OK)
		return load_config(call, number);
	return call_missing(call, rc, INBOUND_NUMBER_NOT_FOUND, NULL, "number");
}

enum outcome
inbound_list(struct call *call)
{
	struct inbound_numbers *answer = call->answer;
	const struct phone_number *numbers;
	struct inbound_number *all;
	struct rows rows;
	size_t i;
	enum outcome rc =
	    number_list(call->db, call->arena, &call->key.account_id, &rows);

	if (rc != OK)
		return rc;
	numbers = rows.list;
	all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
	for (i = 0; rc == OK && i < rows.count; i++) {
		all[i].number = numbers[i];
		rc = load_config(call, &all[i]);
	}
	answer->list = (struct list){ all, rows.count };
	return rc;
}

enum outcome
inbound_show(struct call *call)
{
	return load(call, call->answer);
}

/* Puts the request over the config that is there.  Running it again does the
 * same. */
enum outcome
inbound_update(struct call *call)
{
	const struct inbound_number *body = call->body;
	struct inbound_number *answer = call->answer;
	const struct id *account = &call->key.account_id;
	enum outcome rc =
	    number_hold(call->db, call->arena, account, call->values[0]);

	call->settled = tx_repeat;
	rc = call_missing(call, rc, INBOUND_NUMBER_NOT_FOUND, NULL, "number");
	if (rc == OK)
		rc = load(call, answer);
	if (rc != OK)
		return rc;
	call_read_over(call, &inbound_patch_schema, answer);
	rc = number_config_check(
	    &answer->config, &body->config.silence, &call->faults);
	if (rc == OK)
		rc = reference_check_config(call->db, call->arena, account,
		    &body->config, &answer->config, &call->faults);
	if (rc == OK)
		rc = number_config_save(call->db, account, call->values[0],
		    CHANNEL_SMS, &answer->config);
	return rc;
}

enum outcome
inbound_label(struct call *call)
{
	const struct label_request *body = call->body;
	struct inbound_number *answer = call->answer;
	const struct id *account = &call->key.account_id;
	struct phone_number *number = &answer->number;
	enum outcome rc =
	    number_hold(call->db, call->arena, account, body->number);

	call->settled = tx_repeat;
	if (rc == OK)
		rc = number_find(
		    call->db, call->arena, account, body->number, number);
	if (rc != OK)
		return call_missing(call, rc, INBOUND_NUMBER_NOT_FOUND,
		    "/phoneNumber", "number");
	number->label =
	    body->label != NULL && body->label[0] != '\0' ? body->label : NULL;
	rc = number_update(call->db, account, number);
	return rc == OK ? load_config(call, answer) : rc;
}
