#include "base/base.h"

#include "model/mail_delivery.h"

#include "model/field.h"
#include "model/message.h"

static const char *const words[] = {
	[DELIVERY_NONE] = "",
	[DELIVERY_QUEUED] = "queued",
	[DELIVERY_SENT] = "sent",
	[DELIVERY_DELIVERED] = "delivered",
	[DELIVERY_OPENED] = "opened",
	[DELIVERY_CLICKED] = "clicked",
	[DELIVERY_BOUNCED] = "bounced",
	[DELIVERY_COMPLAINT] = "complaint",
	[DELIVERY_FAILED] = "failed",
};
static_assert(COUNT(words) == DELIVERY_N, "a word for every status");

static const int statuses[] = {
	[DELIVERY_NONE] = MESSAGE_STORED,
	[DELIVERY_QUEUED] = MESSAGE_QUEUED,
	[DELIVERY_SENT] = MESSAGE_SENT,
	[DELIVERY_DELIVERED] = MESSAGE_DELIVERED,
	[DELIVERY_OPENED] = MESSAGE_READ,
	[DELIVERY_CLICKED] = MESSAGE_READ,
	[DELIVERY_BOUNCED] = MESSAGE_UNDELIVERED,
	[DELIVERY_COMPLAINT] = MESSAGE_READ,
	[DELIVERY_FAILED] = MESSAGE_FAILED,
};
static_assert(COUNT(statuses) == DELIVERY_N, "a status for every one");

static const char *const reason_words[] = {
	[SUPPRESSION_STOP_KEYWORD] = "stop_keyword",
	[SUPPRESSION_BOUNCE] = "bounce",
	[SUPPRESSION_COMPLAINT] = "complaint",
};
static_assert(COUNT(reason_words) == SUPPRESSION_N, "a word for every reason");

const struct names mail_delivery_names = NAMES(words);
const struct names suppression_reason_names = NAMES(reason_words);

#define AT(member) FIELD_AT(struct mail_course, member)

/* clang-format off */
static const struct field course_fields[] = {
	{ "subject", FIELD_TEXT, FIELD_NULLABLE, AT(subject),
	    .about = "On email, as what follows." },
	{ "delivery_status", FIELD_NAME, FIELD_NULLABLE, AT(delivery),
	    .names = &mail_delivery_names,
	    .about = "Of a mail of the agent's: how far it has come." },
	{ "delivery_error_code", FIELD_TEXT, FIELD_NULLABLE, AT(error_code) },
	{ "sent_at", FIELD_WHEN, FIELD_NULLABLE, AT(sent_at) },
	{ "delivered_at", FIELD_WHEN, FIELD_NULLABLE, AT(delivered_at) },
	{ "opened_at", FIELD_WHEN, FIELD_NULLABLE, AT(opened_at) },
	{ "clicked_at", FIELD_WHEN, FIELD_NULLABLE, AT(clicked_at) },
	{ "clicked_link", FIELD_TEXT, FIELD_NULLABLE, AT(clicked_link) },
	{ "suppressed_reason", FIELD_TEXT, FIELD_NULLABLE,
	    AT(suppressed_reason),
	    .about = "Why a mail of the user's was not answered." },
};
/* clang-format on */

const struct schema mail_course_schema =
    SCHEMA("MailCourse", course_fields, struct mail_course);

bool
mail_delivery_rises(int from, int to)
{
	return from < DELIVERY_BOUNCED && to > from;
}

int
mail_delivery_status(int delivery)
{
	return statuses[delivery];
}
