/*
 * A conversation as POST /v1/conversations makes it: what the request says,
 * the agent that it chose, and what each channel makes of both.
 *
 * The parts that all channels share are in conversations_create.c, with the
 * table of channels; what one of them does beyond is in a file of its own,
 * conversation_<channel>.c, which fills a row of that table.
 */
#ifndef PARLEY_API_CONVERSATION_OPENING_H
#define PARLEY_API_CONVERSATION_OPENING_H

#include "model/conversation_view.h"
#include "store/conduct.h"
#include "store/thread.h"

struct call;
struct work;

/* The request, as its fields say. */
struct conversation_create {
	struct id id; /* the client's; none: we make one */
	int channel;  /* enum channel */
	const char *user_id;
	struct id agent_id;
	struct id agent_version_id;
	const char *agent_config;
	const char *version;
	const char *agent_number;
	const char *to_address;
	const char *from_address;
	const char *subject;
	const char *initial_context;
	const char *custom_metadata;
};

/* The answer; what a channel has not got is absent. */
struct conversation_opened {
	struct conversation_view conversation;
	const char *starting_message;
	const char *token;
	const char *url;
	const char *room_name;
	int64_t expires_at;
	struct id workflow_id;
};

struct opening {
	const struct conversation_create *body;
	struct conversation_opened *answer;
	const char *agent_name; /* NULL: the config came with the request */
	struct thread thread;   /* new, and not written */
	struct conduct conduct; /* of the agent, on this channel */
};

/* What a channel does.  All run within the request's transaction. */
struct opening_channel {
	/* May a request name its agent's number instead of its agent?  Then
	 * it finds the version, into thread.conversation, and refuses where
	 * there is none.  NULL: it may not. */
	enum outcome (*choose_agent)(
	    struct call *call, struct opening *opening);

	/* Checks what the channel needs, and writes the conversation with
	 * whatever it causes; fills what is its own of the answer. */
	enum outcome (*open)(struct call *call, struct opening *opening);

	/* Fills the answer's own part of one that is there already: the
	 * client repeats its request.  NULL: there is none. */
	enum outcome (*show)(struct call *call, struct opening *opening);

	int status; /* of the answer, by HTTP */
};

/* Fills answer->conversation as the conversation now is; every `open` that
 * ends with OK is followed by it. */
void opening_view(struct call *call, struct opening *opening);

/* The agent's first words: its starting_message with the variables filled
 * in; NULL: it has none. */
const char *opening_greeting(struct call *call, struct opening *opening);

#endif
