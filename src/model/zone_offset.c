/*
 * A zone's file is TZif (RFC 8536): a block of 32-bit times that we pass
 * over, one of 64-bit times, and a footer, which is a rule for the time
 * behind the last one as POSIX writes it in TZ (IEEE Std 1003.1, 8.3).
 * localtime(3) would do, but it takes the zone from the environment, which
 * all threads share.
 */
#include "base/base.h"

#include "model/zone.h"

#include "base/when.h"

#include <string.h>

#define HEADER 44 /* bytes: magic, version, reserved, six counts */
#define COUNTS 20 /* where the counts begin */
#define DAY 86400

static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
	31 };

/* A block: where its parts begin, and how many there are. */
struct block {
	const unsigned char *times, *kinds, *types;
	size_t time_count, type_count;
};

/* When one of the two times of a year begins: ",M3.2.0/2". */
struct change {
	char form; /* 'M', 'J' or '0' as POSIX has them */
	int64_t month, week, day;
	int64_t time; /* seconds after midnight */
};

/* A rule of the footer; offsets are seconds east. */
struct rule {
	int64_t standard, summer;
	bool has_summer;
	struct change start, end;
};

static const unsigned char *find_block(
    const unsigned char *data, size_t length, size_t width, struct block *);
static bool offset_in(const struct block *block, int64_t second, int64_t *);
static int64_t read_integer(const unsigned char *at, size_t width);
static bool read_rule(const char *text, struct rule *rule);
static bool skip_name(const char **text);
static bool read_number(const char **text, int64_t most, int64_t *number);
static bool read_time(const char **text, int64_t *seconds);
static bool read_change(const char **text, struct change *change);
static bool read_day(const char **text, struct change *change);
static int64_t offset_by(const struct rule *rule, int64_t second);
static int64_t change_second(const struct change *change, int year);

int64_t
zone_offset_in(const void *file, size_t length, int64_t when)
{
	int64_t second = when / WHEN_SECOND - (when % WHEN_SECOND < 0), offset;
	const unsigned char *data = file, *end = data + length, *footer;
	struct block block;
	struct rule rule;

	footer = find_block(data, length, 4, &block);
	if (footer != NULL)
		footer = find_block(footer, (size_t)(end - footer), 8, &block);
	if (footer == NULL)
		return 0;
	if (offset_in(&block, second, &offset))
		return offset;
	/* The caller has put a NUL behind the file. */
	if (footer < end && *footer == '\n' &&
	    read_rule((const char *)footer + 1, &rule))
		return offset_by(&rule, second);
	return offset;
}

/* What stands behind the block, whose times have `width` bytes; NULL when
 * there is no whole one. */
static const unsigned char *
find_block(
    const unsigned char *data, size_t length, size_t width, struct block *block)
{
	size_t counts[6], size, i;

	if (length < HEADER || memcmp(data, "TZif", 4) != 0)
		return NULL;
	for (i = 0; i < COUNT(counts); i++) {
		counts[i] = (size_t)read_integer(data + COUNTS + 4 * i, 4);
		if (counts[i] > length)
			return NULL;
	}
	block->time_count = counts[3];
	block->type_count = counts[4];
	block->times = data + HEADER;
	block->kinds = block->times + counts[3] * width;
	block->types = block->kinds + counts[3];
	size = HEADER + counts[3] * (width + 1) + counts[4] * 6 + counts[5] +
	       counts[2] * (width + 4) + counts[1] + counts[0];
	return size <= length ? data + size : NULL;
}

/* False when the moment is behind the last change: then this is the offset
 * only if there is no rule. */
static bool
offset_in(const struct block *block, int64_t second, int64_t *offset)
{
	size_t i = block->time_count, kind = 0;
	bool is_last;

	while (i > 0 && read_integer(block->times + 8 * (i - 1), 8) > second)
		i--;
	is_last = i == block->time_count;
	if (i > 0)
		kind = block->kinds[i - 1];
	*offset = kind < block->type_count
		      ? read_integer(block->types + 6 * kind, 4)
		      : 0;
	return !is_last;
}

/* Big-endian, of 4 or 8 bytes; its sign kept. */
static int64_t
read_integer(const unsigned char *at, size_t width)
{
	uint64_t value = at[0] & 0x80 ? UINT64_MAX : 0;
	size_t i;

	for (i = 0; i < width; i++)
		value = value << 8 | at[i];
	return (int64_t)value;
}

/* "CET-1CEST,M3.5.0,M10.5.0/3".  POSIX counts offsets westward. */
static bool
read_rule(const char *text, struct rule *rule)
{
	int64_t west;

	*rule = (struct rule){ .has_summer = false };
	if (!skip_name(&text) || !read_time(&text, &west))
		return false;
	rule->standard = -west;
	if (*text == '\n')
		return true;
	if (!skip_name(&text))
		return false;
	rule->has_summer = true;
	rule->summer = rule->standard + 3600;
	if (*text != ',') {
		if (!read_time(&text, &west))
			return false;
		rule->summer = -west;
	}
	return read_change(&text, &rule->start) &&
	       read_change(&text, &rule->end) && *text == '\n';
}

/* Letters, or anything between "<" and ">". */
static bool
skip_name(const char **text)
{
	const char *at = *text;

	if (*at == '<')
		at += strcspn(at, ">\n");
	else
		while ((*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z'))
			at++;
	if (at == *text || *at == '\n')
		return false;
	*text = at + (*at == '>');
	return true;
}

static bool
read_number(const char **text, int64_t most, int64_t *number)
{
	const char *at = *text;
	int64_t value = 0;

	for (; *at >= '0' && *at <= '9' && value <= most; at++)
		value = value * 10 + (*at - '0');
	if (at == *text || value > most)
		return false;
	*text = at;
	*number = value;
	return true;
}

/* "-1", "5:30", "+3:30:15" */
static bool
read_time(const char **text, int64_t *seconds)
{
	int64_t hours, minutes = 0, rest = 0;
	bool negative = **text == '-';

	if (negative || **text == '+')
		(*text)++;
	if (!read_number(text, 167, &hours))
		return false;
	if (**text == ':') {
		(*text)++;
		if (!read_number(text, 59, &minutes))
			return false;
	}
	if (**text == ':') {
		(*text)++;
		if (!read_number(text, 59, &rest))
			return false;
	}
	*seconds = hours * 3600 + minutes * 60 + rest;
	if (negative)
		*seconds = -*seconds;
	return true;
}

/* ",M3.5.0/2", ",J60" or ",59" */
static bool
read_change(const char **text, struct change *change)
{
	if (**text != ',')
		return false;
	(*text)++;
	if (!read_day(text, change))
		return false;
	change->time = 7200;
	if (**text != '/')
		return true;
	(*text)++;
	return read_time(text, &change->time);
}

static bool
read_day(const char **text, struct change *change)
{
	change->form = **text == 'M' || **text == 'J' ? *(*text)++ : '0';
	if (change->form != 'M')
		return read_number(text, 365, &change->day);
	return read_number(text, 12, &change->month) && change->month > 0 &&
	       *(*text)++ == '.' && read_number(text, 5, &change->week) &&
	       change->week > 0 && *(*text)++ == '.' &&
	       read_number(text, 6, &change->day);
}

static int64_t
offset_by(const struct rule *rule, int64_t second)
{
	struct calendar calendar;
	int64_t start, end;
	bool is_summer;

	if (!rule->has_summer)
		return rule->standard;
	when_to_calendar((second + rule->standard) * WHEN_SECOND, &calendar);
	start = change_second(&rule->start, calendar.year) - rule->standard;
	end = change_second(&rule->end, calendar.year) - rule->summer;
	/* In the south the summer goes over the turn of the year. */
	is_summer = start < end ? second >= start && second < end
				: second >= start || second < end;
	return is_summer ? rule->summer : rule->standard;
}

/* The local second, as if it were in UTC, of a year's change. */
static int64_t
change_second(const struct change *change, int year)
{
	struct calendar calendar = { .year = year, .month = 1, .day = 1 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int64_t day, first, days;

	if (change->form == 'M')
		calendar.month = (int)change->month;
	first = when_from_calendar(&calendar) / (DAY * WHEN_SECOND);
	if (change->form != 'M') {
		/* J counts from 1 and never counts 29 February. */
		day = first + change->day;
		if (change->form == 'J')
			day += (is_leap && change->day > 59) - 1;
		return day * DAY + change->time;
	}
	/* 1970-01-01 was a Thursday, the fourth day from Sunday. */
	day = first + (change->day + 7 - (first + 4) % 7) % 7;
	days = month_days[change->month - 1] + (change->month == 2 && is_leap);
	day += 7 * (change->week - 1);
	while (day >= first + days)
		day -= 7;
	return day * DAY + change->time;
}
