#include "base/base.h"

#include "model/progress.h"

static const char *const words[] = {
	[PROGRESS_TOKEN_CREATED] = "token_created",
	[PROGRESS_TRIGGERED] = "triggered",
	[PROGRESS_RINGING] = "ringing",
	[PROGRESS_IN_PROGRESS] = "in_progress",
	[PROGRESS_COMPLETED] = "completed",
	[PROGRESS_FAILED] = "failed",
	[PROGRESS_CANCELLED] = "cancelled",
	[PROGRESS_TRANSFERRED] = "transferred",
	[PROGRESS_UNANSWERED] = "unanswered",
};
static_assert(COUNT(words) == PROGRESS_N, "a word for every progress");

const struct names progress_names = NAMES(words);

#define TO(name) (1u << PROGRESS_##name)
#define ENDS (TO(COMPLETED) | TO(FAILED))
#define ENDS_EARLY (ENDS | TO(CANCELLED) | TO(UNANSWERED))

/* Where each may go; the final ones go nowhere.  A report may be lost, so
 * each step may be left out. */
static const unsigned steps[PROGRESS_N] = {
	[PROGRESS_TOKEN_CREATED] =
	    TO(TRIGGERED) | TO(RINGING) | TO(IN_PROGRESS) | ENDS_EARLY,
	[PROGRESS_TRIGGERED] = TO(RINGING) | TO(IN_PROGRESS) | ENDS_EARLY,
	[PROGRESS_RINGING] = TO(IN_PROGRESS) | ENDS_EARLY,
	[PROGRESS_IN_PROGRESS] = TO(TRANSFERRED) | ENDS,
};

bool
progress_is_final(enum progress progress)
{
	return progress >= PROGRESS_COMPLETED;
}

bool
progress_is_active(enum progress progress)
{
	return progress != PROGRESS_TOKEN_CREATED &&
	       !progress_is_final(progress);
}

bool
progress_may(enum progress from, enum progress to)
{
	return (steps[from] & 1u << to) != 0;
}
