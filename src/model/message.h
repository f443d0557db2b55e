/*
 * A message of a conversation: the words, who said them, and what became of
 * them on their way.  `seq` orders a conversation's messages without gaps;
 * it comes from the locked conversation.
 */
#ifndef PARLEY_MODEL_MESSAGE_H
#define PARLEY_MODEL_MESSAGE_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"

#define MESSAGE_MOST 1600       /* characters, where a carrier takes it */
#define MESSAGE_LONG_MOST 10000 /* elsewhere */

struct schema;

enum sender { SENDER_USER, SENDER_AGENT, SENDER_HUMAN, SENDER_N };

/* In the order in which a carrier reports them; a status is applied only
 * over a lower one, and FAILED and UNDELIVERED are final. */
enum message_status {
	MESSAGE_STORED, /* never left: seeded, or received */
	MESSAGE_PENDING,
	MESSAGE_QUEUED,
	MESSAGE_SENT,
	MESSAGE_DELIVERED,
	MESSAGE_READ,
	MESSAGE_FAILED,
	MESSAGE_UNDELIVERED,
	MESSAGE_STATUS_N
};

extern const struct names sender_names;
extern const struct names message_status_names;

struct message {
	struct id id;
	struct id conversation_id;
	int64_t seq;
	int sender; /* enum sender */
	int status; /* enum message_status */
	const char *text;
	const char *carrier_message_id; /* the provider's: Twilio's SM... */
	const char *error_code;
	struct id work_id;      /* the work that it caused */
	const char *media;      /* JSON array of {url, content_type}, or NULL */
	struct id told_work_id; /* the work that tells the client of it */
	int64_t segments;
	int encoding; /* enum encoding, of model/segment */
	int64_t created_at;

	/* Of its conversation, for answers. */
	const char *from;
	const char *to;
};

extern const struct schema message_schema;

#endif
