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

#define TWILIO_MEDIA 10 /* pictures and the like, of one message */

/* A text that came in, as far as it matters to us. */
struct twilio_text {
	const char *account_sid;
	const char *message_sid;
	const char *from, *to; /* with a channel's prefix: "whatsapp:+1..." */
	const char *body;
	int64_t media_count;
	const char *media_url[TWILIO_MEDIA];
	const char *media_type[TWILIO_MEDIA];
};

extern const struct schema twilio_text_schema;

/* What it asks or says of a call: how far it has come, and what was said in
 * it, as far as it matters to us. */
struct twilio_call {
	const char *account_sid;
	const char *call_sid;
	const char *call_status;
	const char *from, *to;     /* of the one who called */
	const char *call_duration; /* seconds, at its end */
	const char *speech_result; /* NULL, "": nothing was heard */
	const char *digits;        /* that were typed */
};

extern const struct schema twilio_call_schema;

/* An address without its prefix, and the channel that the prefix means: RCS
 * is SMS that was upgraded. */
const char *twilio_address(const char *address, int *channel);

/* Its media as a JSON array of {url, content_type}; NULL: none. */
const char *twilio_media(struct arena *arena, const struct twilio_text *text);

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

/* Its word for a call as an enum progress.  NOT_FOUND. */
enum outcome twilio_progress(const char *word, int *progress) MUSTCHECK;

/* A moment as its answers write it (RFC 2822, in UTC).  INVALID. */
enum outcome twilio_when(
    struct arena *arena, const char *text, int64_t *when) MUSTCHECK;

#endif
