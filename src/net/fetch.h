/*
 * A call out by HTTP: one request, one answer, no state between calls.
 *
 * Two sorts of addresses are called.  Where the operator chose the address
 * it is trusted: it may be inside our network.  Where a client chose it,
 * every address that the name leads to is judged by net/guard.h at the
 * moment of connecting, so that a name which leads elsewhere than a moment
 * ago leads nowhere.  Both go straight to the peer, by no proxy, over a
 * connection of their own that ends with the call; redirects are not
 * followed, cookies and passwords on disk not looked at.
 *
 * When a call ends without an answer, `arrived` is false only if the
 * request cannot have reached the peer, because no connection (and for
 * https, no agreement on encryption) came about: then it is safe to repeat.
 */
#ifndef PARLEY_NET_FETCH_H
#define PARLEY_NET_FETCH_H

#include "base/base.h"

#define FETCH_MOST 65536                /* bytes of a body, see `most` */
#define FETCH_RETRY_MOST INT64_C(86400) /* seconds */
#define FETCH_CONNECT_MOST INT64_C(10)  /* seconds until connected */
#define FETCH_SILENCE_MOST INT64_C(30)  /* seconds, see `patient` */

struct arena;
struct config;

struct fetch_request {
	const char *method; /* "GET" */
	const char *url;
	const char *const *headers; /* "Name: value", NULL-ended; or NULL */
	const char *body;           /* NULL: none */
	size_t length;              /* bytes of the body */
	const char *user;           /* HTTP Basic; NULL: none */
	const char *password;
	/* The operator chose the address: the guard does not judge it, http
	 * is allowed, and so is being silent. */
	bool trusted;
	bool plain;      /* http is allowed, the guard judges all the same */
	bool patient;    /* only the timeout limits how long it is silent */
	int64_t timeout; /* seconds for all of it, at least 1 */
	size_t most;     /* bytes of the answer's body; 0: FETCH_MOST */
};

struct fetch_answer {
	int64_t status;
	const char *body; /* its first `most` bytes, and a NUL */
	size_t length;
	bool cut;            /* there was more */
	int64_t retry_after; /* seconds that the peer asks for, or 0 */
	int64_t elapsed;     /* microseconds */
	const char *trouble; /* why there was no answer, in words */
	bool arrived;        /* may the peer have the request? */
	bool late;           /* it was given up because it took too long */
};

/* Once in a program, before it has threads.  From then on SIGPIPE is
 * ignored: a peer that hangs up would end the program.  FAULT. */
enum outcome fetch_open(void) MUSTCHECK;

/* The inverse, when no call is under way. */
void fetch_close(void);

/*
 * Makes the call; any thread may.  `answer` is always written; its texts
 * live in the arena.
 *
 * OK: an answer of any status.  The others have `trouble`, no status and no
 * body.  AGAIN: no answer, or not all of it.  DENIED: the name leads to
 * addresses that may not be called, and nothing was sent.  INVALID: this
 * cannot be called: no URL, http where https must be, a user in the URL, a
 * method that is no word, a header that is none or that would contradict
 * the rest of the request (Host, Content-Length and the like).
 */
enum outcome fetch_run(struct arena *arena, const struct config *config,
    const struct fetch_request *request, struct fetch_answer *answer) MUSTCHECK;

#endif
