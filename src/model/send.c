#include "base/base.h"

#include "model/send.h"

#include "base/text.h"
#include "model/field.h"
#include "model/work.h"

#include <string.h>

#define SID "HX"
#define SID_LENGTH 34

#define AT(member) FIELD_AT(struct send_order, member)

/* clang-format off */
static const struct field fields[] = {
	{ "message_id", FIELD_ID, FIELD_REQUIRED, AT(message_id) },
	{ "seq", FIELD_INTEGER, FIELD_REQUIRED, AT(seq) },
	{ "starts_clock", FIELD_BOOLEAN, FIELD_REQUIRED, AT(starts_clock) },
	{ "is_notice", FIELD_BOOLEAN, 0, AT(is_notice) },
	{ "content_sid", FIELD_TEXT, FIELD_NULLABLE | FIELD_SPARSE,
	    AT(template.sid) },
	{ "content_variables", FIELD_OBJECT, FIELD_NULLABLE | FIELD_SPARSE,
	    AT(template.variables) },
};
/* clang-format on */

const struct schema send_order_schema =
    SCHEMA("SendOrder", fields, struct send_order);

bool
send_template_is_sid(const char *text)
{
	return text_starts(text, SID) && strlen(text) == SID_LENGTH &&
	       strspn(text + strlen(SID), "0123456789abcdefABCDEF") ==
		   SID_LENGTH - strlen(SID);
}

enum outcome
send_order_read(
    struct arena *arena, const char *payload, struct send_order *order)
{
	struct send_order read = { .seq = 0 };

	if (field_read_text(arena, &send_order_schema, payload, &read) != OK)
		return INVALID;
	*order = read;
	return OK;
}

enum outcome
send_order_of(
    struct arena *arena, const struct work *work, struct send_order *order)
{
	if ((work->kind != WORK_SEND && work->kind != WORK_MAIL) ||
	    send_order_read(arena, work->payload, order) != OK)
		return NOT_FOUND;
	return OK;
}
