/*
 * The functions that the model is offered beside the account's tools: what
 * only the engine can do.  A tool of the account with such a name takes its
 * place.
 *
 * To add one: a name here, and in function.c its word, its arguments and
 * the line that the model reads.
 */
#ifndef PARLEY_MODEL_FUNCTION_H
#define PARLEY_MODEL_FUNCTION_H

#include "base/base.h"
#include "base/names.h"

struct arena;
struct json_object;

enum function {
	FUNCTION_END,      /* of the conversation */
	FUNCTION_HAND_OFF, /* to a person */
	FUNCTION_N
};

extern const struct names function_names; /* "end_conversation" */

/* Of all of them; "" for what was not given. */
struct function_arguments {
	const char *reason;
	const char *farewell;
};

/* As the model is told of it: an item of `tools` in OpenAI's shape.  The
 * tree is the caller's. */
struct json_object *function_write(struct arena *arena, enum function function);

/* What the model wrote.  It is taken for what it meant: an argument that is
 * missing or wrong is none. */
struct function_arguments function_read(
    struct arena *arena, enum function function, const char *arguments);

/* An item of `tools` around a function's JSON.  The tree is the caller's. */
struct json_object *function_item(struct json_object *function);

#endif
