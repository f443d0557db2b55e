/*
 * The commands of `parley`, one table.  To add one, add a row to the table
 * in command.c and its function to the file of its subject; its usage, its
 * help and the reading of its arguments follow from the row.
 */
#ifndef PARLEY_COMMAND_COMMAND_H
#define PARLEY_COMMAND_COMMAND_H

#include "command/run.h"

#define COMMAND_USAGE 2 /* the exit status of a wrong usage */

enum option_kind {
	OPTION_NEEDED, /* with a value, and must be given */
	OPTION_VALUE,  /* with a value */
	OPTION_ALONE   /* without one */
};

struct option_rule {
	const char *name; /* without "--" */
	enum option_kind kind;
	const char *value; /* what stands for it in the usage */
};

struct command {
	const char *name;
	const char *sub;      /* NULL: the name is all */
	const char *operands; /* words for them, as the usage has; or NULL */
	struct option_rule options[RUN_OPTIONS + 1]; /* ended by zeros */
	const char *about;
	const char *note; /* further lines for its help, or NULL */
	enum outcome (*perform)(struct run *run);
};

/* Runs the command whose words follow the global options; the exit status
 * of the program.  `config` may be NULL. */
int command_main(const char *config, char *const *words);

/* After getopt said what is wrong with a global option; COMMAND_USAGE. */
int command_misused(void);

/* The usage of the program with all commands; the exit status 0. */
int command_help(void);

#endif
