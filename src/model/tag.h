/*
 * The tags of a conversation: [{"name","color"}], of the nodes that it came
 * through, each name once.
 */
#ifndef PARLEY_MODEL_TAG_H
#define PARLEY_MODEL_TAG_H

#include "base/base.h"

#define TAGS_MOST 100

struct arena;

/* The tags (JSON; NULL: none) with one more; the color may be NULL. */
const char *tag_add(
    struct arena *arena, const char *tags, const char *name, const char *color);

#endif
