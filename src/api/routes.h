/*
 * What a client may ask: a row for each route, in a table for each subject
 * (routes_account.c, routes_conversations.c ...).
 *
 * The row decides who may ask (any one of `scopes`), what the request and
 * the answer look like (their schemas), what the answer is wrapped in, and
 * whether it runs in a transaction.  The API's description is printed from
 * the same rows.  To add a route, add a row and a handler; CONTRIBUTING.md
 * shows one.
 */
#ifndef PARLEY_API_ROUTES_H
#define PARLEY_API_ROUTES_H

#include "base/base.h"

struct call;
struct schema;

typedef enum outcome handler(struct call *call);

/* How an answer is wrapped. */
enum envelope {
	ENVELOPE_DATA,   /* {"data":{...},"errors":null} */
	ENVELOPE_LIST,   /* {"data":[...],"errors":null}, of a struct list */
	ENVELOPE_PAGE,   /* the same with "extra", of a struct page */
	ENVELOPE_BARE,   /* {...} */
	ENVELOPE_ARRAY,  /* [...], of a struct list; it has no warnings */
	ENVELOPE_TWIML,  /* an empty <Response/>, whatever the answer */
	ENVELOPE_HTML,   /* a page: the message of an answer_message */
	ENVELOPE_STATUS, /* {"status":200,"data":{...},"errors":null} */
	ENVELOPE_STATUS_LIST, /* the same of a struct list */
	ENVELOPE_NONE         /* no body at all; `answer` is NULL */
};

enum route_flag {
	ROUTE_OPEN = 1 << 0,    /* asked without a key */
	ROUTE_WRITES = 1 << 1,  /* runs in a transaction */
	ROUTE_KEYED = 1 << 2,   /* honours Idempotency-Key */
	ROUTE_SECRET = 1 << 3,  /* its answer is kept under it only sealed */
	ROUTE_FORM = 1 << 4,    /* its body is a form, not JSON */
	ROUTE_SLASH = 1 << 5,   /* the slash at its end may be left out */
	ROUTE_CORE = 1 << 6,    /* of the conversations API: /core/ is as good
	                          * as /v1/, and what is invalid is 422 */
	ROUTE_LATER = 1 << 7,   /* success may be 202, too: it happens later */
	ROUTE_CURSOR = 1 << 8,  /* its list goes on behind a cursor */
	ROUTE_MAIL = 1 << 9,    /* its body is a form with a mail, which the
	                          * handler reads by itself */
	ROUTE_SPOOLED = 1 << 10 /* kept on disk while the database is down */
};

struct route {
	const char *method;
	const char *path;
	unsigned flags;
	unsigned scopes;            /* any one of them; 0: every key */
	const struct schema *query; /* NULL: none is understood */
	const struct schema *body;  /* NULL: none is read */
	const struct schema *answer;
	enum envelope envelope;
	int status; /* of success */
	handler *handler;
	const char *about; /* one line for the API's description */
};

/* The rows of a subject. */
struct route_table {
	const struct route *list;
	size_t count;
};

extern const struct route_table routes_account;
extern const struct route_table routes_conversations;
extern const struct route_table routes_messaging;
extern const struct route_table routes_pathways;
extern const struct route_table routes_hooks;

/* The one behind a route in all of the tables, in their order; of NULL the
 * first.  NULL: there is no more. */
const struct route *route_next(const struct route *route);

#endif
