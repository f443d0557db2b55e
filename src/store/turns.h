/*
 * The traces of turns: one row for each time that an agent took its turn,
 * also for those that were thrown away or failed.
 */
#ifndef PARLEY_STORE_TURNS_H
#define PARLEY_STORE_TURNS_H

#include "model/turn_record.h"

struct arena;
struct db;
struct page;
struct rows;

/* Inserts it under its id, account and conversation. */
enum outcome turns_insert(
    struct db *db, const struct turn_record *record) MUSTCHECK;

/* NOT_FOUND. */
enum outcome turns_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    const struct id *id, struct turn_record *record) MUSTCHECK;

/* One page of a conversation's, newest first: a page of struct turn_record.
 * Two round trips. */
enum outcome turns_list(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation, int64_t number,
    int64_t size, struct page *page) MUSTCHECK;

/* How many of a conversation's were kept (not thrown away, and not failed),
 * and how long their traces are together. */
struct turns_size {
	int64_t turns;
	int64_t bytes;
};

enum outcome turns_measure(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    struct turns_size *size) MUSTCHECK;

/* At most `most` of those after the one of this id (NULL: from the first),
 * oldest first: rows of struct turn_record. */
enum outcome turns_list_done(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    const struct id *after, int64_t most, struct rows *rows) MUSTCHECK;

/* Deletes all of a conversation for good. */
enum outcome turns_delete_all(struct db *db, const struct id *account,
    const struct id *conversation) MUSTCHECK;

#endif
