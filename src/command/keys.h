/*
 * `parley key`.
 */
#ifndef PARLEY_COMMAND_KEYS_H
#define PARLEY_COMMAND_KEYS_H

#include "base/base.h"

struct run;

enum outcome keys_add(struct run *run) MUSTCHECK;
enum outcome keys_list(struct run *run) MUSTCHECK;
enum outcome keys_revoke(struct run *run) MUSTCHECK;

#endif
