/*
 * Texts that are a word of command: by the CTIA's principles, the FCC's rule
 * of 2025 (47 CFR 64.1200(a)(10)) and Twilio's list, anybody may say STOP to
 * a sender, START to hear from it again, and HELP.  And the words of a
 * number that its agent leaves unanswered.
 */
#ifndef PARLEY_MODEL_KEYWORD_H
#define PARLEY_MODEL_KEYWORD_H

#include "base/base.h"

enum keyword { KEYWORD_NONE, KEYWORD_STOP, KEYWORD_START, KEYWORD_HELP };

struct arena;

/* The whole text is one such word, in any case, with blanks around it and a
 * full stop or an exclamation mark behind it; "STOP please" is none.  START
 * words are answers as well ("yes"), so they count only for who said STOP. */
enum keyword keyword_of(const char *text);

/* Does the text have one of these (a JSON array of texts; NULL: none) as a
 * word or run of words of its own, in any case? */
bool keyword_ignores(
    struct arena *arena, const char *ignored, const char *text);

#endif
