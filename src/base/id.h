/*
 * Ids are UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits, so
 * that rows made one after another lie one beside another.  In the store
 * they are BINARY(16), outside lower-case text with hyphens.  All zeros
 * stands for "none".
 */
#ifndef PARLEY_BASE_ID_H
#define PARLEY_BASE_ID_H

#include "base/base.h"

#define ID_BYTES 16
#define ID_TEXT 37 /* with its NUL */

struct arena;

struct id {
	unsigned char bytes[ID_BYTES];
};

/* A new id.  Ids made by one process ascend. */
struct id id_new(void);

bool id_is_none(const struct id *id);
bool id_equal(const struct id *a, const struct id *b);

/* "0193a1b2-...": 36 characters. */
const char *id_text(struct arena *arena, const struct id *id);
void id_write(const struct id *id, char text[ID_TEXT]);

/* Any UUID with hyphens, in either case, or its 32 digits without them.
 * INVALID. */
enum outcome id_parse(const char *text, struct id *id) MUSTCHECK;

#endif
