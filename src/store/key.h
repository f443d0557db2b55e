/*
 * API keys.
 */
#ifndef PARLEY_STORE_KEY_H
#define PARLEY_STORE_KEY_H

#include "model/key.h"

struct arena;
struct db;
struct rows;

/* Inserts a key that key_make made. */
enum outcome key_insert(struct db *db, struct key *key) MUSTCHECK;

/* The key with this id, whatever its state, and its account's name: the one
 * read that is not by account.  NOT_FOUND.  One round trip. */
enum outcome key_find(struct db *db, struct arena *arena, const struct id *id,
    struct key *key) MUSTCHECK;

/* An account's keys, oldest first: rows of struct key. */
enum outcome key_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* Revokes one; a key that is revoked already stays as it is.
 * NOT_FOUND. */
enum outcome key_revoke(
    struct db *db, const struct id *account, const struct id *id) MUSTCHECK;

#endif
