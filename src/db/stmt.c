/*
 * Running prepared statements: values in, rows out.
 */
#include "base/base.h"

#include "db/stmt.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/names.h"
#include "base/when.h"
#include "db/db.h"
#include "db/link.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>

#define CELL_TEXT 160 /* longer ones are fetched a second time */
#define ROWS_FIRST 8

/* One column of the row at hand, as the client library writes it. */
struct cell {
	union {
		long long integer;
		double number;
		MYSQL_TIME time;
		char text[CELL_TEXT];
	};
	unsigned long length;
	my_bool is_null;
};

/* The cells are not on the stack: what a thread once used of that it keeps,
 * and there may be thousands of threads. */
struct reading {
	struct db *db;
	struct arena *arena;
	const struct stmt *stmt;
	MYSQL_STMT *handle;
	struct arena *own; /* of the cells */
	struct cell *cell;
};

static enum outcome start(struct db *db, const struct stmt *stmt,
    const struct value *values, size_t count, MYSQL_STMT **handle);
static enum outcome start_again(struct db *db, const struct stmt *stmt,
    const struct value *values, size_t count, MYSQL_STMT **handle);
static enum outcome reading_open(struct reading *reading, struct db *db,
    struct arena *arena, const struct stmt *stmt, const struct value *values,
    size_t count);
static enum outcome reading_next(struct reading *reading, void *row);
static void reading_close(struct reading *reading);
static void finish(const struct stmt *stmt, MYSQL_STMT *handle);

struct value
value_null(void)
{
	return (struct value){ .kind = VALUE_NULL };
}

struct value
value_integer(int64_t integer)
{
	return (struct value){ .kind = VALUE_INTEGER, .integer = integer };
}

struct value
value_boolean(bool boolean)
{
	return value_integer(boolean ? 1 : 0);
}

struct value
value_number(double number)
{
	return (struct value){ .kind = VALUE_NUMBER, .number = number };
}

struct value
value_text(const char *text)
{
	if (text == NULL)
		return value_null();
	return (struct value){
		.kind = VALUE_TEXT, .bytes = text, .length = strlen(text)
	};
}

struct value
value_name(const struct names *names, int value)
{
	const char *word = names_text(names, value);

	return word[0] == '\0' ? value_null() : value_text(word);
}

struct value
value_bytes(const void *bytes, size_t length)
{
	return (struct value){
		.kind = VALUE_BYTES, .bytes = bytes, .length = length
	};
}

struct value
value_id(const struct id *id)
{
	if (id_is_none(id))
		return value_null();
	return value_bytes(id->bytes, ID_BYTES);
}

struct value
value_when(int64_t when)
{
	if (when == 0)
		return value_null();
	return (struct value){ .kind = VALUE_WHEN, .integer = when };
}

struct value
value_seconds(double seconds)
{
	return seconds > 0 ? value_number(seconds) : value_null();
}

enum outcome
stmt_run(struct db *db, const struct stmt *stmt, const struct value *values,
    size_t count, int64_t *found)
{
	MYSQL_STMT *handle;
	enum outcome rc = start(db, stmt, values, count, &handle);

	if (rc != OK)
		return rc;
	if (found != NULL)
		*found = (int64_t)mysql_stmt_affected_rows(handle);
	finish(stmt, handle);
	return OK;
}

enum outcome
stmt_one(struct db *db, struct arena *arena, const struct stmt *stmt,
    const struct value *values, size_t count, void *row)
{
	struct reading reading;
	enum outcome rc =
	    reading_open(&reading, db, arena, stmt, values, count);

	if (rc != OK)
		return rc;
	rc = reading_next(&reading, row);
	reading_close(&reading);
	return rc;
}

enum outcome
stmt_all(struct db *db, struct arena *arena, const struct stmt *stmt,
    const struct value *values, size_t count, struct rows *rows)
{
	struct reading reading;
	size_t size = stmt->size, length = 0, room = ROWS_FIRST;
	char *list = arena_alloc(arena, room * size), *more;
	enum outcome rc =
	    reading_open(&reading, db, arena, stmt, values, count);

	if (rc != OK)
		return rc;
	while ((rc = reading_next(&reading, list + length * size)) == OK) {
		if (++length < room)
			continue;
		more = arena_alloc(arena, 2 * room * size);
		(void)memcpy(more, list, room * size);
		list = more;
		room *= 2;
	}
	reading_close(&reading);
	if (rc != NOT_FOUND)
		return rc;
	rows->list = list;
	rows->count = length;
	return OK;
}

/* Values in. */

static void
bind_time(MYSQL_TIME *time, int64_t when)
{
	struct calendar calendar;

	when_to_calendar(when, &calendar);
	(void)memset(time, 0, sizeof(*time));
	time->year = (unsigned)calendar.year;
	time->month = (unsigned)calendar.month;
	time->day = (unsigned)calendar.day;
	time->hour = (unsigned)calendar.hour;
	time->minute = (unsigned)calendar.minute;
	time->second = (unsigned)calendar.second;
	time->second_part = (unsigned long)calendar.microsecond;
	time->time_type = MYSQL_TIMESTAMP_DATETIME;
}

static void
bind_value(MYSQL_BIND *bind, const struct value *value, MYSQL_TIME *time)
{
	switch (value->kind) {
	case VALUE_NULL:
		bind->buffer_type = MYSQL_TYPE_NULL;
		return;
	case VALUE_INTEGER:
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		bind->buffer = (void *)(uintptr_t)&value->integer;
		return;
	case VALUE_NUMBER:
		bind->buffer_type = MYSQL_TYPE_DOUBLE;
		bind->buffer = (void *)(uintptr_t)&value->number;
		return;
	case VALUE_WHEN:
		bind_time(time, value->integer);
		bind->buffer_type = MYSQL_TYPE_DATETIME;
		bind->buffer = time;
		return;
	case VALUE_TEXT:
	case VALUE_BYTES:
		bind->buffer_type = value->kind == VALUE_TEXT
					? MYSQL_TYPE_STRING
					: MYSQL_TYPE_BLOB;
		bind->buffer = (void *)(uintptr_t)value->bytes;
		bind->buffer_length = value->length;
		return;
	}
}

/* The kept statement's place: open addressing by the statement's address,
 * which is constant for the life of the program. */
static size_t
place(const struct db *db, const struct stmt *stmt)
{
	size_t i =
	    ((uintptr_t)stmt >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - 9);

	static_assert(LINK_STATEMENTS == 1 << 9, "the hash has 9 bits");
	while (db->kept[i].stmt != NULL && db->kept[i].stmt != stmt)
		i = (i + 1) % LINK_STATEMENTS;
	return i;
}

static enum outcome
prepare(struct db *db, const struct stmt *stmt, MYSQL_STMT **out)
{
	size_t i = stmt->once ? 0 : place(db, stmt);
	MYSQL_STMT *handle;
	enum outcome rc;

	if (!stmt->once && db->kept[i].stmt == stmt) {
		*out = db->kept[i].handle;
		return OK;
	}
	handle = mysql_stmt_init(db->mysql);
	assert(handle != NULL);
	if (mysql_stmt_prepare(handle, stmt->sql, strlen(stmt->sql)) != 0) {
		rc = link_failed(db, mysql_stmt_errno(handle),
		    mysql_stmt_error(handle), stmt->sql);
		(void)mysql_stmt_close(handle);
		return rc;
	}
	if (!stmt->once) {
		db->kept[i].stmt = stmt;
		db->kept[i].handle = handle;
	}
	*out = handle;
	return OK;
}

static enum outcome
execute(struct db *db, const struct stmt *stmt, const struct value *values,
    size_t count, MYSQL_STMT **out)
{
	MYSQL_BIND bind[STMT_VALUES_MAX];
	MYSQL_TIME times[STMT_VALUES_MAX];
	MYSQL_STMT *handle = NULL;
	size_t i;
	enum outcome rc = prepare(db, stmt, &handle);

	if (rc != OK)
		return rc;
	assert(count <= STMT_VALUES_MAX);
	assert(count == mysql_stmt_param_count(handle));
	(void)memset(bind, 0, count * sizeof(bind[0]));
	for (i = 0; i < count; i++)
		bind_value(&bind[i], &values[i], &times[i]);
	if ((count > 0 && mysql_stmt_bind_param(handle, bind) != 0) ||
	    mysql_stmt_execute(handle) != 0) {
		rc = link_failed(db, mysql_stmt_errno(handle),
		    mysql_stmt_error(handle), stmt->sql);
		finish(stmt, handle);
		return rc;
	}
	*out = handle;
	return OK;
}

/* Connects, and once more where the server had closed an idle connection:
 * outside a transaction nothing is lost by that. */
static enum outcome
start(struct db *db, const struct stmt *stmt, const struct value *values,
    size_t count, MYSQL_STMT **handle)
{
	bool fresh = db->mysql == NULL;
	enum outcome rc;

	if (fresh && db->within)
		return AGAIN;
	rc = start_again(db, stmt, values, count, handle);
	if (rc == UNAVAILABLE && !fresh)
		rc = start_again(db, stmt, values, count, handle);
	return rc;
}

static enum outcome
start_again(struct db *db, const struct stmt *stmt, const struct value *values,
    size_t count, MYSQL_STMT **handle)
{
	enum outcome rc = db_connect(db);

	return rc == OK ? execute(db, stmt, values, count, handle) : rc;
}

static void
finish(const struct stmt *stmt, MYSQL_STMT *handle)
{
	if (stmt->once)
		(void)mysql_stmt_close(handle);
}

/* Rows out. */

static void
bind_cell(MYSQL_BIND *bind, struct cell *cell, enum column_kind kind)
{
	bind->buffer = &cell->integer;
	bind->length = &cell->length;
	bind->is_null = &cell->is_null;
	switch (kind) {
	case COLUMN_INTEGER:
	case COLUMN_BOOLEAN:
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		return;
	case COLUMN_NUMBER:
		bind->buffer_type = MYSQL_TYPE_DOUBLE;
		return;
	case COLUMN_WHEN:
		bind->buffer_type = MYSQL_TYPE_DATETIME;
		return;
	case COLUMN_TEXT:
	case COLUMN_NAME:
	case COLUMN_BYTES:
	case COLUMN_ID:
		bind->buffer_type = MYSQL_TYPE_BLOB;
		bind->buffer_length = sizeof(cell->text);
		return;
	}
}

static enum outcome
reading_open(struct reading *reading, struct db *db, struct arena *arena,
    const struct stmt *stmt, const struct value *values, size_t count)
{
	MYSQL_BIND *bind;
	size_t i;
	enum outcome rc;

	reading->db = db;
	reading->arena = arena;
	reading->stmt = stmt;
	rc = start(db, stmt, values, count, &reading->handle);
	if (rc != OK)
		return rc;
	assert(stmt->columns_count == mysql_stmt_field_count(reading->handle));
	reading->own = arena_new();
	bind = arena_alloc(reading->own, stmt->columns_count * sizeof(*bind));
	reading->cell = arena_alloc(
	    reading->own, stmt->columns_count * sizeof(*reading->cell));
	for (i = 0; i < stmt->columns_count; i++)
		bind_cell(&bind[i], &reading->cell[i], stmt->columns[i].kind);
	if (mysql_stmt_bind_result(reading->handle, bind) != 0 ||
	    mysql_stmt_store_result(reading->handle) != 0) {
		rc = link_failed(db, mysql_stmt_errno(reading->handle),
		    mysql_stmt_error(reading->handle), stmt->sql);
		finish(stmt, reading->handle);
		arena_free(reading->own);
	}
	return rc;
}

static int64_t
cell_when(const MYSQL_TIME *time)
{
	struct calendar calendar = {
		.year = (int)time->year,
		.month = (int)time->month,
		.day = (int)time->day,
		.hour = (int)time->hour,
		.minute = (int)time->minute,
		.second = (int)time->second,
		.microsecond = (int)time->second_part,
	};

	return when_from_calendar(&calendar);
}

/* The text of a cell; one that did not fit is asked for again. */
static const char *
cell_text(struct reading *reading, size_t i)
{
	struct cell *cell = &reading->cell[i];
	MYSQL_BIND bind = { 0 };
	char *text;

	if (cell->length <= sizeof(cell->text))
		return arena_copy(reading->arena, cell->text, cell->length);
	text = arena_alloc(reading->arena, cell->length + 1);
	bind.buffer_type = MYSQL_TYPE_BLOB;
	bind.buffer = text;
	bind.buffer_length = cell->length;
	bind.length = &cell->length;
	bind.is_null = &cell->is_null;
	if (mysql_stmt_fetch_column(reading->handle, &bind, (unsigned)i, 0))
		abort();
	return text;
}

static void
cell_name(struct reading *reading, size_t i, int *value)
{
	const char *word = cell_text(reading, i);
	enum outcome rc =
	    names_find(reading->stmt->columns[i].names, word, value);

	/* A word that the schema's CHECK does not allow cannot be there. */
	assert(rc == OK);
}

static void
cell_read(struct reading *reading, size_t i, char *row)
{
	const struct column *column = &reading->stmt->columns[i];
	struct cell *cell = &reading->cell[i];
	char *member = row + column->offset;

	if (cell->is_null)
		return;
	switch (column->kind) {
	case COLUMN_INTEGER:
		*(int64_t *)(void *)member = cell->integer;
		return;
	case COLUMN_BOOLEAN:
		*(bool *)(void *)member = cell->integer != 0;
		return;
	case COLUMN_NUMBER:
		*(double *)(void *)member = cell->number;
		return;
	case COLUMN_WHEN:
		*(int64_t *)(void *)member = cell_when(&cell->time);
		return;
	case COLUMN_TEXT:
		*(const char **)(void *)member = cell_text(reading, i);
		return;
	case COLUMN_NAME:
		cell_name(reading, i, (int *)(void *)member);
		return;
	case COLUMN_BYTES:
	case COLUMN_ID:
		assert(cell->length == column->size);
		(void)memcpy(member, cell->text, column->size);
		return;
	}
}

static enum outcome
reading_next(struct reading *reading, void *row)
{
	size_t i;
	int rc = mysql_stmt_fetch(reading->handle);

	if (rc == MYSQL_NO_DATA)
		return NOT_FOUND;
	if (rc != 0 && rc != MYSQL_DATA_TRUNCATED)
		return link_failed(reading->db,
		    mysql_stmt_errno(reading->handle),
		    mysql_stmt_error(reading->handle), reading->stmt->sql);
	(void)memset(row, 0, reading->stmt->size);
	for (i = 0; i < reading->stmt->columns_count; i++)
		cell_read(reading, i, row);
	return OK;
}

static void
reading_close(struct reading *reading)
{
	arena_free(reading->own);
	if (reading->db->mysql == NULL)
		return;
	(void)mysql_stmt_free_result(reading->handle);
	finish(reading->stmt, reading->handle);
}
