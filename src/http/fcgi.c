#include "base/base.h"

#include "http/fcgi.h"

#include "base/arena.h"

#include <fcgiapp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

struct fcgi {
	FCGX_Request request;
};

struct fcgi *
fcgi_open(struct arena *arena)
{
	struct fcgi *fcgi = arena_alloc(arena, sizeof(*fcgi));

	if (FCGX_Init() != 0 ||
	    FCGX_InitRequest(&fcgi->request, 0, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
		abort();
	return fcgi;
}

enum outcome
fcgi_accept(struct fcgi *fcgi)
{
	struct timeval patience = { .tv_sec = FCGI_PATIENCE };

	if (FCGX_Accept_r(&fcgi->request) != 0)
		return AGAIN;
	(void)setsockopt(fcgi->request.ipcFd, SOL_SOCKET, SO_RCVTIMEO,
	    &patience, sizeof(patience));
	(void)setsockopt(fcgi->request.ipcFd, SOL_SOCKET, SO_SNDTIMEO,
	    &patience, sizeof(patience));
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

void
fcgi_interrupt(void)
{
	FCGX_ShutdownPending();
}
