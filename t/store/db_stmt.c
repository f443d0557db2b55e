/*
 * Statements: every kind of value in and out again, every outcome, and what
 * the connection keeps.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/names.h"
#include "base/when.h"
#include "db/db.h"
#include "db/stmt.h"

#include "database.h"
#include "tap.h"

#define LAST_MOMENT INT64_C(253402300799999999) /* of the year 9999 */

static const char *const colour_words[] = { "", "red", "green" };
static const struct names colours = NAMES(colour_words);

struct thing {
	int64_t key;
	int64_t integer;
	bool boolean;
	double number;
	const char *text;
	int colour;
	unsigned char bytes[4];
	struct id id;
	int64_t moment;
};

static const struct column columns[] = {
	COLUMN(INTEGER, struct thing, key),
	COLUMN(INTEGER, struct thing, integer),
	COLUMN(BOOLEAN, struct thing, boolean),
	COLUMN(NUMBER, struct thing, number),
	COLUMN(TEXT, struct thing, text),
	COLUMN_OF(&colours, struct thing, colour),
	COLUMN(BYTES, struct thing, bytes),
	COLUMN(ID, struct thing, id),
	COLUMN(WHEN, struct thing, moment),
};

static const struct stmt insert = {
	.sql = "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = "SELECT * FROM thing WHERE id = ?",
	ROWS(columns, struct thing),
};

static const struct stmt list = {
	.sql = "SELECT * FROM thing WHERE id >= ? ORDER BY id",
	ROWS(columns, struct thing),
};

static const struct stmt update = {
	.sql = "UPDATE thing SET i = ? WHERE id = ?",
};

static const struct stmt upsert = {
	.sql = "INSERT INTO thing (id, i) VALUES (?, ?)"
	       " ON DUPLICATE KEY UPDATE i = VALUES(i)",
};

static const struct stmt wrong = {
	.sql = "SELECT nothing FROM nowhere",
	ROWS(columns, struct thing),
};

static enum outcome
insert_thing(struct db *db, const struct thing *thing)
{
	return stmt_run(db, &insert,
	    VALUES(value_integer(thing->key), value_integer(thing->integer),
		value_boolean(thing->boolean), value_number(thing->number),
		value_text(thing->text), value_name(&colours, thing->colour),
		value_bytes(thing->bytes, sizeof(thing->bytes)),
		value_id(&thing->id), value_when(thing->moment)),
	    NULL);
}

static struct thing
back(struct database *d, const struct thing *thing)
{
	struct thing found;

	must(insert_thing(d->db, thing));
	must(stmt_one(
	    d->db, d->arena, &find, VALUES(value_integer(thing->key)), &found));
	return found;
}

static void
test_kinds(struct database *d)
{
	struct thing full = { 1, INT64_C(-9007199254740993), true, 0.1,
		"tab\tline\nquote ' \" backslash \\ ; -- ü 🦜", 2,
		{ 0, 255, '\'', 0 }, id_new(), LAST_MOMENT };
	struct thing found = back(d, &full);

	is_int(found.integer, full.integer, "an integer comes back");
	ok(found.boolean, "a boolean comes back");
	ok(found.number == 0.1, "a number comes back to the last bit");
	is_text(found.text, full.text, "a text comes back letter for letter");
	is_int(found.colour, 2, "a word comes back as what it stands for");
	ok(memcmp(found.bytes, full.bytes, 4) == 0,
	    "bytes come back, zeros too");
	ok(id_equal(&found.id, &full.id), "an id comes back");
	is_int(found.moment, LAST_MOMENT,
	    "the last moment comes back to the microsecond");
}

static void
test_null(struct database *d)
{
	struct thing found;

	(void)memset(&found, 0x55, sizeof(found));
	database_do(d->db, "INSERT INTO thing (id) VALUES (2)");
	must(
	    stmt_one(d->db, d->arena, &find, VALUES(value_integer(2)), &found));
	is_int(found.integer, 0, "NULL reads as the integer 0");
	ok(!found.boolean, "NULL reads as false");
	ok(found.number == 0, "NULL reads as the number 0");
	is_text(found.text, NULL, "NULL reads as no text");
	is_int(found.colour, 0, "NULL reads as the first word");
	ok(memcmp(found.bytes, "\0\0\0\0", 4) == 0, "NULL reads as zeros");
	ok(id_is_none(&found.id), "NULL reads as no id");
	is_int(found.moment, 0, "NULL reads as never");
}

static void
test_null_values(struct database *d)
{
	struct thing least = { .key = 3, .text = NULL };
	struct thing empty = { .key = 4, .text = "" };
	struct thing found = back(d, &least);

	is_text(found.text, NULL, "no text is written as NULL");
	is_int(database_number(d->db,
		   "SELECT (name IS NULL) + (uuid IS NULL)"
		   " + (moment IS NULL) FROM thing WHERE id = 3"),
	    3, "an empty word, no id and never are written as NULL");
	is_int(database_number(d->db, "SELECT (i = 0) + (b = 0) + (x = 0)"
				      " FROM thing WHERE id = 3"),
	    3, "0 and false are not");
	is_text(back(d, &empty).text, "", "an empty text is not NULL");
	ok(value_seconds(0).kind == VALUE_NULL &&
		value_seconds(0.5).kind == VALUE_NUMBER,
	    "no seconds are NULL");
	ok(value_null().kind == VALUE_NULL, "NULL is NULL");
}

static void
test_limits(struct database *d)
{
	static const int64_t integers[] = { INT64_MIN, -1, 0, INT64_MAX };
	static const int64_t moments[] = { 1, 999999, WHEN_SECOND,
		INT64_C(951782400000000), LAST_MOMENT };
	static const double numbers[] = { 1e308, -1e308, 5e-324,
		0.30000000000000004 };
	struct thing thing = { .key = 100 };
	size_t i;

	for (i = 0; i < COUNT(integers); i++, thing.key++) {
		thing.integer = integers[i];
		is_int(back(d, &thing).integer, integers[i],
		    "the integer %lld comes back", (long long)integers[i]);
	}
	for (i = 0; i < COUNT(moments); i++, thing.key++) {
		thing.moment = moments[i];
		is_int(back(d, &thing).moment, moments[i],
		    "the moment %lld comes back", (long long)moments[i]);
	}
	for (i = 0; i < COUNT(numbers); i++, thing.key++) {
		thing.number = numbers[i];
		ok(back(d, &thing).number == numbers[i],
		    "the number %g comes back", numbers[i]);
	}
}

static void
test_lengths(struct database *d)
{
	static const size_t lengths[] = { 0, 1, 159, 160, 161, 320, 65536,
		4000000 };
	struct thing thing = { .key = 200 }, found;
	char *text;
	size_t i, k;

	for (i = 0; i < COUNT(lengths); i++, thing.key++) {
		text = arena_alloc(d->arena, lengths[i] + 1);
		for (k = 0; k < lengths[i]; k++)
			text[k] = (char)('a' + k % 23);
		thing.text = text;
		found = back(d, &thing);
		ok(strcmp(found.text, text) == 0,
		    "a text of %zu bytes comes back whole", lengths[i]);
	}
}

/* A long text in one row is followed by the columns and rows behind it. */
static void
test_long_rows(struct database *d)
{
	struct thing *things, thing = { .key = 300, .colour = 1 };
	struct rows rows;
	size_t i;
	bool same = true;

	for (i = 0; i < 100; i++, thing.key++) {
		thing.integer = (int64_t)i;
		thing.text = arena_format(
		    d->arena, "%0*zu", (int)(i % 2 == 0 ? 500 : 5), i);
		must(insert_thing(d->db, &thing));
	}
	must(stmt_all(
	    d->db, d->arena, &list, VALUES(value_integer(300)), &rows));
	things = rows.list;
	for (i = 0; i < rows.count; i++)
		same = same && things[i].integer == (int64_t)i &&
		       things[i].colour == 1 &&
		       strlen(things[i].text) == (i % 2 == 0 ? 500 : 5) &&
		       strtol(things[i].text, NULL, 10) == (long)i;
	is_int(rows.count, 100, "all rows are read");
	ok(same, "long texts and short ones stand in their rows");
}

static void
test_counts(struct database *d)
{
	static const int64_t counts[] = { 0, 1, 31, 32, 33, 64, 65, 1000 };
	struct rows rows;
	size_t i;
	int64_t k, first = 10000, last = first;

	for (i = 0; i < COUNT(counts); i++) {
		for (k = last - first; k < counts[i]; k++)
			database_do(d->db,
			    "INSERT INTO thing (id) VALUES"
			    " (%lld)",
			    (long long)last++);
		rows.count = 77;
		must(stmt_all(d->db, d->arena, &list,
		    VALUES(value_integer(first)), &rows));
		is_int(rows.count, counts[i], "%lld rows are read",
		    (long long)counts[i]);
	}
	is_int(((struct thing *)rows.list)[999].key, last - 1,
	    "the last of many is right");
}

static void
test_one(struct database *d)
{
	struct thing found = { .key = 7 };

	is_outcome(
	    stmt_one(d->db, d->arena, &find, VALUES(value_integer(-5)), &found),
	    NOT_FOUND, "no row is not found");
	is_int(found.key, 7, "then nothing is changed");
	is_outcome(
	    stmt_one(d->db, d->arena, &find, VALUES(value_null()), &found),
	    NOT_FOUND, "NULL equals nothing");
	is_outcome(stmt_one(d->db, d->arena, &list,
		       VALUES(value_integer(10000)), &found),
	    OK, "of many rows one is read");
	is_int(found.key, 10000, "the first");
	is_outcome(stmt_one(d->db, d->arena, &list,
		       VALUES(value_integer(10001)), &found),
	    OK, "what is left over is in nobody's way");
	is_int(found.key, 10001, "the next answer is its own");
}

static void
test_found(struct database *d)
{
	int64_t found = 7;

	must(stmt_run(d->db, &update,
	    VALUES(value_integer(9), value_integer(1)), &found));
	is_int(found, 1, "a row that was changed was found");
	must(stmt_run(d->db, &update,
	    VALUES(value_integer(9), value_integer(1)), &found));
	is_int(found, 1, "a row that was so already was found");
	must(stmt_run(d->db, &update,
	    VALUES(value_integer(9), value_integer(-1)), &found));
	is_int(found, 0, "a row that is not there was not");
	must(stmt_run(d->db, &upsert,
	    VALUES(value_integer(50000), value_integer(1)), &found));
	is_int(found, 1, "an upsert that inserted says 1");
	must(stmt_run(d->db, &upsert,
	    VALUES(value_integer(50000), value_integer(2)), &found));
	is_int(found, 2, "an upsert that updated says 2");
}

static void
test_outcomes(struct database *d)
{
	struct thing twin = { .key = 1 }, found = { .key = 7 };
	struct stmt once = wrong;
	struct rows rows = { NULL, 77 };
	int64_t count = 77;

	is_outcome(insert_thing(d->db, &twin), CONFLICT,
	    "a key that is taken is a conflict");
	ok(strstr(db_trouble(d->db), "Duplicate") != NULL,
	    "and the operator can read which");
	db_hush(d->db);
	is_outcome(stmt_one(d->db, d->arena, &wrong, NO_VALUES, &found), FAULT,
	    "a statement that is wrong is a fault");
	is_int(db_trouble_number(d->db), 1146, "with the server's number");
	is_outcome(stmt_all(d->db, d->arena, &wrong, NO_VALUES, &rows), FAULT,
	    "also where all rows are asked for");
	once.once = true;
	is_outcome(stmt_run(d->db, &once, NO_VALUES, &count), FAULT,
	    "and where none are");
	ok(found.key == 7 && rows.count == 77 && count == 77,
	    "a fault changes nothing");
	database_do(d->root, "ALTER TABLE thing ADD short VARCHAR(3) NULL");
	once.sql = "UPDATE thing SET short = 'long' WHERE id = 1";
	is_outcome(stmt_run(d->db, &once, NO_VALUES, NULL), FAULT,
	    "a text that does not fit is a fault and not cut");
	once.sql = "UPDATE thing SET i = 9223372036854775808 WHERE id = 1";
	is_outcome(
	    stmt_run(d->db, &once, NO_VALUES, NULL), FAULT, "nor is a number");
	is_int(database_number(d->db, "SELECT 5"), 5, "the connection goes on");
}

static int64_t
commands(struct database *d, const char *name)
{
	return database_number(d->db,
	    "SELECT variable_value FROM information_schema.session_status"
	    " WHERE variable_name = '%s'",
	    name);
}

static void
test_kept(struct database *d)
{
	struct stmt once = { .sql = "UPDATE thing SET i = 1 WHERE id = 1",
		.once = true };
	int64_t before, closed;
	int i;

	must(stmt_run(
	    d->db, &update, VALUES(value_integer(1), value_integer(1)), NULL));
	before = commands(d, "COM_STMT_PREPARE");
	for (i = 0; i < 10; i++)
		must(stmt_run(d->db, &update,
		    VALUES(value_integer(i), value_integer(1)), NULL));
	/* The question itself is prepared, too. */
	is_int(commands(d, "COM_STMT_PREPARE"), before + 1,
	    "a statement is prepared once for a connection");
	before = commands(d, "COM_STMT_PREPARE");
	closed = commands(d, "COM_STMT_CLOSE");
	for (i = 0; i < 10; i++)
		must(stmt_run(d->db, &once, NO_VALUES, NULL));
	is_int(commands(d, "COM_STMT_PREPARE"), before + 12,
	    "one that is built at run time is prepared each time");
	is_int(commands(d, "COM_STMT_CLOSE"), closed + 12, "and closed again");
}

static void
test_session(struct database *d)
{
	is_text(database_text(d->db, d->arena,
		    "SELECT CONCAT_WS(' ', @@tx_isolation, @@time_zone,"
		    " @@character_set_client, @@autocommit = 1)"),
	    "READ-COMMITTED +00:00 utf8mb4 1", "a session is as it must be");
	ok(strstr(database_text(d->db, d->arena, "SELECT @@sql_mode"),
	       "STRICT_ALL_TABLES") != NULL,
	    "and strict");
	ok(db_version(d->db)[0] != '\0', "the server tells its version");
}

static void
test_reconnect(struct database *d)
{
	struct thing found;
	int64_t before = database_number(d->db, "SELECT CONNECTION_ID()");

	must(
	    stmt_one(d->db, d->arena, &find, VALUES(value_integer(1)), &found));
	database_kill(d, d->db);
	is_outcome(
	    stmt_one(d->db, d->arena, &find, VALUES(value_integer(1)), &found),
	    OK, "outside a transaction a lost connection is made anew");
	ok(database_number(d->db, "SELECT CONNECTION_ID()") != before,
	    "it is another");
	is_text(database_text(d->db, d->arena, "SELECT @@tx_isolation"),
	    "READ-COMMITTED", "with the same settings");
	database_kill(d, d->db);
	is_outcome(stmt_run(d->db, &update,
		       VALUES(value_integer(5), value_integer(1)), NULL),
	    OK, "so is one that was lost before a change");
}

static void
test_nobody(struct database *d)
{
	struct config config = d->config;
	struct db *db = db_new(d->arena, &config);
	struct thing found;

	db_hush(db);
	config.database_socket = "/nonexistent/mariadb.sock";
	is_outcome(
	    db_connect(db), UNAVAILABLE, "without a server it is unavailable");
	ok(db_trouble(db)[0] != '\0', "and the operator can read why");
	is_text(db_version(db), "", "it has no version");
	is_outcome(
	    stmt_one(db, d->arena, &find, VALUES(value_integer(1)), &found),
	    UNAVAILABLE, "so is a statement");
	config.database_socket = NULL;
	config.database_hosts = "127.0.0.1:1, 127.0.0.1:2";
	is_outcome(db_connect(db), UNAVAILABLE,
	    "so it is where none of several answers");
	config = d->config;
	is_outcome(db_connect(db), OK, "later it connects");
	is_outcome(db_connect(db), OK, "once connected it stays so");
}

int
main(void)
{
	struct database d;

	log_open("db_stmt.t");
	database_open_empty(&d);
	database_do(d.db,
	    "CREATE TABLE thing (id BIGINT PRIMARY KEY, i BIGINT NULL,"
	    " b BOOLEAN NULL, x DOUBLE NULL, t LONGTEXT NULL,"
	    " name VARCHAR(10) NULL, bytes BINARY(4) NULL,"
	    " uuid BINARY(16) NULL, moment DATETIME(6) NULL)"
	    " ENGINE=InnoDB CHARSET=utf8mb4");
	test_kinds(&d);
	test_null(&d);
	test_null_values(&d);
	test_limits(&d);
	test_lengths(&d);
	test_long_rows(&d);
	test_counts(&d);
	test_one(&d);
	test_found(&d);
	test_session(&d);
	test_kept(&d);
	test_reconnect(&d);
	test_nobody(&d);
	test_outcomes(&d);
	database_close(&d);
	return done();
}
