/*
 * TwiML: what Twilio is to do next in a call, as an XML document.
 *
 *   struct twiml twiml;
 *   twiml_begin(&twiml, arena);
 *   twiml_open_gather(&twiml, &gather);
 *   twiml_say(&twiml, &voice, "How can I help?");
 *   twiml_close_gather(&twiml);
 *   document = twiml_end(&twiml);
 *
 * Texts may be whatever a model says: what XML has a meaning for is escaped,
 * and what no XML 1.0 document can hold (section 2.2, Char) is left out.
 * The same verbs are written as Twilio's own library writes them, byte for
 * byte.
 */
#ifndef PARLEY_MODEL_TWIML_H
#define PARLEY_MODEL_TWIML_H

#include "base/base.h"
#include "base/buf.h"

struct arena;

#define TWIML_MOST ((size_t)64 * 1024) /* bytes that Twilio reads */
#define TWIML_SAY_MOST 4096            /* bytes of one <Say> */

struct twiml {
	struct buf buf;
	bool is_empty; /* nothing stands yet in the <Gather> that is open */
};

/* How it speaks; NULL: as Twilio does. */
struct twiml_voice {
	const char *language; /* "en-GB" */
	const char *name;     /* "Polly.Amy" */
};

/* What the user says next, or types. */
struct twiml_gather {
	const char *action;         /* where it is posted to */
	const char *language;       /* NULL: Twilio's, en-US */
	const char *speech_timeout; /* NULL: "auto" */
	int64_t timeout;            /* seconds of silence; 0: Twilio's, 5 */
	bool is_patient; /* the agent is heard out before the user is */
};

/* An empty document. */
void twiml_begin(struct twiml *twiml, struct arena *arena);

/* Speaks the text, in as many <Say> as it takes; a blank one in none.  What
 * would take half an hour is cut. */
void twiml_say(
    struct twiml *twiml, const struct twiml_voice *voice, const char *text);

/* Listens, also to what is said while it speaks what is added until it is
 * closed.  An empty result is posted too. */
void twiml_open_gather(struct twiml *twiml, const struct twiml_gather *gather);
void twiml_close_gather(struct twiml *twiml);

/* Silence. */
void twiml_pause(struct twiml *twiml, int64_t seconds);

/* Asks this address how to go on. */
void twiml_redirect(struct twiml *twiml, const char *url);

/* Connects the user with another number; `caller` is shown there. */
void twiml_dial(struct twiml *twiml, const char *caller, const char *number);

void twiml_hang_up(struct twiml *twiml);

/* The document. */
const char *twiml_end(struct twiml *twiml);

#endif
