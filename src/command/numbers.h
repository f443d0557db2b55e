/*
 * `parley number`.
 */
#ifndef PARLEY_COMMAND_NUMBERS_H
#define PARLEY_COMMAND_NUMBERS_H

#include "base/base.h"

struct run;

enum outcome numbers_add(struct run *run) MUSTCHECK;
enum outcome numbers_list(struct run *run) MUSTCHECK;

#endif
