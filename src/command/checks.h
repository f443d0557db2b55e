/*
 * `parley doctor`: what must hold for Parley to work here, one check after
 * another.  Each prints a line, and one that failed what to do:
 *
 *   ok   zone names
 *   FAIL clock: 4.2 s from the database server's
 *        do: set both by NTP
 *
 * A check that is of no use yet, because of one before it, is skipped.  To
 * add a check, write its function and add a row to the table in checks.c.
 */
#ifndef PARLEY_COMMAND_CHECKS_H
#define PARLEY_COMMAND_CHECKS_H

#include "base/base.h"
#include "store/doctor.h"

struct run;

enum verdict {
	VERDICT_OK,
	VERDICT_SKIP,
	VERDICT_WARN,
	VERDICT_FAIL,
	VERDICT_N
};

/* What has come to light so far. */
struct exam {
	struct run *run;
	bool configured; /* run->config was read */
	bool connected;  /* run->db is, too */
	bool migrated;   /* it has our schema */
	struct doctor_server server;

	/* Of the check at hand; each may be NULL. */
	const char *found; /* what is wrong, or a detail worth showing */
	const char *todo;
};

/* These end a check: `return checks_warn(...)`. */
enum verdict checks_ok(struct exam *exam, const char *format, ...) PRINTF(2, 3);
enum verdict checks_warn(
    struct exam *exam, const char *todo, const char *format, ...) PRINTF(3, 4);
enum verdict checks_fail(
    struct exam *exam, const char *todo, const char *format, ...) PRINTF(3, 4);

/* INVALID when any check failed. */
enum outcome checks_run(struct run *run) MUSTCHECK;

#endif
