#include "base/base.h"

#include "db/pool.h"

#include "base/arena.h"
#include "db/db.h"
#include "db/tx.h"

#include <pthread.h>

struct db_pool {
	pthread_mutex_t lock;
	pthread_cond_t returned;
	struct db **idle; /* the last one returned is the first one lent */
	size_t count;
};

struct db_pool *
db_pool_new(struct arena *arena, const struct config *config, size_t count)
{
	struct db_pool *pool = arena_alloc(arena, sizeof(*pool));
	size_t i;

	(void)pthread_mutex_init(&pool->lock, NULL);
	(void)pthread_cond_init(&pool->returned, NULL);
	pool->idle = arena_alloc(arena, count * sizeof(*pool->idle));
	for (i = 0; i < count; i++)
		pool->idle[i] = db_new(arena, config);
	pool->count = count;
	return pool;
}

struct db *
db_pool_borrow(struct db_pool *pool)
{
	struct db *db;

	(void)pthread_mutex_lock(&pool->lock);
	while (pool->count == 0)
		(void)pthread_cond_wait(&pool->returned, &pool->lock);
	db = pool->idle[--pool->count];
	(void)pthread_mutex_unlock(&pool->lock);
	return db;
}

void
db_pool_return(struct db_pool *pool, struct db *db)
{
	(void)pthread_mutex_lock(&pool->lock);
	pool->idle[pool->count++] = db;
	(void)pthread_cond_signal(&pool->returned);
	(void)pthread_mutex_unlock(&pool->lock);
}

enum outcome
db_pool_run(struct db_pool *pool, const struct tx *tx)
{
	struct db *db = db_pool_borrow(pool);
	enum outcome rc = tx_run(db, tx);

	db_pool_return(pool, db);
	return rc;
}
