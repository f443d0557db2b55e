/*
 * A worker's life: what is due is claimed, performed and recorded, until it
 * is told to end.  Read run.c second, after api/serve.c.
 */
#ifndef PARLEY_WORK_RUN_H
#define PARLEY_WORK_RUN_H

#include "base/base.h"

struct config;

/* Runs until a signal ends it, or for `seconds` (0: without end); `wake` is
 * the descriptor of wake_listen, or -1.  The exit status. */
int run_worker(const struct config *config, int wake, int64_t seconds);

#endif
