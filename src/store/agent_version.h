/*
 * The versions of agents: configs (model/agent_config), kept as they were
 * sent.
 *
 * A draft may be written again and again.  Once it is published it never
 * changes: conversations refer to it, and what one answers by stays what it
 * was.  A config that a conversation brought along is a published version
 * too, of no agent.
 */
#ifndef PARLEY_STORE_AGENT_VERSION_H
#define PARLEY_STORE_AGENT_VERSION_H

#include "base/id.h"

struct arena;
struct db;

struct agent_version {
	struct id id;
	struct id agent_id;   /* none: it came with a conversation */
	int64_t version;      /* counted from 1 within the agent; else 0 */
	const char *config;   /* JSON object */
	int64_t published_at; /* 0: a draft */
	int64_t created_at;
	int64_t updated_at;
};

/* Inserts one with a new id and the present time: a draft, or where it has
 * no agent, one that is published at once.  CONFLICT: the agent has a
 * version of this number. */
enum outcome agent_version_insert(struct db *db, const struct id *account,
    struct agent_version *version) MUSTCHECK;

/* NOT_FOUND. */
enum outcome agent_version_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct agent_version *version) MUSTCHECK;

/* NOT_FOUND. */
enum outcome agent_version_find_number(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent, int64_t number,
    struct agent_version *version) MUSTCHECK;

/* The published one of the highest number.  NOT_FOUND. */
enum outcome agent_version_find_published(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent,
    struct agent_version *version) MUSTCHECK;

#endif
