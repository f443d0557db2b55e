/*
 * An answer that waits for the worker: parley-api calls nobody, so a request
 * that needs a model writes work in its transaction and is answered from
 * what came of it.
 *
 * A handler sets call->await; after the COMMIT the request listens for who
 * performs the pieces (base/wake.h), and looks at them with growing pauses,
 * in no transaction, until all are at their end or AWAIT_PATIENCE is over.
 * Then `finish` fills call->answer or refuses.  At most [api] waiting
 * processes wait at once (half of them where it is not set), so that the
 * rest of the API goes on: who comes when they do is asked to come again,
 * before anything was written.
 *
 * A handler that cannot begin before other work is at its end sets `again`
 * and writes nothing: it is run once more then.
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

	bool again; /* for these first; then the handler is run once more,
		     * or where they take too long `finish` refuses */

	/* `works` are as they were found last, in the same order; one that
	 * is no longer there is dead.  NULL: the answer waits for nothing. */
	enum outcome (*finish)(struct call *call, const struct work *works);
};

/* Takes a place among those that wait.  503 when there is none. */
enum outcome await_begin(struct call *call) MUSTCHECK;

/* The same, and says nothing where there is none: false. */
bool await_try(struct call *call);

/* Waits, and lets the handler finish.  Ends as `finish` does. */
enum outcome await_end(struct call *call) MUSTCHECK;

/* Waits for what has to be over `again`, until `last` of when_elapsed.  OK:
 * it is.  Else as `finish` does. */
enum outcome await_before(struct call *call, int64_t last) MUSTCHECK;

/* "CODE: why", as work ends with, as a refusal. */
enum outcome await_refuse(struct call *call, const char *error);

/* Gives the place back, if this call has one. */
void await_leave(struct call *call);

#endif
