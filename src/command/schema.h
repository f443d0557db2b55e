/*
 * `parley migrate`.
 */
#ifndef PARLEY_COMMAND_SCHEMA_H
#define PARLEY_COMMAND_SCHEMA_H

#include "base/base.h"

struct run;

enum outcome schema_migrate(struct run *run) MUSTCHECK;

#endif
