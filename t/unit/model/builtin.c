/*
 * The built-in variables: what they are, and which of them win.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "model/builtin.h"
#include "model/channel.h"
#include "model/template.h"

#include "tap.h"

#define ID "0193a7c0-0000-7000-8000-000000000001"

static const struct facts facts = {
	.channel = CHANNEL_SMS,
	.user = "+14155550123",
	.agent = "+4930901820",
	.id = ID,
	.timezone = "Europe/Berlin",
};

static struct facts
at(const char *moment)
{
	struct facts made = facts;

	if (when_parse(moment, &made.now) != OK)
		printf("# %s is no moment\n", moment);
	return made;
}

static const char *
fill(struct arena *arena, const struct facts *from, const char *own,
    const char *text)
{
	struct json_object *variables = NULL;
	struct json_fault fault;

	if (own != NULL &&
	    json_parse(arena, own, strlen(own), &variables, &fault) != OK)
		printf("# %s\n", fault.what);
	return template_fill(
	    arena, text, builtin_variables(arena, from, variables), NULL);
}

static const struct {
	const char *text, *filled, *name;
} cases[] = {
	/* clang-format off */
	{ "{{phone_number}}", "+14155550123", "the other party is the user" },
	{ "{{from}}", "+4930901820", "the agent wrote first" },
	{ "{{to}}", "+14155550123", "to the user" },
	{ "{{short_from}}", "30901820", "two digits of a country are taken" },
	{ "{{short_to}}", "4155550123", "and one of another" },
	{ "{{call_id}} {{callID}}", ID " " ID, "the conversation has its id" },
	{ "{{channel}}", "sms", "and its channel" },
	{ "{{timezone}}", "Europe/Berlin", "and its zone" },
	{ "{{now}}", "2026-11-21T23:58:59+01:00", "now is local" },
	{ "{{now_utc}}", "2026-11-21T22:58:59Z", "now_utc is not" },
	{ "{{timestamp}}", "2026-11-21T22:58:59.250Z", "timestamp is finer" },
	{ "{{today}}", "Saturday, November 21, 2026", "today is in words" },
	{ "{{language}}", "en", "the language is English" },
	{ "[{{country}}{{state}}{{city}}{{zip}}]", "[]", "no place is known" },
	/* clang-format on */
};

static void
test_cases(struct arena *arena)
{
	struct facts from = at("2026-11-21T22:58:59.250Z");
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_text(fill(arena, &from, NULL, cases[i].text),
		    cases[i].filled, "%s", cases[i].name);
	from.user_began = true;
	from.language = "de";
	is_text(fill(arena, &from, NULL, "{{from}} {{to}} {{language}}"),
	    "+14155550123 +4930901820 de",
	    "where the user wrote first it is the other way round");
}

static const struct {
	const char *moment, *zone, *now, *today, *name;
} times[] = {
	/* clang-format off */
	{ "2026-07-01T12:00:00Z", "Europe/Berlin",
	    "2026-07-01T14:00:00+02:00", "Wednesday, July 1, 2026",
	    "summer time counts" },
	{ "2026-12-31T23:30:00Z", "Europe/Berlin",
	    "2027-01-01T00:30:00+01:00", "Friday, January 1, 2027",
	    "the year turns by the zone" },
	{ "2026-03-01T02:00:00Z", "America/New_York",
	    "2026-02-28T21:00:00-05:00", "Saturday, February 28, 2026",
	    "and so does the month" },
	{ "2026-01-01T00:00:00Z", "Asia/Kolkata",
	    "2026-01-01T05:30:00+05:30", "Thursday, January 1, 2026",
	    "half an hour counts" },
	{ "2026-01-01T00:00:00Z", "America/St_Johns",
	    "2025-12-31T20:30:00-03:30", "Wednesday, December 31, 2025",
	    "to the west as well" },
	{ "1970-01-01T00:00:00Z", "UTC",
	    "1970-01-01T00:00:00+00:00", "Thursday, January 1, 1970",
	    "the first moment is fine" },
	{ "2026-01-01T00:00:00Z", "Europe/Nowhere",
	    "2026-01-01T00:00:00+00:00", "Thursday, January 1, 2026",
	    "an unknown zone is UTC" },
	{ "2026-01-01T00:00:00Z", NULL,
	    "2026-01-01T00:00:00+00:00", "Thursday, January 1, 2026",
	    "and so is none" },
	/* clang-format on */
};

static void
test_times(struct arena *arena)
{
	struct facts from;
	size_t i;

	for (i = 0; i < COUNT(times); i++) {
		from = at(times[i].moment);
		from.timezone = times[i].zone;
		is_text(fill(arena, &from, NULL, "{{now}}"), times[i].now, "%s",
		    times[i].name);
		is_text(fill(arena, &from, NULL, "{{today}}"), times[i].today,
		    "and the day fits");
	}
	is_text(fill(arena, &from, NULL, "{{timezone}}"), "UTC",
	    "and then is named so");
}

static const struct {
	const char *own, *text, *filled, *name;
} precedences[] = {
	/* clang-format off */
	{ "{\"first_name\":\"Ada\"}", "{{first_name}} {{phone_number}}",
	    "Ada +14155550123", "own variables stand beside them" },
	{ "{\"phone_number\":\"+15005550006\"}", "{{phone_number}}",
	    "+14155550123", "nobody becomes another by a variable" },
	{ "{\"Phone_Number\":\"+15005550006\"}",
	    "{{Phone_Number}}{{phone_number}}", "+14155550123+14155550123",
	    "nor by one in other letters" },
	{ "{\"callid\":\"x\",\"NOW\":\"x\",\"From\":\"x\"}",
	    "{{callid}} {{From}}", ID " +4930901820",
	    "that holds for every fact" },
	{ "{\"city\":\"Berlin\",\"zip\":10115}", "{{city}} {{zip}}",
	    "Berlin 10115", "a place that is known wins" },
	{ "{\"Language\":\"fr\"}", "{{language}} {{Language}}", "fr fr",
	    "and so does a language, in any letters" },
	{ "{\"country\":null}", "[{{country}}]", "[]",
	    "null wins as well" },
	/* clang-format on */
};

static void
test_precedence(struct arena *arena)
{
	struct facts from = at("2026-11-21T22:58:59Z");
	size_t i;

	for (i = 0; i < COUNT(precedences); i++)
		is_text(
		    fill(arena, &from, precedences[i].own, precedences[i].text),
		    precedences[i].filled, "%s", precedences[i].name);
	ok(builtin_is_fact("TIMEZONE"), "facts are known in any letters");
	ok(!builtin_is_fact("city"), "a default is no fact");
	ok(!builtin_is_fact("first_name"), "nor is any other name");
}

static const struct {
	const char *number, *rest;
} numbers[] = {
	{ "+79161234567", "9161234567" },
	{ "+442071838750", "2071838750" },
	{ "+353861234567", "861234567" },
	{ "+8613800138000", "13800138000" },
	{ "+9725012345678", "5012345678" },
	{ "+999", "+999" },
	{ "12345", "12345" },
};

static void
test_numbers(struct arena *arena)
{
	struct facts from = at("2026-11-21T22:58:59Z");
	size_t i;

	for (i = 0; i < COUNT(numbers); i++) {
		from.user = numbers[i].number;
		is_text(fill(arena, &from, NULL, "{{short_to}}"),
		    numbers[i].rest, "%s is short", numbers[i].number);
	}
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_cases(arena);
	test_times(arena);
	test_precedence(arena);
	test_numbers(arena);
	arena_free(arena);
	return done();
}
