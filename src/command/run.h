/*
 * One run of an operator's command: what was typed, and what every command
 * needs.  Results go to standard output alone, so that a script can take
 * them; whatever is wrong goes to standard error as "parley: what is wrong;
 * what to do".
 *
 * A command ends with OK, or with another outcome once it has told why.
 */
#ifndef PARLEY_COMMAND_RUN_H
#define PARLEY_COMMAND_RUN_H

#include "base/base.h"
#include "base/config.h"
#include "base/id.h"

#define RUN_OPTIONS 12
#define RUN_OPERANDS 3

struct arena;
struct command;
struct db;
struct schema;
struct tx;

struct run {
	struct arena *arena;
	const struct command *command;
	const char *config_path;            /* NULL: where config_load looks */
	const char *operands[RUN_OPERANDS]; /* as command->operands */
	const char *values[RUN_OPTIONS];    /* as command->options; NULL: not
	                                     * given */

	int status; /* the exit status when it fails; 0: the usual */

	/* After run_configure and run_open. */
	struct config config;
	struct db *db;
};

/* The value of an option of this command; NULL: it was not given. */
const char *run_value(const struct run *run, const char *option);

/* Tells what is wrong, each line by itself.  INVALID, so that
 * `return run_tell(...)` reads well. */
enum outcome run_tell(const char *format, ...) PRINTF(1, 2);

/* Reads the configuration. */
enum outcome run_configure(struct run *run) MUSTCHECK;

/* Reads the configuration, connects, and makes sure that the schema is the
 * one that this program knows. */
enum outcome run_open(struct run *run) MUSTCHECK;

/* Tells that the database failed, with its own words; returns `rc`. */
enum outcome run_failed(const struct run *run, enum outcome rc);

/* Where the configuration says that the database is. */
const char *run_database(struct arena *arena, const struct config *config);

/* Finds the account of --account. */
enum outcome run_account(struct run *run, struct id *account) MUSTCHECK;

/* Reads names and values in turn, ended by NULL, by a table of the model's;
 * a pair without a value is left out. */
enum outcome run_read(struct run *run, const struct schema *schema,
    const char *const *pairs, void *out) MUSTCHECK;

/* Runs a transaction whose context is this run's; a CONFLICT is for the
 * caller to tell, everything else is told. */
enum outcome run_commit(struct run *run, const struct tx *tx) MUSTCHECK;

#endif
