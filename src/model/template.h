/*
 * Texts with places for variables: "Hi {{first_name}}".
 *
 * A place is two opening braces, a path and two closing ones.  The path's
 * parts are separated by points and name a member of an object or, counted
 * from 0, an item of an array: {{store.open}}, {{slots.0}}.  White space at
 * its ends does not count, and neither does the case of A to Z; a name that
 * is written exactly so comes before one that differs in case.
 *
 * A value's text is not looked at again, so what a variable holds can
 * never name another one, and still less a secret.
 */
#ifndef PARLEY_MODEL_TEMPLATE_H
#define PARLEY_MODEL_TEMPLATE_H

#include "base/base.h"

#define TEMPLATE_MOST ((size_t)64 * 1024) /* bytes of a filled text */
#define TEMPLATE_PATH_MOST 256            /* bytes of a path */

struct arena;
struct json_object;

/* The text with every place filled that has a value: texts as they are,
 * numbers and booleans as JSON has them, objects and arrays as compact
 * JSON, null as nothing.  A place whose variable is unknown stays as it is
 * written.  {{SECRET.name}} is looked up in `secrets` and nowhere else; with
 * NULL for them it stays as well.  What is longer than TEMPLATE_MOST is cut
 * behind a whole character.  `variables` may be NULL: none. */
const char *template_fill(struct arena *arena, const char *text,
    struct json_object *variables, struct json_object *secrets);

/* The value that a path leads to, borrowed from `variables`; NULL stands
 * for null.  NOT_FOUND. */
enum outcome template_find(struct json_object *variables, const char *path,
    struct json_object **value) MUSTCHECK;

#endif
