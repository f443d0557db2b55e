/*
 * The answers of requests that carried an Idempotency-Key, kept for a day.
 */
#ifndef PARLEY_STORE_IDEMPOTENCY_H
#define PARLEY_STORE_IDEMPOTENCY_H

#include "base/base.h"
#include "base/id.h"
#include "base/secret.h"

#define IDEMPOTENCY_DAYS 1

struct arena;
struct db;

struct idempotency {
	unsigned char request_digest[SECRET_DIGEST]; /* method, path and key */
	unsigned char body_digest[SECRET_DIGEST];
	int64_t status;
	const char *answer;
	int64_t expires_at;
};

/* Claims the key within the request's transaction, waiting for whoever has
 * it.  CONFLICT: it was used before, read it.  AGAIN: the first use is
 * still under way. */
enum outcome idempotency_claim(struct db *db, const struct id *account,
    const struct idempotency *row) MUSTCHECK;

/* Reads what a key was answered with.  NOT_FOUND. */
enum outcome idempotency_find(struct db *db, struct arena *arena,
    const struct id *account, struct idempotency *row) MUSTCHECK;

/* Keeps the answer of a claimed key. */
enum outcome idempotency_keep(struct db *db, const struct id *account,
    const struct idempotency *row) MUSTCHECK;

/* Forgets a key whose time is over. */
enum outcome idempotency_delete(struct db *db, const struct id *account,
    const struct idempotency *row) MUSTCHECK;

/* Deletes keys of all accounts whose time is over, `most` at a time; how many
 * they were. */
enum outcome idempotency_purge(
    struct db *db, int64_t now, int64_t most, int64_t *count) MUSTCHECK;

#endif
