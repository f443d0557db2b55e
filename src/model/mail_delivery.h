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

/* Why an address is not written to. */
enum suppression_reason {
	SUPPRESSION_STOP_KEYWORD,
	SUPPRESSION_BOUNCE,
	SUPPRESSION_COMPLAINT,
	SUPPRESSION_N
};

extern const struct names suppression_reason_names;

#endif
