/*
 * What Twilio asks in the course of a call: what is to be said, and what
 * then.
 *
 * Each answer is a document of TwiML that listens to the user and names the
 * address that is to be posted what was heard: our id of the call, and the
 * step, which is the seq that the next message will have.  So a request that
 * is repeated, or comes out of order, is known by its step: it stores
 * nothing, and is answered by how the call stands.
 *
 * A turn of the agent is waited for; where it takes longer than Twilio
 * waits, the answer is a short silence and where to ask again.
 */
#ifndef PARLEY_API_HOOKS_VOICE_H
#define PARLEY_API_HOOKS_VOICE_H

#include "api/routes.h"

struct schema;

extern const struct schema voice_query_schema;

/* POST /v1/hooks/twilio/voice */
handler hooks_twilio_voice;

/* Does this request tell something, rather than ask for the agent's words
 * once more? */
bool hooks_voice_is_news(const struct call *call);

/* Answers such a request while the database is down, which is not asked: a
 * short silence, and the same question again; after as many as there are for
 * a turn that takes too long, an apology and the end of the call. */
void hooks_voice_bridge(struct call *call);

#endif
