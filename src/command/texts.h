/*
 * `parley text`: a text arrives on the loopback carrier.
 */
#ifndef PARLEY_COMMAND_TEXTS_H
#define PARLEY_COMMAND_TEXTS_H

#include "base/base.h"

struct run;

enum outcome texts_receive(struct run *run) MUSTCHECK;

#endif
