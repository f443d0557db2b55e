/*
 * `parley secret`.
 */
#ifndef PARLEY_COMMAND_SECRETS_H
#define PARLEY_COMMAND_SECRETS_H

#include "base/base.h"

struct run;

enum outcome secrets_create(struct run *run) MUSTCHECK;

#endif
