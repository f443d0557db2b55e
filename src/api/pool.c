#include "base/base.h"

#include "api/pool.h"

#include "api/quota.h"
#include "api/serve.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/spool.h"

#include <stdlib.h>

#define WHY_MOST 8192

/* What the parent holds for its children. */
struct holder {
	struct arena *arena; /* of the configuration */
	const char *path;    /* of the configuration, or NULL */
	struct config config;
	struct quota *quota;
};

static int64_t
count_children(void *context)
{
	const struct holder *holder = context;

	return holder->config.api_children;
}

static int
run_child(void *context)
{
	const struct holder *holder = context;

	return serve_run(&holder->config, holder->quota);
}

/* Children that are running have their own copy of the old one. */
static enum outcome
reload(void *context)
{
	struct holder *holder = context;
	struct arena *arena = arena_new();
	struct config config;
	struct buf why;

	buf_init(&why, arena, WHY_MOST);
	if (config_load(arena, holder->path, &config, &why) != OK) {
		log_fault(
		    "the configuration is kept as it was: %s", buf_text(&why));
		arena_free(arena);
		return INVALID;
	}
	arena_free(holder->arena);
	holder->arena = arena;
	holder->config = config;
	log_info("the configuration was read again");
	return OK;
}

static enum outcome
listen_on(const struct config *config, const char *socket, struct buf *why)
{
	enum outcome rc;

	if (socket == NULL) {
		rc = proc_inherit((int)config->api_backlog, why);
		if (rc != OK)
			buf_add_text(why, "; with --socket PATH it makes one"
					  " itself");
		return rc;
	}
	return proc_listen(socket,
	    (unsigned)strtoul(config->api_socket_mode, NULL, 8),
	    (int)config->api_backlog, why);
}

int
pool_run(const char *config, const char *socket, struct buf *why)
{
	struct holder holder = { .arena = arena_new(), .path = config };
	const struct pool pool = { count_children, run_child, reload, &holder };
	int status = EXIT_FAILURE;
	enum outcome rc =
	    config_load(holder.arena, config, &holder.config, why);

	if (rc == OK)
		rc = listen_on(&holder.config, socket, why);
	if (rc == OK)
		rc = proc_drop(holder.config.api_user, why);
	if (rc == OK && holder.config.api_spool != NULL)
		rc = spool_open(holder.config.api_spool, why);
	if (rc == OK) {
		holder.quota = quota_new();
		status = proc_run(&pool);
	}
	arena_free(holder.arena);
	return status;
}
