/*
 * The schema of a tool's input, as the model is told it.
 *
 * The oldest definitions are no JSON Schema, and were never asked to be: a
 * property may be words ("YYYY-MM-DD"), which then describe a text, and
 * without `properties` the members themselves are the properties.  What
 * cannot be told in a schema is told in its description.
 */
#ifndef PARLEY_MODEL_TOOL_SCHEMA_H
#define PARLEY_MODEL_TOOL_SCHEMA_H

#include "base/base.h"

struct arena;
struct json_object;

/* The JSON Schema of an object, by what a definition gives as one; that
 * itself, where it is whole. */
struct json_object *tool_schema(struct arena *arena, struct json_object *given);

#endif
