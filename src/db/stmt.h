/*
 * Statements: constant text, `?` for every value, and a table that says
 * into which member of a struct each column of a row goes.
 *
 *   static const struct column name_columns[] = {
 *           COLUMN(ID, struct account, id),
 *           COLUMN(TEXT, struct account, name),
 *   };
 *   static const struct stmt find_account = {
 *           .sql = "SELECT id, name FROM account WHERE id = ?",
 *           ROWS(name_columns, struct account),
 *   };
 *   rc = stmt_one(db, arena, &find_account, VALUES(value_id(&id)), &account);
 *
 * A statement is prepared on its first use and kept with the connection, so
 * a run is one round trip.  A struct's members are int64_t for integers and
 * moments, int for names, bool, double, const char * and struct id; NULL
 * reads as 0, false, NULL and the id of zeros.
 */
#ifndef PARLEY_DB_STMT_H
#define PARLEY_DB_STMT_H

#include "base/base.h"
#include "base/id.h"

struct arena;
struct db;
struct names;

enum value_kind {
	VALUE_NULL,
	VALUE_INTEGER,
	VALUE_NUMBER,
	VALUE_TEXT,
	VALUE_BYTES,
	VALUE_WHEN
};

struct value {
	enum value_kind kind;
	union {
		int64_t integer;
		double number;
		const void *bytes;
	};
	size_t length;
};

/* Texts and bytes are borrowed until the statement has run. */
struct value value_null(void);
struct value value_integer(int64_t integer);
struct value value_boolean(bool boolean);
struct value value_number(double number);
struct value value_text(const char *text);                     /* NULL: NULL */
struct value value_name(const struct names *names, int value); /* "": NULL */
struct value value_bytes(const void *bytes, size_t length);
struct value value_id(const struct id *id); /* zeros: NULL */
struct value value_when(int64_t when);      /* 0: NULL */
struct value value_seconds(double seconds); /* 0: NULL */

/* The values of a statement and their number, as two arguments. */
#define VALUES(...)                                                            \
	(const struct value[]){ __VA_ARGS__ },                                 \
	    COUNT(((const struct value[]){ __VA_ARGS__ }))
#define NO_VALUES NULL, 0

enum column_kind {
	COLUMN_INTEGER,
	COLUMN_BOOLEAN,
	COLUMN_NUMBER,
	COLUMN_TEXT,
	COLUMN_NAME,  /* a word of `names`, as the int that it stands for */
	COLUMN_BYTES, /* exactly `size` bytes */
	COLUMN_ID,
	COLUMN_WHEN
};

struct column {
	enum column_kind kind;
	size_t offset;
	size_t size;
	const struct names *names;
};

#define COLUMN(kind, type, member)                                             \
	{                                                                      \
		COLUMN_##kind, offsetof(type, member),                         \
		    sizeof(((type *)0)->member), NULL                          \
	}
#define COLUMN_OF(words, type, member)                                         \
	{                                                                      \
		COLUMN_NAME, offsetof(type, member),                           \
		    sizeof(((type *)0)->member), (words)                       \
	}

#define STMT_VALUES_MAX 64

struct stmt {
	const char *sql;
	const struct column *columns; /* NULL: it has no rows */
	size_t columns_count;
	size_t size; /* of the struct that a row fills */
	bool once;   /* built at run time: not kept with the connection */
};

#define ROWS(table, type)                                                      \
	.columns = (table), .columns_count = COUNT(table), .size = sizeof(type)

/* Rows, in the arena: `count` structs one behind another. */
struct rows {
	void *list;
	size_t count;
};

/*
 * All three can end with CONFLICT (a unique key is taken), AGAIN (deadlock,
 * lock wait, connection lost within a transaction), UNAVAILABLE (no server)
 * and FAULT.
 */

/* Runs one that has no rows.  `found` (NULL: not asked) is the number of
 * rows that its WHERE matched; for INSERT ... ON DUPLICATE KEY UPDATE 1
 * says inserted and 2 updated. */
enum outcome stmt_run(struct db *db, const struct stmt *stmt,
    const struct value *values, size_t count, int64_t *found) MUSTCHECK;

/* Reads the first row into the struct at `row`; members without a column
 * become zeros.  NOT_FOUND. */
enum outcome stmt_one(struct db *db, struct arena *arena,
    const struct stmt *stmt, const struct value *values, size_t count,
    void *row) MUSTCHECK;

/* Reads all rows. */
enum outcome stmt_all(struct db *db, struct arena *arena,
    const struct stmt *stmt, const struct value *values, size_t count,
    struct rows *rows) MUSTCHECK;

#endif
