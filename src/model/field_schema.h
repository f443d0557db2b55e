/*
 * Tables as JSON Schema (2020-12), for the API's description.
 *
 * A schema has two views.  In the one of requests stand the fields that are
 * read, with their other names and their limits, and further members are
 * fine, because they are only warned about.  In the one of answers stand the
 * fields that are written: each is always there, and no other is.  What a
 * field holds by its kind (a format, a pattern, its words) is in both;
 * limits are not, since what was stored under others is shown as well.
 *
 * Other schemas are referred to as "#/components/schemas/..." of OpenAPI,
 * where field_schema_collect puts them.
 */
#ifndef PARLEY_MODEL_FIELD_SCHEMA_H
#define PARLEY_MODEL_FIELD_SCHEMA_H

#include "base/base.h"

#define FIELD_SCHEMA_DIALECT "https://json-schema.org/draft/2020-12/schema"

struct arena;
struct json_object;
struct schema;

enum field_view { FIELD_REQUEST, FIELD_ANSWER };

/* The JSON Schema of what a table reads or writes; the tree is the
 * caller's, as those below are. */
struct json_object *field_schema_write(
    struct arena *arena, const struct schema *schema, enum field_view view);

/* {"$ref": ...} to where it is collected: under the schema's name, which
 * ends in "Request" in that view. */
struct json_object *field_schema_refer(
    struct arena *arena, const struct schema *schema, enum field_view view);

/* Adds it and all that it refers to to the object `components`.  Two
 * schemas of one name must be the same: asserted. */
void field_schema_collect(struct arena *arena, const struct schema *schema,
    enum field_view view, struct json_object *components);

/* What a request may be as a JSON Schema that stands by itself, of the
 * dialect FIELD_SCHEMA_DIALECT: what it refers to is in its "$defs". */
struct json_object *field_schema_document(
    struct arena *arena, const struct schema *schema);

/* Adds the parameters of a query to an array, as OpenAPI has them. */
void field_schema_parameters(struct arena *arena, const struct schema *schema,
    struct json_object *parameters);

/* Does a request need any of its fields? */
bool field_schema_requires(const struct schema *schema);

#endif
