/*
 * A JSON object taken apart, so that an index finds the objects that
 * contain another.
 *
 * A leaf is a scalar with the names that lead to it, or an object or an array
 * as such: {"a":{"b":[1,2]}} has the leaves "a":{} and "a":"b":[] and
 * "a":"b":1 and "a":"b":2.  Arrays add nothing to the way, so whatever an
 * object contains has no leaf that it has not itself.  The opposite does not
 * hold, and digests are short: what an index finds is only a candidate.
 */
#ifndef PARLEY_MODEL_LEAF_H
#define PARLEY_MODEL_LEAF_H

#include "base/base.h"

#define LEAF_DIGEST 8
#define LEAVES_MOST 64

struct arena;

struct leaf {
	unsigned char digest[LEAF_DIGEST];
};

/* Each once.  One that is all zeros stands alone, for an object of more
 * leaves than there is room for: it may contain anything. */
struct leaves {
	struct leaf list[LEAVES_MOST];
	size_t count;
};

/* Of an object's text; NULL, and what is no object, has none. */
void leaves_read(struct arena *arena, const char *json, struct leaves *leaves);

/* What objects that may contain anything have. */
extern const struct leaf leaf_of_anything;

#endif
