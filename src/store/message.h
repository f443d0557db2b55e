/*
 * Messages of conversations.  Whoever inserts one has the conversation
 * locked and takes seq from it.
 */
#ifndef PARLEY_STORE_MESSAGE_H
#define PARLEY_STORE_MESSAGE_H

#include "model/message.h"

struct arena;
struct db;
struct pair;
struct rows;

/* Inserts it.  CONFLICT: the account has a message with this carrier's
 * id. */
enum outcome message_insert(struct db *db, const struct id *account,
    const struct message *message) MUSTCHECK;

/* By the carrier's id: id, conversation and work of the message, also of a
 * deleted one.  NOT_FOUND. */
enum outcome message_find_carrier(struct db *db, struct arena *arena,
    const struct id *account, const char *carrier_message_id,
    struct message *message) MUSTCHECK;

/* Is there a message `seq` with this id?  NOT_FOUND. */
enum outcome message_exists(struct db *db, struct arena *arena,
    const struct id *account, const struct message *message) MUSTCHECK;

/* The messages of a conversation, in order, without deleted ones, `from`
 * and `to` set by the pair: rows of struct message. */
enum outcome message_list(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    const struct pair *pair, struct rows *rows) MUSTCHECK;

/* The same for all conversations of a pair, oldest first. */
enum outcome message_list_pair(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct rows *rows) MUSTCHECK;

/* How many are shown and not deleted after `seq`. */
enum outcome message_count_after(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation, int64_t seq,
    int64_t *count) MUSTCHECK;

/* What a pair's user was sent. */
struct message_sent {
	int64_t count;
	int64_t oldest; /* when the first of them was written */
};

/* What the agent, or a person in its place, has sent the user of a pair
 * since then, with what is on its way, and without what failed. */
enum outcome message_count_sent_since(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair, int64_t since,
    struct message_sent *sent) MUSTCHECK;

/* Marks one as deleted.  NOT_FOUND: there is none, or it was before. */
enum outcome message_mark_deleted(struct db *db, const struct id *account,
    const struct id *conversation, const struct id *id) MUSTCHECK;

/* Deletes all of a conversation for good. */
enum outcome message_delete_all(struct db *db, const struct id *account,
    const struct id *conversation) MUSTCHECK;

#endif
