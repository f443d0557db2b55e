/*
 * The secrets of an account, sealed.  At most SECRETS_MOST, so that all of
 * them can be opened at once.
 */
#ifndef PARLEY_STORE_SECRET_H
#define PARLEY_STORE_SECRET_H

#include "model/secret.h"

struct arena;
struct db;
struct json_object;
struct rows;

/* All, by name, without their values: rows of struct secret. */
enum outcome secret_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* By name, in any case, or by id.  NOT_FOUND. */
enum outcome secret_find(struct db *db, struct arena *arena,
    const struct id *account, const char *word,
    struct secret *secret) MUSTCHECK;

/* Seals `value` under the server's key and keeps it as `name`, be there one
 * of this name or not; sets the rest of it.  Within a transaction.  LIMITED:
 * there are as many as there may be.  AGAIN: another request made one of the
 * same name at the same moment. */
enum outcome secret_save(struct db *db, struct arena *arena,
    const unsigned char *key, const struct id *account,
    struct secret *secret) MUSTCHECK;

/* By name or id.  NOT_FOUND. */
enum outcome secret_delete(struct db *db, struct arena *arena,
    const struct id *account, const char *word) MUSTCHECK;

/* All of them in clear, as the object that model/template looks secrets up
 * in, in the arena; empty where `key` is NULL.  One that does not open,
 * because it was sealed under another key, is left out and logged. */
enum outcome secret_list_open(struct db *db, struct arena *arena,
    const unsigned char *key, const struct id *account,
    struct json_object **secrets) MUSTCHECK;

#endif
