/*
 * Parsed pathways, kept for the whole process.
 *
 * A version is read and parsed once, and again when its document was written
 * since: what is kept is known by its revision, which one small query asks
 * for.  So a draft can be kept as well as a version that was published, and
 * one that was deleted is never run.
 *
 * Any thread may call.  What is kept never changes; whoever has loaded one
 * holds it until the arena is cleared, even when it is put out meanwhile.
 * At most PATHWAY_CACHE_VERSIONS are kept, of at most PATHWAY_CACHE_BYTES of
 * documents together; who was used last stays longest.
 */
#ifndef PARLEY_STORE_PATHWAY_CACHE_H
#define PARLEY_STORE_PATHWAY_CACHE_H

#include "base/base.h"

#define PATHWAY_CACHE_VERSIONS 256
#define PATHWAY_CACHE_BYTES (16 << 20)

struct arena;
struct db;
struct id;
struct pathway;

/* The version of this number (0: the draft), archived or not, parsed.  It is
 * the cache's: read only, and no longer than the arena lives.  NOT_FOUND:
 * there is no such pathway, or no such version of it.  INVALID: its document
 * is no pathway. */
enum outcome pathway_load(struct db *db, struct arena *arena,
    const struct id *account, const char *id, int64_t number,
    const struct pathway **pathway) MUSTCHECK;

/* How many versions are kept, and how many were parsed since the process
 * began. */
size_t pathway_cache_count(void);
size_t pathway_cache_parsed(void);

/* Puts all out: for tests, and before a process ends. */
void pathway_cache_clear(void);

#endif
