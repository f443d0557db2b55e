/*
 * The addresses that a client may ask us to call.
 *
 * Here only the text is judged: https to anywhere, http only to a host that
 * the operator listed.  Where the name leads is judged when the call is
 * made, because a name can lead elsewhere by then.
 */
#ifndef PARLEY_MODEL_URL_H
#define PARLEY_MODEL_URL_H

#include "base/base.h"

#define URL_MOST 2048 /* bytes */

struct arena;

/* Is this an absolute URL that may be called: https, or http where the host
 * is an address in `allow` ("127.0.0.0/8, ::1"; NULL: none) or "localhost"
 * and loopback is in it; a host, no user or password, no white space? */
bool url_is_callable(const char *url, const char *allow);

/* Does it begin with wss: or ws: (RFC 6455, section 3)? */
bool url_is_socket(const char *url);

/* The same server over HTTP: https for wss, http for ws; any other URL as it
 * is.  And the inverse. */
const char *url_of_http(struct arena *arena, const char *url);
const char *url_of_socket(struct arena *arena, const char *url);

/* Is it a mail server, smtp://HOST:PORT or smtps://HOST:PORT, the port left
 * out or not, and nothing else? */
bool url_is_mail_server(const char *url);

#endif
