/*
 * A text or a run of bytes that is being built, with a ceiling from birth.
 *
 * An addition past the ceiling is dropped as a whole, with all that follow
 * it, and remembered: check buf_ok once at the end and not after each call.
 * The memory is the arena's.
 */
#ifndef PARLEY_BASE_BUF_H
#define PARLEY_BASE_BUF_H

#include "base/base.h"

struct arena;

struct buf {
	struct arena *arena;
	char *data;     /* NUL-terminated whenever length > 0 */
	size_t length;  /* bytes, without the NUL */
	size_t room;    /* bytes allocated */
	size_t ceiling; /* length never exceeds it */
	bool over;      /* something did not fit */
};

/* An empty buffer of at most `ceiling` bytes. */
void buf_init(struct buf *buf, struct arena *arena, size_t ceiling);

void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_add_format(struct buf *buf, const char *format, ...) PRINTF(2, 3);

/* Did everything fit? */
bool buf_ok(const struct buf *buf) MUSTCHECK;

/* The content as a text, borrowed from the buffer; "" when it is empty. */
const char *buf_text(const struct buf *buf);

#endif
