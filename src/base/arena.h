/*
 * Memory that lives exactly as long as one request or one piece of work.
 *
 * An arena is passed as the first argument; whatever a function returns
 * through an out-parameter lives in it, and all of it goes at once with
 * arena_clear.  Nothing is ever given back singly.  Out of memory ends the
 * process: the parent starts another, and no transaction was committed.
 *
 * Under a sanitizer every allocation is a block of its own, so that an
 * overrun or a use after arena_clear is seen.
 */
#ifndef PARLEY_BASE_ARENA_H
#define PARLEY_BASE_ARENA_H

#include "base/base.h"

#include <stdarg.h>

struct arena;

/* A new arena; never NULL.  The caller owns it. */
struct arena *arena_new(void);

/* Runs what was deferred, newest first, and frees everything but the arena
 * and its first block. */
void arena_clear(struct arena *arena);

/* arena_clear, and the arena itself.  NULL is allowed. */
void arena_free(struct arena *arena);

/* `size` bytes of zeros, aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of `length` bytes with a NUL behind them. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);

/* A copy of a text; NULL stays NULL. */
char *arena_text(struct arena *arena, const char *text);

/* A formatted text. */
char *arena_format(struct arena *arena, const char *format, ...) PRINTF(2, 3);
char *arena_format_values(
    struct arena *arena, const char *format, va_list values) PRINTF(2, 0);

/* Calls release(thing) when the arena is cleared: the way to own a foreign
 * thing (a parsed document, a result set).  Say it on the line after the
 * thing was made. */
void arena_defer(struct arena *arena, void (*release)(void *), void *thing);

#endif
