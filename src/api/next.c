#include "base/base.h"

#include "api/next.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "model/cursor.h"

#include <string.h>

#define LINK_MOST 16384

/* What ends a link, or is no character of a URI, as it is escaped there. */
static void
add_escaped(struct buf *buf, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] >= 0x7f ||
		    strchr("<>\"\\^`{|}", text[i]) != NULL)
			buf_add_format(buf, "%%%02X", (unsigned char)text[i]);
		else
			buf_add_char(buf, text[i]);
}

/* The parameters but for the cursor, as they were sent. */
static void
add_query(struct buf *buf, const char *query)
{
	size_t length;

	for (; *query != '\0'; query += length + (query[length] == '&')) {
		length = strcspn(query, "&");
		if (length == 0 || text_starts(query, "cursor="))
			continue;
		add_escaped(buf, query, length);
		buf_add_char(buf, '&');
	}
}

void
next_page(struct call *call, const struct cursor *cursor)
{
	const char *text = cursor_write(call->arena, cursor);
	struct buf buf;

	response_header(&call->response, "Next-Cursor", text);
	buf_init(&buf, call->arena, LINK_MOST);
	buf_add_char(&buf, '<');
	add_escaped(&buf, call->request.path, strlen(call->request.path));
	buf_add_char(&buf, '?');
	add_query(&buf, call->request.query);
	buf_add_format(&buf, "cursor=%s>; rel=\"next\"", text);
	if (buf_ok(&buf))
		response_header(&call->response, "Link", buf_text(&buf));
}
