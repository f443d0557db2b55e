#include "base/base.h"

#include "work/crew.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/wake.h"
#include "net/fetch.h"
#include "upstream/mime.h"
#include "work/run.h"

#include <stdlib.h>

#define WHY_MOST 8192

struct crew {
	struct arena *arena; /* of the configuration */
	const char *path;    /* of the configuration, or NULL */
	struct config config;
	int wake;
};

static int64_t
count_processes(void *context)
{
	const struct crew *crew = context;

	return crew->config.worker_processes;
}

static int
run_process(void *context)
{
	const struct crew *crew = context;

	return run_worker(&crew->config, crew->wake, 0);
}

/* Processes that run have their own copy of the old one. */
static enum outcome
reload(void *context)
{
	struct crew *crew = context;
	struct arena *arena = arena_new();
	struct config config;
	struct buf why;

	buf_init(&why, arena, WHY_MOST);
	if (config_load(arena, crew->path, &config, &why) != OK) {
		log_fault(
		    "the configuration is kept as it was: %s", buf_text(&why));
		arena_free(arena);
		return INVALID;
	}
	arena_free(crew->arena);
	crew->arena = arena;
	crew->config = config;
	log_info("the configuration was read again");
	return OK;
}

int
crew_run(const char *config, int64_t seconds, struct buf *why)
{
	struct crew crew = { arena_new(), config, .wake = -1 };
	const struct pool pool = { count_processes, run_process, reload,
		&crew };
	int status = EXIT_FAILURE;
	enum outcome rc = config_load(crew.arena, config, &crew.config, why);

	if (rc == OK)
		rc = proc_drop(crew.config.worker_user, why);
	mime_open();
	if (rc == OK)
		rc = fetch_open();
	/* Last, for whoever finds the socket takes us for started.  Where cron
	 * starts us, another may still be at work: the poll is enough. */
	if (rc == OK && crew.config.worker_wake != NULL && seconds == 0)
		rc = wake_listen(crew.config.worker_wake, &crew.wake, why);
	if (rc == OK)
		status = seconds > 0 ? run_worker(&crew.config, -1, seconds)
				     : proc_run(&pool);
	arena_free(crew.arena);
	return status;
}
