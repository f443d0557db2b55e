/*
 * What a turn asks for, done: a model, a tool or an address is asked, and the
 * event with the answer made for turn_step.
 */
#ifndef PARLEY_UPSTREAM_ASKING_H
#define PARLEY_UPSTREAM_ASKING_H

#include "model/field.h"
#include "model/trace.h"
#include "upstream/completion.h"

struct arena;
struct config;
struct json_object;
struct turn_action;
struct turn_event;

/* With what it is done. */
struct asking {
	struct arena *arena;
	const struct config *config;
	struct completion_line line;
	struct list tools;           /* struct tool, with their functions */
	struct json_object *secrets; /* NULL: none */
};

/* What there is to tell of it beside the event. */
struct asked {
	struct trace_cost cost;
	const char *request; /* that was made, without secrets; or NULL */
	const char *trouble; /* why a request had no answer; or NULL */
	const char *reason;  /* why a model had none: "CODE: why" */
	int64_t retry_after; /* seconds that a model asks for, or 0 */
};

/*
 * Does what an action asks; `variables` are the turn's.  A tool that cannot
 * be called is an answer, too: the event has its fault.  `asked` is always
 * written.  AGAIN, INVALID: the model did not answer (completion_ask).
 */
enum outcome asking_do(const struct asking *asking,
    const struct turn_action *action, struct json_object *variables,
    struct turn_event *event, struct asked *asked) MUSTCHECK;

#endif
