#include "base/base.h"

#include "api/answer.h"

#include "model/field.h"

static const struct field message_fields[] = {
	{ "message", FIELD_TEXT, 0, FIELD_AT(struct answer_message, message) },
};

static const struct field status_fields[] = {
	{ "status", FIELD_TEXT, 0, FIELD_AT(struct answer_status, status) },
};

const struct schema answer_message_schema =
    SCHEMA("Done", message_fields, struct answer_message);

const struct schema answer_status_schema =
    SCHEMA("Status", status_fields, struct answer_status);
