/*
 * How far a conversation has come: every step from every place, and every
 * order of four reports that a carrier can bring.
 */
#include "base/base.h"

#include "model/progress.h"

#include "tap.h"

#define REPORTS 4

/* A row: from; a column: to. */
static const char *const may[PROGRESS_N] = {
	/* TTRICFCTU */
	[PROGRESS_TOKEN_CREATED] = ".xxxxxx.x",
	[PROGRESS_TRIGGERED] = "..xxxxx.x",
	[PROGRESS_RINGING] = "...xxxx.x",
	[PROGRESS_IN_PROGRESS] = "....xx.x.",
	[PROGRESS_COMPLETED] = ".........",
	[PROGRESS_FAILED] = ".........",
	[PROGRESS_CANCELLED] = ".........",
	[PROGRESS_TRANSFERRED] = ".........",
	[PROGRESS_UNANSWERED] = ".........",
};

static void
test_steps(void)
{
	int from, to;

	for (from = 0; from < PROGRESS_N; from++)
		for (to = 0; to < PROGRESS_N; to++) {
			ok(progress_may((enum progress)from,
			       (enum progress)to) == (may[from][to] == 'x'),
			    "%s to %s: %s", names_text(&progress_names, from),
			    names_text(&progress_names, to),
			    may[from][to] == 'x' ? "yes" : "no");
		}
}

/* Reports in this order, from `progress`: has it gone back, or left an end? */
static bool
holds(int progress, const int reports[REPORTS])
{
	int before, i;

	for (i = 0; i < REPORTS; i++) {
		before = progress;
		if (progress_may(
			(enum progress)progress, (enum progress)reports[i]))
			progress = reports[i];
		if (progress < before)
			return false;
		if (progress_is_final((enum progress)before) &&
		    progress != before)
			return false;
	}
	return true;
}

static void
test_orders(void)
{
	int reports[REPORTS], from, n, rest, i, count = 0, bad = 0;

	for (from = 0; from < PROGRESS_N; from++)
		for (n = 0;
		     n < PROGRESS_N * PROGRESS_N * PROGRESS_N * PROGRESS_N;
		     n++) {
			for (rest = n, i = 0; i < REPORTS; i++) {
				reports[i] = rest % PROGRESS_N;
				rest /= PROGRESS_N;
			}
			count++;
			bad += !holds(from, reports);
		}
	is_int(count, 59049, "every order of four reports, from everywhere");
	is_int(bad, 0, "none goes back, and none leaves an end");
}

static void
test_kinds(void)
{
	int i, active = 0, final = 0;

	for (i = 0; i < PROGRESS_N; i++) {
		active += progress_is_active((enum progress)i);
		final += progress_is_final((enum progress)i);
	}
	is_int(active, 3, "three take messages");
	is_int(final, 5, "five are final");
	ok(!progress_is_active(PROGRESS_TOKEN_CREATED) &&
		!progress_is_final(PROGRESS_TOKEN_CREATED),
	    "a room that nobody joined is neither");
}

int
main(void)
{
	test_steps();
	test_orders();
	test_kinds();
	return done();
}
