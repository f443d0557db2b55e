/*
 * What a worker does that nobody asked for, a little every few seconds: the
 * pieces that dead workers held are taken back, what was done without a
 * worker is archived, and what has had its time is deleted.
 */
#ifndef PARLEY_WORK_SWEEP_H
#define PARLEY_WORK_SWEEP_H

#include "base/base.h"

struct db_pool;

/* Sweeps where the last time is long enough ago: `*last` is when it was, of
 * when_elapsed; 0: never. */
void sweep(struct db_pool *pool, int64_t *last);

#endif
