/*
 * The versions of pathways: documents, kept as they were pushed.
 *
 * Number 0 is the draft, which is edited; the others are snapshots with
 * numbers that are never used again.  The draft follows the version that is
 * being worked on: whoever writes the newest of those that were never in
 * production writes the draft too.  One that was in production once is never
 * written again, for conversations keep the version that they
 * began with; an archived one is gone for all others.  Every write of a
 * document counts its revision up.
 */
#ifndef PARLEY_STORE_PATHWAY_VERSION_H
#define PARLEY_STORE_PATHWAY_VERSION_H

#include "base/id.h"

#define PATHWAY_DRAFT 0
#define PATHWAY_EMPTY "{\"nodes\":[],\"edges\":[]}"

struct arena;
struct db;
struct pathway_head;
struct rows;

struct pathway_version {
	struct id id;
	int64_t number;
	const char *name;
	const char *document; /* JSON: nodes and edges; NULL: not read */
	int64_t revision;     /* 0: there is no row */
	int64_t published_at; /* first in production; 0: never */
	int64_t created_at;
	int64_t updated_at;
};

/* The number that is meant by a number, a version's name or id, "latest",
 * "production", "staging" or "draft"; NULL: production, else the latest.
 * NOT_FOUND, also when it is archived. */
enum outcome pathway_version_resolve(struct db *db, struct arena *arena,
    const struct id *account, const struct pathway_head *head, const char *word,
    int64_t *number) MUSTCHECK;

/* One that is not archived, with its document.  A draft that nobody wrote
 * yet is empty, of revision 0.  NOT_FOUND. */
enum outcome pathway_version_find(struct db *db, struct arena *arena,
    const struct id *account, const char *pathway, int64_t number,
    struct pathway_version *version) MUSTCHECK;

/* Those that are not archived, without the draft and without documents,
 * newest first, at most PATHWAY_LIST_MOST: rows of struct
 * pathway_version. */
enum outcome pathway_version_list(struct db *db, struct arena *arena,
    const struct id *account, const char *pathway, struct rows *rows) MUSTCHECK;

/* Adds the next version of a pathway that is held; name (NULL: "Version N")
 * and document are set.  The draft follows. */
enum outcome pathway_version_insert(struct db *db, struct arena *arena,
    const struct id *account, struct pathway_head *head,
    struct pathway_version *version) MUSTCHECK;

/* Writes name and document of a version that was found, or of the draft, of
 * a pathway that is held.  If it is being worked on, the draft follows. */
enum outcome pathway_version_write(struct db *db, struct arena *arena,
    const struct id *account, const char *pathway,
    struct pathway_version *version) MUSTCHECK;

/* Archives a version of a pathway that is held.  NOT_FOUND. */
enum outcome pathway_version_archive(struct db *db, const struct id *account,
    const char *pathway, int64_t number) MUSTCHECK;

#endif
