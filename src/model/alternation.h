/*
 * Messages to a model as the strictest servers take them: after the system's
 * message one of the user, then one of the assistant, and so on.
 *
 * Two of the assistant in a row become one.  Those of the user are kept apart,
 * as words that were said and words that are given must be, by a word of the
 * assistant between them.  Calls of tools and their results stay as they are.
 */
#ifndef PARLEY_MODEL_ALTERNATION_H
#define PARLEY_MODEL_ALTERNATION_H

#include "base/base.h"

struct arena;

/* From one JSON array in OpenAI's shape to another. */
const char *alternation_write(struct arena *arena, const char *messages);

#endif
