/*
 * How many requests an account may make: a token bucket for each, shared by
 * the processes of one pool.
 *
 * A bucket is one number, the moment at which it will be full again (the
 * generic cell rate algorithm, as in ITU-T I.371), so it needs no lock.
 * Accounts are spread over the buckets by their ids; two that fall on the
 * same one, which is rare, share it.
 */
#ifndef PARLEY_API_QUOTA_H
#define PARLEY_API_QUOTA_H

#include "base/base.h"

struct call;
struct quota;

/* Made by the parent, before there are children; never given back. */
struct quota *quota_new(void);

/* Counts this request.  429 with the seconds to wait when it is one too
 * many. */
enum outcome quota_take(struct call *call) MUSTCHECK;

#endif
