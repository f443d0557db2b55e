#include "base/base.h"

#include "model/quiet.h"

#include "base/when.h"
#include "model/zone.h"

#include <string.h>

#define LENGTH 11 /* of "21:00-08:00" */
#define MINUTE (60 * WHEN_SECOND)
#define DAY_MINUTES 1440

static bool
is_time(const char *text)
{
	static const char digits[] = "0123456789";
	size_t i;

	for (i = 0; i < 5; i++)
		if (i == 2 ? text[i] != ':' : strchr(digits, text[i]) == NULL)
			return false;
	return (text[0] - '0') * 10 + text[1] - '0' < 24 && text[3] < '6';
}

bool
quiet_is_hours(const char *text)
{
	return strlen(text) == LENGTH && text[5] == '-' && is_time(text) &&
	       is_time(text + 6);
}

static int64_t
minutes(const char *text)
{
	return (text[0] - '0') * 600 + (text[1] - '0') * 60 +
	       (text[3] - '0') * 10 + text[4] - '0';
}

static int64_t
offset(const char *zone, int64_t moment)
{
	return zone != NULL ? zone_offset(zone, moment) * WHEN_SECOND : 0;
}

int64_t
quiet_until(const char *hours, const char *zone, int64_t now)
{
	int64_t from, to, minute, local, end, first, moment;
	bool inside;

	if (hours == NULL || !quiet_is_hours(hours))
		return 0;
	from = minutes(hours);
	to = minutes(hours + 6);
	local = now + offset(zone, now);
	minute = local / MINUTE % DAY_MINUTES;
	inside = from < to ? minute >= from && minute < to
			   : from != to && (minute >= from || minute < to);
	if (!inside)
		return 0;
	end = local - local % MINUTE +
	      (to - minute + (to > minute ? 0 : DAY_MINUTES)) * MINUTE;
	/* By the offset that holds at the end, unless the clocks skip it. */
	first = end - offset(zone, now);
	moment = end - offset(zone, first);
	return moment > now ? moment : first;
}
