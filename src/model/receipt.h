/*
 * What a carrier reports of a message that it was given: its id for the
 * message, how far the message came, and why it came no further.
 *
 * Reports come in any order, more than once, and before our own record of
 * the id.  So a status is applied only where it rises: pending, queued,
 * sent, delivered, read.  Failed and undelivered are ends, as delivered is
 * (it only becomes read), and the first end stands.
 */
#ifndef PARLEY_MODEL_RECEIPT_H
#define PARLEY_MODEL_RECEIPT_H

#include "base/base.h"

struct receipt {
	const char *carrier_message_id;
	int status;             /* enum message_status */
	const char *error_code; /* NULL: none */
};

/* Is a message of the one status to take the other? */
bool receipt_rises(int from, int to);

#endif
