/*
 * Which addresses may be called on behalf of a client.
 *
 * Whoever gives us a URL could give us one that leads into our own network:
 * to the database, to the metadata service of a cloud.  So only addresses
 * of the public internet may be called, and what the operator listed.  The
 * guard judges the address that is about to be connected to, and never a
 * name: a name can lead elsewhere from one moment to the next.
 *
 * Ports are not judged: a public host may listen where it likes.
 */
#ifndef PARLEY_NET_GUARD_H
#define PARLEY_NET_GUARD_H

#include "base/base.h"

struct sockaddr;

/* May this address be called: is it public, or in `allow` ("127.0.0.0/8,
 * ::1", as [net] allow has it; NULL: nothing)?  An IPv4 address that is
 * written as an IPv6 one (::ffff:127.0.0.1) is judged as the IPv4 address
 * that it is.  What is neither IPv4 nor IPv6 may not be called. */
bool guard_allows(const struct sockaddr *address, const char *allow);

/* The same of an address as inet_pton(3) reads it; what is no address may
 * not be called. */
bool guard_allows_text(const char *address, const char *allow);

#endif
