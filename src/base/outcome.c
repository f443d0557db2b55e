/*
 * The words for the outcomes.
 */
#include "base/base.h"

#include "base/outcome.h"

/* To add a row: the enum's value, and how the log says it. */
/* clang-format off */
static const char *const outcomes[] = {
	[OK]          = "ok",
	[NOT_FOUND]   = "not found",
	[CONFLICT]    = "conflict",
	[INVALID]     = "invalid",
	[DENIED]      = "denied",
	[LIMITED]     = "limited",
	[AGAIN]       = "again",
	[UNAVAILABLE] = "unavailable",
	[FAULT]       = "fault",
};
/* clang-format on */

static_assert(COUNT(outcomes) == OUTCOME_N, "a word for each outcome");

const char *
outcome_name(enum outcome outcome)
{
	assert((size_t)outcome < OUTCOME_N);
	return outcomes[outcome];
}
