/*
 * Lists that go on behind a cursor (model/cursor): `limit` and `cursor` in
 * the query, a bare array in the body, and where there is more the next
 * cursor in the headers Next-Cursor and Link (RFC 8288).
 *
 * A handler reads one row more than it shows; the route's row says
 * ROUTE_CURSOR.
 */
#ifndef PARLEY_API_PAGING_H
#define PARLEY_API_PAGING_H

#include "base/base.h"
#include "model/cursor.h"

struct call;
struct list;
struct rows;

/* What the query says; it stands in the route's own as FIELD_INLINE. */
struct paging {
	int64_t limit; /* 0: not given */
	const char *cursor;
};

extern const struct schema paging_schema;

/* How many rows to show, and behind which.  INVALID, with a fault: it is no
 * cursor of ours. */
enum outcome paging_begin(struct call *call, const struct paging *asked,
    int64_t *limit, struct cursor *behind) MUSTCHECK;

/* Puts the first `limit` of the rows into the answer.  If one is left over,
 * says in the headers how to go on: behind `at`, which is of the row at an
 * index. */
void paging_end(struct call *call, const struct rows *rows, int64_t limit,
    struct cursor (*at)(const struct rows *rows, size_t index),
    struct list *answer);

#endif
