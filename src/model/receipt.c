#include "base/base.h"

#include "model/receipt.h"

#include "model/message.h"

static const int ranks[] = {
	[MESSAGE_STORED] = 0,
	[MESSAGE_PENDING] = 1,
	[MESSAGE_QUEUED] = 2,
	[MESSAGE_SENT] = 3,
	[MESSAGE_DELIVERED] = 4,
	[MESSAGE_READ] = 5,
	[MESSAGE_FAILED] = 4,
	[MESSAGE_UNDELIVERED] = 4,
};
static_assert(COUNT(ranks) == MESSAGE_STATUS_N, "a rank for every status");

bool
receipt_rises(int from, int to)
{
	if (from == MESSAGE_FAILED || from == MESSAGE_UNDELIVERED)
		return false;
	return ranks[to] > ranks[from];
}
