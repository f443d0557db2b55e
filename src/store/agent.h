/*
 * Agents: what is told of each beside its configs, which are in its versions
 * (store/agent_version.h).
 *
 * Whoever changes an agent or adds to its versions holds it first, so that
 * numbers of versions are given out one after another.
 */
#ifndef PARLEY_STORE_AGENT_H
#define PARLEY_STORE_AGENT_H

#include "base/id.h"
#include "store/agent_span.h"

#define AGENT_COUNT_MOST 10000

struct arena;
struct db;
struct rows;

struct agent_head {
	struct id id;
	const char *name;
	const char *description;
	bool active;
	bool is_demo;
	const char *metadata; /* JSON object; NULL: none */
	int64_t last_version; /* the highest number; 0: it has none yet */
	int64_t created_at;
	int64_t updated_at;
};

/* What a list is asked for; what is not said is all. */
struct agent_filter {
	const char *name;     /* a part of it, in any case */
	int active, is_demo;  /* enum either */
	const char *metadata; /* JSON object that is contained */
	struct agent_span span;
};

/* How much it has to do, counted up to AGENT_COUNT_MOST. */
struct agent_stats {
	int64_t conversations;
	int64_t active_conversations;
};

/* Who needs it. */
struct agent_users {
	const char *numbers;       /* up to 1000 bytes of them; NULL: none */
	const char *conversations; /* ids of up to three that are open */
};

/* Inserts one with a new id and the present time. */
enum outcome agent_insert(struct db *db, const struct id *account,
    struct agent_head *agent) MUSTCHECK;

/* NOT_FOUND. */
enum outcome agent_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct agent_head *agent) MUSTCHECK;

/* The same, and nobody else changes it or its versions until the transaction
 * ends.  NOT_FOUND. */
enum outcome agent_hold(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct agent_head *agent) MUSTCHECK;

/* Writes name, description, active, is_demo and metadata of one that is held,
 * and that it was changed now. */
enum outcome agent_update(struct db *db, const struct id *account,
    struct agent_head *agent) MUSTCHECK;

/* `limit` of them behind a cursor: rows of struct agent_head. */
enum outcome agent_list(struct db *db, struct arena *arena,
    const struct id *account, const struct agent_filter *filter,
    const struct cursor *behind, int64_t limit, struct rows *rows) MUSTCHECK;

enum outcome agent_count(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct agent_stats *stats) MUSTCHECK;

enum outcome agent_find_users(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct agent_users *users) MUSTCHECK;

/* Deletes one that is held, with its drafts.  What was published stays: the
 * conversations that it answered refer to it. */
enum outcome agent_delete(
    struct db *db, const struct id *account, const struct id *id) MUSTCHECK;

#endif
