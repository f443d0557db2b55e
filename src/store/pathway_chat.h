/*
 * Chats with pathways: conversations without a carrier, by which a client
 * tries what it wrote.
 *
 * The API writes the work of a turn and its id here; the worker that took
 * the turn writes what came of it and takes the id away.  Another turn may
 * be asked for when there is no id, or its work is at its end.  A chat is
 * kept for PATHWAY_CHAT_DAYS after its last turn.
 */
#ifndef PARLEY_STORE_PATHWAY_CHAT_H
#define PARLEY_STORE_PATHWAY_CHAT_H

#include "base/id.h"

#define PATHWAY_CHAT_DAYS 30
#define PATHWAY_CHAT_MESSAGES 500

struct arena;
struct db;

struct pathway_chat {
	struct id id;
	const char *pathway_id;
	int64_t version;
	struct id work_id; /* zeros: none */
	bool completed;
	const char *state;     /* model/turn_state; NULL: it has not begun */
	const char *node_name; /* NULL: the same */
	const char *variables; /* JSON object; NULL: none */
	const char *history;   /* JSON array of role and content */
	int64_t created_at, updated_at;
};

/* Inserts one with the present time, and deletes what is too old. */
enum outcome pathway_chat_insert(struct db *db, const struct id *account,
    struct pathway_chat *chat) MUSTCHECK;

/* NOT_FOUND. */
enum outcome pathway_chat_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct pathway_chat *chat) MUSTCHECK;

/* The same, and nobody else changes it until the transaction ends. */
enum outcome pathway_chat_lock(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct pathway_chat *chat) MUSTCHECK;

/* Writes all of one that is locked, with the present time. */
enum outcome pathway_chat_save(struct db *db, const struct id *account,
    struct pathway_chat *chat) MUSTCHECK;

#endif
