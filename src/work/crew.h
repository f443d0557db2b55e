/*
 * The processes of parley-worker: their configuration, their wake socket,
 * their rights, from start to end.
 */
#ifndef PARLEY_WORK_CREW_H
#define PARLEY_WORK_CREW_H

#include "base/base.h"

struct buf;

/* Runs until it is told to end, or for `seconds` in this process alone when
 * they are not 0; the exit status of the program.  `config` is the option,
 * or NULL.  An operator's mistake ends it with status 1 and what to do in
 * `why`. */
int crew_run(const char *config, int64_t seconds, struct buf *why);

#endif
