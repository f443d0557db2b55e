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
#include "store/agent_span.h"

#define AGENT_VERSIONS_SHOWN 100

struct agent_head;
struct arena;
struct db;
struct rows;

struct agent_version {
	struct id id;
	struct id agent_id;   /* none: it came with a conversation */
	int64_t version;      /* counted from 1 within the agent; else 0 */
	const char *config;   /* JSON object */
	int64_t published_at; /* 0: a draft */
	int64_t created_at;
	int64_t updated_at;

	/* May it begin conversations?  Not if its agent is not active, or was
	 * deleted. */
	bool is_active;
};

/* What a list is asked for; what is not said is all. */
struct agent_version_filter {
	int64_t version;
	int published; /* enum either */
	struct agent_span span;
};

/* Inserts one with a new id and the present time: a draft, or where it has
 * no agent, one that is published at once.  CONFLICT: the agent has a
 * version of this number. */
enum outcome agent_version_insert(struct db *db, const struct id *account,
    struct agent_version *version) MUSTCHECK;

/* By its id, also where its agent was deleted since.  NOT_FOUND. */
enum outcome agent_version_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct agent_version *version) MUSTCHECK;

/* Of an agent that is there.  NOT_FOUND. */
enum outcome agent_version_find_number(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent, int64_t number,
    struct agent_version *version) MUSTCHECK;

/* Of an agent that is there the published one of the highest number.
 * NOT_FOUND. */
enum outcome agent_version_find_published(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent,
    struct agent_version *version) MUSTCHECK;

/* The one of the highest number, be it published or not.  NOT_FOUND. */
enum outcome agent_version_find_last(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent,
    struct agent_version *version) MUSTCHECK;

/* `limit` of an agent's behind a cursor: rows of struct agent_version. */
enum outcome agent_version_list(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent,
    const struct agent_version_filter *filter, const struct cursor *behind,
    int64_t limit, struct rows *rows) MUSTCHECK;

/* The newest AGENT_VERSIONS_SHOWN: the same rows, without their configs. */
enum outcome agent_version_heads(struct db *db, struct arena *arena,
    const struct id *account, const struct id *agent,
    struct rows *rows) MUSTCHECK;

/* Adds a draft with a config as the next version of an agent that is held. */
enum outcome agent_version_add(struct db *db, const struct id *account,
    struct agent_head *agent, const char *config,
    struct agent_version *version) MUSTCHECK;

/* Writes the config of a draft.  CONFLICT: it is published. */
enum outcome agent_version_write(struct db *db, const struct id *account,
    struct agent_version *version) MUSTCHECK;

/* Publishes one of an agent that is held, if it is a draft. */
enum outcome agent_version_publish(struct db *db, const struct id *account,
    struct agent_version *version) MUSTCHECK;

#endif
