#include "base/base.h"

#include "command/checks.h"

#include "base/arena.h"
#include "base/buf.h"
#include "command/checks_database.h"
#include "command/checks_host.h"
#include "command/run.h"

#include <stdarg.h>
#include <stdio.h>

#define FOUND_MOST 16384

/* What a check cannot do without. */
enum need { NOTHING, CONFIGURATION, DATABASE, SCHEMA };

/* In this order: a need is met by a check above. */
/* clang-format off */
static const struct {
	const char *what;
	enum need need;
	enum verdict (*check)(struct exam *exam);
} checks[] = {
	{ "configuration",        NOTHING,       checks_configuration },
	{ "database",             CONFIGURATION, checks_connection },
	{ "database version",     DATABASE,      checks_version },
	{ "migrations",           DATABASE,      checks_migrations },
	{ "rights",               SCHEMA,        checks_rights },
	{ "rights on keys",       SCHEMA,        checks_key_rights },
	{ "storage engine",       SCHEMA,        checks_engine },
	{ "clock",                DATABASE,      checks_clock },
	{ "durability",           DATABASE,      checks_durability },
	{ "database connections", DATABASE,      checks_connections },
	{ "secret key file",      CONFIGURATION, checks_secret_key },
	{ "public URL",           CONFIGURATION, checks_public_url },
	{ "language model",       CONFIGURATION, checks_model },
	{ "user of parley-api",   CONFIGURATION, checks_user },
	{ "socket",               NOTHING,       checks_socket },
	{ "backlog",              CONFIGURATION, checks_backlog },
	{ "spool",                CONFIGURATION, checks_spool },
	{ "open files",           NOTHING,       checks_files },
	{ "time zones",           NOTHING,       checks_zones },
};
/* clang-format on */

static const char *const words[] = {
	[VERDICT_OK] = "ok  ",
	[VERDICT_SKIP] = "skip",
	[VERDICT_WARN] = "warn",
	[VERDICT_FAIL] = "FAIL",
};
static_assert(COUNT(words) == VERDICT_N, "a word for every verdict");

static enum verdict examine(struct exam *exam, size_t i);
static void print(
    const struct exam *exam, const char *what, enum verdict verdict);

enum outcome
checks_run(struct run *run)
{
	struct exam exam = { .run = run };
	enum verdict verdict;
	size_t i;
	enum outcome rc = OK;

	for (i = 0; i < COUNT(checks); i++) {
		exam.found = NULL;
		exam.todo = NULL;
		verdict = examine(&exam, i);
		print(&exam, checks[i].what, verdict);
		/* The next one may take as long as a connection does. */
		(void)fflush(stdout);
		if (verdict == VERDICT_FAIL)
			rc = INVALID;
	}
	return rc;
}

static enum verdict
examine(struct exam *exam, size_t i)
{
	static const char *const missing[] = {
		[CONFIGURATION] = "needs the configuration",
		[DATABASE] = "needs the database",
		[SCHEMA] = "needs the migrations",
	};
	const bool has[] = {
		[NOTHING] = true,
		[CONFIGURATION] = exam->configured,
		[DATABASE] = exam->connected,
		[SCHEMA] = exam->migrated,
	};

	if (has[checks[i].need])
		return checks[i].check(exam);
	exam->found = missing[checks[i].need];
	return VERDICT_SKIP;
}

/* The lines of a text, those after the first as far in as its start. */
static const char *
indented(struct arena *arena, const char *text)
{
	struct buf buf;

	buf_init(&buf, arena, FOUND_MOST);
	for (; *text != '\0'; text++) {
		buf_add_char(&buf, *text);
		if (*text == '\n')
			buf_add_text(&buf, "     ");
	}
	return buf_text(&buf);
}

static void
print(const struct exam *exam, const char *what, enum verdict verdict)
{
	const char *found = exam->found != NULL ? exam->found : "";

	found = indented(exam->run->arena, found);
	if (verdict != VERDICT_OK)
		(void)printf("%s %s: %s\n", words[verdict], what, found);
	else if (exam->found != NULL)
		(void)printf("%s %s (%s)\n", words[verdict], what, found);
	else
		(void)printf("%s %s\n", words[verdict], what);
	if (exam->todo != NULL)
		(void)printf("     do: %s\n", exam->todo);
}

enum verdict
checks_ok(struct exam *exam, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	exam->found = arena_format_values(exam->run->arena, format, values);
	va_end(values);
	return VERDICT_OK;
}

enum verdict
checks_warn(struct exam *exam, const char *todo, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	exam->found = arena_format_values(exam->run->arena, format, values);
	va_end(values);
	exam->todo = todo;
	return VERDICT_WARN;
}

enum verdict
checks_fail(struct exam *exam, const char *todo, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	exam->found = arena_format_values(exam->run->arena, format, values);
	va_end(values);
	exam->todo = todo;
	return VERDICT_FAIL;
}
