/*
 * What happened in a turn, so that "why did it say that?" has an answer
 * months later: its events and actions in order, with times, reasons,
 * prompts, arguments, results and tokens.
 *
 * It is capped: a value that is longer than TRACE_VALUE is cut, and its entry
 * is `shortened`; once TRACE_MOST is reached the rest is counted and left
 * out.  A trace takes what the turn took and gave, in which {{SECRET.x}} was
 * never filled in.
 *
 * With what is told of a walk's beginning, the messages of the conversation
 * and the answers that are in it, the walk can be taken again
 * (model/rehearsal).
 */
#ifndef PARLEY_MODEL_TRACE_H
#define PARLEY_MODEL_TRACE_H

#include "base/base.h"

#define TRACE_VALUE ((size_t)64 * 1024) /* bytes, as JSON */
#define TRACE_MOST ((size_t)256 * 1024)
#define TRACE_OBJECTIVE "" /* where a pathway's id would be */

struct agent;
struct arena;
struct trace_entry;
struct turn_action;
struct turn_event;
struct turn_state;

struct trace {
	struct arena *arena;
	struct trace_entry *first, *last;
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

/* Where a walk begins. */
struct trace_beginning {
	const char *pathway; /* its id; NULL: an objective */
	const char *version; /* its number; NULL with an objective */
	const struct turn_state *state;
	struct json_object *variables; /* built-in ones and all */
	int64_t first_seq, last_seq;   /* of the messages that it sees; 0 */
	const struct agent *agent;
};

void trace_init(struct trace *trace, struct arena *arena);

/* That a walk begins, before its first event. */
void trace_begin(
    struct trace *trace, int64_t now, const struct trace_beginning *beginning);

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
