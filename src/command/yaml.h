/*
 * YAML in, by libyaml, as the JSON tree that it stands for.
 *
 * A plain scalar is null, a boolean or a number where the core schema of YAML
 * 1.2 says so, as people's editors have it; every other is a string: no is a
 * word and 1.10 a number.  A name stands once in its mapping.  What would do
 * more than that is refused: tags but !!str, a second document.  An alias
 * stands for a copy, and copies count: no file becomes more than YAML_NODES
 * nodes, nor deeper than JSON is.
 */
#ifndef PARLEY_COMMAND_YAML_H
#define PARLEY_COMMAND_YAML_H

#include "base/base.h"

#define YAML_NODES 100000
#define YAML_ANCHORS 1000

struct arena;
struct json_object;

/* Where a text is wrong, counted from 1. */
struct yaml_fault {
	size_t line, column;
	const char *what;
};

/* INVALID, and `fault` is set. */
enum outcome yaml_parse(struct arena *arena, const char *bytes, size_t length,
    struct json_object **document, struct yaml_fault *fault) MUSTCHECK;

#endif
