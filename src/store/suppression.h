/*
 * The ledger of who is not written to: per account, channel and address,
 * with the reason.  The first reason stays.
 */
#ifndef PARLEY_STORE_SUPPRESSION_H
#define PARLEY_STORE_SUPPRESSION_H

#include "base/base.h"

struct arena;
struct db;
struct id;
struct rows;

struct suppression {
	const char *address;
	int reason; /* enum suppression_reason */
	int64_t created_at;
};

/* Is this address in it?  NOT_FOUND. */
enum outcome suppression_find(struct db *db, struct arena *arena,
    const struct id *account, int channel, const char *address,
    struct suppression *found) MUSTCHECK;

/* Does nothing where it is known already. */
enum outcome suppression_add(struct db *db, const struct id *account,
    int channel, const char *address, int reason) MUSTCHECK;

/* NOT_FOUND: it was not in it. */
enum outcome suppression_remove(struct db *db, const struct id *account,
    int channel, const char *address) MUSTCHECK;

/* Those of a channel, newest first, at most 1,000: rows of struct
 * suppression. */
enum outcome suppression_list(struct db *db, struct arena *arena,
    const struct id *account, int channel, struct rows *rows) MUSTCHECK;

#endif
