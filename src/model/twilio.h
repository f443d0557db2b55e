/*
 * Twilio's conventions: how it signs what it calls, and its words for what
 * became of a message.
 */
#ifndef PARLEY_MODEL_TWILIO_H
#define PARLEY_MODEL_TWILIO_H

#include "base/base.h"

struct arena;
struct schema;

/* What its status callback says, as far as it matters to us. */
struct twilio_report {
	const char *account_sid;
	const char *message_sid;
	const char *message_status;
	const char *error_code;
};

extern const struct schema twilio_report_schema;

/* The signature of a form that is posted to `url`: `pairs` are its names
 * and values in turn, decoded, ended by NULL. */
const char *twilio_sign(struct arena *arena, const char *token, const char *url,
    const char *const *pairs);

/* Is this the signature, with the port in the URL or without it where it is
 * the scheme's own?  Compared in constant time; NULL is no signature. */
bool twilio_is_signed(struct arena *arena, const char *token, const char *url,
    const char *const *pairs, const char *signature);

/* Its word as an enum message_status.  NOT_FOUND: it is no word for a
 * message that leaves. */
enum outcome twilio_status(const char *word, int *status) MUSTCHECK;

/* A moment as its answers write it (RFC 2822, in UTC).  INVALID. */
enum outcome twilio_when(
    struct arena *arena, const char *text, int64_t *when) MUSTCHECK;

#endif
