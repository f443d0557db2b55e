/*
 * Carriers, with their credentials sealed.
 */
#ifndef PARLEY_STORE_CARRIER_H
#define PARLEY_STORE_CARRIER_H

#include "model/carrier.h"

struct arena;
struct db;
struct rows;

/* Inserts it, with the present time; id and sealed are set.  CONFLICT: this
 * account of the provider is taken. */
enum outcome carrier_insert(
    struct db *db, const struct id *account, struct carrier *carrier) MUSTCHECK;

/* NOT_FOUND. */
enum outcome carrier_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct carrier *carrier) MUSTCHECK;

/* That by which a number's messages leave.  NOT_FOUND: the account has no such
 * number. */
enum outcome carrier_find_for(struct db *db, struct arena *arena,
    const struct id *account, const char *number,
    struct carrier *carrier) MUSTCHECK;

/* By the provider's name for the account, for a provider that calls: whose
 * it is comes out as well.  NOT_FOUND. */
enum outcome carrier_find_provider(struct db *db, struct arena *arena, int kind,
    const char *account_sid, struct id *account,
    struct carrier *carrier) MUSTCHECK;

/* The account's oldest of this kind.  NOT_FOUND. */
enum outcome carrier_find_kind(struct db *db, struct arena *arena,
    const struct id *account, enum carrier_kind kind,
    struct carrier *carrier) MUSTCHECK;

/* By its id alone, for a provider that calls an address which has it: whose
 * it is and what its calls are signed with.  NOT_FOUND. */
enum outcome carrier_find_hook(struct db *db, struct arena *arena,
    const struct id *id, struct id *account, struct carrier *carrier) MUSTCHECK;

/* An account's carriers, oldest first: rows of struct carrier. */
enum outcome carrier_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* Locks it and everything that may come to refer to it, then deletes it.
 * NOT_FOUND; CONFLICT: numbers still use it. */
enum outcome carrier_delete(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id) MUSTCHECK;

/* Locks it until the transaction ends, so that it is not deleted while a
 * number comes to refer to it.  NOT_FOUND. */
enum outcome carrier_hold(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct carrier *carrier) MUSTCHECK;

#endif
