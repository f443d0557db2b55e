#include "base/base.h"

#include "store/like.h"

#include "base/buf.h"

#include <string.h>

const char *
like_text(struct arena *arena, const char *before, const char *text,
    const char *after)
{
	struct buf buf;
	const char *c;

	buf_init(
	    &buf, arena, 2 * strlen(text) + strlen(before) + strlen(after));
	buf_add_text(&buf, before);
	for (c = text; *c != '\0'; c++) {
		if (strchr("%_|", *c) != NULL)
			buf_add_char(&buf, '|');
		buf_add_char(&buf, *c);
	}
	buf_add_text(&buf, after);
	assert(buf_ok(&buf));
	return buf_text(&buf);
}
