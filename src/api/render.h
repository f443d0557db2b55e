/*
 * Answers as text, by the route's row: its schema and what it is wrapped
 * in.
 */
#ifndef PARLEY_API_RENDER_H
#define PARLEY_API_RENDER_H

#include "base/base.h"

struct call;

/* The struct that the route's handler is to fill: zeros, in the arena. */
void *render_room(struct call *call);

/* Makes the response of call->answer, with the warnings. */
void render_answer(struct call *call);

/* Makes the response of call->faults. */
void render_faults(struct call *call);

#endif
