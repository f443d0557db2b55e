/*
 * What came of a tool's request: variables for the conversation, and words
 * for the model.
 *
 * Always set are `ok` (was the status 2xx?) and, for the method, for instance
 * rest_api_post_status, rest_api_post_status_text and rest_api_post_data (the
 * answer: JSON, or its text); then what the definition asks for, null where
 * the answer does not have it.  A definition of the oldest sort that asks for
 * nothing sets {{data}} to all of the answer.
 */
#ifndef PARLEY_MODEL_TOOL_RESULT_H
#define PARLEY_MODEL_TOOL_RESULT_H

#include "base/base.h"

#define TOOL_RESULT_MOST 8192 /* bytes that the model is told */

struct arena;
struct json_object;
struct tool;

struct tool_result {
	bool ok;
	int64_t status;                /* 0: there was no answer */
	struct json_object *variables; /* an object, in the arena */
	const char *text;              /* for the model */
};

/* Of an answer of any status. */
void tool_result_read(struct arena *arena, const struct tool *tool,
    int64_t status, const char *body, size_t length,
    struct tool_result *result);

/* Where there is no answer, or no request was made: `trouble` says why. */
void tool_result_fail(struct arena *arena, const struct tool *tool,
    const char *trouble, struct tool_result *result);

/* "Not Found"; "" for a status that is not known. */
const char *tool_status_text(int64_t status);

#endif
