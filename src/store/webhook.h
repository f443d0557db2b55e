/*
 * Deliveries: what clients are told by webhook, each with the work that
 * delivers it and a row for every attempt.
 *
 * A delivery has one piece of work at a time: sending it again takes the
 * old one's place.  Whether it is pending or was given up is what became of
 * that work.
 */
#ifndef PARLEY_STORE_WEBHOOK_H
#define PARLEY_STORE_WEBHOOK_H

#include "model/webhook.h"

struct arena;
struct conversation;
struct db;
struct page;

/* The payload of the work. */
struct deliver_order {
	struct id delivery_id;
};

extern const struct schema deliver_order_schema;

struct delivery_query {
	struct id conversation_id; /* none: of every conversation */
	int64_t page, size;
};

/* Within the caller's transaction, writes that this document is to go to
 * `url`, and the work that brings it there.  Without a URL nothing is
 * written, and the id is none.  Two round trips. */
enum outcome webhook_enqueue(struct db *db, struct arena *arena,
    const struct conversation *conversation, const char *url,
    const char *document, struct id *delivery) MUSTCHECK;

/* The same of one message, by its seq, at `due`: the document is written
 * when it is first sent (webhook_compose), with what is known by then.  The
 * work's id.  Two round trips. */
enum outcome webhook_enqueue_message(struct db *db, struct arena *arena,
    const struct conversation *conversation, const char *url, int64_t seq,
    int64_t due, struct id *work) MUSTCHECK;

/* Writes the document of one that has none, for good.  NOT_FOUND: it has
 * one by now, or is gone. */
enum outcome webhook_compose(struct db *db, const struct id *account,
    const struct id *id, const char *document) MUSTCHECK;

/* One, without its attempts.  NOT_FOUND. */
enum outcome webhook_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct delivery *delivery) MUSTCHECK;

/* The newest of a conversation, with its attempts.  NOT_FOUND. */
enum outcome webhook_find_latest(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    struct delivery *delivery) MUSTCHECK;

/* One page, newest first, with their attempts: a page of struct delivery.
 * Three round trips. */
enum outcome webhook_list(struct db *db, struct arena *arena,
    const struct id *account, const struct delivery_query *query,
    struct page *page) MUSTCHECK;

/* Sends it again, from the beginning of the schedule; the work's id.
 * NOT_FOUND. */
enum outcome webhook_resend(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id, struct id *work) MUSTCHECK;

/* Records an attempt, and whether it got there; its number is given here.
 * NOT_FOUND: the delivery was deleted meanwhile. */
enum outcome webhook_record(struct db *db, const struct id *account,
    const struct delivery_attempt *attempt, bool delivered) MUSTCHECK;

/* Deletes all of a conversation for good. */
enum outcome webhook_delete_all(struct db *db, const struct id *account,
    const struct id *conversation) MUSTCHECK;

#endif
