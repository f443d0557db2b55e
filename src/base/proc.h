/*
 * A pool of processes that serve one listening socket, which is file
 * descriptor 0: nginx's operator, systemd, spawn-fcgi and mod_fcgid all
 * provide it there, and with a path we make it ourselves.
 *
 * The parent forks the children, starts another when one ends, and passes
 * signals on: SIGTERM and SIGINT end the pool (a child finishes the request
 * in hand), SIGHUP asks `reload` and then replaces every child.  A signal
 * that lands just before accept(2) would be lost, so the parent repeats it
 * each second until the child is gone, and after PROC_PATIENCE seconds
 * kills it.  A child that dies at once, again and again, is started again
 * with growing pauses, at most one second.
 */
#ifndef PARLEY_BASE_PROC_H
#define PARLEY_BASE_PROC_H

#include "base/base.h"

#include <signal.h>

#define PROC_PATIENCE 30 /* seconds that a child may take to finish */

struct buf;

struct pool {
	int64_t (*count)(void *context); /* how many children, now */
	int (*child)(void *context);     /* a child's life; its exit status */
	enum outcome (*reload)(void *context); /* OK: replace the children */
	void *context;
};

/* Listens on a unix socket at `path` (replacing a socket that nobody
 * listens on; a socket in use or another kind of file is INVALID), with
 * `mode` and `backlog`, and makes it file descriptor 0.  INVALID, `why`. */
enum outcome proc_listen(
    const char *path, unsigned mode, int backlog, struct buf *why) MUSTCHECK;

/* Is file descriptor 0 a listening socket?  Then makes its backlog
 * `backlog`: nginx answers 502 at once when a unix socket's is full.
 * INVALID, `why`. */
enum outcome proc_inherit(int backlog, struct buf *why) MUSTCHECK;

/* Gives up rights: no new ones from any exec, and, when this is root and
 * `user` is not NULL, becomes that user and its group, and makes sure that
 * there is no way back.  INVALID, `why`. */
enum outcome proc_drop(const char *user, struct buf *why) MUSTCHECK;

/*
 * Runs the pool until it is told to end; the exit status of the program.
 * Where the count is 0 at the start, this process is the child and has no
 * parent.  The children of a reloaded pool serve before the old ones are
 * told to end; when `reload` is not OK the old ones stay.  A child starts
 * with default signals, and is told to end if the parent dies; it leaves by
 * exit(3), with the program's exit handlers.
 */
int proc_run(const struct pool *pool);

/* In a child, or in a program without a parent: from now on a signal to end
 * (SIGTERM, SIGINT, SIGHUP) sets a flag and interrupts what blocks.  SIGPIPE
 * is ignored. */
void proc_catch(void);

/* Holds the signals to end back from now on, and gives out the mask with
 * which one is let through: `let_through` of epoll_pwait(2) and its like. */
void proc_hold(sigset_t *let_through);

/* Was this process told to end? */
bool proc_ending(void);

/* `size` bytes of zeros that this process and its children share; never
 * NULL, never given back. */
void *proc_share(size_t size);

#endif
