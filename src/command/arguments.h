/*
 * The words behind a command: its options and its operands, in any order.
 * "--name VALUE" and "--name=VALUE" are the same; behind "--" nothing is an
 * option.
 */
#ifndef PARLEY_COMMAND_ARGUMENTS_H
#define PARLEY_COMMAND_ARGUMENTS_H

#include "base/base.h"

struct run;

/* Reads them by run->command into the run.  INVALID, and `why` says what
 * is wrong. */
enum outcome arguments_read(
    struct run *run, char *const *words, const char **why) MUSTCHECK;

#endif
