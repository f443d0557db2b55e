/*
 * Small trees of JSON, and of JSON Schema, for the API's description.
 *
 * They are json-c's: what is given to a function belongs to the tree that it
 * goes into, and a tree that a function makes is the caller's.
 */
#ifndef PARLEY_API_TREE_H
#define PARLEY_API_TREE_H

#include "base/base.h"

struct arena;
struct json_object;

void tree_add(
    struct json_object *object, const char *name, struct json_object *value);
void tree_add_text(
    struct json_object *object, const char *name, const char *text);
void tree_append(struct json_object *array, struct json_object *value);

/* {"name": value} */
struct json_object *tree_only(const char *name, struct json_object *value);

/* {"$ref": ...} to one of the components. */
struct json_object *tree_refer(
    struct arena *arena, const char *kind, const char *name);

/* The schemas of a type, and of an array. */
struct json_object *tree_typed(const char *type);
struct json_object *tree_array_of(struct json_object *item);

/* The schema of an object with the members that are added to it, and no
 * others. */
struct json_object *tree_closed(void);
void tree_may_have(
    struct json_object *object, const char *name, struct json_object *schema);
void tree_must_have(
    struct json_object *object, const char *name, struct json_object *schema);

#endif
