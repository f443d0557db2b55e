/*
 * A call is looked after: a carrier ends each call by its limits, and
 * reports the end, but a report may be lost.  So a while after the end must
 * have come, a conversation of which nothing was heard since ends as well,
 * and its call no longer counts among those that are up.
 */
#ifndef PARLEY_WORK_WATCH_H
#define PARLEY_WORK_WATCH_H

#include "base/base.h"

struct id;
struct job;

/* Looks at this call; put off until its end must have come. */
enum outcome watch_perform(struct job *job, const struct id *call) MUSTCHECK;

#endif
