/*
 * Where something is in a JSON document: the part of JSONPath (RFC 9535)
 * that says so without a condition.
 *
 *   $                  all of it
 *   $.order.status     a member of a member
 *   $['order']["id"]   the same, for names with any characters
 *   $.items[0]         an item, from 0; $.items[-1] is the last
 *   $.items[*].price   of every item: an array of all that is found
 *   $.prices.*         of every member
 *
 * The "$" may be left out: "order.status".  There is no "..", no slice and
 * no filter.
 */
#ifndef PARLEY_MODEL_JSON_PATH_H
#define PARLEY_MODEL_JSON_PATH_H

#include "base/base.h"

#define JSON_PATH_MOST 255 /* bytes */

struct arena;
struct json_object;

/* Is this such a path? */
bool json_path_is_good(const char *path);

/* What the path leads to, which lives as long as the document and the arena.
 * With a "*" that is an array, be it empty.  NOT_FOUND, and for what is no
 * path INVALID. */
enum outcome json_path_find(struct arena *arena, struct json_object *document,
    const char *path, struct json_object **value) MUSTCHECK;

#endif
