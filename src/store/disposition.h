/*
 * Outcomes with their versions, and what came of them for a conversation.
 *
 * A version never changes: to change an outcome is to add one.
 */
#ifndef PARLEY_STORE_DISPOSITION_H
#define PARLEY_STORE_DISPOSITION_H

#include "model/analysis.h"
#include "model/disposition.h"

struct arena;
struct db;
struct rows;

/* Inserts it as its version 1, with the present time; id is set. */
enum outcome disposition_insert(struct db *db, struct arena *arena,
    const struct id *account, struct disposition *disposition) MUSTCHECK;

/* By its id.  NOT_FOUND. */
enum outcome disposition_find(struct db *db, struct arena *arena,
    const struct id *account, const char *id,
    struct disposition *disposition) MUSTCHECK;

/* The same, locked until the transaction ends. */
enum outcome disposition_lock(struct db *db, struct arena *arena,
    const struct id *account, const char *id,
    struct disposition *disposition) MUSTCHECK;

/* By its id, or else by its name, of several the oldest.  NOT_FOUND. */
enum outcome disposition_refer(struct db *db, struct arena *arena,
    const struct id *account, const char *reference,
    struct disposition *disposition) MUSTCHECK;

/* All of an account, oldest first: rows of struct disposition. */
enum outcome disposition_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* Every version of one, newest first: the same rows. */
enum outcome disposition_versions(struct db *db, struct arena *arena,
    const struct id *account, const char *id, struct rows *rows) MUSTCHECK;

/* Writes a locked one as its next version. */
enum outcome disposition_save(struct db *db, struct arena *arena,
    const struct id *account, struct disposition *disposition) MUSTCHECK;

/* Deletes it with its versions.  NOT_FOUND. */
enum outcome disposition_delete(
    struct db *db, const struct id *account, const char *id) MUSTCHECK;

/* Writes what came of the outcomes among `findings`, in place of what is
 * there of the conversation, which is locked. */
enum outcome disposition_log_write(struct db *db, const struct id *account,
    const struct id *conversation, const struct list *findings) MUSTCHECK;

/* In their order: rows of struct finding. */
enum outcome disposition_log_list(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    struct rows *rows) MUSTCHECK;

/* Deletes what came of them for good. */
enum outcome disposition_log_delete(struct db *db, const struct id *account,
    const struct id *conversation) MUSTCHECK;

#endif
