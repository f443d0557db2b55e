/*
 * Work of kind `deliver`: a webhook goes to its URL.  The request is the
 * same on every attempt but for its time; what came of each is kept.
 */
#ifndef PARLEY_WORK_DELIVER_H
#define PARLEY_WORK_DELIVER_H

#include "work/kinds.h"

performer deliver_perform;

#endif
