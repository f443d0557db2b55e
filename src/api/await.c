#include "base/base.h"

#include "api/await.h"

#include "api/call.h"
#include "api/quota.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/text.h"
#include "base/wake.h"
#include "base/when.h"
#include "model/work.h"
#include "store/work.h"

#include <string.h>
#include <unistd.h>

#define PAUSE_FIRST (WHEN_SECOND / 40)
#define PAUSE_MOST (2 * WHEN_SECOND / 5)

static const char gone[] = "what it is about was deleted";

bool
await_try(struct call *call)
{
	const struct config *config = call->server->config;
	int64_t now = when_elapsed(), most = config->api_waiting;

	if (call->place != NULL)
		return true;
	if (most == 0)
		most = config->api_children > 1 ? config->api_children / 2 : 1;
	call->place = quota_place(call->server->quota, (size_t)most, now,
	    now + 3 * AWAIT_PATIENCE * WHEN_SECOND);
	return call->place != NULL;
}

enum outcome
await_begin(struct call *call)
{
	if (await_try(call))
		return OK;
	response_header(&call->response, "Retry-After", "2");
	return call_refuse(call, SERVICE_UNAVAILABLE, NULL,
	    "too many requests wait for a model now; nothing was done");
}

void
await_leave(struct call *call)
{
	if (call->place != NULL)
		quota_leave(call->place);
	call->place = NULL;
}

/* One that cannot be done as things are tries for ever: its client is told
 * why at once. */
static bool
is_stuck(const struct work *work)
{
	static const char why[] = "LLM_NOT_CONFIGURED";

	return work->state == WORK_WAITING && work->reason != NULL &&
	       strncmp(work->reason, why, sizeof(why) - 1) == 0;
}

static bool
is_over(const struct work *work)
{
	return work->state == WORK_DONE || work->state == WORK_DEAD ||
	       is_stuck(work);
}

static enum outcome
look(struct call *call, const struct id *id, struct work *work)
{
	enum outcome rc =
	    work_find(call->db, call->arena, &call->key.account_id, id, work);

	if (rc != NOT_FOUND)
		return rc;
	*work = (struct work){ .id = *id, .state = WORK_DEAD, .reason = gone };
	return OK;
}

/* Who performs it tells; the looks in between find what nobody told. */
static enum outcome
wait_for_one(
    struct call *call, const struct id *id, int64_t last, struct work *work)
{
	int told = wake_await(id);
	int64_t pause = PAUSE_FIRST;
	enum outcome rc = look(call, id, work);

	while (rc == OK && !is_over(work) && when_elapsed() < last) {
		wake_wait(told, -1, pause);
		pause = pause < PAUSE_MOST ? 2 * pause : PAUSE_MOST;
		rc = look(call, id, work);
	}
	if (told >= 0)
		(void)close(told);
	return rc;
}

/* All of them, one after another: the last to end is waited for anyway. */
static enum outcome
wait_for_all(struct call *call, int64_t last, struct work *works)
{
	size_t i;
	enum outcome rc = OK;

	for (i = 0; i < call->await.count && rc == OK; i++)
		rc = wait_for_one(call, &call->await.works[i], last, &works[i]);
	return rc;
}

static struct work *
room(struct call *call)
{
	return arena_alloc(
	    call->arena, (call->await.count + 1) * sizeof(struct work));
}

enum outcome
await_end(struct call *call)
{
	struct work *works = room(call);
	int64_t patience = call->patience;
	enum outcome rc;

	if (patience == 0)
		patience = AWAIT_PATIENCE;
	rc = wait_for_all(call, when_elapsed() + patience * WHEN_SECOND, works);

	return rc == OK ? call->await.finish(call, works) : rc;
}

enum outcome
await_before(struct call *call, int64_t last)
{
	struct work *works = room(call);
	size_t i;
	enum outcome rc = wait_for_all(call, last, works);

	for (i = 0; i < call->await.count && rc == OK; i++)
		if (!is_over(&works[i]))
			return call->await.finish(call, works);
	return rc;
}

enum outcome
await_refuse(struct call *call, const char *error)
{
	const char *const *parts =
	    (const char *const *)text_split(call->arena, error, ':');
	enum reason_code reason;

	for (reason = 0; reason < REASON_N; reason++)
		if (parts[0] != NULL &&
		    text_equal(reasons[reason].code, parts[0]))
			break;
	if (reason == REASON_N)
		reason = LLM_UNAVAILABLE;
	return call_refuse(call, reason, NULL, "%s", error);
}
