#include "base/base.h"

#include "model/message.h"

#include "model/field.h"
#include "model/segment.h"

static const char *const sender_words[] = {
	[SENDER_USER] = "USER",
	[SENDER_AGENT] = "AGENT",
	[SENDER_HUMAN] = "HUMAN",
};
static_assert(COUNT(sender_words) == SENDER_N, "a word for every sender");

static const char *const status_words[] = {
	[MESSAGE_STORED] = "",
	[MESSAGE_PENDING] = "pending",
	[MESSAGE_QUEUED] = "queued",
	[MESSAGE_SENT] = "sent",
	[MESSAGE_DELIVERED] = "delivered",
	[MESSAGE_READ] = "read",
	[MESSAGE_FAILED] = "failed",
	[MESSAGE_UNDELIVERED] = "undelivered",
};
static_assert(
    COUNT(status_words) == MESSAGE_STATUS_N, "a word for every status");

const struct names sender_names = NAMES(sender_words);
const struct names message_status_names = NAMES(status_words);

/* clang-format off */
static const struct field message_fields[] = {
	{ "id", FIELD_ID, 0, FIELD_AT(struct message, id),
	    .about = "Opaque." },
	{ "created_at", FIELD_WHEN, 0, FIELD_AT(struct message, created_at) },
	{ "message", FIELD_TEXT, 0, FIELD_AT(struct message, text),
	    .about = "The words, as they were sent." },
	{ "text", FIELD_TEXT, 0, FIELD_AT(struct message, text),
	    .about = "The same words." },
	{ "from", FIELD_TEXT, 0, FIELD_AT(struct message, from) },
	{ "to", FIELD_TEXT, 0, FIELD_AT(struct message, to) },
	{ "sender", FIELD_NAME, 0, FIELD_AT(struct message, sender),
	    .names = &sender_names },
	{ "status", FIELD_NAME, FIELD_NULLABLE,
	    FIELD_AT(struct message, status), .names = &message_status_names,
	    .about = "What the carrier reported last; null: it was stored"
	             " and not sent." },
	{ "error_code", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct message, error_code) },
	{ "message_sid", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct message, carrier_message_id),
	    .about = "The carrier's id." },
	{ "segments", FIELD_INTEGER, 0, FIELD_AT(struct message, segments) },
	{ "encoding", FIELD_NAME, 0, FIELD_AT(struct message, encoding),
	    .names = &encoding_names },
};
/* clang-format on */

const struct schema message_schema =
    SCHEMA("Message", message_fields, struct message);
