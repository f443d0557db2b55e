/*
 * The channels that a conversation can run on, by the words that clients
 * use for them.
 */
#ifndef PARLEY_MODEL_CHANNEL_H
#define PARLEY_MODEL_CHANNEL_H

#include "base/names.h"

enum channel { CHANNEL_SMS, CHANNEL_WHATSAPP, CHANNEL_IMESSAGE, CHANNEL_N };

extern const struct names channel_names;

/* As a person writes it: "SMS", "WhatsApp". */
const char *channel_title(enum channel channel);

#endif
