/*
 * Pathways: what is told of each beside its documents, which are in its
 * versions (store/pathway_version.h).
 *
 * New conversations follow the version in production, those that ask for it
 * the one in staging.  The newest version is the one with the highest
 * number; 0 is the draft's.
 */
#ifndef PARLEY_STORE_PATHWAY_H
#define PARLEY_STORE_PATHWAY_H

#include "base/id.h"

#define PATHWAY_LIST_MOST 1000

struct arena;
struct db;
struct rows;

enum pathway_environment { PATHWAY_PRODUCTION, PATHWAY_STAGING };

struct pathway_head {
	const char *id;
	const char *name;
	const char *description;
	struct id folder_id;
	int64_t production; /* 0: none */
	int64_t staging;    /* 0: none */
	int64_t latest;     /* 0: there is only the draft, at most */
	int64_t published_at;
	int64_t created_at;
	int64_t updated_at;
};

/* Who is in a pathway. */
struct pathway_users {
	const char *numbers; /* up to 1000 bytes of them; NULL: none */
	int64_t conversations;
};

/* Inserts one with a new id and the present time; name, description and
 * folder are set.  It has no version yet, and no draft. */
enum outcome pathway_insert(struct db *db, struct arena *arena,
    const struct id *account, struct pathway_head *head) MUSTCHECK;

/* NOT_FOUND. */
enum outcome pathway_head_find(struct db *db, struct arena *arena,
    const struct id *account, const char *id,
    struct pathway_head *head) MUSTCHECK;

/* The same, and nobody else changes it or its versions until the transaction
 * ends.  NOT_FOUND. */
enum outcome pathway_hold(struct db *db, struct arena *arena,
    const struct id *account, const char *id,
    struct pathway_head *head) MUSTCHECK;

/* Writes name, description and folder of one that is held, and that it was
 * changed now. */
enum outcome pathway_update(struct db *db, const struct id *account,
    struct pathway_head *head) MUSTCHECK;

/* Lets an environment of one that is held follow a version, and keeps in
 * the version that it was in production. */
enum outcome pathway_publish(struct db *db, const struct id *account,
    struct pathway_head *head, enum pathway_environment environment,
    int64_t number) MUSTCHECK;

/* `limit` of them from `offset`, newest first: rows of struct
 * pathway_head. */
enum outcome pathway_list(struct db *db, struct arena *arena,
    const struct id *account, int64_t limit, int64_t offset,
    struct rows *rows) MUSTCHECK;

/* The same of one folder, at most PATHWAY_LIST_MOST. */
enum outcome pathway_list_folder(struct db *db, struct arena *arena,
    const struct id *account, const struct id *folder,
    struct rows *rows) MUSTCHECK;

/* The numbers whose agent it is, and the open conversations in it. */
enum outcome pathway_find_users(struct db *db, struct arena *arena,
    const struct id *account, const char *id,
    struct pathway_users *users) MUSTCHECK;

/* Deletes one with its versions.  NOT_FOUND. */
enum outcome pathway_delete(
    struct db *db, const struct id *account, const char *id) MUSTCHECK;

#endif
