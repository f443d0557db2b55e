/*
 * Talking in a text conversation of the conversations API: a message is
 * answered in the answer to its request, and a conversation is ended.
 *
 * The request writes the message and the work of the agent's turn, and waits
 * for what came of it.  One message after another: a second one that comes
 * while a turn is under way waits for that first.
 */
#ifndef PARLEY_API_CONVERSATION_TALK_H
#define PARLEY_API_CONVERSATION_TALK_H

#include "model/field.h"

struct call;
struct work;

extern const struct schema conversation_message_query_schema;
extern const struct schema conversation_message_schema;
extern const struct schema conversation_reply_schema;
extern const struct schema conversation_closed_schema;

/* POST /v1/conversations/{conversation_id}/messages.  404; 409: it is not on
 * text, not active, or another turn takes too long; 503, 504: the message is
 * kept, and its answer is not there yet. */
enum outcome conversation_message(struct call *call);

/* POST /v1/conversations/{conversation_id}/end.  404; 409: it is not on
 * text, or ended in another way. */
enum outcome conversation_close(struct call *call);

/* What a turn said, as one text, from the result of its work; "" where it
 * said nothing. */
const char *conversation_said(struct call *call, const struct work *work);

/* Refuses as a turn's work says that is not done. */
enum outcome conversation_not_answered(
    struct call *call, const struct work *work);

#endif
