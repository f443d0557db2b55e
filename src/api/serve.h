/*
 * Serving requests: read this first.
 */
#ifndef PARLEY_API_SERVE_H
#define PARLEY_API_SERVE_H

#include "base/base.h"

struct config;
struct quota;

/* A child's life: serves requests one after another, until it is told to
 * end or has served as many as it may.  The exit status. */
int serve_run(const struct config *config, struct quota *quota);

#endif
