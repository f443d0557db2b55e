/*
 * A tool's request, made and, where that is right, made again.
 *
 * The address is a client's, so net/guard judges it each time.  A try that
 * was answered by 429, by 500 or above, or not at all, is followed by
 * another: as often as the tool's max_retries says, and where it says
 * nothing once for GET, PUT and DELETE, which may be repeated.  Between them
 * is the tool's cooldown, or longer where the peer asks for it; all of it
 * takes REST_TOOL_MOST seconds at most.
 *
 * Secrets are in the request alone.  What is given back to be shown was made
 * without them, and nothing is logged.
 */
#ifndef PARLEY_UPSTREAM_REST_TOOL_H
#define PARLEY_UPSTREAM_REST_TOOL_H

#include "base/base.h"
#include "model/tool_result.h"

#define REST_TOOL_MOST 60 /* seconds */

struct arena;
struct config;
struct json_object;
struct tool;

struct rest_tool_answer {
	struct tool_result result;
	const char *body;    /* as it was answered; NULL: not */
	const char *request; /* JSON, without secrets; NULL: none was made */
	int64_t tries;
	int64_t elapsed;     /* microseconds */
	const char *trouble; /* why there is no answer; NULL: there is one */
};

/*
 * Calls a tool (tool_read) with an input (tool_read_input).  `secrets` is
 * what secret_list_open gives.  The answer is always written, and its result
 * is what to tell the model.
 *
 * OK: it answered, with any status.  INVALID: the request cannot be made of
 * these values.  DENIED: it leads where nothing may be called.  AGAIN: there
 * was no answer.
 */
enum outcome rest_tool_call(struct arena *arena, const struct config *config,
    const struct tool *tool, struct json_object *input,
    struct json_object *variables, struct json_object *secrets,
    struct rest_tool_answer *answer) MUSTCHECK;

#endif
