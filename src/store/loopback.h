/*
 * What the loopback carrier was given.
 */
#ifndef PARLEY_STORE_LOOPBACK_H
#define PARLEY_STORE_LOOPBACK_H

#include "base/base.h"
#include "base/id.h"

struct arena;
struct db;

struct loopback_message {
	const char *id; /* the carrier's */
	const char *from, *to, *text;
	struct id message_id;
	int64_t created_at;
};

/* Keeps it, with the present time.  CONFLICT: it has this message. */
enum outcome loopback_insert(struct db *db, const struct id *account,
    struct loopback_message *message) MUSTCHECK;

/* By the id that the message has with us.  NOT_FOUND. */
enum outcome loopback_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *message_id,
    struct loopback_message *message) MUSTCHECK;

#endif
