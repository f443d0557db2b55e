/*
 * How far an email of ours has come.
 *
 * Providers report in any order and more than once, so a report is applied
 * only where it outranks what is known: queued, sent, delivered, opened,
 * clicked.  Bounced, complaint and failed are ends; they always win, and the
 * first of them stays.
 */
#ifndef PARLEY_MODEL_MAIL_DELIVERY_H
#define PARLEY_MODEL_MAIL_DELIVERY_H

#include "base/base.h"
#include "base/names.h"

struct schema;

enum mail_delivery {
	DELIVERY_NONE, /* it came in, or was never to leave */
	DELIVERY_QUEUED,
	DELIVERY_SENT,
	DELIVERY_DELIVERED,
	DELIVERY_OPENED,
	DELIVERY_CLICKED,
	DELIVERY_BOUNCED,
	DELIVERY_COMPLAINT,
	DELIVERY_FAILED,
	DELIVERY_N
};

extern const struct names mail_delivery_names;

/* Does the one status give way to the other? */
bool mail_delivery_rises(int from, int to);

/* What it is in the words of messages (enum message_status). */
int mail_delivery_status(int delivery);

/* What a message by email has beside its words, for who looks at it. */
struct mail_course {
	int64_t seq; /* of the message */
	const char *subject;
	int delivery; /* enum mail_delivery */
	const char *error_code;
	int64_t sent_at, delivered_at, opened_at, clicked_at;
	const char *clicked_link;
	const char *suppressed_reason; /* why it was not answered */
};

extern const struct schema mail_course_schema;

/* Why an address is not written to. */
enum suppression_reason {
	SUPPRESSION_STOP_KEYWORD,
	SUPPRESSION_BOUNCE,
	SUPPRESSION_COMPLAINT,
	SUPPRESSION_N
};

extern const struct names suppression_reason_names;

#endif
