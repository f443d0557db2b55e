/*
 * Quiet hours: when a person is not to be disturbed, in their own zone.
 */
#ifndef PARLEY_MODEL_QUIET_H
#define PARLEY_MODEL_QUIET_H

#include "base/base.h"

/* Are these hours: "21:00-08:00", from the first minute on, until before the
 * second?  They may go over midnight; two equal times are no hours at all. */
bool quiet_is_hours(const char *text);

/* When the quiet of `now` ends, by the clocks of `zone` (an IANA name; NULL
 * or unknown: UTC), which may be put forward or back meanwhile; 0: it is not
 * quiet.  `hours` NULL: it never is. */
int64_t quiet_until(const char *hours, const char *zone, int64_t now);

#endif
