/*
 * Where a page of a list begins: behind a row, in the order of the newest
 * first, by (created_at, id).  Rows that were made in one microsecond are so
 * neither skipped nor repeated, whatever is added meanwhile.
 *
 * To clients the text is opaque.  One that makes its own, as base64 of the
 * last row's created_at, is understood too: then all rows of that moment are
 * left out.
 */
#ifndef PARLEY_MODEL_CURSOR_H
#define PARLEY_MODEL_CURSOR_H

#include "base/base.h"
#include "base/id.h"

struct arena;

struct cursor {
	int64_t created_at; /* 0: from the start */
	struct id id;       /* none: before every row of that moment */
};

/* 32 characters of base64url (RFC 4648, section 5). */
const char *cursor_write(struct arena *arena, const struct cursor *cursor);

/* INVALID. */
enum outcome cursor_read(
    struct arena *arena, const char *text, struct cursor *cursor) MUSTCHECK;

#endif
