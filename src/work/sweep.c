#include "base/base.h"

#include "work/sweep.h"

#include "base/log.h"
#include "base/when.h"
#include "db/pool.h"
#include "store/carrier_status.h"
#include "store/idempotency.h"
#include "store/work_queue.h"

#define PAUSE (5 * WHEN_SECOND)
#define MOST 512 /* rows of each */

/* What is deleted when its time is over; each says how many rows it were. */
static enum outcome (*const purges[])(
    struct db *db, int64_t now, int64_t most, int64_t *count) = {
	idempotency_purge,
	carrier_status_purge,
};

static void
take_back(struct db *db)
{
	int64_t count;

	if (work_take_back(db, when_now(), &count) == OK && count > 0)
		log_warning(
		    "%lld pieces of work were taken back", (long long)count);
}

/* Is there more? */
static bool
archive(struct db *db)
{
	int64_t count;

	return work_archive(db, MOST, &count) == OK && count >= MOST;
}

static bool
purge(struct db *db)
{
	int64_t count;
	bool more = false;
	size_t i;

	for (i = 0; i < COUNT(purges); i++)
		if (purges[i](db, when_now(), MOST, &count) == OK &&
		    count >= MOST)
			more = true;
	return more;
}

/* Where there is more it goes on after the next claims. */
void
sweep(struct db_pool *pool, int64_t *last)
{
	struct db *db;
	int64_t now = when_elapsed();
	bool more;

	if (*last != 0 && now - *last < PAUSE)
		return;
	db = db_pool_borrow(pool);
	take_back(db);
	more = archive(db);
	more |= purge(db);
	db_pool_return(pool, db);
	*last = more ? now - PAUSE : now;
}
