/*
 * A request of Twilio's in a call, on its way to its answer: the parts of
 * hooks_voice.c, which takes it in, and voice_answer.c, which says how the
 * call stands.
 */
#ifndef PARLEY_API_VOICE_H
#define PARLEY_API_VOICE_H

#include "base/id.h"
#include "store/calling.h"
#include "store/conduct.h"

#define VOICE_POLLS 20 /* of seconds each; then it is no use */

struct call;

/* What stands in the address that we gave. */
struct voice_query {
	struct id call;  /* ours; none: it is Twilio's first word of it */
	int64_t step;    /* the seq that the next message will have had; 0: it
			  * is the first request */
	int64_t silence; /* how often in a row nothing was heard */
	int64_t poll;    /* how often it was asked for the agent's words */
};

struct voice {
	struct call *call;
	const struct voice_query *query;
	struct calling calling; /* its conversation is locked */
	struct conduct conduct;
	int64_t silence; /* for the next address */
};

/* Answers by how the call stands, within a transaction; ends the
 * conversation where that is what follows.  OK. */
enum outcome voice_answer(struct voice *voice) MUSTCHECK;

/* Answers without looking: a silence, and the same question again; an apology
 * and the end where it was asked VOICE_POLLS times. */
void voice_bridge(const struct voice *voice);

/* Is the agent's turn under way, and nothing said that was not heard? */
bool voice_waits(const struct voice *voice);

/* Says this, and hangs up. */
void voice_turn_away(struct call *call, const char *text);

#endif
