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
struct place;

/* Made by the parent, before there are children; never given back. */
struct quota *quota_new(void);

/* A place for a request that waits, one of `most`, which is free again at
 * `end` even if its process did not live to leave it; both moments are of
 * when_elapsed.  NULL: none is free. */
struct place *quota_place(
    struct quota *quota, size_t most, int64_t now, int64_t end);
void quota_leave(struct place *place);

/* Counts this request.  429 with the seconds to wait when it is one too
 * many. */
enum outcome quota_take(struct call *call) MUSTCHECK;

#endif
