/*
 * One mail to one mail server, by SMTP (RFC 5321) over libcurl.
 *
 * The server's address was chosen by a client: like every address that is,
 * it is judged by net/guard.h at the moment of connecting.  Each mail has a
 * connection of its own.
 *
 * What matters of a try is whether the server has taken the mail.  It has
 * when it answered the end of the data with 250.  It surely has not while
 * the end of the data was not sent, or when it said a 4xx or 5xx last.  In
 * between nobody knows, and SMTP has no way to ask.
 */
#ifndef PARLEY_NET_SMTP_H
#define PARLEY_NET_SMTP_H

#include "base/base.h"

#define SMTP_MOST ((size_t)16 << 20) /* bytes of a mail */
#define SMTP_TIMEOUT                                                           \
	INT64_C(45)                   /* seconds for all of it: twice
				       * fit into a lease */
#define SMTP_CONNECT_MOST INT64_C(15) /* seconds until connected */

struct arena;
struct config;

struct smtp_request {
	const char *url;  /* smtp://HOST:PORT or smtps://HOST:PORT */
	const char *user; /* NULL: none; else TLS is required */
	const char *password;
	const char *sender;            /* of the envelope: MAIL FROM */
	const char *const *recipients; /* RCPT TO; NULL-ended */
	const char *bytes;             /* the mail, lines ended by CR LF */
	size_t length;
};

struct smtp_answer {
	int64_t status;      /* what the server said last: 250; 0: nothing */
	const char *trouble; /* why it was not taken, in words */
	const char *words;   /* what the server said last; "": nothing */
	bool unknown;        /* it may have been taken */
};

/*
 * Hands the mail over; any thread may.  `answer` is always written.
 *
 * OK: the server has taken it.  AGAIN: not now, or nobody knows (see
 * `unknown`).  DENIED: the name leads to addresses that may not be called.
 * INVALID: it will never take it, or this cannot be sent.
 */
enum outcome smtp_send(struct arena *arena, const struct config *config,
    const struct smtp_request *request, struct smtp_answer *answer) MUSTCHECK;

#endif
