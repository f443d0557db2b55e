/*
 * Patterns of LIKE, in which what a client wrote stands for itself.
 */
#ifndef PARLEY_STORE_LIKE_H
#define PARLEY_STORE_LIKE_H

#include "base/base.h"

struct arena;

/* What stands behind the pattern in a statement. */
#define LIKE_ESCAPE " ESCAPE '|'"

/* `text` between two pieces of pattern. */
const char *like_text(struct arena *arena, const char *before, const char *text,
    const char *after);

#endif
