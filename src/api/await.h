/*
 * An answer that waits for the worker: parley-api calls nobody, so a request
 * that needs a model writes work in its transaction and is answered from
 * what came of it.
 *
 * A handler sets call->await; after the COMMIT the pieces are looked at,
 * again and again with growing pauses, and in no transaction, until all are
 * at their end or AWAIT_PATIENCE is over.  Then `finish` fills call->answer
 * or refuses.  At most half of the processes wait at once, so that the rest
 * of the API goes on: who comes when they do is asked to come again, before
 * anything was written.
 */
#ifndef PARLEY_API_AWAIT_H
#define PARLEY_API_AWAIT_H

#include "base/base.h"

#define AWAIT_MOST 50     /* pieces of one request */
#define AWAIT_PATIENCE 30 /* seconds */

struct call;
struct work;

struct await {
	const struct id *works;
	size_t count;
	const void *context; /* the handler's */

	/* `works` are as they were found last, in the same order; one that
	 * is no longer there is dead.  NULL: the answer waits for nothing. */
	enum outcome (*finish)(struct call *call, const struct work *works);
};

/* Takes a place among those that wait.  503 when there is none. */
enum outcome await_begin(struct call *call) MUSTCHECK;

/* Waits if the handler said so, and lets it finish; the answer is written.
 * Ends as `finish` does. */
enum outcome await_end(struct call *call) MUSTCHECK;

/* "CODE: why", as work ends with, as a refusal. */
enum outcome await_refuse(struct call *call, const char *error);

/* Gives the place back, if this call has one. */
void await_leave(struct call *call);

#endif
