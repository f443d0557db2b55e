/*
 * What providers bring while the database is down: it is kept on disk before
 * it is answered, and handled like any request when the database is back
 * (base/spool.h).  Those routes have ROUTE_SPOOLED.
 *
 * Who signed a request is only known then: one that was forged is refused
 * and forgotten.  While any request waits, what comes on these routes goes
 * behind it, so that a person's texts stay in order.  A request may be
 * handled twice when a process dies over it, as if its provider had repeated
 * it, which every one of these routes bears.
 */
#ifndef PARLEY_API_SPOOLED_H
#define PARLEY_API_SPOOLED_H

#include "base/base.h"

struct arena;
struct call;
struct request;
struct response;
struct server;

/* A step of a request: where others wait it is put behind them, and
 * answered. */
enum outcome spooled_behind(struct call *call);

/* The end of a request that came to `rc`: where the database could not be
 * reached it is kept, and answered: OK.  Else what it came to. */
enum outcome spooled_keep(struct call *call, enum outcome rc) MUSTCHECK;

/* Makes of a request out of the spool what is made of any; the answer lives in
 * the arena. */
typedef const struct response *spooled_handle(
    struct server *server, struct arena *arena, const struct request *request);

/* Looks for requests that wait, once a second, and has each handled.  How many
 * milliseconds may pass until it is to be called again. */
int spooled_take_in(struct server *server, spooled_handle *handle);

#endif
