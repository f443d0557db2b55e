/*
 * Widgets: what an agent shows beside its words, where the client can draw
 * it.  The model is offered a function that shows one; whoever takes the
 * turn collects them, and no request leaves for it.
 */
#ifndef PARLEY_MODEL_WIDGET_H
#define PARLEY_MODEL_WIDGET_H

#include "base/base.h"

#define WIDGET_FUNCTION "show_widget"
#define WIDGETS_MOST 10   /* of a turn */
#define WIDGET_MOST 16384 /* bytes of one */

struct agent_tool;
struct arena;

/* The function as the model is told of it; it lives in the arena. */
struct agent_tool widget_tool(struct arena *arena);

/*
 * Adds what the model shows to `widgets`, a JSON array (NULL: none yet), as
 * {type, data}.  INVALID: it cannot be shown, and `why` is what the model is
 * told.
 */
enum outcome widget_add(struct arena *arena, const char *arguments,
    const char **widgets, const char **why) MUSTCHECK;

#endif
