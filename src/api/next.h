/*
 * Where a list that is read by cursors goes on.
 */
#ifndef PARLEY_API_NEXT_H
#define PARLEY_API_NEXT_H

#include "base/base.h"

struct call;
struct cursor;

/* Says that there is more behind the row at `cursor`: Next-Cursor, and Link
 * (RFC 8288) with the same request for the next page. */
void next_page(struct call *call, const struct cursor *cursor);

#endif
