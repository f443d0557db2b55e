/*
 * A person takes a conversation over from its agent, and gives it back.
 *
 * While a person has it the agent is silent: no turn is taken and the clock
 * of silence stands; what comes in is stored and told to the client all the
 * same.
 */
#ifndef PARLEY_STORE_HANDOFF_H
#define PARLEY_STORE_HANDOFF_H

#include "store/thread.h"

struct handoff {
	const char *reason;   /* in words, or NULL */
	const char *metadata; /* JSON object: source, actor, the caller's */
	const char *webhook;  /* in place of the conversation's, or NULL */
};

/* Begins it, stops turn and clock, and tells the client; writes the
 * conversation, which is locked and active.  Of one that a person has
 * already only what is given changes, and nobody is told. */
enum outcome handoff_begin(struct db *db, struct arena *arena,
    struct thread *thread, const struct handoff *handoff) MUSTCHECK;

/* Ends it and tells the client; `silence` (the number's) starts the clock
 * again if the agent's side spoke last.  Writes the conversation, which is
 * locked.  Does nothing where nobody had taken over. */
enum outcome handoff_end(struct db *db, struct arena *arena,
    struct thread *thread, const struct silence *silence) MUSTCHECK;

#endif
