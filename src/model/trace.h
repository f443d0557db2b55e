/*
 * What happened in a turn, so that "why did it say that?" has an answer
 * months later: its events and actions in order, with times, reasons,
 * prompts, arguments, results and tokens.
 *
 * It is capped: a value that is longer than TRACE_VALUE is cut, and once
 * TRACE_MOST is reached the rest is counted and left out.  A trace takes
 * what the turn took and gave, in which {{SECRET.x}} was never filled in.
 */
#ifndef PARLEY_MODEL_TRACE_H
#define PARLEY_MODEL_TRACE_H

#include "base/base.h"

#define TRACE_VALUE ((size_t)64 * 1024) /* bytes, as JSON */
#define TRACE_MOST ((size_t)256 * 1024)

struct arena;
struct json_object;
struct turn_action;
struct turn_event;

struct trace {
	struct arena *arena;
	struct json_object *entries;
	size_t length; /* of the entries as JSON, with what parts them */
	int64_t left_out;
};

/* What only the caller knows of an event: 0 and NULL are left out. */
struct trace_cost {
	const char *model; /* that answered */
	const char *finish_reason;
	int64_t prompt_tokens, completion_tokens;
	int64_t elapsed; /* microseconds that the answer took */
};

void trace_init(struct trace *trace, struct arena *arena);

/* What came in, at `now`; `cost` may be NULL. */
void trace_event(struct trace *trace, int64_t now,
    const struct turn_event *event, const struct trace_cost *cost);

/* What the turn wants done. */
void trace_action(
    struct trace *trace, int64_t now, const struct turn_action *action);

/* A word of the caller's: "thrown away: the user wrote meanwhile". */
void trace_note(struct trace *trace, int64_t now, const char *words);

/* The whole as a JSON array. */
const char *trace_text(const struct trace *trace);

#endif
