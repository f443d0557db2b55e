/*
 * What was accepted while what it needs is down: on disk before that is
 * said, and taken in later, in the order in which it came.
 *
 * The spool is a directory with a file for each thing.  Its name is an id, so
 * that the names ascend.  A file is synced under another name before it gets
 * its own: it is whole, or not there.  One process at a time takes from the
 * spool, and one that dies over a thing leaves it: what takes must bear to be
 * given the same twice.
 *
 * People's words stand in the files: the directory is 0700 and each file
 * 0600.  A tenth of the file system stays free for others.
 */
#ifndef PARLEY_BASE_SPOOL_H
#define PARLEY_BASE_SPOOL_H

#include "base/base.h"

#define SPOOL_FREE 10                 /* percent of the file system */
#define SPOOL_MOST ((size_t)48 << 20) /* bytes of a file */

struct arena;
struct buf;

/* How many files there are. */
struct spool_count {
	size_t waiting; /* to be taken in */
	size_t failed;  /* set aside: NAME.failed, for a person */
};

/* Makes the directory where it is missing.  INVALID: it cannot be used;
 * `why` says why. */
enum outcome spool_open(const char *directory, struct buf *why) MUSTCHECK;

/* Does nothing wait?  A spool that cannot be looked at counts as empty. */
bool spool_is_empty(const char *directory);

/* INVALID: it cannot be read; `why` says why. */
enum outcome spool_count(const char *directory, struct spool_count *count,
    struct buf *why) MUSTCHECK;

/* Adds a thing: the head, and the body behind it.  It is on disk when this
 * ends with OK.  LIMITED: the disk is as full as it may be.  FAULT. */
enum outcome spool_put(const char *directory, const struct buf *head,
    const void *body, size_t length) MUSTCHECK;

/* `bytes` has a NUL behind its end, and may be written to.  OK: the thing is
 * done with.  AGAIN: not now, nor what is behind it.  Anything else: never;
 * it is set aside. */
typedef enum outcome spool_taker(
    void *context, struct arena *arena, char *bytes, size_t length);

/* Gives what waits to `take`, each in an arena of its own, until nothing is
 * left or `patience` (microseconds) is over.  OK: nothing is left.  LIMITED:
 * the time is over.  AGAIN: `take` said so, or another process takes now. */
enum outcome spool_take(const char *directory, int64_t patience,
    spool_taker *take, void *context) MUSTCHECK;

#endif
