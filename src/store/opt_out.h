/*
 * Who said STOP to a number: per account, channel, number and user.
 */
#ifndef PARLEY_STORE_OPT_OUT_H
#define PARLEY_STORE_OPT_OUT_H

#include "base/base.h"

struct arena;
struct db;
struct id;
struct pair;

/* OK: this user wants nothing from this number.  NOT_FOUND. */
enum outcome opt_out_find(struct db *db, struct arena *arena,
    const struct id *account, const struct pair *pair) MUSTCHECK;

/* Does nothing where it is known already. */
enum outcome opt_out_add(
    struct db *db, const struct id *account, const struct pair *pair) MUSTCHECK;

enum outcome opt_out_remove(
    struct db *db, const struct id *account, const struct pair *pair) MUSTCHECK;

#endif
