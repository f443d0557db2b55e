/*
 * What is said in a chat with a pathway (store/pathway_chat), and the order
 * of a turn in it (work of kind `chat`).
 */
#ifndef PARLEY_MODEL_CHAT_H
#define PARLEY_MODEL_CHAT_H

#include "base/base.h"
#include "model/field.h"

#define CHAT_USER "user"
#define CHAT_ASSISTANT "assistant"

struct arena;

struct chat_line {
	const char *role; /* CHAT_USER or CHAT_ASSISTANT */
	const char *content;
};

struct chat_order {
	const char *message; /* NULL: the agent is to speak first */
};

extern const struct schema chat_line_schema;
extern const struct schema chat_order_schema;

/* The lines of a JSON array, struct chat_line; what is none is passed
 * over. */
struct list chat_read(struct arena *arena, const char *history);

/* The array with one more line. */
const char *chat_add(struct arena *arena, const char *history, const char *role,
    const char *content);

#endif
