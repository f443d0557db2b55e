/*
 * The places of a tool's definition, filled for where they stand.
 *
 * It is model/template, with three differences.  A value is encoded for its
 * surroundings.  An input that was not given is nothing; any other unknown
 * place stays as it is written.  And a secret that there is none of, or a
 * part of a URL's path without a value, is a fault: it is kept in the filler,
 * so that it is asked for once, at the end.
 */
#ifndef PARLEY_MODEL_TOOL_FILL_H
#define PARLEY_MODEL_TOOL_FILL_H

#include "base/base.h"

#define TOOL_FILL_MOST 131072 /* bytes of a text within a tree */

struct arena;
struct buf;
struct json_object;

struct tool_filler {
	struct arena *arena;
	struct json_object *variables; /* with the input */
	struct json_object *secrets;   /* NULL: their places stay */
	const char *fault;             /* the first; NULL: none */
};

/* Where a text is going to stand. */
enum tool_place { IN_TEXT, IN_URL, IN_FORM, IN_HEADER, IN_JSON };

/* A text of at most `most` bytes with its places filled. */
const char *tool_fill_text(struct tool_filler *filler, const char *text,
    enum tool_place where, size_t most);

/* A tree with the places in its strings filled.  A string that is nothing
 * but a place becomes the value itself, and a member of an object is left
 * out where there is none.  The tree is the caller's. */
struct json_object *tool_fill_tree(
    struct tool_filler *filler, struct json_object *tree);

/* Percent-encodes (RFC 3986, section 2.1), and adds to a header's line. */
void tool_fill_encode(struct buf *buf, const char *text);
void tool_fill_line(struct buf *buf, const char *text);

/* Keeps a fault, unless there is one. */
void tool_fill_complain(
    struct tool_filler *filler, const char *what, const char *about);

#endif
