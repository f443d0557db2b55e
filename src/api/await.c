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

#define PAUSE_FIRST (WHEN_SECOND / 100)
#define PAUSE_MOST (WHEN_SECOND / 4)

static const char gone[] = "what it is about was deleted";

enum outcome
await_begin(struct call *call)
{
	int64_t now = when_elapsed(), children;

	if (call->place != NULL)
		return OK;
	children = call->server->config->api_children;
	call->place = quota_place(call->server->quota,
	    children > 1 ? (size_t)children / 2 : 1, now,
	    now + 2 * AWAIT_PATIENCE * WHEN_SECOND);
	if (call->place != NULL)
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

static bool
is_over(const struct work *work)
{
	return work->state == WORK_DONE || work->state == WORK_DEAD;
}

/* Looks at those that were not at their end; how many still are not. */
static enum outcome
look(struct call *call, struct work *works, size_t *left)
{
	const struct await *await = &call->await;
	size_t i;
	enum outcome rc = OK;

	*left = 0;
	for (i = 0; i < await->count && rc == OK; i++) {
		if (is_over(&works[i]))
			continue;
		rc = work_find(call->db, call->arena, &call->key.account_id,
		    &await->works[i], &works[i]);
		if (rc == NOT_FOUND) {
			works[i] = (struct work){ .id = await->works[i],
				.state = WORK_DEAD,
				.reason = gone };
			rc = OK;
		}
		*left += !is_over(&works[i]);
	}
	return rc;
}

enum outcome
await_end(struct call *call)
{
	const struct await *await = &call->await;
	struct work *works;
	int64_t pause = PAUSE_FIRST, last;
	size_t left;
	enum outcome rc;

	if (await->finish == NULL)
		return OK;
	works = arena_alloc(call->arena, await->count * sizeof(*works) + 1);
	last = when_elapsed() + AWAIT_PATIENCE * WHEN_SECOND;
	rc = look(call, works, &left);
	while (rc == OK && left > 0 && when_elapsed() < last) {
		wake_wait(-1, -1, pause);
		pause = pause < PAUSE_MOST ? pause + pause / 2 : PAUSE_MOST;
		rc = look(call, works, &left);
	}
	return rc == OK ? await->finish(call, works) : rc;
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
