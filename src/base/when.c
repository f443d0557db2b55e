/*
 * Moments and the calendar.
 *
 * The calendar is reckoned in years that begin on 1 March, so that the leap
 * day is a year's last, and in eras of 400 years, which all have the same
 * number of days (Gregorian calendar, RFC 3339 appendix C).
 */
#include "base/base.h"

#include "base/when.h"

#include "base/arena.h"

#include <time.h>

#define ERA_DAYS 146097
#define MARCH_0000 (-719468) /* 0000-03-01, in days since 1970-01-01 */
#define WHEN_LAST INT64_C(253402300799999999)  /* the end of the year 9999 */
#define WHEN_FIRST INT64_C(-62167219200000000) /* the year 0 begins */

static int64_t clock_read(clockid_t clock);
static int64_t floor_divide(int64_t number, int64_t divisor);
static int days_in_month(int year, int month);
static int64_t days_from_date(int year, int month, int day);
static void digits_write(char *at, int width, int value);
static bool take(const char **at, const char *characters);
static bool take_digits(const char **at, int width, int *value);
static bool take_date(const char **at, struct calendar *calendar);
static bool take_time(const char **at, struct calendar *calendar);
static bool take_fraction(const char **at, int *microsecond);
static bool take_offset(const char **at, int *minutes);

int64_t
when_now(void)
{
	return clock_read(CLOCK_REALTIME);
}

int64_t
when_elapsed(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

const char *
when_text(struct arena *arena, int64_t when)
{
	char *text = arena_alloc(arena, WHEN_TEXT);

	when_write(when, text);
	return text;
}

void
when_write(int64_t when, char text[WHEN_TEXT])
{
	static const char shape[WHEN_TEXT] = "0000-00-00T00:00:00.000Z";
	struct calendar calendar;
	size_t i;

	if (when < WHEN_FIRST)
		when = WHEN_FIRST;
	if (when > WHEN_LAST)
		when = WHEN_LAST;
	when_to_calendar(when, &calendar);
	for (i = 0; i < WHEN_TEXT; i++)
		text[i] = shape[i];
	digits_write(text, 4, calendar.year);
	digits_write(text + 5, 2, calendar.month);
	digits_write(text + 8, 2, calendar.day);
	digits_write(text + 11, 2, calendar.hour);
	digits_write(text + 14, 2, calendar.minute);
	digits_write(text + 17, 2, calendar.second);
	digits_write(text + 20, 3, calendar.microsecond / 1000);
}

enum outcome
when_parse(const char *text, int64_t *when)
{
	struct calendar calendar = { 0 };
	int offset = 0;
	int64_t moment;

	if (!take_date(&text, &calendar))
		return INVALID;
	if (*text != '\0') {
		if (!take(&text, "Tt ") || !take_time(&text, &calendar) ||
		    !take_offset(&text, &offset))
			return INVALID;
	}
	if (*text != '\0')
		return INVALID;
	moment = when_from_calendar(&calendar) - offset * 60 * WHEN_SECOND;
	if (moment < 0 || moment > WHEN_LAST)
		return INVALID;
	*when = moment;
	return OK;
}

void
when_to_calendar(int64_t when, struct calendar *calendar)
{
	int64_t days = floor_divide(when, WHEN_DAY), era, year;
	int64_t rest = when - days * WHEN_DAY;
	int day, month, year_of_era;

	calendar->microsecond = (int)(rest % WHEN_SECOND);
	calendar->second = (int)(rest / WHEN_SECOND % 60);
	calendar->minute = (int)(rest / (60 * WHEN_SECOND) % 60);
	calendar->hour = (int)(rest / (3600 * WHEN_SECOND));

	days -= MARCH_0000;
	era = floor_divide(days, ERA_DAYS);
	day = (int)(days - era * ERA_DAYS);
	/* Take the leap days before this day out, and all years are alike. */
	year_of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= year_of_era * 365 + year_of_era / 4 - year_of_era / 100;
	/* From March on, every five months have 153 days. */
	month = (5 * day + 2) / 153;
	calendar->day = day - (153 * month + 2) / 5 + 1;
	calendar->month = month < 10 ? month + 3 : month - 9;
	year = era * 400 + year_of_era + (calendar->month <= 2);
	calendar->year = (int)year;
}

int64_t
when_from_calendar(const struct calendar *calendar)
{
	int64_t days =
	    days_from_date(calendar->year, calendar->month, calendar->day);
	int64_t seconds =
	    calendar->hour * 3600 + calendar->minute * 60 + calendar->second;

	return days * WHEN_DAY + seconds * WHEN_SECOND + calendar->microsecond;
}

static int64_t
clock_read(clockid_t clock)
{
	struct timespec now;
	int rc = clock_gettime(clock, &now);

	assert(rc == 0);
	return now.tv_sec * WHEN_SECOND + now.tv_nsec / 1000;
}

/* C rounds towards zero; days before 1970 are counted downwards. */
static int64_t
floor_divide(int64_t number, int64_t divisor)
{
	return number / divisor - (number % divisor < 0);
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static int64_t
days_from_date(int year, int month, int day)
{
	int64_t march_year = (int64_t)year - (month <= 2);
	int64_t era = floor_divide(march_year, 400);
	int64_t year_of_era = march_year - era * 400;
	int march_month = month > 2 ? month - 3 : month + 9;

	return era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 -
	       year_of_era / 100 + (153 * march_month + 2) / 5 + day - 1 +
	       MARCH_0000;
}

static void
digits_write(char *at, int width, int value)
{
	while (width-- > 0) {
		at[width] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* Steps over one of the characters. */
static bool
take(const char **at, const char *characters)
{
	for (; *characters != '\0'; characters++) {
		if (**at == *characters) {
			(*at)++;
			return true;
		}
	}
	return false;
}

static bool
take_digits(const char **at, int width, int *value)
{
	int number = 0;

	for (; width > 0; width--, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		number = number * 10 + (**at - '0');
	}
	*value = number;
	return true;
}

static bool
take_date(const char **at, struct calendar *calendar)
{
	if (!take_digits(at, 4, &calendar->year) || !take(at, "-") ||
	    !take_digits(at, 2, &calendar->month) || !take(at, "-") ||
	    !take_digits(at, 2, &calendar->day))
		return false;
	if (calendar->month < 1 || calendar->month > 12)
		return false;
	return calendar->day >= 1 &&
	       calendar->day <= days_in_month(calendar->year, calendar->month);
}

/* Second 60 is refused: a moment has no place for a leap second. */
static bool
take_time(const char **at, struct calendar *calendar)
{
	if (!take_digits(at, 2, &calendar->hour) || !take(at, ":") ||
	    !take_digits(at, 2, &calendar->minute) || !take(at, ":") ||
	    !take_digits(at, 2, &calendar->second))
		return false;
	if (calendar->hour > 23 || calendar->minute > 59 ||
	    calendar->second > 59)
		return false;
	return !take(at, ".") || take_fraction(at, &calendar->microsecond);
}

/* One to six digits; a seventh is not taken, and so fails as what follows. */
static bool
take_fraction(const char **at, int *microsecond)
{
	int digit, scale = 100000;

	if (!take_digits(at, 1, &digit))
		return false;
	*microsecond = digit * scale;
	while ((scale /= 10) > 0 && take_digits(at, 1, &digit))
		*microsecond += digit * scale;
	return true;
}

/* RFC 3339, section 5.6: "Z", or hours and minutes ahead of UTC. */
static bool
take_offset(const char **at, int *minutes)
{
	int hour, minute, sign = **at == '-' ? -1 : 1;

	if (take(at, "Zz"))
		return true;
	if (!take(at, "+-") || !take_digits(at, 2, &hour) || !take(at, ":") ||
	    !take_digits(at, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*minutes = sign * (hour * 60 + minute);
	return true;
}
