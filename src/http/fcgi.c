#include "base/base.h"

#include "http/fcgi.h"

#include "base/arena.h"
#include "base/proc.h"

#include <fcgiapp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>

#define LISTENER 0
#define RELOOK 1000 /* ms: whoever was woken instead may have died */

struct fcgi {
	FCGX_Request request;
	int waiting;          /* an epoll of the listening socket */
	sigset_t let_through; /* while nobody is served */
};

/* Of the processes that wait on one socket only one is to wake. */
static int
wait_on_listener(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int waiting = epoll_create1(EPOLL_CLOEXEC);
	int flags = fcntl(LISTENER, F_GETFL);

	if (waiting < 0 || flags < 0 ||
	    epoll_ctl(waiting, EPOLL_CTL_ADD, LISTENER, &event) != 0 ||
	    fcntl(LISTENER, F_SETFL, flags | O_NONBLOCK) != 0)
		abort();
	return waiting;
}

struct fcgi *
fcgi_open(struct arena *arena)
{
	struct fcgi *fcgi = arena_alloc(arena, sizeof(*fcgi));

	if (FCGX_Init() != 0 || FCGX_InitRequest(&fcgi->request, LISTENER,
				    FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		abort();
	fcgi->waiting = wait_on_listener();
	proc_hold(&fcgi->let_through);
	return fcgi;
}

/* Signals come only while it waits here: libfcgi drops a connection that it
 * has accepted when one comes before the request.  Where another process was
 * quicker there is none to accept, which does not block. */
enum outcome
fcgi_accept(struct fcgi *fcgi, int patience)
{
	struct timeval stop = { .tv_sec = FCGI_PATIENCE };
	struct epoll_event ignored;

	if (patience > RELOOK)
		patience = RELOOK;
	if (epoll_pwait(
		fcgi->waiting, &ignored, 1, patience, &fcgi->let_through) <= 0)
		return AGAIN;
	if (FCGX_Accept_r(&fcgi->request) != 0)
		return AGAIN;
	(void)setsockopt(
	    fcgi->request.ipcFd, SOL_SOCKET, SO_RCVTIMEO, &stop, sizeof(stop));
	(void)setsockopt(
	    fcgi->request.ipcFd, SOL_SOCKET, SO_SNDTIMEO, &stop, sizeof(stop));
	return OK;
}

const char *
fcgi_param(const struct fcgi *fcgi, const char *name)
{
	return FCGX_GetParam(name, fcgi->request.envp);
}

size_t
fcgi_read(struct fcgi *fcgi, void *bytes, size_t length)
{
	int got = FCGX_GetStr(bytes, (int)length, fcgi->request.in);

	return got > 0 ? (size_t)got : 0;
}

void
fcgi_write(struct fcgi *fcgi, const void *bytes, size_t length)
{
	(void)FCGX_PutStr(bytes, (int)length, fcgi->request.out);
}

/* Nothing of the request is left to read; its end has always been sent. */
static bool
is_drained(FCGX_Stream *in)
{
	return FCGX_GetChar(in) == EOF && FCGX_GetError(in) == 0;
}

/* libfcgi waits for the web server to close first, since an answer would be
 * lost if the connection were closed over input that was not read.  Where
 * there is none this only keeps the process: a detached connection is closed
 * at once. */
void
fcgi_finish(struct fcgi *fcgi)
{
	if (is_drained(fcgi->request.in))
		(void)FCGX_Detach(&fcgi->request);
	FCGX_Finish_r(&fcgi->request);
	(void)FCGX_Attach(&fcgi->request);
}
