#include "base/base.h"

#include "model/builtin.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/zone.h"

#include <json-c/json.h>
#include <string.h>

/* What the variables are made from. */
struct source {
	const struct facts *facts;
	const char *zone;
	int64_t offset; /* of the zone, in seconds */
};

static const char *make_user(struct arena *, const struct source *);
static const char *make_from(struct arena *, const struct source *);
static const char *make_to(struct arena *, const struct source *);
static const char *make_short_from(struct arena *, const struct source *);
static const char *make_short_to(struct arena *, const struct source *);
static const char *make_id(struct arena *, const struct source *);
static const char *make_channel(struct arena *, const struct source *);
static const char *make_timezone(struct arena *, const struct source *);
static const char *make_now(struct arena *, const struct source *);
static const char *make_now_utc(struct arena *, const struct source *);
static const char *make_today(struct arena *, const struct source *);
static const char *make_timestamp(struct arena *, const struct source *);
static const char *make_language(struct arena *, const struct source *);
static const char *make_nothing(struct arena *, const struct source *);
static bool is_taken(const char *name, struct json_object *variables);
static const char *without_country(const char *number);

/* In this order they stand before the conversation's own. */
/* clang-format off */
static const struct builtin {
	const char *name;
	bool wins; /* over a variable of the same name */
	const char *(*make)(struct arena *, const struct source *);
} builtins[] = {
	{ "phone_number", true,  make_user },
	{ "from",         true,  make_from },
	{ "to",           true,  make_to },
	{ "short_from",   true,  make_short_from },
	{ "short_to",     true,  make_short_to },
	{ "call_id",      true,  make_id },
	{ "callID",       true,  make_id },
	{ "channel",      true,  make_channel },
	{ "timezone",     true,  make_timezone },
	{ "now",          true,  make_now },
	{ "now_utc",      true,  make_now_utc },
	{ "today",        true,  make_today },
	{ "timestamp",    true,  make_timestamp },
	{ "language",     false, make_language },
	{ "country",      false, make_nothing },
	{ "state",        false, make_nothing },
	{ "city",         false, make_nothing },
	{ "zip",          false, make_nothing },
};

/* ITU-T E.164: country codes of one digit, and of two; all others have
 * three. */
static const char *const one_digit = "17";
static const char *const two_digits[] = {
	"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41",
	"43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54",
	"55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
	"81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
};

static const char *const weekdays[] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday",
};

static const char *const months[] = {
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December",
};
/* clang-format on */

struct json_object *
builtin_variables(struct arena *arena, const struct facts *facts,
    struct json_object *variables)
{
	struct json_object *all = json_own(arena, json_object_new_object());
	struct source source = { .facts = facts, .zone = "UTC" };
	size_t i;

	if (facts->timezone != NULL && zone_exists(facts->timezone)) {
		source.zone = facts->timezone;
		source.offset = zone_offset(source.zone, facts->now);
	}
	for (i = 0; i < COUNT(builtins); i++)
		if (builtins[i].wins || !is_taken(builtins[i].name, variables))
			(void)json_object_object_add(all, builtins[i].name,
			    json_string(builtins[i].make(arena, &source)));
	if (variables == NULL)
		return all;
	json_object_object_foreach(variables, name, value)
	{
		if (!builtin_is_fact(name))
			(void)json_object_object_add(
			    all, name, json_object_get(value));
	}
	return all;
}

bool
builtin_is_fact(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(builtins); i++)
		if (builtins[i].wins &&
		    text_equal_nocase(name, builtins[i].name))
			return true;
	return false;
}

static bool
is_taken(const char *name, struct json_object *variables)
{
	if (variables == NULL)
		return false;
	json_object_object_foreach(variables, own, value)
	{
		(void)value;
		if (text_equal_nocase(own, name))
			return true;
	}
	return false;
}

static const char *
make_user(struct arena *arena, const struct source *source)
{
	(void)arena;
	return source->facts->user;
}

static const char *
make_from(struct arena *arena, const struct source *source)
{
	(void)arena;
	return source->facts->user_began ? source->facts->user
					 : source->facts->agent;
}

static const char *
make_to(struct arena *arena, const struct source *source)
{
	(void)arena;
	return source->facts->user_began ? source->facts->agent
					 : source->facts->user;
}

static const char *
make_short_from(struct arena *arena, const struct source *source)
{
	return without_country(make_from(arena, source));
}

static const char *
make_short_to(struct arena *arena, const struct source *source)
{
	return without_country(make_to(arena, source));
}

static const char *
make_id(struct arena *arena, const struct source *source)
{
	(void)arena;
	return source->facts->id;
}

static const char *
make_channel(struct arena *arena, const struct source *source)
{
	(void)arena;
	return names_text(&channel_names, source->facts->channel);
}

static const char *
make_timezone(struct arena *arena, const struct source *source)
{
	(void)arena;
	return source->zone;
}

static struct calendar
local(const struct source *source)
{
	struct calendar calendar;

	when_to_calendar(
	    source->facts->now + source->offset * WHEN_SECOND, &calendar);
	return calendar;
}

static const char *
make_now(struct arena *arena, const struct source *source)
{
	const struct calendar now = local(source);
	int minutes = (int)(source->offset / 60);
	char sign = minutes < 0 ? '-' : '+';

	minutes = minutes < 0 ? -minutes : minutes;
	return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
	    now.year, now.month, now.day, now.hour, now.minute, now.second,
	    sign, minutes / 60, minutes % 60);
}

static const char *
make_now_utc(struct arena *arena, const struct source *source)
{
	struct calendar now;

	when_to_calendar(source->facts->now, &now);
	return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", now.year,
	    now.month, now.day, now.hour, now.minute, now.second);
}

/* "Saturday, November 21, 2026".  1970-01-01 was a Thursday. */
static const char *
make_today(struct arena *arena, const struct source *source)
{
	const struct calendar now = local(source);
	int64_t moment = source->facts->now + source->offset * WHEN_SECOND;
	int64_t day = moment / WHEN_DAY - (moment % WHEN_DAY < 0);

	return arena_format(arena, "%s, %s %d, %d",
	    weekdays[((day + 4) % 7 + 7) % 7], months[now.month - 1], now.day,
	    now.year);
}

static const char *
make_timestamp(struct arena *arena, const struct source *source)
{
	return when_text(arena, source->facts->now);
}

static const char *
make_language(struct arena *arena, const struct source *source)
{
	(void)arena;
	return source->facts->language != NULL ? source->facts->language : "en";
}

static const char *
make_nothing(struct arena *arena, const struct source *source)
{
	(void)arena;
	(void)source;
	return "";
}

static const char *
without_country(const char *number)
{
	size_t i, length = 3;

	if (number == NULL || number[0] != '+' || strlen(number) < 5)
		return number;
	number++;
	if (strchr(one_digit, number[0]) != NULL)
		length = 1;
	for (i = 0; i < COUNT(two_digits); i++)
		if (text_starts(number, two_digits[i]))
			length = 2;
	return number + length;
}
