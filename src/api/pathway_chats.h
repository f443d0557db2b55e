/*
 * /v1/pathway/chat: a client talks with a pathway and no carrier is needed.
 *
 * A message is answered by the worker (work of kind `chat`), for which the
 * request waits.
 */
#ifndef PARLEY_API_PATHWAY_CHATS_H
#define PARLEY_API_PATHWAY_CHATS_H

#include "base/base.h"

struct call;
struct schema;

extern const struct schema chat_create_schema;
extern const struct schema chat_created_schema;
extern const struct schema chat_message_schema;
extern const struct schema chat_answer_schema;

enum outcome pathway_chats_create(struct call *call) MUSTCHECK;
enum outcome pathway_chats_say(struct call *call) MUSTCHECK;
enum outcome pathway_chats_show(struct call *call) MUSTCHECK;

#endif
