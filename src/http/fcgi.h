/*
 * The FastCGI side of the web server, by libfcgi: one request at a time on
 * the listening socket that is file descriptor 0.
 *
 * Only fcgi.c sees libfcgi.  A peer that stops in the middle of a request
 * is given up after FCGI_PATIENCE seconds, so that it cannot keep a child.
 */
#ifndef PARLEY_HTTP_FCGI_H
#define PARLEY_HTTP_FCGI_H

#include "base/base.h"

#define FCGI_PATIENCE 20 /* seconds */

struct arena;
struct fcgi;

/* Once for each process; lives in the arena.  From now on the signals to end
 * (SIGTERM, SIGINT, SIGHUP) come only while fcgi_accept waits, so that no
 * request that was begun is lost to them. */
struct fcgi *fcgi_open(struct arena *arena);

/* Waits for a request, for `patience` milliseconds at most.  AGAIN: a signal
 * came, or none did, or accept failed; ask proc_ending and come back. */
enum outcome fcgi_accept(struct fcgi *fcgi, int patience) MUSTCHECK;

/* A parameter of the request, or NULL; borrowed until fcgi_finish. */
const char *fcgi_param(const struct fcgi *fcgi, const char *name);

/* Reads the body; the number of bytes read, less than `length` at its
 * end. */
size_t fcgi_read(struct fcgi *fcgi, void *bytes, size_t length);

/* Writes to the web server.  Where it is gone nobody reads the answer, and
 * what was done is done: there is nothing to report. */
void fcgi_write(struct fcgi *fcgi, const void *bytes, size_t length);

/* Ends the request. */
void fcgi_finish(struct fcgi *fcgi);

#endif
