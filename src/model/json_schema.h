/*
 * JSON Schema, as far as tools need it: what the model is told to fill in,
 * and whether it did.
 *
 * These keywords are judged: type (a word or several), properties, required,
 * additionalProperties, items, enum, minimum, maximum, exclusiveMinimum,
 * exclusiveMaximum, minLength, maxLength, minItems and maxItems.  Those that
 * only describe (title, description, default, examples, format), pattern and
 * the ones that combine (anyOf, oneOf, allOf, not) may stand in a schema and
 * are told to the model; no value is judged by them.  Others are let be, as
 * the specification wants.
 */
#ifndef PARLEY_MODEL_JSON_SCHEMA_H
#define PARLEY_MODEL_JSON_SCHEMA_H

#include "base/base.h"

struct arena;
struct faults;
struct json_object;

/* Is this a schema?  `path` is its JSON Pointer.  INVALID, with a fault for
 * each keyword that is not what it must be. */
enum outcome json_schema_check(struct arena *arena, struct json_object *schema,
    const char *path, struct faults *faults) MUSTCHECK;

/* What is wrong with a value, in words for whoever made it: "city is
 * missing; count must be an integer".  NULL: nothing.  The schema must have
 * been checked. */
const char *json_schema_fault(
    struct arena *arena, struct json_object *schema, struct json_object *value);

#endif
