/*
 * Beginning on telephone: the conversation waits to be called, and the work
 * that places the call is the workflow in the answer.  A number of the
 * account calls: the one that is named, or its only one, or the only one that
 * the agent calls from.
 */
#ifndef PARLEY_API_CONVERSATION_TELEPHONE_H
#define PARLEY_API_CONVERSATION_TELEPHONE_H

struct opening_channel;

extern const struct opening_channel conversation_telephone;

#endif
