#include "base/base.h"

#include "work/carrying.h"

#include "base/secret.h"
#include "db/pool.h"
#include "db/tx.h"
#include "model/carrier.h"
#include "upstream/carrier.h"
#include "work/kinds.h"

#define RETRY_AFTER_MOST 3600 /* seconds that a carrier may ask for */

bool
carrying_unseal(const struct job *job, struct carrier *carrier)
{
	return carrier->sealed == NULL ||
	       (job->secret_key != NULL &&
		   secret_open(job->arena, job->secret_key,
		       id_text(job->arena, &carrier->id), carrier->sealed,
		       &carrier->auth_token) == OK);
}

bool
carrying_open(
    const struct job *job, struct carrier *carrier, struct carrier_line *line)
{
	*line = (struct carrier_line){
		.arena = job->arena,
		.config = job->config,
		.pool = job->pool,
		.account_id = job->work.account_id,
		.carrier = carrier,
	};
	return carrying_unseal(job, carrier);
}

/* One that was found, and whether it is known. */
struct looking {
	struct job *job;
	carrying_known *known;
	const char *carrier_id;
};

static enum outcome
known_within(struct db *db, void *context)
{
	const struct looking *looking = context;
	const struct job *job = looking->job;

	return looking->known(
	    db, job->arena, &job->work.account_id, looking->carrier_id);
}

static enum outcome
is_known(struct job *job, carrying_known *known, const char *carrier_id)
{
	struct looking looking = { job, known, carrier_id };
	const struct tx tx = { known_within, tx_repeat, &looking };

	return db_pool_run(job->pool, &tx);
}

enum outcome
carrying_choose(struct job *job, enum outcome rc, const char *reason,
    const struct carrier_found *found, carrying_known *known,
    struct carrier_answer *answer)
{
	size_t i;

	if (rc == OK)
		reason = "the store could not be read";
	for (i = 0; rc == OK && i < found->count; i++) {
		rc = is_known(job, known, found->list[i].carrier_message_id);
		if (rc == NOT_FOUND) {
			answer->receipt = found->list[i];
			answer->fate = CARRIER_ACCEPTED;
			return rc;
		}
	}
	*answer = (struct carrier_answer){
		.fate = CARRIER_UNKNOWN,
		.reason = reason,
	};
	return rc == OK ? OK : AGAIN;
}

bool
carrying_is_over(const struct job *job)
{
	return job->work.attempt > (int64_t)kinds[job->work.kind].tries + 1;
}

/* One more look follows the last try. */
enum outcome
carrying_again(struct job *job, const struct carrier_answer *answer)
{
	bool is_unknown = answer->fate == CARRIER_UNKNOWN;
	int64_t now = when_now(), earliest = now, asked = answer->retry_after;

	if (is_unknown)
		earliest += CARRYING_PAUSE;
	else
		earliest +=
		    WHEN_SECOND *
		    (asked < RETRY_AFTER_MOST ? asked : RETRY_AFTER_MOST);
	job->due =
	    kind_next_try(&kinds[job->work.kind], job->work.attempt, now);
	if (job->due == 0 && (!is_unknown || carrying_is_over(job)))
		return INVALID;
	if (job->due < earliest)
		job->due = earliest;
	return AGAIN;
}
