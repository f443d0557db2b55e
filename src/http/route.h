/*
 * Paths against patterns: "/v1/sms/conversations/{id}" names one segment.
 */
#ifndef PARLEY_HTTP_ROUTE_H
#define PARLEY_HTTP_ROUTE_H

#include "base/base.h"

#define ROUTE_VALUES 2 /* named segments of a pattern, at most */

struct arena;

/* Does the whole path match?  Then the named segments are in `values`, in
 * their order.  A segment is never empty. */
bool route_match(struct arena *arena, const char *pattern, const char *path,
    const char *values[ROUTE_VALUES]);

#endif
