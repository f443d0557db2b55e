/*
 * Beginning on text: the agent's first words are in the answer.  Those that
 * its config has are said at once; else the agent takes a turn, and the
 * request waits for it.  Where that cannot be taken now the conversation
 * begins without them.
 */
#ifndef PARLEY_API_CONVERSATION_TEXT_H
#define PARLEY_API_CONVERSATION_TEXT_H

struct opening_channel;

extern const struct opening_channel conversation_text;

#endif
