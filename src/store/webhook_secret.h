/*
 * The secrets that sign an account's webhooks, sealed.  At most
 * WEBHOOK_SECRETS are valid at once: the schema has so many slots.
 */
#ifndef PARLEY_STORE_WEBHOOK_SECRET_H
#define PARLEY_STORE_WEBHOOK_SECRET_H

#include "model/webhook.h"

struct arena;
struct db;
struct rows;

/* Those that are valid, newest first: rows of struct webhook_secret. */
enum outcome webhook_secret_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* NOT_FOUND, also of one that is no longer valid. */
enum outcome webhook_secret_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct webhook_secret *secret) MUSTCHECK;

/* Inserts one, with the present time; id and sealed are set.  The one
 * before it stays valid for `overlap` seconds.  CONFLICT: there are as many
 * as there may be.  AGAIN: another request made one at the same moment. */
enum outcome webhook_secret_insert(struct db *db, struct arena *arena,
    const struct id *account, int64_t overlap,
    struct webhook_secret *secret) MUSTCHECK;

/* Deletes it.  The one that is left, if there is one, does not expire: the
 * account has chosen to be sent signatures.  NOT_FOUND. */
enum outcome webhook_secret_delete(
    struct db *db, const struct id *account, const struct id *id) MUSTCHECK;

#endif
