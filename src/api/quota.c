#include "base/base.h"

#include "api/quota.h"

#include "api/call.h"
#include "api/routes.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/proc.h"
#include "base/when.h"

#include <stdatomic.h>
#include <string.h>

#define BUCKETS 16384
#define PLACES 512

struct place {
	_Atomic int64_t end; /* it is taken until then */
};

struct quota {
	_Atomic int64_t full_at[BUCKETS];
	struct place places[PLACES];
};

struct quota *
quota_new(void)
{
	return proc_share(sizeof(struct quota));
}

struct place *
quota_place(struct quota *quota, size_t most, int64_t now, int64_t end)
{
	int64_t seen;
	size_t i;

	for (i = 0; i < most && i < PLACES; i++) {
		seen = atomic_load(&quota->places[i].end);
		if (seen <= now && atomic_compare_exchange_strong(
				       &quota->places[i].end, &seen, end))
			return &quota->places[i];
	}
	return NULL;
}

void
quota_leave(struct place *place)
{
	atomic_store(&place->end, 0);
}

static _Atomic int64_t *
bucket(struct quota *quota, const struct id *account)
{
	uint32_t random;

	/* The last bytes of an id are random. */
	(void)memcpy(&random, account->bytes + ID_BYTES - sizeof(random),
	    sizeof(random));
	return &quota->full_at[random % BUCKETS];
}

enum outcome
quota_take(struct call *call)
{
	const struct config *config = call->server->config;
	_Atomic int64_t *full_at;
	int64_t now, seen, next, each, wait;

	if (config->api_rate == 0 || (call->route->flags & ROUTE_OPEN) != 0)
		return OK;
	full_at = bucket(call->server->quota, &call->key.account_id);
	each = WHEN_SECOND / config->api_rate;
	now = when_elapsed();
	seen = atomic_load(full_at);
	do {
		next = (seen > now ? seen : now) + each;
		wait = next - now - each * config->api_burst;
		if (wait > 0)
			break;
	} while (!atomic_compare_exchange_weak(full_at, &seen, next));
	if (wait <= 0)
		return OK;
	response_header(&call->response, "Retry-After",
	    arena_format(call->arena, "%lld",
		(long long)((wait + WHEN_SECOND - 1) / WHEN_SECOND)));
	return call_refuse(call, RATE_LIMITED, NULL,
	    "too many requests: this account may make %lld a second",
	    (long long)config->api_rate);
}
