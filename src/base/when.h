/*
 * A moment: microseconds since 1970-01-01T00:00:00Z, leap seconds not
 * counted.  0 stands for "never" and "not yet".
 *
 * when_now is the program's one clock.  A statement compares moments of
 * this clock, or of the server's, never one with the other.
 */
#ifndef PARLEY_BASE_WHEN_H
#define PARLEY_BASE_WHEN_H

#include "base/base.h"

#define WHEN_SECOND INT64_C(1000000)
#define WHEN_DAY (86400 * WHEN_SECOND)
#define WHEN_TEXT 25 /* "2026-11-21T09:00:00.000Z" and a NUL */

struct arena;

/* Year, month 1 to 12 and so on, in UTC. */
struct calendar {
	int year, month, day, hour, minute, second, microsecond;
};

int64_t when_now(void);

/* Microseconds of a clock that never goes back, for measuring. */
int64_t when_elapsed(void);

/* RFC 3339 in UTC with milliseconds: "2026-11-21T09:00:00.000Z". */
const char *when_text(struct arena *arena, int64_t when);

/* The same without an arena.  What lies outside the years 0 to 9999 is
 * shown as the nearest moment within. */
void when_write(int64_t when, char text[WHEN_TEXT]);

/* RFC 3339 with any offset, 0 to 6 digits of a second, "T" or a space; a
 * date alone is its first moment in UTC.  Years 1970 to 9999.  INVALID. */
enum outcome when_parse(const char *text, int64_t *when) MUSTCHECK;

void when_to_calendar(int64_t when, struct calendar *calendar);

/* The inverse; the fields must be in range. */
int64_t when_from_calendar(const struct calendar *calendar);

#endif
