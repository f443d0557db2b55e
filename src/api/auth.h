/*
 * Who asks, and whether they may.
 */
#ifndef PARLEY_API_AUTH_H
#define PARLEY_API_AUTH_H

#include "base/base.h"

struct call;

/* Finds the key of the credential: `authorization: <key>`, bare or behind
 * "Bearer" in any case.  Whatever is wrong with it, the answer is the same
 * 401 after the same work. */
enum outcome auth_check(struct call *call) MUSTCHECK;

/* Has the key one of the route's scopes?  Else 403, naming them. */
enum outcome auth_allow(struct call *call) MUSTCHECK;

#endif
