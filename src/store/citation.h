/*
 * Citation schemas.
 */
#ifndef PARLEY_STORE_CITATION_H
#define PARLEY_STORE_CITATION_H

#include "model/citation.h"

struct arena;
struct db;
struct rows;

/* Inserts it with the present time; id is set. */
enum outcome citation_insert(struct db *db, struct arena *arena,
    const struct id *account, struct citation_schema *schema) MUSTCHECK;

/* By its id.  NOT_FOUND. */
enum outcome citation_find(struct db *db, struct arena *arena,
    const struct id *account, const char *id,
    struct citation_schema *schema) MUSTCHECK;

/* The same, locked until the transaction ends. */
enum outcome citation_lock(struct db *db, struct arena *arena,
    const struct id *account, const char *id,
    struct citation_schema *schema) MUSTCHECK;

/* By its id, or else by its name, of several the oldest.  NOT_FOUND. */
enum outcome citation_refer(struct db *db, struct arena *arena,
    const struct id *account, const char *reference,
    struct citation_schema *schema) MUSTCHECK;

/* All of an account, oldest first: rows of struct citation_schema. */
enum outcome citation_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* Writes a locked one. */
enum outcome citation_save(struct db *db, struct arena *arena,
    const struct id *account, const struct citation_schema *schema) MUSTCHECK;

/* NOT_FOUND. */
enum outcome citation_delete(
    struct db *db, const struct id *account, const char *id) MUSTCHECK;

#endif
