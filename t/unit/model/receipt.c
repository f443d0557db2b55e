/*
 * Which report is applied over which.
 */
#include "base/base.h"

#include "model/message.h"
#include "model/receipt.h"

#include "tap.h"

/* clang-format off */
static const struct {
	int from, to;
	bool rises;
	const char *name;
} rows[] = {
	{ MESSAGE_PENDING, MESSAGE_QUEUED, true, "pending becomes queued" },
	{ MESSAGE_QUEUED, MESSAGE_SENT, true, "queued becomes sent" },
	{ MESSAGE_QUEUED, MESSAGE_DELIVERED, true,
	    "a report may be left out" },
	{ MESSAGE_SENT, MESSAGE_DELIVERED, true, "sent becomes delivered" },
	{ MESSAGE_DELIVERED, MESSAGE_READ, true, "delivered becomes read" },
	{ MESSAGE_SENT, MESSAGE_UNDELIVERED, true,
	    "sent becomes undelivered" },
	{ MESSAGE_QUEUED, MESSAGE_FAILED, true, "queued becomes failed" },
	{ MESSAGE_SENT, MESSAGE_SENT, false, "a repeated report is nothing" },
	{ MESSAGE_SENT, MESSAGE_QUEUED, false, "a late queued is nothing" },
	{ MESSAGE_DELIVERED, MESSAGE_SENT, false, "a late sent is nothing" },
	{ MESSAGE_READ, MESSAGE_DELIVERED, false,
	    "what was read stays read" },
	{ MESSAGE_DELIVERED, MESSAGE_FAILED, false,
	    "what was delivered did not fail" },
	{ MESSAGE_DELIVERED, MESSAGE_UNDELIVERED, false,
	    "what was delivered was not undelivered" },
	{ MESSAGE_FAILED, MESSAGE_DELIVERED, false, "failed is final" },
	{ MESSAGE_FAILED, MESSAGE_UNDELIVERED, false,
	    "the first end stands" },
	{ MESSAGE_UNDELIVERED, MESSAGE_READ, false, "undelivered is final" },
	{ MESSAGE_STORED, MESSAGE_SENT, true, "nothing is below all" },
};
/* clang-format on */

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		ok(receipt_rises(rows[i].from, rows[i].to) == rows[i].rises,
		    "%s", rows[i].name);
	return done();
}
