/*
 * Work of kind `chat`: a client tries a pathway (api/pathway_chats).  The
 * same engine takes the turn, with the account's model and tools, but nothing
 * leaves by a carrier, and nobody's clock runs.
 */
#ifndef PARLEY_WORK_CHAT_H
#define PARLEY_WORK_CHAT_H

#include "base/base.h"

struct job;

enum outcome chat_perform(struct job *job) MUSTCHECK;

#endif
