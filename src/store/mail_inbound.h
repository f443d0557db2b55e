/*
 * A mail as it arrived: on disk before anybody is told that we have it, and
 * read later by the worker (kind `receive`).
 */
#ifndef PARLEY_STORE_MAIL_INBOUND_H
#define PARLEY_STORE_MAIL_INBOUND_H

#include "base/base.h"
#include "base/id.h"

struct arena;
struct db;

struct mail_inbound {
	struct id id;
	const char *recipient;     /* for whom it was taken; NULL: unknown */
	const char *envelope_from; /* NULL: unknown; "": nobody */
	const char *bytes;
	size_t length;
	bool repeated; /* out: it was here before, and nothing was stored */
};

/* Stores the mail and the work that reads it, once for a recipient however
 * often it comes: `message_id` (NULL: none) tells the same from another.  It
 * may be run again. */
enum outcome mail_inbound_store(struct db *db, struct arena *arena,
    const struct id *account, const char *message_id,
    struct mail_inbound *mail) MUSTCHECK;

/* With all of its bytes.  NOT_FOUND: it was never, or has been read. */
enum outcome mail_inbound_load(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct mail_inbound *mail) MUSTCHECK;

/* Its bytes go; that it was here stays known. */
enum outcome mail_inbound_forget(
    struct db *db, const struct id *account, const struct id *id) MUSTCHECK;

/* Takes a token that signs a call of a provider.  CONFLICT: it was used
 * before.  Those of more than a day ago are forgotten. */
enum outcome hook_token_take(
    struct db *db, const struct id *account, const char *token) MUSTCHECK;

#endif
