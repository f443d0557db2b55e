/*
 * How far a conversation has come: what the conversations API calls its
 * status.  It only ever goes forward, along the table in progress.c; the
 * final ones never change, whatever a carrier reports late, twice or in
 * another order.
 */
#ifndef PARLEY_MODEL_PROGRESS_H
#define PARLEY_MODEL_PROGRESS_H

#include "base/base.h"
#include "base/names.h"

#include <stdbool.h>

enum progress {
	PROGRESS_TOKEN_CREATED, /* nobody has joined the room yet */
	PROGRESS_TRIGGERED,     /* begun, or a call that waits to be placed */
	PROGRESS_RINGING,
	PROGRESS_IN_PROGRESS,
	PROGRESS_COMPLETED, /* the first that is final */
	PROGRESS_FAILED,
	PROGRESS_CANCELLED, /* stopped before anybody was connected */
	PROGRESS_TRANSFERRED,
	PROGRESS_UNANSWERED,
	PROGRESS_N
};

extern const struct names progress_names;

/* Does it never change again? */
bool progress_is_final(enum progress progress);

/* Can messages be sent to it?  Not before somebody joined its room. */
bool progress_is_active(enum progress progress);

/* May it go from one to the other?  To the same is no step. */
bool progress_may(enum progress from, enum progress to);

#endif
