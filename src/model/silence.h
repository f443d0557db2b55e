/*
 * What happens when the user does not answer.
 *
 * After an agent's message a clock runs: at `warning_time` the warning is
 * sent, at `time_out` the conversation ends.  A number has these settings
 * and a conversation may override each of them.  0 and NULL mean "not set":
 * no warning, no end.
 */
#ifndef PARLEY_MODEL_SILENCE_H
#define PARLEY_MODEL_SILENCE_H

#include "base/base.h"
#include "base/names.h"

#define SILENCE_MOST (30 * 86400) /* seconds */

struct arena;
struct faults;
struct schema;

struct silence {
	double time_out;     /* seconds */
	double warning_time; /* seconds */
	const char *timeout_message;
	const char *warning_message;
};

/* What the clock strikes for. */
enum silence_stage {
	SILENCE_WARNING,
	SILENCE_TIMEOUT,
	SILENCE_JOIN, /* nobody joined the room while they could */
	SILENCE_LEFT, /* who left the room has not come back */
	SILENCE_STAGE_N
};

/* The payload of the work that is the clock. */
struct silence_clock {
	int64_t seq;   /* of the message that it waits on */
	int stage;     /* enum silence_stage */
	int64_t since; /* when the silence began */
};

/* What to do at the end; none acts as SEND where there is a message. */
enum timeout_action { TIMEOUT_NONE, TIMEOUT_SEND_SMS, TIMEOUT_END, TIMEOUT_N };

extern const struct names timeout_action_names;
extern const struct names silence_stage_names;

/* The four settings as they stand in requests and answers. */
extern const struct schema silence_schema;

extern const struct schema silence_clock_schema;

/* Reads the payload.  INVALID. */
enum outcome silence_clock_read(struct arena *arena, const char *payload,
    struct silence_clock *clock) MUSTCHECK;

/* What holds for a conversation: its own settings over its number's. */
struct silence silence_over(
    const struct silence *own, const struct silence *number);

/* The warning must come before the end.  INVALID, with a fault on the field
 * that `asked` (the settings in the request) has set. */
enum outcome silence_check(const struct silence *silence,
    const struct silence *asked, struct faults *faults) MUSTCHECK;

/* When the clock strikes that runs since `since`, and in `stage` what for;
 * 0 when nothing is set. */
int64_t silence_due(const struct silence *silence, struct silence_clock *clock);

#endif
