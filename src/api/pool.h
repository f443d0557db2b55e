/*
 * The pool of parley-api: its configuration, its socket, its rights and its
 * children, from start to end.
 */
#ifndef PARLEY_API_POOL_H
#define PARLEY_API_POOL_H

#include "base/base.h"

struct buf;

/* Runs until it is told to end; the exit status of the program.  `config`
 * and `socket` are the options, or NULL.  An operator's mistake ends it
 * with status 1 and what to do in `why`. */
int pool_run(const char *config, const char *socket, struct buf *why);

#endif
