/*
 * What the clocks show: by this system's zoneinfo, by the rules behind its
 * last change, and by files that are none.
 */
#include "base/base.h"

#include "base/when.h"
#include "model/zone.h"

#include "tap.h"

#define HEADER 44
#define FILE_LENGTH (2 * (HEADER + 6 + 1))

static const struct {
	const char *zone, *moment;
	int64_t offset;
	const char *name;
} cases[] = {
	/* clang-format off */
	{ "UTC", "2026-07-01T00:00:00Z", 0, "UTC is UTC" },
	{ "Europe/Berlin", "2026-01-01T00:00:00Z", 3600, "winter" },
	{ "Europe/Berlin", "2026-03-29T00:59:59Z", 3600, "before the change" },
	{ "Europe/Berlin", "2026-03-29T01:00:00Z", 7200, "at the change" },
	{ "Europe/Berlin", "2026-10-25T00:59:59Z", 7200, "before it ends" },
	{ "Europe/Berlin", "2026-10-25T01:00:00Z", 3600, "as it ends" },
	{ "Europe/Berlin", "2070-07-01T00:00:00Z", 7200, "far in the future" },
	{ "Europe/Berlin", "2070-12-01T00:00:00Z", 3600, "and its winter" },
	{ "America/New_York", "2026-07-01T00:00:00Z", -14400, "the west" },
	{ "America/New_York", "2070-03-09T06:59:59Z", -18000,
	    "the second Sunday of March, in the future" },
	{ "America/New_York", "2070-03-09T07:00:00Z", -14400, "at two" },
	{ "Australia/Sydney", "2070-01-01T00:00:00Z", 39600,
	    "a summer over the turn of the year" },
	{ "Australia/Sydney", "2070-07-01T00:00:00Z", 36000, "its winter" },
	{ "Asia/Kolkata", "2070-01-01T00:00:00Z", 19800, "half an hour" },
	{ "Etc/GMT-14", "2026-01-01T00:00:00Z", 50400, "the far east" },
	{ "Europe/Berlin", "1970-01-01T00:00:00Z", 3600, "the past" },
	{ "Europe/Nowhere", "2026-01-01T00:00:00Z", 0, "no zone" },
	{ "../../../etc/passwd", "2026-01-01T00:00:00Z", 0, "no name" },
	/* clang-format on */
};

static void
test_zones(void)
{
	int64_t when = 0;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		if (when_parse(cases[i].moment, &when) != OK)
			printf("# %s is no moment\n", cases[i].moment);
		is_int(zone_offset(cases[i].zone, when), cases[i].offset,
		    "%s: %s", cases[i].zone, cases[i].name);
	}
}

/* A file without changes whose first type is UTC, with this rule. */
static int64_t
by_rule(const char *rule, const char *moment)
{
	char file[FILE_LENGTH + 128] = { 0 };
	size_t i, at;
	int64_t when = 0;

	for (i = 0; i < 2; i++) {
		at = i * (HEADER + 7);
		memcpy(file + at, "TZif2", 5);
		file[at + 39] = 1; /* one type */
		file[at + 43] = 1; /* one byte of names */
	}
	strcat(strcpy(file + FILE_LENGTH, "\n"), rule);
	strcat(file + FILE_LENGTH, "\n");
	if (when_parse(moment, &when) != OK)
		printf("# %s is no moment\n", moment);
	return zone_offset_in(
	    file, FILE_LENGTH + strlen(file + FILE_LENGTH), when);
}

static const struct {
	const char *rule, *moment;
	int64_t offset;
	const char *name;
} rules[] = {
	/* clang-format off */
	{ "CET-1", "2026-07-01T00:00:00Z", 3600, "a zone without summer" },
	{ "<-0330>3:30", "2026-07-01T00:00:00Z", -12600, "a name of digits" },
	{ "A-1:02:03", "2026-07-01T00:00:00Z", 3723, "one letter is a name" },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7200,
	    "the last Sunday" },
	{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 3600,
	    "not before" },
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0,
	    "a summer that is in winter" },
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600,
	    "and its other half" },
	{ "X0Y,J60/0,J300/0", "2028-03-01T00:00:00Z", 3600,
	    "J60 is the first of March in a leap year" },
	{ "X0Y,J60/0,J300/0", "2028-02-29T23:59:59Z", 0, "and not before" },
	{ "X0Y,J60/0,J300/0", "2026-03-01T00:00:00Z", 3600,
	    "and in any other" },
	{ "X0Y,59/0,300/0", "2028-02-29T00:00:00Z", 3600,
	    "59 is the 29th of February in a leap year" },
	{ "X0Y,59/0,300/0", "2028-02-28T23:59:59Z", 0, "and not before" },
	{ "X0Y,M3.1.0/-2,M10.1.0/26", "2026-02-28T22:00:00Z", 3600,
	    "a change may be the day before" },
	{ "", "2026-07-01T00:00:00Z", 0, "no rule" },
	{ "CET", "2026-07-01T00:00:00Z", 0, "a name alone" },
	{ "CET-1CEST", "2026-07-01T00:00:00Z", 0, "a summer without rules" },
	{ "CET-1CEST,M13.1.0,M10.5.0", "2026-07-01T00:00:00Z", 0,
	    "a month that is none" },
	{ "CET-1CEST,M0.0.0,M10.5.0", "2026-07-01T00:00:00Z", 0,
	    "a month of nothing" },
	{ "CET-999", "2026-07-01T00:00:00Z", 0, "an hour that is none" },
	{ "<CET-1", "2026-07-01T00:00:00Z", 0, "a name without an end" },
	{ "CET-1 ", "2026-07-01T00:00:00Z", 0, "something behind it" },
	/* clang-format on */
};

static void
test_rules(void)
{
	size_t i;

	for (i = 0; i < COUNT(rules); i++)
		is_int(by_rule(rules[i].rule, rules[i].moment), rules[i].offset,
		    "\"%s\": %s", rules[i].rule, rules[i].name);
}

/* Cut at every byte, and with every byte made large. */
static void
test_broken(void)
{
	char file[HEADER * 2 + 64], copy[sizeof(file) + 1];
	int64_t sum = 0;
	size_t i;

	memset(file, 0, sizeof(file));
	memcpy(file, "TZif2", 5);
	memcpy(file + HEADER, "TZif2", 5);
	file[HEADER + 35] = 2;
	file[HEADER + 39] = 2;
	for (i = 0; i <= sizeof(file); i++) {
		memcpy(copy, file, i);
		copy[i] = '\0';
		sum += zone_offset_in(copy, i, WHEN_DAY);
	}
	for (i = 0; i < sizeof(file); i++) {
		memcpy(copy, file, sizeof(file));
		copy[sizeof(file)] = '\0';
		copy[i] = (char)0xff;
		sum += zone_offset_in(copy, sizeof(file), WHEN_DAY) != 0;
	}
	ok(sum < (int64_t)sizeof(file), "broken files do no harm");
}

int
main(void)
{
	test_zones();
	test_rules();
	test_broken();
	return done();
}
