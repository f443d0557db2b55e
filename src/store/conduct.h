/*
 * How the agent of a conversation is to behave: as its agent's version says
 * where it has one, or else as the config of its number does.  Whoever lets
 * an agent speak, be silent or conclude asks here, so both are one thing to
 * it.
 */
#ifndef PARLEY_STORE_CONDUCT_H
#define PARLEY_STORE_CONDUCT_H

#include "model/agent_config.h"
#include "model/number.h"

struct arena;
struct conversation;
struct db;

struct conduct {
	struct number_config config;      /* of either */
	const struct agent_config *agent; /* on the conversation's channel;
	                                    * NULL: its number's config holds */
	bool opted_out;                   /* the user said STOP to the number */
};

/* One round trip.  NOT_FOUND: the number, or the version, is gone. */
enum outcome conduct_find(struct db *db, struct arena *arena,
    const struct conversation *conversation, struct conduct *conduct) MUSTCHECK;

/* The same of an agent's config, as it was stored or sent. */
void conduct_of_agent(struct arena *arena, const struct agent_config *config,
    enum channel channel, struct conduct *conduct);

#endif
