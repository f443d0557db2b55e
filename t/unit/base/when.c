/*
 * Moments, read and written.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/when.h"

#include <string.h>
#include <time.h>

#include "tap.h"

struct example {
	const char *text;
	int64_t when;
};

/* To add a row: a text, and its moment as date(1) gives it. */
/* clang-format off */
static const struct example good[] = {
	{ "1970-01-01T00:00:00Z",             INT64_C(0) },
	{ "1970-01-01T00:00:00.000001Z",      INT64_C(1) },
	{ "2026-11-21T09:00:00.000Z",         INT64_C(1795251600000000) },
	{ "2026-11-21T09:00:00Z",             INT64_C(1795251600000000) },
	{ "2026-11-21t09:00:00z",             INT64_C(1795251600000000) },
	{ "2026-11-21 09:00:00Z",             INT64_C(1795251600000000) },
	{ "2026-11-21T10:30:00+01:30",        INT64_C(1795251600000000) },
	{ "2026-11-20T23:00:00-10:00",        INT64_C(1795251600000000) },
	{ "2026-11-21T09:00:00-00:00",        INT64_C(1795251600000000) },
	{ "2026-11-21T09:00:00.5Z",           INT64_C(1795251600500000) },
	{ "2026-11-21T09:00:00.123456+00:00", INT64_C(1795251600123456) },
	{ "2026-11-21",                       INT64_C(1795219200000000) },
	{ "2000-02-29T12:00:00Z",             INT64_C(951825600000000) },
	{ "2024-02-29",                       INT64_C(1709164800000000) },
	{ "2100-03-01",                       INT64_C(4107542400000000) },
	{ "1969-12-31T23:00:00-01:00",        INT64_C(0) },
	{ "9999-12-31T23:59:59.999999Z",      INT64_C(253402300799999999) },
};

static const char *const bad[] = {
	"", " ", "2026", "2026-11", "2026-11-21T", "2026-11-21T09:00",
	"2026-11-21T09:00:00", "2026-11-21T09:00Z", "2026-11-21Z",
	"2026-11-21T09:00:00.Z", "2026-11-21T09:00:00.1234567Z",
	"2026-11-21T09:00:00,5Z", "2026-11-21T09:00:00+0100",
	"2026-11-21T09:00:00+01", "2026-11-21T09:00:00+24:00",
	"2026-11-21T09:00:00+01:60", "2026-11-21T09:00:00ZZ",
	"2026-11-21T09:00:00Z ", " 2026-11-21T09:00:00Z",
	"2026-11-21  09:00:00Z", "2026-11-21_09:00:00Z", "2026-00-21",
	"2026-13-01", "2026-01-00", "2026-01-32", "2026-04-31", "2026-02-29",
	"2100-02-29", "2026-1-01", "2026-01-1", "20260101", "+2026-01-01",
	"-2026-01-01", "02026-01-01", "10000-01-01", "2026-11-21T24:00:00Z",
	"2026-11-21T09:60:00Z", "2016-12-31T23:59:60Z", "2026-11-21T9:00:00Z",
	"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "1969-12-31",
	"9999-12-31T23:59:59-00:01", "2026-11-21T09:00:00.5", "2026/11/21",
	"2026-11-21T-9:00:00Z", "now",
};

static const struct example written[] = {
	{ "1970-01-01T00:00:00.000Z", INT64_C(0) },
	{ "1970-01-01T00:00:00.000Z", INT64_C(999) },
	{ "1970-01-01T00:00:00.001Z", INT64_C(1000) },
	{ "1969-12-31T23:59:59.999Z", INT64_C(-1) },
	{ "2026-11-21T09:00:00.123Z", INT64_C(1795251600123999) },
	{ "0000-01-01T00:00:00.000Z", INT64_C(-62167219200000000) },
	{ "0000-01-01T00:00:00.000Z", INT64_MIN },
	{ "9999-12-31T23:59:59.999Z", INT64_C(253402300799999999) },
	{ "9999-12-31T23:59:59.999Z", INT64_MAX },
};
/* clang-format on */

static void
test_parse(void)
{
	int64_t when;
	size_t i;

	for (i = 0; i < COUNT(good); i++) {
		when = -7;
		ok(when_parse(good[i].text, &when) == OK, "%s is a time",
		    good[i].text);
		is_int(when, good[i].when, "%s is that moment", good[i].text);
	}
	for (i = 0; i < COUNT(bad); i++) {
		when = -7;
		ok(when_parse(bad[i], &when) == INVALID && when == -7,
		    "\"%s\" is no time and leaves the moment alone", bad[i]);
	}
}

static void
test_write(struct arena *arena)
{
	char text[WHEN_TEXT];
	size_t i;

	for (i = 0; i < COUNT(written); i++) {
		is_text(when_text(arena, written[i].when), written[i].text,
		    "%lld is written", (long long)written[i].when);
		when_write(written[i].when, text);
		is_text(text, written[i].text, "also without an arena");
	}
}

static bool
is_day_after(const struct calendar *a, const struct calendar *b)
{
	if (b->day == a->day + 1)
		return b->month == a->month && b->year == a->year;
	if (b->day != 1 || a->day < 28)
		return false;
	if (b->month == a->month + 1)
		return b->year == a->year;
	return a->month == 12 && b->month == 1 && b->year == a->year + 1;
}

/* Every day of 800 years, and of the years before 1970 as well. */
static void
test_calendar(void)
{
	struct calendar day, last = { .year = 1599, .month = 12, .day = 31 };
	int64_t when, first = -135140 * WHEN_DAY, days = 0, wrong = 0, back = 0;

	for (when = first; when < first + 2 * 146097 * WHEN_DAY;
	     when += WHEN_DAY) {
		when_to_calendar(when + WHEN_DAY - 1, &day);
		wrong += !is_day_after(&last, &day) || day.hour != 23 ||
			 day.minute != 59 || day.second != 59 ||
			 day.microsecond != 999999;
		back += when_from_calendar(&day) != when + WHEN_DAY - 1;
		days += day.month == 2 && day.day == 29;
		last = day;
	}
	is_int(wrong, 0, "each day follows the one before it");
	is_int(back, 0, "a calendar's moment is the one it was made from");
	is_int(days, 2 * 97, "97 of 400 years have a leap day");
	is_int(last.year, 2399, "800 years have that many days");
	is_int(last.month * 100 + last.day, 1231, "to the last one");
}

static void
test_clocks(void)
{
	int64_t before = time(NULL), a = when_now(), after = time(NULL), b;
	struct timespec pause = { .tv_nsec = 2000000 };

	/* time() may be a tick behind: it reads a coarser clock. */
	a /= WHEN_SECOND;
	ok(a >= before && a <= after + 1, "now is the system's time");
	b = when_elapsed();
	if (nanosleep(&pause, NULL) != 0)
		ok(false, "the test can pause");
	b = when_elapsed() - b;
	ok(b >= 2000 && b < 60 * WHEN_SECOND,
	    "two milliseconds have elapsed after two milliseconds");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_parse();
	test_write(arena);
	test_calendar();
	test_clocks();
	arena_free(arena);
	return done();
}
