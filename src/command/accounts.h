/*
 * `parley account`.
 */
#ifndef PARLEY_COMMAND_ACCOUNTS_H
#define PARLEY_COMMAND_ACCOUNTS_H

#include "base/base.h"

struct run;

enum outcome accounts_add(struct run *run) MUSTCHECK;
enum outcome accounts_list(struct run *run) MUSTCHECK;

#endif
