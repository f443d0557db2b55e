/*
 * The channels that a conversation can run on, by the words that clients
 * use for them.
 *
 * Those of the messaging API come first: there a pair of a user and a
 * number has at most one open conversation, and a carrier brings and takes
 * messages.  On the others a conversation is known by its id alone.
 */
#ifndef PARLEY_MODEL_CHANNEL_H
#define PARLEY_MODEL_CHANNEL_H

#include "base/names.h"

#include <stdbool.h>

enum channel {
	CHANNEL_SMS,
	CHANNEL_WHATSAPP,
	CHANNEL_IMESSAGE,
	CHANNEL_MESSAGING_N, /* the messaging API's are before it */
	CHANNEL_TEXT = CHANNEL_MESSAGING_N,
	CHANNEL_EMAIL,
	CHANNEL_TELEPHONE,
	CHANNEL_WEBRTC,
	CHANNEL_N
};

/* How an agent's words reach the user. */
enum channel_way {
	WAY_CARRIER, /* work of kind `send`, by the number's carrier */
	WAY_MAIL,    /* work of kind `mail` */
	WAY_FETCHED  /* whoever asks for the turn is given them */
};

extern const struct names channel_names;

/* Only those of the messaging API. */
extern const struct names messaging_channel_names;

/* As a person writes it: "SMS", "WhatsApp". */
const char *channel_title(enum channel channel);

enum channel_way channel_way(enum channel channel);

/* How an agent is to write there, in words for its model. */
const char *channel_manners(enum channel channel);

/* Characters that a message has at most. */
size_t channel_message_most(enum channel channel);

/* Has a pair at most one open conversation on it? */
bool channel_has_pairs(enum channel channel);

#endif
