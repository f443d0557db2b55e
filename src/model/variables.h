/*
 * The variables of a conversation: one JSON object, laid over that of its
 * number.
 */
#ifndef PARLEY_MODEL_VARIABLES_H
#define PARLEY_MODEL_VARIABLES_H

#include "base/base.h"

struct arena;
struct json_object;

/* What the number starts every conversation with (an array there is empty),
 * and over it what the conversation has of its own.  NULL: nothing.  The
 * tree is the arena's. */
struct json_object *variables_read(
    struct arena *arena, const char *number, const char *own);

/* `over` laid over a conversation's own, as it is stored; NULL: it has
 * none. */
const char *variables_lay(
    struct arena *arena, const char *own, struct json_object *over);

/* The text that one has of itself; NULL: it is none. */
const char *variables_text(
    struct arena *arena, const char *own, const char *name);

/* All of `over` becomes a member of `variables`. */
void variables_set(struct json_object *variables, struct json_object *over);

#endif
