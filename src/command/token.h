/*
 * A secret that the operator hands over: the first line of a file or of
 * standard input, where no list of processes shows it.
 */
#ifndef PARLEY_COMMAND_TOKEN_H
#define PARLEY_COMMAND_TOKEN_H

#include "base/base.h"

struct run;

/* Reads it from `path`, or where that is NULL from standard input; a
 * terminal is asked and does not show what is typed. */
enum outcome token_read(
    struct run *run, const char *path, const char **token) MUSTCHECK;

#endif
