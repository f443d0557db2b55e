#include "base/base.h"

#include "command/table.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"

#include <stdio.h>
#include <string.h>

static size_t width(const struct table *table, size_t column);
static void print_row(const struct table *table, const char *const *cells);

void
table_init(struct table *table, struct arena *arena,
    const char *const *headings, size_t columns, size_t rows)
{
	table->arena = arena;
	table->headings = headings;
	table->columns = columns;
	table->cells =
	    arena_alloc(arena, (rows + 1) * columns * sizeof(char *));
	table->filled = 0;
}

/* A line feed within a text would begin a row. */
void
table_add(struct table *table, const char *text)
{
	char *cell = arena_text(table->arena, text != NULL ? text : "-");
	char *at = cell;

	while (*(at += strcspn(at, "\t\r\n")) != '\0')
		*at = ' ';
	table->cells[table->filled++] = cell;
}

void
table_add_when(struct table *table, int64_t when)
{
	table_add(table, when == 0 ? NULL : when_text(table->arena, when));
}

void
table_print(const struct table *table)
{
	size_t i;

	print_row(table, table->headings);
	for (i = 0; i < table->filled; i += table->columns)
		print_row(table, table->cells + i);
}

static size_t
width(const struct table *table, size_t column)
{
	size_t i, length, most = text_length(table->headings[column]);

	for (i = column; i < table->filled; i += table->columns) {
		length = text_length(table->cells[i]);
		if (length > most)
			most = length;
	}
	return most;
}

/* printf would count bytes where we mean characters. */
static void
print_row(const struct table *table, const char *const *cells)
{
	size_t i, spaces;

	for (i = 0; i < table->columns; i++) {
		spaces = i + 1 == table->columns
			     ? 0
			     : width(table, i) - text_length(cells[i]) + 2;
		(void)printf("%s%*s", cells[i], (int)spaces, "");
	}
	(void)printf("\n");
}
