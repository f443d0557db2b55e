/*
 * A listing for people: a line of headings, then a line for each row, the
 * columns aligned.
 */
#ifndef PARLEY_COMMAND_TABLE_H
#define PARLEY_COMMAND_TABLE_H

#include "base/base.h"

struct arena;

struct table {
	struct arena *arena;
	const char *const *headings;
	size_t columns;
	const char **cells; /* row by row */
	size_t filled;
};

/* A table for at most `rows` rows. */
void table_init(struct table *table, struct arena *arena,
    const char *const *headings, size_t columns, size_t rows);

/* The next cell; a text is borrowed, NULL shows as "-". */
void table_add(struct table *table, const char *text);

/* The next cell; 0 shows as "-". */
void table_add_when(struct table *table, int64_t when);

/* Prints it to standard output. */
void table_print(const struct table *table);

#endif
