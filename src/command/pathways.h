/*
 * `parley pathway`: pathways in files, with no server and no database.
 */
#ifndef PARLEY_COMMAND_PATHWAYS_H
#define PARLEY_COMMAND_PATHWAYS_H

#include "base/base.h"

struct run;

/* Tells every reason for which the pathway of a file cannot run, each naming
 * its node. */
enum outcome pathways_check(struct run *run) MUSTCHECK;

/* The same, and then a chat with it in the terminal. */
enum outcome pathways_run(struct run *run) MUSTCHECK;

#endif
