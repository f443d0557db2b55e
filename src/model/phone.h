/*
 * Telephone numbers as E.164 writes them: "+", a digit that is not 0, and
 * 7 to 14 digits more.
 */
#ifndef PARLEY_MODEL_PHONE_H
#define PARLEY_MODEL_PHONE_H

#include "base/base.h"

#define PHONE_PATTERN "^\\+[1-9][0-9]{7,14}$"

bool phone_is_e164(const char *text);

#endif
