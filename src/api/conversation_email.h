/*
 * Conversations by email, as POST /v1/conversations begins them: the
 * greeting leaves by itself, later.
 */
#ifndef PARLEY_API_CONVERSATION_EMAIL_H
#define PARLEY_API_CONVERSATION_EMAIL_H

struct opening_channel;

extern const struct opening_channel conversation_email;

#endif
