/*
 * The agent takes its turn.
 *
 * The conversation is read, the engine (model/turn) says what to do, the
 * model and tools are asked outside of any transaction, and what came of it
 * is recorded in one: the words with the work that sends them, the
 * variables, the trace.  A turn whose user wrote again meanwhile is thrown
 * away and taken again on the whole transcript, three times in a row at
 * most, so nobody is answered on half of what they said and nobody waits for
 * ever.  One that cannot be taken, for want of a model, waits until it can.
 */
#ifndef PARLEY_WORK_TURN_H
#define PARLEY_WORK_TURN_H

#include "base/base.h"

struct job;

enum outcome turn_perform(struct job *job) MUSTCHECK;

#endif
