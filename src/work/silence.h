/*
 * The clock of silence strikes: the user is warned, or the conversation
 * ends.  Everything is written in the recording transaction, in which the
 * conversation is locked; a clock that finds the conversation moved on does
 * nothing.
 */
#ifndef PARLEY_WORK_SILENCE_H
#define PARLEY_WORK_SILENCE_H

#include "work/kinds.h"

performer silence_perform;

#endif
