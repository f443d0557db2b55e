#include "base/base.h"

#include "http/request_lines.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/when.h"

#include <string.h>

#define RECEIVED "received"

/* clang-format off */
static const struct {
	const char *name;
	size_t at;
} lines[] = {
	{ "id",               offsetof(struct request, id) },
	{ "method",           offsetof(struct request, method) },
	{ "path",             offsetof(struct request, path) },
	{ "query",            offsetof(struct request, query) },
	{ "authorization",    offsetof(struct request, authorization) },
	{ "content-type",     offsetof(struct request, content_type) },
	{ "twilio-signature", offsetof(struct request, twilio_signature) },
	{ "mail-signature",   offsetof(struct request, mail_signature) },
	{ "mail-timestamp",   offsetof(struct request, mail_timestamp) },
};
/* clang-format on */

static const char *
value_of(const struct request *request, size_t line)
{
	const char *value;

	memcpy(&value, (const char *)request + lines[line].at, sizeof(value));
	return value;
}

enum outcome
request_write_lines(struct buf *head, const struct request *request)
{
	char received[WHEN_TEXT];
	const char *value;
	size_t i;

	for (i = 0; i < COUNT(lines); i++) {
		value = value_of(request, i);
		if (value == NULL)
			continue;
		if (value[strcspn(value, "\r\n")] != '\0')
			return INVALID;
		buf_add_format(head, "%s: %s\n", lines[i].name, value);
	}
	when_write(request->received_at, received);
	buf_add_format(head, RECEIVED ": %s\n\n", received);
	return buf_ok(head) ? OK : INVALID;
}

/* Of a line "name: value" the value, and the name ended; NULL: it is none. */
static char *
split(char *line)
{
	char *colon = strstr(line, ": ");

	if (colon == NULL)
		return NULL;
	*colon = '\0';
	return colon + 2;
}

static enum outcome
read_line(struct request *request, const char *name, const char *value)
{
	size_t i;

	if (text_equal(name, RECEIVED))
		return when_parse(value, &request->received_at);
	for (i = 0; i < COUNT(lines); i++)
		if (text_equal(lines[i].name, name)) {
			memcpy((char *)request + lines[i].at, &value,
			    sizeof(value));
			return OK;
		}
	return INVALID;
}

enum outcome
request_read_lines(char *bytes, size_t length, struct request *request)
{
	char *line = bytes, *end, *value;
	enum outcome rc = OK;

	*request =
	    (struct request){ .id = "", .method = "", .path = "", .query = "" };
	while (rc == OK && (end = strchr(line, '\n')) != NULL && end != line) {
		*end = '\0';
		value = split(line);
		rc = value != NULL ? read_line(request, line, value) : INVALID;
		line = end + 1;
	}
	if (rc != OK || *line != '\n')
		return INVALID;
	request->body = line + 1;
	request->body_length = length - (size_t)(line + 1 - bytes);
	return OK;
}
