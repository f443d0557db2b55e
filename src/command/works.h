/*
 * `parley work`.
 */
#ifndef PARLEY_COMMAND_WORKS_H
#define PARLEY_COMMAND_WORKS_H

#include "base/base.h"

struct run;

enum outcome works_list(struct run *run) MUSTCHECK;
enum outcome works_show(struct run *run) MUSTCHECK;
enum outcome works_retry(struct run *run) MUSTCHECK;
enum outcome works_drop(struct run *run) MUSTCHECK;

#endif
