/*
 * A conversation between a user and an agent on one channel.
 *
 * A pair of numbers has at most one active conversation on a channel; the
 * schema of the store says so.  One that has ended keeps the status of the
 * first end, whatever comes later.
 */
#ifndef PARLEY_MODEL_CONVERSATION_H
#define PARLEY_MODEL_CONVERSATION_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "model/silence.h"

struct arena;
struct schema;

/* Who began it. */
enum direction { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_N };

extern const struct names direction_names;

enum conversation_status {
	CONVERSATION_OPEN,
	CONVERSATION_ENDED,
	CONVERSATION_TIMEOUT,
	CONVERSATION_BLACKLISTED,
	CONVERSATION_INACTIVE, /* archived by a client */
	CONVERSATION_STATUS_N
};

extern const struct names conversation_status_names;

/* What a conversation is keyed on within its account. */
struct pair {
	int channel; /* enum channel */
	const char *user;
	const char *agent;
};

/* Where in a pathway a conversation stands. */
struct position {
	const char *pathway_id;
	const char *pathway_version;
	const char *node_id;
};

/* The place in a pathway of this id that a JSON object names by its version
 * and node_id; what it does not have is NULL. */
struct position position_read(
    struct arena *arena, const char *pathway_id, const char *object);

struct conversation {
	struct id id;
	struct id account_id;
	struct pair pair;
	int status;         /* enum conversation_status */
	bool is_active;     /* its status is CONVERSATION_OPEN */
	int direction;      /* enum direction */
	int progress;       /* enum progress, as the conversations API has it */
	struct id agent_id; /* none: its number's config answers */
	struct id agent_version_id;  /* the same; or of a config of its own */
	const char *initial_context; /* for the agent's prompt */
	const char *subject;         /* of its first email */
	struct id work_id;           /* the call that is to be placed */
	const char *carrier_call_id; /* Twilio's CA... */
	int64_t answered_at;         /* somebody was connected; 0: not yet */
	int64_t duration;            /* seconds, once it has ended */
	int64_t user_turn_count;
	struct position position;
	const char *variables;       /* JSON object */
	const char *metadata;        /* JSON object */
	const char *metadata_before; /* as it was when the row was read */
	struct silence silence;      /* what it overrides of its number's */
	struct id silence_work_id;   /* the clock that runs; none: it stands */

	/* What it overrides of its number's config; NULL: nothing. */
	const char *objective;
	const char *webhook;
	const char *disposition_ids;     /* JSON array of texts */
	const char *citation_schema_ids; /* JSON array of texts */

	struct id turn_work_id; /* the turn that waits or runs; or none */
	int64_t turn_since;     /* the burst that it answers began */
	int64_t turn_discards;  /* turns thrown away since one was kept */
	const char *turn_state; /* of the engine, between turns; JSON */
	int64_t user_seq;       /* of the user's last message */
	int64_t user_at;        /* when that came */
	int64_t agent_streak;   /* agent's messages since the last pause */
	bool ended_by_client;   /* the next text opens a new one */
	int64_t last_seq;
	int64_t cleared_seq; /* the agent does not see messages up to it */
	int64_t message_count;
	int64_t created_at, updated_at, last_message_at;
	int64_t timed_out_at, ended_at;
	const char *last_message; /* only in lists */

	/* Written when a conversation ends or is handed over. */
	const char *summary;
	const char *citation_variables; /* JSON object */
	const char *disposition_tag;
	const char *disposition_logs; /* JSON array; not in the row */
	const char *pathway_tags;     /* JSON array */
	int64_t human_handoff_at;
	const char *human_handoff_reason;
	const char *human_handoff_metadata; /* JSON object */
	const char *human_handoff_webhook;
};

/* What a list shows of each, and what GET adds to it. */
extern const struct schema conversation_schema;

/* What PATCH shows. */
extern const struct schema conversation_state_schema;

/* Where the client is told of it: what a person who took over set, else what
 * the conversation has, else `number`, its number's.  NULL: nowhere. */
const char *conversation_webhook(
    const struct conversation *conversation, const char *number);

/* A person takes over at `now`; `metadata` (a JSON object) is who and why in
 * the caller's words. */
void conversation_hand_off(struct conversation *conversation, int64_t now,
    const char *reason, const char *metadata, const char *webhook);

/* What a request says of a handoff: the caller's `metadata` (a JSON object,
 * or NULL) and the `actor` (or NULL), over what is known of one that goes on;
 * its source is "api". */
const char *conversation_handoff_metadata(struct arena *arena,
    const struct conversation *conversation, const char *metadata,
    const char *actor);

/* Adds a word about the handoff that goes on, if one does and there is a
 * word. */
void conversation_note(struct arena *arena, struct conversation *conversation,
    const char *name, const char *value);

/* The person has given it back, or it ended: what it was stays in the
 * conversation's metadata as last_human_handoff. */
void conversation_take_back(
    struct arena *arena, struct conversation *conversation);

/* What is said of a handoff by the agent itself, to this number if it named
 * one (else NULL): a JSON object. */
const char *conversation_agent_handoff(struct arena *arena, const char *number);

/* The number of the person that the agent handed over to, while it lasts and
 * after; NULL: it named none. */
const char *conversation_transfer_number(
    struct arena *arena, const struct conversation *conversation);

/* The client's metadata, with human_handoff while a person has taken over;
 * NULL: none. */
const char *conversation_metadata(
    struct arena *arena, const struct conversation *conversation);

/* Without the words that were said and what was learnt from them: what a
 * key may see that lacks conversations:read_sensitive. */
void conversation_redact(struct conversation *conversation);

#endif
