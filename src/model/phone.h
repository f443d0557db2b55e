/*
 * Telephone numbers as E.164 writes them: "+", a digit that is not 0, and
 * 7 to 14 digits more.
 */
#ifndef PARLEY_MODEL_PHONE_H
#define PARLEY_MODEL_PHONE_H

#include "base/base.h"

struct arena;

#define PHONE_PATTERN "^\\+[1-9][0-9]{7,14}$"

bool phone_is_e164(const char *text);

/* A number as people write it, without what only makes it easier to read:
 * "+1 (415) 555-0123" is +14155550123. */
const char *phone_plain(struct arena *arena, const char *text);

#endif
