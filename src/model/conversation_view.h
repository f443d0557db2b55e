/*
 * A conversation as the conversations API shows it.
 *
 * What was said in it, what it was told and what came of it is left out,
 * and not null, where the key lacks conversations:read_sensitive: in lists,
 * too, and in the answers to what creates and ends one.
 */
#ifndef PARLEY_MODEL_CONVERSATION_VIEW_H
#define PARLEY_MODEL_CONVERSATION_VIEW_H

#include "base/base.h"
#include "model/conversation.h"

struct arena;
struct schema;
struct transcript;

/* The scope that shows all of it. */
#define CONVERSATION_SENSITIVE SCOPE(CONVERSATIONS_READ_SENSITIVE)

/* The agent that it refers to. */
struct conversation_agent {
	struct id id;
	const char *name;
};

struct conversation_sensitive;

struct conversation_view {
	struct conversation conversation;
	const char *agent_number; /* NULL: it has none */
	const int64_t *duration;  /* NULL: it goes on */
	struct id none;           /* of what there is nowhere here */
	const struct conversation_agent *agent;
	const struct conversation_sensitive *sensitive;
};

extern const struct schema conversation_view_schema;

/*
 * How it is shown.  `agent_name` is that of its agent (NULL where it has
 * none), `transcript` may be NULL.  Texts and transcript are borrowed.
 */
void conversation_view_fill(struct arena *arena,
    const struct conversation *conversation, const char *agent_name,
    const struct transcript *transcript, bool sensitive,
    struct conversation_view *view);

#endif
