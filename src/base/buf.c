/*
 * The room doubles, and the old one stays in the arena until it is cleared:
 * at most as much again is lost.
 */
#include "base/base.h"

#include "base/buf.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROOM_FIRST 64

static bool reserve(struct buf *buf, size_t length);

void
buf_init(struct buf *buf, struct arena *arena, size_t ceiling)
{
	/* Half, so that neither doubling nor a NUL can wrap. */
	assert(ceiling < SIZE_MAX / 2);
	*buf = (struct buf){ .arena = arena, .ceiling = ceiling };
}

void
buf_add(struct buf *buf, const void *bytes, size_t length)
{
	if (length == 0 || !reserve(buf, length))
		return;
	memcpy(buf->data + buf->length, bytes, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void
buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_add_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void
buf_add_format(struct buf *buf, const char *format, ...)
{
	va_list values;
	int length;

	va_start(values, format);
	length = vsnprintf(NULL, 0, format, values);
	va_end(values);
	assert(length >= 0);
	if (length == 0 || !reserve(buf, (size_t)length))
		return;
	va_start(values, format);
	length = vsnprintf(
	    buf->data + buf->length, (size_t)length + 1, format, values);
	va_end(values);
	assert(length >= 0);
	buf->length += (size_t)length;
}

bool
buf_ok(const struct buf *buf)
{
	return !buf->over;
}

const char *
buf_text(const struct buf *buf)
{
	return buf->length > 0 ? buf->data : "";
}

/* Makes room for `length` more bytes and a NUL.  Once something was dropped
 * so is the rest: a text that is cut is less of a surprise than one with a
 * hole in it. */
static bool
reserve(struct buf *buf, size_t length)
{
	size_t room = buf->room > 0 ? buf->room : ROOM_FIRST;
	char *data;

	if (buf->over || length > buf->ceiling - buf->length) {
		buf->over = true;
		return false;
	}
	if (buf->room > buf->length + length)
		return true;
	while (room <= buf->length + length)
		room *= 2;
	if (room > buf->ceiling + 1)
		room = buf->ceiling + 1;
	data = arena_alloc(buf->arena, room);
	if (buf->length > 0)
		memcpy(data, buf->data, buf->length);
	buf->data = data;
	buf->room = room;
	return true;
}
