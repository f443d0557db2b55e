/*
 * What Mailgun signs its calls with: HMAC-SHA256 over the time and a token.
 * The rest of the call is not covered, so a token counts once, and an old
 * time does not count.
 */
#ifndef PARLEY_MODEL_MAILGUN_H
#define PARLEY_MODEL_MAILGUN_H

#include "base/base.h"

/* Its tries go on for eight hours. */
#define MAILGUN_FRESH INT64_C(43200) /* seconds that a time may be away */

struct arena;

struct mailgun_signature {
	const char *timestamp; /* NULL: it was not sent; the same below */
	const char *token;
	const char *signature;
};

/* Was it made with this key?  In constant time. */
bool mailgun_is_signed(struct arena *arena, const char *key,
    const struct mailgun_signature *signature);

/* Is its time near enough to `now` (microseconds)? */
bool mailgun_is_fresh(const struct mailgun_signature *signature, int64_t now);

#endif
