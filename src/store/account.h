/*
 * Accounts.
 */
#ifndef PARLEY_STORE_ACCOUNT_H
#define PARLEY_STORE_ACCOUNT_H

#include "model/account.h"

struct arena;
struct db;
struct rows;

/* Inserts it, with a new id and the present time.  CONFLICT: the name is
 * taken. */
enum outcome account_insert(struct db *db, struct account *account) MUSTCHECK;

/* By its id as text, or by its name.  NOT_FOUND. */
enum outcome account_find(struct db *db, struct arena *arena,
    const char *id_or_name, struct account *account) MUSTCHECK;

/* All of them, oldest first: rows of struct account. */
enum outcome account_list(
    struct db *db, struct arena *arena, struct rows *rows) MUSTCHECK;

#endif
