/*
 * One request on its way through the server: what came in, who asks, and
 * the answer as it grows.  Everything in it lives in its arena.
 *
 * A handler is given the request as structs (call->query, call->body) and
 * fills the struct of the answer; it sees no JSON.  In a route that writes
 * it runs within a transaction, and may run more than once: it must not
 * count on what an earlier run left behind.
 */
#ifndef PARLEY_API_CALL_H
#define PARLEY_API_CALL_H

#include "api/await.h"
#include "base/fault.h"
#include "http/request.h"
#include "http/response.h"
#include "http/route.h"
#include "model/key.h"
#include "model/reason.h"

struct arena;
struct config;
struct db;
struct json_object;
struct place;
struct quota;
struct route;
struct schema;

/* What lives as long as the process. */
struct server {
	const struct config *config;
	struct arena *arena;
	struct db *db;
	struct quota *quota;
	const unsigned char *secret_key; /* NULL: none is configured */
	int64_t spool_look; /* when_elapsed at which it looks there again */
};

struct call {
	struct server *server;
	struct arena *arena;
	struct db *db;
	struct request request;
	bool is_spooled; /* it comes out of the spool (api/spooled.h) */
	const struct route *route;
	const char *values[ROUTE_VALUES]; /* of the path */
	struct key key;                   /* who asks */
	unsigned scopes;
	struct json_object *document; /* the body, as it was sent */
	const char *const *form;      /* of a form: names and values in turn */
	const void *query;            /* the struct of route->query */
	const void *body;             /* the struct of route->body */
	void *answer;                 /* the struct of route->answer */
	int status;                   /* of success; 0: route->status */
	struct faults faults;
	struct faults warnings;
	struct response response;

	/* Set by a handler whose COMMIT can be asked after (db/tx.h); it
	 * finds what to look for in `witness`. */
	enum outcome (*settled)(struct db *db, void *call);
	const void *witness;

	/* What a handler that is run again has kept of itself; NULL at
	 * first. */
	void *kept;

	/* Set by a handler that is answered in TwiML; NULL: nothing is
	 * said. */
	const char *twiml;

	/* Set by a handler whose answer waits for the worker. */
	struct await await;
	struct place *place; /* among those that wait */
	int64_t patience;    /* seconds that it waits; 0: AWAIT_PATIENCE */

	/* The work that an earlier request with the same Idempotency-Key
	 * wrote: the handler writes nothing, and waits for it.  NULL: there
	 * was none. */
	const struct id *resumed;
	size_t resumed_count;
};

/* Adds a fault and returns INVALID. */
enum outcome call_refuse(struct call *call, enum reason_code reason,
    const char *field, const char *format, ...) PRINTF(4, 5);

/* Adds a warning about a field, once however often the handler is run. */
void call_warn(struct call *call, const char *field, const char *message);

/* Refuses with NOT_FOUND's reason when rc says so, else passes rc on. */
enum outcome call_missing(struct call *call, enum outcome rc,
    enum reason_code reason, const char *field, const char *thing);

/* Does the body have this member, be it null? */
bool call_gives(const struct call *call, const char *name);

/* Reads the body once more, over a struct that holds what is there: only
 * what is given changes.  The body was checked before. */
void call_read_over(struct call *call, const struct schema *schema, void *out);

/* The id in the path.  INVALID, with `reason`: it is no id, so there is no
 * such thing. */
enum outcome call_path_id(struct call *call, size_t value,
    enum reason_code reason, const char *thing, struct id *id) MUSTCHECK;

#endif
