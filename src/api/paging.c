#include "base/base.h"

#include "api/paging.h"

#include "api/call.h"
#include "base/buf.h"
#include "base/text.h"
#include "db/stmt.h"
#include "model/field.h"
#include "model/page.h"
#include "model/tool_fill.h"

#define CURSOR_MOST 128
#define LINK_MOST 2048 /* bytes; a longer one is left out */

#define AT(member) FIELD_AT(struct paging, member)

/* clang-format off */
static const struct field fields[] = {
	{ "limit", FIELD_INTEGER, 0, AT(limit), 1, PAGE_SIZE_MOST,
	    .about = "How many; 25 if not given." },
	{ "cursor", FIELD_TEXT, 0, AT(cursor), 1, CURSOR_MOST,
	    .about = "Next-Cursor of the list before." },
};
/* clang-format on */

const struct schema paging_schema = SCHEMA("Paging", fields, struct paging);

enum outcome
paging_begin(struct call *call, const struct paging *asked, int64_t *limit,
    struct cursor *behind)
{
	struct cursor read = { .created_at = 0 };

	if (asked->cursor != NULL &&
	    cursor_read(call->arena, asked->cursor, &read) != OK)
		return call_refuse(call, INVALID_PARAMETER, "/cursor",
		    "cursor must be the Next-Cursor of the list before");
	*limit = asked->limit > 0 ? asked->limit : PAGE_SIZE;
	*behind = read;
	return OK;
}

/* The same request with this cursor; NULL: it would be too long. */
static const char *
link_to(struct call *call, const char *cursor)
{
	const char *const *pairs;
	struct buf buf;

	buf_init(&buf, call->arena, LINK_MOST);
	buf_add_format(&buf, "<%s?", call->request.path);
	if (request_query(call->arena, call->request.query, &pairs) != OK)
		return NULL;
	for (; pairs[0] != NULL; pairs += 2) {
		if (text_equal(pairs[0], "cursor"))
			continue;
		tool_fill_encode(&buf, pairs[0]);
		buf_add_char(&buf, '=');
		tool_fill_encode(&buf, pairs[1]);
		buf_add_char(&buf, '&');
	}
	buf_add_format(&buf, "cursor=%s>; rel=\"next\"", cursor);
	return buf_ok(&buf) ? buf_text(&buf) : NULL;
}

void
paging_end(struct call *call, const struct rows *rows, int64_t limit,
    struct cursor (*at)(const struct rows *rows, size_t index),
    struct list *answer)
{
	struct cursor last;
	const char *text, *link;

	answer->items = rows->list;
	answer->count = rows->count;
	if (rows->count <= (size_t)limit)
		return;
	answer->count = (size_t)limit;
	last = at(rows, answer->count - 1);
	text = cursor_write(call->arena, &last);
	response_header(&call->response, "Next-Cursor", text);
	link = link_to(call, text);
	if (link != NULL)
		response_header(&call->response, "Link", link);
}
