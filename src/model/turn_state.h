/*
 * Where an agent stands between two turns: all that is kept of its walk
 * beside the variables.
 */
#ifndef PARLEY_MODEL_TURN_STATE_H
#define PARLEY_MODEL_TURN_STATE_H

#include "base/base.h"

#define TURN_RETURNS 8 /* of global nodes, one from another */

struct arena;

struct turn_state {
	const char *node;     /* its id; NULL: the walk has not begun */
	bool entered;         /* what it says there has been said */
	const char *previous; /* the id of the node before; NULL: none */

	/* The ids of those that global nodes lead back to, the last one
	 * first gone back to. */
	const char *returns[TURN_RETURNS];
	size_t return_count;
};

/* As a JSON object. */
const char *turn_state_write(
    struct arena *arena, const struct turn_state *state);

/* INVALID: it is no such object. */
enum outcome turn_state_read(
    struct arena *arena, const char *text, struct turn_state *state) MUSTCHECK;

#endif
