/*
 * LiveKit's conventions: the tokens with which one joins a room of its
 * server, and what its server tells of a room.
 *
 * A conversation's room has its name from the conversation's id, so that an
 * event leads back to it.  The user joins under the identity that the
 * conversation knows; whoever else is in the room (the agent, a listener)
 * has another, and by that they are told apart.  The agent is dispatched by
 * the user's token, when their joining makes the room.
 *
 * Whoever holds a token can read it: nothing is in it that its holder may not
 * know.  A right that a token does not name is granted, so a listener's are
 * all written, and false.
 */
#ifndef PARLEY_MODEL_LIVEKIT_H
#define PARLEY_MODEL_LIVEKIT_H

#include "base/base.h"
#include "base/id.h"
#include "model/progress.h"

struct arena;
struct schema;

/* Who may join which room, and for how long. */
struct livekit_access {
	const char *key, *secret; /* of the server's account */
	struct id conversation;
	const char *identity;   /* theirs in the room */
	const char *agent_name; /* who is dispatched to it; NULL: nobody */
	bool listens_only;      /* hidden, and without a voice */
	int64_t from, until;    /* to join; who is in may stay */
};

/* Its token. */
const char *livekit_token(
    struct arena *arena, const struct livekit_access *access);

/* The name of a conversation's room, and back.  NOT_FOUND: the room is none
 * of ours. */
const char *livekit_room(struct arena *arena, const struct id *conversation);
enum outcome livekit_conversation(
    const char *room, struct id *conversation) MUSTCHECK;

/* What its server tells, as far as it matters to us; what an event does not
 * have is NULL. */
struct livekit_named {
	const char *name;
};

struct livekit_participant {
	const char *identity;
	const char *disconnect_reason; /* "CLIENT_INITIATED" */
};

struct livekit_event {
	const char *event;      /* "participant_joined" */
	const char *created_at; /* seconds since 1970, as text */
	struct livekit_named room;
	struct livekit_participant participant;
};

extern const struct schema livekit_event_schema;

/* Does this token, as it came with an event, sign these bytes with the
 * secret, at this moment?  NULL is no token. */
bool livekit_is_signed(struct arena *arena, const char *token,
    const char *secret, const void *body, size_t length, int64_t now);

/* The key that a token names; NULL: it is none.  Not verified. */
const char *livekit_key(struct arena *arena, const char *token);

/*
 * Where an event leads the conversation of `user` that is at `from`.
 * NOT_FOUND: it changes nothing, as do one that comes again and one that
 * comes too late, because no conversation goes back.
 */
enum outcome livekit_progress(const struct livekit_event *event,
    const char *user, enum progress from, enum progress *to) MUSTCHECK;

/* Does this tell that the user joined the room, or left it for as long as it
 * takes to come back: a page that is loaded again leaves first. */
bool livekit_is_joined(const struct livekit_event *event, const char *user);
bool livekit_is_left(const struct livekit_event *event, const char *user);

/* When it happened, by its server's clock; where it does not say, `received`
 * is as good. */
int64_t livekit_moment(const struct livekit_event *event, int64_t received);

#endif
