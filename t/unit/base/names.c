/*
 * Enums, outcomes among them, and their words.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/names.h"
#include "base/outcome.h"

#include "tap.h"

static const char *const colours[] = { "red", "green", "blue" };
static const char *const holes[] = { NULL, "one", NULL, "three", NULL };
static const char *const single[] = { "only" };
static const struct names colour_names = NAMES(colours);
static const struct names hole_names = NAMES(holes);
static const struct names single_names = NAMES(single);
static const struct names no_names = { NULL, 0 };

static void
test_find(void)
{
	int value = 77;

	is_text(names_text(&colour_names, 0), "red", "a value has its word");
	is_text(names_text(&colour_names, 2), "blue", "so has the last");
	is_int(
	    names_find(&colour_names, "green", &value), OK, "a word is found");
	is_int(value, 1, "and has its value");
	is_int(names_find(&colour_names, "Green", &value), NOT_FOUND,
	    "in its own case only");
	is_int(names_find(&colour_names, "gree", &value), NOT_FOUND,
	    "a part of a word is not found");
	is_int(names_find(&colour_names, "greens", &value), NOT_FOUND,
	    "nor a longer one");
	is_int(names_find(&colour_names, "", &value), NOT_FOUND,
	    "nor an empty one");
	is_int(names_find(&no_names, "green", &value), NOT_FOUND,
	    "nor anything among no words");
	is_int(value, 1, "what is not found leaves the value alone");
	is_int(names_find(&hole_names, "three", &value), OK,
	    "a word behind a hole is found");
	is_int(value, 3, "and has its value, too");
}

static void
test_list(struct arena *arena)
{
	is_text(names_list(arena, &colour_names), "red, green or blue",
	    "words are listed as in a sentence");
	is_text(names_list(arena, &hole_names), "one or three",
	    "holes are not listed");
	is_text(
	    names_list(arena, &single_names), "only", "one word stands alone");
	is_text(names_list(arena, &no_names), "", "no words are no list");
}

static void
test_outcomes(void)
{
	int outcome;

	is_text(outcome_name(OK), "ok", "OK has a name");
	is_text(outcome_name(NOT_FOUND), "not found", "a name may have spaces");
	is_text(outcome_name(FAULT), "fault", "the last one has a name");
	for (outcome = OK; outcome < OUTCOME_N; outcome++)
		ok(outcome_name((enum outcome)outcome)[0] != '\0',
		    "outcome %d has a name", outcome);
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_find();
	test_list(arena);
	test_outcomes();
	arena_free(arena);
	return done();
}
