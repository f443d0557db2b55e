/*
 * Silence: whose settings hold, what they must not say, when they strike.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"
#include "model/field.h"
#include "model/reason.h"
#include "model/silence.h"

#include "tap.h"

static const struct silence nothing;
static const struct silence of_number = { 900, 600, "Goodbye.", "Hello?" };

static void
test_over(void)
{
	struct silence silence;

	silence = silence_over(&nothing, &nothing);
	ok(silence.time_out <= 0 && silence.warning_time <= 0 &&
		silence.timeout_message == NULL &&
		silence.warning_message == NULL,
	    "what nobody has set is not set");
	silence = silence_over(&nothing, &of_number);
	is_int((int64_t)silence.time_out, 900, "the number's end holds");
	is_int((int64_t)silence.warning_time, 600, "and its warning");
	is_text(silence.timeout_message, "Goodbye.", "and its last words");
	is_text(silence.warning_message, "Hello?", "and its words before");
	silence = silence_over(&of_number, &nothing);
	is_int(
	    (int64_t)silence.time_out, 900, "a conversation's own end holds");
	is_int((int64_t)silence.warning_time, 600, "and its own warning");
	is_text(silence.timeout_message, "Goodbye.", "and its own last words");
	is_text(silence.warning_message, "Hello?", "and those before");
}

/* Each setting alone goes over the number's, and takes no other along. */
static void
test_over_each(void)
{
	struct silence silence;

	silence =
	    silence_over(&(struct silence){ .time_out = 1200 }, &of_number);
	is_int((int64_t)silence.time_out, 1200, "an end is overridden alone");
	is_int((int64_t)silence.warning_time, 600, "the warning stays");
	is_text(silence.timeout_message, "Goodbye.", "the last words stay");
	silence =
	    silence_over(&(struct silence){ .warning_time = 60 }, &of_number);
	is_int((int64_t)silence.time_out, 900, "the end stays");
	is_int(
	    (int64_t)silence.warning_time, 60, "a warning is overridden alone");
	is_text(silence.warning_message, "Hello?", "its words stay");
	silence = silence_over(
	    &(struct silence){ .timeout_message = "Bye" }, &of_number);
	is_text(
	    silence.timeout_message, "Bye", "last words are overridden alone");
	is_text(silence.warning_message, "Hello?", "those before stay");
	silence = silence_over(
	    &(struct silence){ .warning_message = "Still there?" }, &of_number);
	is_text(silence.warning_message, "Still there?",
	    "a warning's words are overridden alone");
	is_text(silence.timeout_message, "Goodbye.", "the last ones stay");
}

static const struct {
	struct silence silence, asked;
	const char *field; /* NULL: nothing is wrong */
	const char *message;
	const char *name;
} checks[] = {
	/* clang-format off */
	{ { .time_out = 0 }, { .time_out = 0 }, NULL, NULL,
	    "nothing set is right" },
	{ { .time_out = 900 }, { .time_out = 900 }, NULL, NULL,
	    "an end without a warning is right" },
	{ { .warning_time = 900 }, { .warning_time = 900 }, NULL, NULL,
	    "a warning without an end is right" },
	{ { .time_out = 900, .warning_time = 899.5 },
	    { .time_out = 900, .warning_time = 899.5 }, NULL, NULL,
	    "a warning just before the end is right" },
	{ { .time_out = 900, .warning_time = 900 },
	    { .time_out = 900, .warning_time = 900 }, "/warning_time",
	    "warning_time (900) must be less than time_out (900)",
	    "a warning at the end is wrong" },
	{ { .time_out = 900, .warning_time = 900.5 },
	    { .warning_time = 900.5 }, "/warning_time",
	    "warning_time (900.5) must be less than time_out (900)",
	    "a warning after the number's end is wrong" },
	{ { .time_out = 300, .warning_time = 600 }, { .time_out = 300 },
	    "/time_out",
	    "warning_time (600) must be less than time_out (300)",
	    "an end before the number's warning is wrong" },
	{ { .time_out = 300, .warning_time = 600 }, { .time_out = 0 },
	    "/warning_time",
	    "warning_time (600) must be less than time_out (300)",
	    "a number whose own settings are wrong is found" },
	/* clang-format on */
};

static void
test_check(struct arena *arena)
{
	struct faults faults;
	enum outcome rc;
	size_t i;

	for (i = 0; i < COUNT(checks); i++) {
		faults_init(&faults, arena);
		rc = silence_check(
		    &checks[i].silence, &checks[i].asked, &faults);
		is_int(rc, checks[i].field != NULL ? INVALID : OK, "%s",
		    checks[i].name);
		is_int((int64_t)faults.count, checks[i].field != NULL,
		    "and so has the right count of faults");
		if (faults.count == 0)
			continue;
		is_text(faults.list[0].reason->code, "INVALID_TIMEOUT_CONFIG",
		    "the fault has its reason");
		is_text(faults.list[0].field, checks[i].field,
		    "the fault is on what was asked");
		is_text(faults.list[0].message, checks[i].message,
		    "the fault says what is wrong");
	}
}

static void
test_due(void)
{
	const int64_t now = INT64_C(1790000000000000);
	const struct silence end = { .time_out = 900 };
	const struct silence part = { .warning_time = 0.25, .time_out = 1 };
	const struct silence long_end = { .time_out = SILENCE_MOST };
	const struct silence below = { .time_out = -1, .warning_time = -1 };
	struct silence_clock clock = { 1, SILENCE_STAGE_N, now };

	is_int(silence_due(&nothing, &clock), 0, "nothing set never strikes");
	is_int(
	    silence_due(&below, &clock), 0, "nor does what is below nothing");
	is_int(silence_due(&of_number, &clock), now + 600 * WHEN_SECOND,
	    "the warning strikes first");
	is_int(clock.stage, SILENCE_WARNING, "and is what it strikes for");
	is_int(silence_due(&end, &clock), now + 900 * WHEN_SECOND,
	    "without a warning the end strikes");
	is_int(clock.stage, SILENCE_TIMEOUT, "and is what it strikes for");
	is_int(silence_due(&part, &clock), now + 250000,
	    "parts of a second count");
	is_int(silence_due(&long_end, &clock), now + 30 * WHEN_DAY,
	    "the longest silence is 30 days");
}

static void
test_words(void)
{
	static const char *const names[] = { "time_out", "timeout_message",
		"warning_time", "warning_message" };
	int value = -1;
	size_t i;

	is_int(names_find(&timeout_action_names, "send_sms", &value), OK,
	    "send_sms is an action");
	is_int(value, TIMEOUT_SEND_SMS, "to send");
	is_int(names_find(&timeout_action_names, "end", &value), OK,
	    "end is an action");
	is_int(value, TIMEOUT_END, "to end");
	is_text(names_text(&timeout_action_names, TIMEOUT_NONE), "",
	    "none has no word");
	is_int((int64_t)silence_schema.count, COUNT(names),
	    "there are four settings");
	for (i = 0; i < silence_schema.count && i < COUNT(names); i++)
		is_text(silence_schema.fields[i].name, names[i],
		    "%s is one of them", names[i]);
}

static void
test_payload(struct arena *arena)
{
	struct silence_clock clock = { .seq = 5 };

	is_int(silence_clock_read(arena, "[]", &clock), INVALID,
	    "an array is no clock");
	is_int(clock.seq, 5, "and nothing was read");
	is_int(silence_clock_read(arena,
		   "{\"seq\":7,\"stage\":\"left\","
		   "\"since\":\"2026-01-01T00:00:00.000Z\"}",
		   &clock),
	    OK, "a payload is read");
	is_int(clock.seq, 7, "with what it waits on");
	is_int(clock.stage, SILENCE_LEFT, "what it strikes for");
	ok(clock.since > 0, "and since when");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_over();
	test_over_each();
	test_check(arena);
	test_due();
	test_words();
	test_payload(arena);
	arena_free(arena);
	return done();
}
