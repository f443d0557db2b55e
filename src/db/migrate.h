/*
 * Migrations: numbered changes of the schema that only go forward.
 *
 * The files of sql/migrations are built into the programs, so the programs
 * know which schema they need and no file must be found at run time.  A
 * file is plain statements, each ended by ";" at the end of a line.  What
 * was applied stands in the table schema_migration with the SHA-256 of its
 * text; an applied migration that was edited later is refused.  Two that
 * run at once wait for one another.
 */
#ifndef PARLEY_DB_MIGRATE_H
#define PARLEY_DB_MIGRATE_H

#include "base/base.h"

struct arena;
struct buf;
struct config;
struct db;

struct migration {
	int64_t version;  /* 1, 2, ... without a gap */
	const char *name; /* the file's name without ".sql" */
	const char *sql;
};

extern const struct migration migrations[];
extern const size_t migrations_count;

/* Applies what is missing, a line for each in `report`.  INVALID (an edited
 * migration, or a schema newer than this program) with the reason in
 * `report`, UNAVAILABLE, FAULT. */
enum outcome migrate_run(struct arena *arena, const struct config *config,
    struct buf *report) MUSTCHECK;

/* The version of the schema: 0 for an empty database. */
enum outcome migrate_version(
    struct db *db, struct arena *arena, int64_t *version) MUSTCHECK;

/* The version that this program needs. */
int64_t migrate_needed(void);

/* The schema as it stands, as statements, tables by name. */
enum outcome migrate_schema(
    struct db *db, struct arena *arena, struct buf *out) MUSTCHECK;

#endif
