#include "base/base.h"

#include "http/response.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/fcgi.h"

#include <string.h>

#define HEAD_MOST 4096
#define NO_CONTENT 204

/* clang-format off */
static const struct {
	int status;
	const char *title;
} titles[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
};
/* clang-format on */

void
response_header(struct response *response, const char *name, const char *value)
{
	assert(response->count < RESPONSE_HEADERS_MOST);
	response->headers[response->count].name = name;
	response->headers[response->count].value = value;
	response->count++;
}

void
response_write(
    const struct response *response, struct fcgi *fcgi, struct arena *arena)
{
	struct buf head;
	size_t i, length = strlen(response->body);

	buf_init(&head, arena, HEAD_MOST);
	buf_add_format(&head, "Status: %d %s\r\n", response->status,
	    response_title(response->status));
	buf_add_text(&head, "Cache-Control: no-store\r\n");
	/* RFC 9110, section 8.6: 204 has no length, not even that of 0. */
	if (response->status != NO_CONTENT)
		buf_add_format(&head,
		    "Content-Type: %s\r\n"
		    "Content-Length: %zu\r\n",
		    response->type != NULL ? response->type
					   : "application/json",
		    length);
	for (i = 0; i < response->count; i++)
		buf_add_format(&head, "%s: %s\r\n", response->headers[i].name,
		    response->headers[i].value);
	buf_add_text(&head, "\r\n");
	assert(buf_ok(&head));
	fcgi_write(fcgi, buf_text(&head), head.length);
	fcgi_write(fcgi, response->body, length);
}

const char *
response_title(int status)
{
	size_t i;

	for (i = 0; i < COUNT(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	/* The statuses are our own, so one that is missing is a slip. */
	assert(false);
	return "";
}
