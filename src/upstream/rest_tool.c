#include "base/base.h"

#include "upstream/rest_tool.h"

#include "base/when.h"
#include "model/tool.h"
#include "model/tool_request.h"
#include "net/fetch.h"

#include <string.h>
#include <time.h>

#define COOLDOWN 1 /* seconds, where the tool says nothing */
#define MILLISECONDS 1000
#define MOST (REST_TOOL_MOST * WHEN_SECOND)

/* May a request be repeated, where nobody said so (RFC 9110, section
 * 9.2.2)? */
static const bool idempotent[] = {
	[TOOL_GET] = true,
	[TOOL_POST] = false,
	[TOOL_PUT] = true,
	[TOOL_PATCH] = false,
	[TOOL_DELETE] = true,
};
static_assert(COUNT(idempotent) == TOOL_METHOD_N, "an answer for every method");

static int64_t
tries_of(const struct tool *tool)
{
	if (tool->max_retries >= 0)
		return 1 + tool->max_retries;
	return idempotent[tool->method] ? 2 : 1;
}

/* Whole seconds for one try, of what is left of all. */
static int64_t
timeout_of(const struct tool *tool, int64_t left)
{
	int64_t timeout = tool->timeout > 0 ? tool->timeout : TOOL_TIMEOUT;
	int64_t seconds;

	if (timeout > TOOL_TIMEOUT_MOST)
		timeout = TOOL_TIMEOUT_MOST;
	seconds = (timeout + MILLISECONDS - 1) / MILLISECONDS;
	if (seconds > left / WHEN_SECOND)
		seconds = left / WHEN_SECOND;
	return seconds > 0 ? seconds : 1;
}

static bool
is_passing(enum outcome rc, int64_t status)
{
	return rc == AGAIN || (rc == OK && (status == 429 || status >= 500));
}

static int64_t
pause_of(const struct tool *tool, const struct fetch_answer *fetched)
{
	int64_t seconds = tool->cooldown > 0 ? tool->cooldown : COOLDOWN;

	if (fetched->retry_after > seconds)
		seconds = fetched->retry_after;
	return seconds * WHEN_SECOND;
}

/* A signal cuts it short: the process is to end. */
static void
wait_for(int64_t pause)
{
	struct timespec rest = { (time_t)(pause / WHEN_SECOND), 0 };

	(void)nanosleep(&rest, NULL);
}

/* Tries until there is an answer to keep, or no time for another try. */
static enum outcome
call(struct arena *arena, const struct config *config, const struct tool *tool,
    const struct tool_request *made, struct fetch_answer *fetched,
    int64_t *tries)
{
	struct fetch_request request = {
		.method = made->method,
		.url = made->url,
		.headers = made->headers,
		.body = made->body,
		.length = made->body != NULL ? strlen(made->body) : 0,
		.user = made->user,
		.password = made->password,
		.plain = true,
	};
	int64_t start = when_elapsed(), left = MOST, pause;
	enum outcome rc;

	for (*tries = 1;; ++*tries) {
		request.timeout = timeout_of(tool, left);
		rc = fetch_run(arena, config, &request, fetched);
		pause = pause_of(tool, fetched);
		left = MOST - (when_elapsed() - start) - pause;
		if (!is_passing(rc, fetched->status) ||
		    *tries >= tries_of(tool) || left < WHEN_SECOND)
			return rc;
		wait_for(pause);
	}
}

/* The request as it may be seen; NULL where it cannot be made. */
static const char *
shown(struct arena *arena, const struct tool *tool, struct json_object *input,
    struct json_object *variables)
{
	struct tool_request request;
	const char *ignored;

	if (tool_request_make(
		arena, tool, input, variables, NULL, &request, &ignored) != OK)
		return NULL;
	return tool_request_text(arena, &request);
}

enum outcome
rest_tool_call(struct arena *arena, const struct config *config,
    const struct tool *tool, struct json_object *input,
    struct json_object *variables, struct json_object *secrets,
    struct rest_tool_answer *answer)
{
	struct tool_request request;
	struct fetch_answer fetched;
	int64_t start = when_elapsed();
	enum outcome rc;

	*answer = (struct rest_tool_answer){ .request = shown(arena, tool,
						 input, variables) };
	rc = tool_request_make(
	    arena, tool, input, variables, secrets, &request, &answer->trouble);
	if (rc == OK) {
		rc = call(
		    arena, config, tool, &request, &fetched, &answer->tries);
		answer->trouble = fetched.trouble;
		answer->body = fetched.body;
	}
	answer->elapsed = when_elapsed() - start;
	if (rc == OK)
		tool_result_read(arena, tool, fetched.status, fetched.body,
		    fetched.length, &answer->result);
	else
		tool_result_fail(arena, tool, answer->trouble, &answer->result);
	return rc;
}
