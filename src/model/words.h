/*
 * From a model's words to a message: what must not be said is taken out,
 * and what does not fit is cut.
 *
 * Models that were shown speech write its marks into texts: <|0.8|> for a
 * pause, [....] for a breath.  They also repeat the mark that stands before
 * a person's messages in what they are shown, or are talked into it; a
 * message that carried it would later pass for that person's.
 */
#ifndef PARLEY_MODEL_WORDS_H
#define PARLEY_MODEL_WORDS_H

#include "base/base.h"

/* Stands before a person's message where a model reads it. */
#define WORDS_PERSON "[A person of the team wrote:]"

struct arena;

/* Without marks of speech, marks of persons and control characters.  Of a
 * space on either side of a mark one is left; all other white space stays
 * as it is. */
const char *words_clean(struct arena *arena, const char *text);

/* Without marks of persons, also such as appear when one is taken out. */
const char *words_unmarked(struct arena *arena, const char *text);

/* As much as fits into `most` characters and `max_segments` (0: no limit):
 * to the last end of a sentence if that is at least half, or else to
 * the last space, or else to the last character.  Says in `cut` whether
 * anything was left out. */
const char *words_fit(struct arena *arena, const char *text, size_t most,
    int64_t max_segments, bool *cut);

/* The first `most` bytes, without the rest of a character. */
const char *words_cut(struct arena *arena, const char *text, size_t most);

#endif
