/*
 * A pathway in a file, as people write it or as the API gives it.
 *
 * It is a document {"nodes": [...], "edges": [...]}, or what the official
 * client keeps beside a project: the nodes by their names, each with its
 * edges, the global prompt apart.  The latter is turned into the former as
 * the client does it, but that a node's name is its id as well: what is told
 * of a node then names it as its author did.
 */
#ifndef PARLEY_COMMAND_PATHWAY_FILE_H
#define PARLEY_COMMAND_PATHWAY_FILE_H

#include "base/base.h"

#define PATHWAY_FILE_MOST (4 << 20) /* bytes */

struct arena;
struct json_object;
struct run;

/* The document in the file: JSON where its name ends with .json, else YAML.
 * INVALID: what is wrong with it was told. */
enum outcome pathway_file_read(
    struct run *run, const char *path, struct json_object **document) MUSTCHECK;

/* The same of a tree that was read; it stays the caller's.  NULL: it is no
 * pathway. */
struct json_object *pathway_file_document(
    struct arena *arena, struct json_object *file);

#endif
