/*
 * Folders to keep pathways in, one within another.
 */
#ifndef PARLEY_STORE_PATHWAY_FOLDER_H
#define PARLEY_STORE_PATHWAY_FOLDER_H

#include "base/id.h"

#define PATHWAY_FOLDERS_MOST 1000 /* of an account */
#define PATHWAY_FOLDER_DEPTH 10

struct arena;
struct db;
struct rows;

struct pathway_folder {
	struct id id;
	const char *name;
	struct id parent_id; /* none: it is at the top */
	int64_t created_at;
};

/* By name, at most PATHWAY_FOLDERS_MOST: rows of struct pathway_folder. */
enum outcome pathway_folder_list(struct db *db, struct arena *arena,
    const struct id *account, struct rows *rows) MUSTCHECK;

/* NOT_FOUND. */
enum outcome pathway_folder_find(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct pathway_folder *folder) MUSTCHECK;

/* Can a folder (none: a new one) be in this parent?  NOT_FOUND: there is no
 * such parent.  CONFLICT: it would be in itself.  LIMITED: too deep. */
enum outcome pathway_folder_fits(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    const struct id *parent) MUSTCHECK;

/* Inserts one with a new id and the present time.  LIMITED: the account has
 * as many as it may. */
enum outcome pathway_folder_insert(struct db *db, struct arena *arena,
    const struct id *account, struct pathway_folder *folder) MUSTCHECK;

/* Writes name and parent. */
enum outcome pathway_folder_update(struct db *db, const struct id *account,
    const struct pathway_folder *folder) MUSTCHECK;

/* NOT_FOUND.  CONFLICT: something is in it. */
enum outcome pathway_folder_delete(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id) MUSTCHECK;

#endif
