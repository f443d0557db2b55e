/*
 * `parley config`.
 */
#ifndef PARLEY_COMMAND_SETTINGS_H
#define PARLEY_COMMAND_SETTINGS_H

#include "base/base.h"

struct run;

enum outcome settings_print(struct run *run) MUSTCHECK;

#endif
