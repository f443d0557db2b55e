/*
 * JSON Schema as models take it in strict mode, and the holding of an answer
 * to one.
 *
 * In strict mode every property of an object is required and no other is
 * allowed; what may be missing is null.  The keywords are type, properties,
 * required, additionalProperties, items, enum and description (JSON Schema
 * 2020-12).  A model promises to fit the schema; strict_check believes none.
 *
 * The trees are json-c's: what is added to a tree belongs to it.
 */
#ifndef PARLEY_MODEL_STRICT_H
#define PARLEY_MODEL_STRICT_H

#include "base/base.h"

struct arena;
struct json_object;

/* An object without properties. */
struct json_object *strict_object(void);

/* Adds a property, which is required. */
void strict_add(
    struct json_object *object, const char *name, struct json_object *schema);

/* A value of a type ("string", "number", "boolean"); `about` may be NULL. */
struct json_object *strict_value(
    const char *type, bool nullable, const char *about);

/* An array of what `items` says. */
struct json_object *strict_array(
    struct json_object *items, bool nullable, const char *about);

/* One of the texts in a JSON array, which stays the caller's. */
struct json_object *strict_choice(
    struct json_object *texts, bool nullable, const char *about);

/* Does the value fit?  INVALID: `fault` says where it does not and what
 * would be right, one sentence for each place. */
enum outcome strict_check(struct arena *arena, struct json_object *schema,
    struct json_object *value, const char **fault) MUSTCHECK;

#endif
