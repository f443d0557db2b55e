/*
 * What a turn asks for, done: a model, a tool or an address is asked, and the
 * event with the answer made for turn_step.
 */
#ifndef PARLEY_UPSTREAM_ASKING_H
#define PARLEY_UPSTREAM_ASKING_H

#include "model/field.h"
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

/*
 * Does what an action asks; `variables` are the turn's.  A tool that cannot
 * be called is an answer, too: the event has its fault.  AGAIN, INVALID: the
 * model did not answer (completion_ask), and `reason` is "CODE: why".
 */
enum outcome asking_do(const struct asking *asking,
    const struct turn_action *action, struct json_object *variables,
    struct turn_event *event, const char **reason) MUSTCHECK;

#endif
