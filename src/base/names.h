/*
 * The words of an enum: one array of texts, indexed by the enum, serves the
 * API, the database, the command line and the logs alike.
 */
#ifndef PARLEY_BASE_NAMES_H
#define PARLEY_BASE_NAMES_H

#include "base/base.h"

struct names {
	const char *const *list;
	size_t count;
};

#define NAMES(array)                                                           \
	{                                                                      \
		(array), COUNT(array)                                          \
	}

/* The word for `value`; asserts that there is one. */
const char *names_text(const struct names *names, int value);

/* The value of a word, exactly as it is written.  NOT_FOUND. */
enum outcome names_find(
    const struct names *names, const char *word, int *value) MUSTCHECK;

/* "a, b or c", for messages; lives in the arena. */
struct arena;
const char *names_list(struct arena *arena, const struct names *names);

#endif
