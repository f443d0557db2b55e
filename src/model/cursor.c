#include "base/base.h"

#include "model/cursor.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"

#include <string.h>

#define MOMENT 8 /* bytes, the highest first */
#define CURSOR (MOMENT + ID_BYTES)
#define TEXT_MOST 128

const char *
cursor_write(struct arena *arena, const struct cursor *cursor)
{
	unsigned char bytes[CURSOR];
	char *text;
	size_t i;

	for (i = 0; i < MOMENT; i++)
		bytes[i] = (unsigned char)((uint64_t)cursor->created_at >>
					   (8 * (MOMENT - 1 - i)));
	(void)memcpy(bytes + MOMENT, cursor->id.bytes, ID_BYTES);
	text = arena_copy(
	    arena, secret_base64(arena, bytes, CURSOR), CURSOR / 3 * 4);
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] == '+' || text[i] == '/')
			text[i] = text[i] == '+' ? '-' : '_';
	return text;
}

/* Either alphabet, with padding or without, as the one that is decoded. */
static const char *
plain(struct arena *arena, const char *text)
{
	struct buf buf;
	size_t i;
	char one;

	buf_init(&buf, arena, TEXT_MOST + 4);
	for (i = 0; text[i] != '\0'; i++) {
		one = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
		buf_add(&buf, &one, 1);
	}
	for (; i % 4 != 0; i++)
		buf_add_text(&buf, "=");
	return buf_text(&buf);
}

enum outcome
cursor_read(struct arena *arena, const char *text, struct cursor *cursor)
{
	unsigned char *bytes;
	struct cursor read = { .created_at = 0 };
	size_t i, length;

	if (strlen(text) > TEXT_MOST ||
	    secret_unbase64(arena, plain(arena, text), &bytes, &length) != OK)
		return INVALID;
	if (text_is_clean(bytes, length)) {
		if (when_parse(arena_copy(arena, (const char *)bytes, length),
			&read.created_at) != OK)
			return INVALID;
	} else {
		if (length != CURSOR || bytes[0] != 0)
			return INVALID;
		for (i = 0; i < MOMENT; i++)
			read.created_at = read.created_at << 8 | bytes[i];
		(void)memcpy(read.id.bytes, bytes + MOMENT, ID_BYTES);
	}
	*cursor = read;
	return OK;
}
