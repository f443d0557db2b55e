/*
 * The tools of an account: documents, kept as they were given.
 */
#ifndef PARLEY_STORE_TOOL_H
#define PARLEY_STORE_TOOL_H

#include "base/id.h"
#include "model/tool.h"

#define TOOLS_RESOLVED_MOST 100

struct arena;
struct config;
struct db;
struct rows;

/* A tool that is wanted and cannot be used. */
struct tool_missing {
	const char *reference; /* as it was given */
	const char *reason;    /* in words */
};

/* Inserts one with a new id and the present time; name and document are
 * set. */
enum outcome tool_insert(struct db *db, struct arena *arena,
    const struct id *account, struct tool *tool) MUSTCHECK;

/* The row of an id, be it written with its prefix or without.  The document
 * is not read (tool_read).  NOT_FOUND. */
enum outcome tool_find(struct db *db, struct arena *arena,
    const struct id *account, const char *id, struct tool *tool) MUSTCHECK;

/* The same, and nobody else changes it until the transaction ends. */
enum outcome tool_hold(struct db *db, struct arena *arena,
    const struct id *account, const char *id, struct tool *tool) MUSTCHECK;

/* Writes name and document of one that is held. */
enum outcome tool_update(
    struct db *db, const struct id *account, const struct tool *tool) MUSTCHECK;

/* NOT_FOUND. */
enum outcome tool_delete(struct db *db, struct arena *arena,
    const struct id *account, const char *id) MUSTCHECK;

/* `limit` of them from `offset`, newest first: rows of struct tool. */
enum outcome tool_list(struct db *db, struct arena *arena,
    const struct id *account, int64_t limit, int64_t offset,
    struct rows *rows) MUSTCHECK;

/* The tools that a JSON array refers to, by id, by name or with definitions
 * in place, read and named for the model: `tools` is of struct tool.  What is
 * not there (any more), or cannot be read, is left out and told in `missing`,
 * of struct tool_missing. */
enum outcome tool_resolve(struct db *db, struct arena *arena,
    const struct config *config, const struct id *account,
    const char *references, struct list *tools, struct list *missing) MUSTCHECK;

#endif
