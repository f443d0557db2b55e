/*
 * The words for how a function ended.
 */
#include "base/base.h"

#include <string.h>

#include "tap.h"

int
main(void)
{
	int i, j;

	is_text(outcome_name(OK), "ok", "OK has a word");
	is_text(outcome_name(NOT_FOUND), "not found", "so has NOT_FOUND");
	is_int(OK, 0, "OK is 0, so that `if (rc)` reads as it should");
	for (i = 0; i < OUTCOME_N; i++)
		for (j = 0; j < i; j++)
			ok(strcmp(outcome_name((enum outcome)i),
			       outcome_name((enum outcome)j)) != 0,
			    "%s is not %s", outcome_name((enum outcome)i),
			    outcome_name((enum outcome)j));
	return done();
}
