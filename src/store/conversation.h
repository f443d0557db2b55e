/*
 * The rows of conversations, a statement each.  What happens to a
 * conversation in one transaction is thread.h.
 */
#ifndef PARLEY_STORE_CONVERSATION_H
#define PARLEY_STORE_CONVERSATION_H

#include "model/conversation.h"

struct arena;
struct db;
struct rows;
struct work;

/* By its id.  NOT_FOUND. */
enum outcome conversation_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct conversation *conversation) MUSTCHECK;

/* The same, locked until the transaction ends. */
enum outcome conversation_lock(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct conversation *conversation) MUSTCHECK;

/* The one that a claimed piece of work is about, and the piece: both are
 * locked, in one round trip.  An id of zeros: the conversation is gone.
 * NOT_FOUND: the piece is not ours any more. */
enum outcome conversation_lock_for(struct db *db, struct arena *arena,
    const struct work *work, struct conversation *conversation) MUSTCHECK;

/* The open conversation of a pair, locked.  NOT_FOUND: there is none, and
 * nothing is locked. */
enum outcome conversation_lock_open(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct conversation *conversation) MUSTCHECK;

/* The open conversation of a pair, or where there is none one of those that
 * have ended, whichever; locked.  NOT_FOUND: it never had one. */
enum outcome conversation_lock_any(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct conversation *conversation) MUSTCHECK;

/* The one of a pair that was opened last, open or not, locked.  NOT_FOUND. */
enum outcome conversation_lock_last(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct conversation *conversation) MUSTCHECK;

/* At most `most` of those that are in this pathway and were opened from
 * `since` until before `until`, newest first: rows of struct conversation. */
enum outcome conversation_list_pathway(struct db *db, struct arena *arena,
    const struct id *account, const char *pathway, int64_t since, int64_t until,
    int64_t most, struct rows *rows) MUSTCHECK;

/* Inserts it, with what lists find it by: two round trips.  CONFLICT: the
 * pair has an open one by now. */
enum outcome conversation_insert(
    struct db *db, const struct conversation *conversation) MUSTCHECK;

/* Writes everything that can change.  CONFLICT: it is to be open, and the
 * pair has another that is. */
enum outcome conversation_save(
    struct db *db, const struct conversation *conversation) MUSTCHECK;

/* Writes silence_work_id and updated_at alone. */
enum outcome conversation_save_clock(
    struct db *db, const struct conversation *conversation) MUSTCHECK;

/* Deletes the row for good, and what lists find it by; it is locked. */
enum outcome conversation_delete(
    struct db *db, const struct conversation *conversation) MUSTCHECK;

/* All of a pair, whether open or not, locked, oldest first: rows of struct
 * conversation. */
enum outcome conversation_lock_pair(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair,
    struct rows *rows) MUSTCHECK;

#endif
