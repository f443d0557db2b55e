/*
 * Forms in a body: application/x-www-form-urlencoded, and
 * multipart/form-data (RFC 7578) with files.
 *
 * The values are bytes, in the body where they are as they were sent: what
 * they mean is for whoever knows the sender.  The reader is strict and
 * bounded; what does not follow the grammar is no form.
 */
#ifndef PARLEY_HTTP_FORM_H
#define PARLEY_HTTP_FORM_H

#include "base/base.h"

#define FORM_PARTS_MOST 300
#define FORM_HEAD_MOST 8192 /* bytes of the headers of a part */

struct arena;

struct form_part {
	const char *name;     /* text */
	const char *filename; /* text; NULL: it is no file */
	const char *type;     /* its Content-Type; NULL: none is said */
	const char *bytes;
	size_t length;
};

struct form {
	const struct form_part *parts;
	size_t count;
};

/* Reads it; the parts borrow from `body`.  INVALID: it is no form.
 * LIMITED: it has more parts, or longer heads, than any provider sends. */
enum outcome form_read(struct arena *arena, const char *content_type,
    const char *body, size_t length, struct form *form) MUSTCHECK;

/* The first part of this name; NULL: there is none. */
const struct form_part *form_find(const struct form *form, const char *name);

/* The same as a text; NULL: there is none, or it is not text. */
const char *form_text(
    struct arena *arena, const struct form *form, const char *name);

#endif
