/*
 * Connections that threads borrow for a transaction and give back before
 * they call anything else, so that a thousand pieces of work that wait for
 * the outside hold a handful of connections.
 */
#ifndef PARLEY_DB_POOL_H
#define PARLEY_DB_POOL_H

#include "base/base.h"

struct arena;
struct config;
struct db;
struct db_pool;
struct tx;

/* `count` connections that are made when they are first needed.  They live
 * in the arena. */
struct db_pool *db_pool_new(
    struct arena *arena, const struct config *config, size_t count);

/* Waits for a free one. */
struct db *db_pool_borrow(struct db_pool *pool);
void db_pool_return(struct db_pool *pool, struct db *db);

/* Runs a transaction on a borrowed connection; ends as tx_run does. */
enum outcome db_pool_run(struct db_pool *pool, const struct tx *tx) MUSTCHECK;

#endif
