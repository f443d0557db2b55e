#include "base/base.h"

#include "model/silence.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "model/field.h"
#include "model/message.h"
#include "model/reason.h"

static const char *const action_words[] = {
	[TIMEOUT_NONE] = "",
	[TIMEOUT_SEND_SMS] = "send_sms",
	[TIMEOUT_END] = "end",
};
static_assert(COUNT(action_words) == TIMEOUT_N, "a word for every action");

static const char *const stage_words[] = {
	[SILENCE_WARNING] = "warning",
	[SILENCE_TIMEOUT] = "timeout",
	[SILENCE_JOIN] = "join",
	[SILENCE_LEFT] = "left",
};
static_assert(COUNT(stage_words) == SILENCE_STAGE_N, "a word for every stage");

const struct names timeout_action_names = NAMES(action_words);
const struct names silence_stage_names = NAMES(stage_words);

/* clang-format off */
static const struct field silence_fields[] = {
	{ "time_out", FIELD_NUMBER, FIELD_NULLABLE | FIELD_ABOVE_LEAST,
	    FIELD_AT(struct silence, time_out), 0, SILENCE_MOST,
	    .about = "Seconds of the user's silence after an agent's message"
	             " until the conversation ends; null: never." },
	{ "timeout_message", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    FIELD_AT(struct silence, timeout_message), 1, MESSAGE_MOST,
	    .about = "Sent when the time is out." },
	{ "warning_time", FIELD_NUMBER, FIELD_NULLABLE | FIELD_ABOVE_LEAST,
	    FIELD_AT(struct silence, warning_time), 0, SILENCE_MOST,
	    .about = "Seconds of silence until the warning; less than"
	             " time_out." },
	{ "warning_message", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    FIELD_AT(struct silence, warning_message), 1, MESSAGE_MOST,
	    .about = "Sent at warning_time." },
};
/* clang-format on */

static const struct field clock_fields[] = {
	{ "seq", FIELD_INTEGER, 0, FIELD_AT(struct silence_clock, seq) },
	{ "stage", FIELD_NAME, 0, FIELD_AT(struct silence_clock, stage),
	    .names = &silence_stage_names },
	{ "since", FIELD_WHEN, FIELD_NULLABLE,
	    FIELD_AT(struct silence_clock, since) },
};

const struct schema silence_schema =
    SCHEMA("Silence", silence_fields, struct silence);
const struct schema silence_clock_schema =
    SCHEMA("SilenceClock", clock_fields, struct silence_clock);

enum outcome
silence_clock_read(
    struct arena *arena, const char *payload, struct silence_clock *clock)
{
	struct silence_clock read = { .seq = 0 };

	if (field_read_text(arena, &silence_clock_schema, payload, &read) != OK)
		return INVALID;
	*clock = read;
	return OK;
}

struct silence
silence_over(const struct silence *own, const struct silence *number)
{
	struct silence silence = *number;

	if (own->time_out > 0)
		silence.time_out = own->time_out;
	if (own->warning_time > 0)
		silence.warning_time = own->warning_time;
	if (own->timeout_message != NULL)
		silence.timeout_message = own->timeout_message;
	if (own->warning_message != NULL)
		silence.warning_message = own->warning_message;
	return silence;
}

enum outcome
silence_check(const struct silence *silence, const struct silence *asked,
    struct faults *faults)
{
	if (silence->time_out <= 0 || silence->warning_time <= 0 ||
	    silence->warning_time < silence->time_out)
		return OK;
	return fault_add(faults, &reasons[INVALID_TIMEOUT_CONFIG],
	    asked->warning_time <= 0 && asked->time_out > 0 ? "/time_out"
							    : "/warning_time",
	    "warning_time (%s) must be less than time_out (%s)",
	    text_from_number(faults->arena, silence->warning_time),
	    text_from_number(faults->arena, silence->time_out));
}

int64_t
silence_due(const struct silence *silence, struct silence_clock *clock)
{
	bool warns = silence->warning_time > 0;
	double seconds = warns ? silence->warning_time : silence->time_out;

	clock->stage = warns ? SILENCE_WARNING : SILENCE_TIMEOUT;
	if (seconds <= 0)
		return 0;
	return clock->since + (int64_t)(seconds * (double)WHEN_SECOND);
}
