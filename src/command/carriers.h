/*
 * `parley carrier`, and how other commands find one.
 */
#ifndef PARLEY_COMMAND_CARRIERS_H
#define PARLEY_COMMAND_CARRIERS_H

#include "base/base.h"

struct id;
struct run;

enum outcome carriers_add(struct run *run) MUSTCHECK;
enum outcome carriers_list(struct run *run) MUSTCHECK;

/* Finds the account's carrier of --carrier, by its id or its name. */
enum outcome carriers_find(
    struct run *run, const struct id *account, struct id *carrier) MUSTCHECK;

#endif
