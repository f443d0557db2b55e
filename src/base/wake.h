/*
 * A nudge for the worker: a datagram on a local socket says that there is
 * work, so that nobody waits for the next poll.  It carries nothing and may
 * be lost: the poll finds what it missed, as it finds what other hosts
 * wrote.
 */
#ifndef PARLEY_BASE_WAKE_H
#define PARLEY_BASE_WAKE_H

#include "base/base.h"

struct buf;
struct id;

/* Binds the socket at `path`, replacing one that nobody listens on; its
 * descriptor is shared with children.  INVALID, `why`. */
enum outcome wake_listen(
    const char *path, int *descriptor, struct buf *why) MUSTCHECK;

/* Waits until there is something to read on either descriptor (-1: not
 * asked), at most `patience` microseconds, and takes all that is there. */
void wake_wait(int first, int second, int64_t patience);

/* Nudges whoever listens at `path`, if anybody does.  NULL: nobody. */
void wake_send(const char *path);

/*
 * The other way: a request that waits for a piece of work listens under the
 * work's id, and whoever performed it tells.  The address is in Linux's
 * abstract name space, so there is no file to remove; on another system, or
 * from another host, nobody is told and the poll has to find it.
 */

/* A descriptor to listen on, the caller's to close; -1: there is none. */
int wake_await(const struct id *id);

/* Tells whoever awaits this id, if anybody does. */
void wake_tell(const struct id *id);

#endif
