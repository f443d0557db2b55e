/*
 * The reasons for refusals: each has a code of its own and a status of an
 * error.
 */
#include "base/base.h"

#include "model/reason.h"

#include <string.h>

#include "tap.h"

int
main(void)
{
	size_t i, j;

	for (i = 0; i < REASON_N; i++) {
		if (!ok(reasons[i].code != NULL, "reason %zu has a code", i))
			continue;
		ok(reasons[i].status >= 400 && reasons[i].status < 600,
		    "%s has the status of an error", reasons[i].code);
		for (j = 0; j < i; j++)
			if (strcmp(reasons[i].code, reasons[j].code) == 0)
				break;
		is_int((int64_t)j, (int64_t)i, "%s stands once in the table",
		    reasons[i].code);
	}
	is_text(reasons[AUTH_FAILURE].code, "AUTH_FAILURE",
	    "a code reads as its name in the source");
	is_int(reasons[AUTH_FAILURE].status, 401, "and has its own status");
	return done();
}
