/*
 * JSON in and out, by json-c.
 *
 * json-c 0.16 takes what RFC 8259 forbids, even when told to be strict:
 * repeated names, single quotes, NaN, raw control characters, overlong
 * UTF-8, keys cut at an escaped NUL.  So json_check reads the bytes first,
 * and json-c sees only what passed.  Out, the text is what ECMAScript's
 * JSON.stringify prints: no spaces, members in the order they were added,
 * the shortest numbers, "/" and non-ASCII as they are.
 *
 * A parsed document belongs to the arena; what is added to a tree belongs
 * to the tree, as in json-c itself.
 */
#ifndef PARLEY_BASE_JSON_H
#define PARLEY_BASE_JSON_H

#include "base/base.h"

#define JSON_DEPTH 32 /* arrays and objects, one in another */

struct arena;
struct json_object;

/* Where a document is wrong, counted from 1; the column in characters. */
struct json_fault {
	size_t line, column;
	const char *what; /* "a name is repeated"; constant text */
};

/* Is this one JSON text by RFC 8259, with every name once in its object
 * and without U+0000 in it, no lone surrogate escaped, integers that fit
 * 64 bits (signed, or unsigned), at most JSON_DEPTH deep?  INVALID, and
 * `fault` is set. */
enum outcome json_check(
    const char *bytes, size_t length, struct json_fault *fault) MUSTCHECK;

/* Checks and parses.  INVALID, and `fault` is set. */
enum outcome json_parse(struct arena *arena, const char *bytes, size_t length,
    struct json_object **document, struct json_fault *fault) MUSTCHECK;

/* The compact text of a tree.  The tree stays the caller's, and keeps a copy
 * of the text. */
const char *json_text(struct arena *arena, struct json_object *tree);

/* The same of a tree that was made for nothing else: it is freed. */
const char *json_finish(struct arena *arena, struct json_object *tree);

/* Says that the arena frees this tree. */
struct json_object *json_own(struct arena *arena, struct json_object *tree);

/* A number as ECMAScript prints it: 900, not 900.0. */
struct json_object *json_number(double number);

/* A node that prints `text` as it is, which must be JSON already. */
struct json_object *json_raw(const char *text);

/* A string, or null for NULL. */
struct json_object *json_string(const char *text);

/* The text of an object's member, borrowed from it; NULL: it is no object, or
 * has no such member that is a text. */
const char *json_member_text(struct json_object *object, const char *name);

#endif
