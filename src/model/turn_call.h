/*
 * The calls that a model wants made, as it wrote them and as it is shown
 * them again with their results.
 *
 * Servers refuse what breaks their rules even where the model itself wrote
 * it, so names, ids and arguments are put right on the way back: a turn does
 * not end in an error because the model slipped once.
 */
#ifndef PARLEY_MODEL_TURN_CALL_H
#define PARLEY_MODEL_TURN_CALL_H

#include "base/base.h"

#define TURN_CALLS_AT_ONCE 16 /* in one answer; further ones are dropped */

struct arena;
struct json_object;

/* A call that the model wants made. */
struct turn_call {
	int64_t ask;    /* 0: it is answered already */
	const char *id; /* the model's name for it */
	const char *name;
	const char *arguments; /* as the model wrote them */
	const char *result;    /* that the model is to see; NULL: none yet */
};

/* Reads OpenAI's `tool_calls` and says how many there are; what is no call
 * is passed over.  `round` tells the ids that we give from earlier ones. */
size_t turn_call_read(struct arena *arena, const char *tool_calls,
    int64_t round, struct turn_call calls[TURN_CALLS_AT_ONCE]);

/* Are the arguments a JSON object? */
bool turn_call_is_right(struct arena *arena, const struct turn_call *call);

/* An item of `tool_calls`, and the message with its result.  The trees are
 * the caller's. */
struct json_object *turn_call_write(
    struct arena *arena, const struct turn_call *call);
struct json_object *turn_call_result(const struct turn_call *call);

#endif
