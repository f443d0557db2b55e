/*
 * Quiet hours: over midnight, and when the clocks are put forward or back.
 */
#include "base/base.h"

#include "base/when.h"
#include "model/quiet.h"

#include "tap.h"

static int64_t
at(const char *text)
{
	int64_t when = 0;

	return when_parse(text, &when) == OK ? when : -1;
}

static void
test_hours(void)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ "21:00-08:00", true },
		{ "00:00-23:59", true },
		{ "24:00-08:00", false },
		{ "21:60-08:00", false },
		{ "21:00 08:00", false },
		{ "21:00-8:00", false },
		{ "", false },
		{ "21:00-08:00 ", false },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_int(
		    quiet_is_hours(cases[i].text), cases[i].is, "%s", cases[i].text);
}

static void
test_until(void)
{
	static const char night[] = "21:00-08:00";
	static const struct {
		const char *hours, *zone, *now, *until, *name;
	} cases[] = {
		{ NULL, NULL, "2026-01-10T22:00:00Z", NULL,
		    "without hours it is never quiet" },
		{ night, NULL, "2026-01-10T20:59:59Z", NULL,
		    "before the first minute it is not quiet" },
		{ night, NULL, "2026-01-10T21:00:00Z", "2026-01-11T08:00:00Z",
		    "from the first minute on it is, over midnight" },
		{ night, NULL, "2026-01-11T07:59:59Z", "2026-01-11T08:00:00Z",
		    "until before the last" },
		{ night, NULL, "2026-01-11T08:00:00Z", NULL,
		    "which is the first that is not" },
		{ "12:00-13:30", NULL, "2026-01-11T13:29:00Z",
		    "2026-01-11T13:30:00Z", "hours within one day" },
		{ "08:00-08:00", NULL, "2026-01-11T08:00:00Z", NULL,
		    "no hours at all" },
		{ night, "Nowhere/None", "2026-01-10T22:00:00Z",
		    "2026-01-11T08:00:00Z", "an unknown zone is UTC" },
		{ night, "America/New_York", "2026-01-10T22:00:00Z", NULL,
		    "it is the afternoon there" },
		{ night, "America/New_York", "2026-01-11T03:00:00Z",
		    "2026-01-11T13:00:00Z", "it is the evening there" },
		{ night, "America/New_York", "2026-03-08T04:00:00Z",
		    "2026-03-08T12:00:00Z",
		    "a night in which the clocks are put forward" },
		{ night, "America/New_York", "2026-11-01T03:00:00Z",
		    "2026-11-01T13:00:00Z",
		    "a night in which they are put back" },
		{ "01:00-02:30", "America/New_York", "2026-03-08T06:30:00Z",
		    "2026-03-08T07:30:00Z",
		    "an end that the clocks skip comes all the same" },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_int(quiet_until(
			   cases[i].hours, cases[i].zone, at(cases[i].now)),
		    cases[i].until != NULL ? at(cases[i].until) : 0,
		    "%s", cases[i].name);
}

int
main(void)
{
	test_hours();
	test_until();
	return done();
}
