/*
 * Work of kind `close`: what follows a conversation's end.  The client is
 * told by the status webhook.
 */
#ifndef PARLEY_WORK_CLOSE_H
#define PARLEY_WORK_CLOSE_H

#include "work/kinds.h"

performer close_perform;

#endif
