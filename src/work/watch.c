#include "base/base.h"

#include "work/watch.h"

#include "base/when.h"
#include "model/progress.h"
#include "store/calling.h"
#include "work/kinds.h"

static enum outcome
end(struct db *db, struct job *job, struct calling *calling)
{
	struct conversation *conversation = &calling->conversation;
	enum outcome rc;

	calling->call.is_up = false;
	rc = phone_call_save(db, &calling->call);
	if (rc != OK)
		return rc;
	job->result = "{\"ended\":\"the carrier did not report the end\"}";
	return calling_end(db, job->arena, conversation,
	    conversation->answered_at != 0 ? PROGRESS_COMPLETED
					   : PROGRESS_UNANSWERED,
	    -1, "the carrier did not report the end of the call");
}

static enum outcome
record(struct db *db, struct job *job)
{
	const struct id *call = job->context;
	struct calling calling;
	int64_t due;
	enum outcome rc = calling_lock(
	    db, job->arena, &job->work.account_id, call, NULL, &calling);

	/* It may be run again. */
	job->outcome = OK;
	job->put_off = false;
	job->due = 0;
	if (rc != OK || !calling.call.is_last ||
	    !calling.conversation.is_active)
		return rc == NOT_FOUND ? OK : rc;
	due = calling_over_at(&calling);
	if (when_now() >= due)
		return end(db, job, &calling);
	job->outcome = AGAIN;
	job->put_off = true;
	job->due = due;
	return OK;
}

enum outcome
watch_perform(struct job *job, const struct id *call)
{
	job->context = (void *)call;
	job->result = "{\"nothing\":\"the call is over\"}";
	job->record = record;
	return OK;
}
