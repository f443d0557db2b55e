#include "base/base.h"

#include "http/request.h"

#include "base/arena.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"
#include "http/fcgi.h"

#include <string.h>

#define REQUEST_ID_BYTES 16
#define QUERY_PAIRS_MOST 32
#define FORM_PAIRS_MOST 256

static const char *request_id(struct fcgi *fcgi, struct arena *arena);

static const char *
param(struct fcgi *fcgi, struct arena *arena, const char *name)
{
	const char *value = fcgi_param(fcgi, name);

	if (value == NULL || !text_is_clean(value, strlen(value)))
		return NULL;
	return arena_text(arena, value);
}

enum outcome
request_read(struct fcgi *fcgi, struct arena *arena, struct request *request)
{
	enum outcome rc = request_read_head(fcgi, arena, request);

	return rc == OK
		   ? request_read_body(fcgi, arena, REQUEST_BODY_MOST, request)
		   : rc;
}

enum outcome
request_read_head(
    struct fcgi *fcgi, struct arena *arena, struct request *request)
{
	const char *target, *mark, *method;
	size_t length;

	*request = (struct request){ .path = "", .query = "", .body = "" };
	request->received_at = when_now();
	request->id = request_id(fcgi, arena);
	method = param(fcgi, arena, "REQUEST_METHOD");
	request->method = method == NULL ? "" : method;
	if (text_equal(request->method, "HEAD"))
		request->method = "GET";
	request->authorization = param(fcgi, arena, "HTTP_AUTHORIZATION");
	if (request->authorization == NULL)
		/* What Apache makes of it behind a rewrite. */
		request->authorization =
		    param(fcgi, arena, "REDIRECT_HTTP_AUTHORIZATION");
	request->content_type = param(fcgi, arena, "CONTENT_TYPE");
	/* One that is no text is wrong, and not the same as none. */
	request->idempotency_key = param(fcgi, arena, "HTTP_IDEMPOTENCY_KEY");
	if (request->idempotency_key == NULL &&
	    fcgi_param(fcgi, "HTTP_IDEMPOTENCY_KEY") != NULL)
		request->idempotency_key = "";
	request->twilio_signature =
	    param(fcgi, arena, "HTTP_X_TWILIO_SIGNATURE");
	request->mail_signature =
	    param(fcgi, arena, "HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_SIGNATURE");
	request->mail_timestamp =
	    param(fcgi, arena, "HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_TIMESTAMP");
	target = param(fcgi, arena, "REQUEST_URI");
	if (target == NULL)
		return INVALID;
	mark = strchr(target, '?');
	length = mark != NULL ? (size_t)(mark - target) : strlen(target);
	request->query = mark != NULL ? mark + 1 : "";
	if (request_decode(arena, target, length, false, &request->path) != OK)
		return INVALID;
	return OK;
}

/* RFC 3986 leaves the form of a query open; this is that of HTML. */
static enum outcome
split_pairs(struct arena *arena, const char *text, size_t most,
    const char *const **pairs)
{
	const char **list = arena_alloc(arena, (2 * most + 1) * sizeof(*list));
	const char *end, *equals, *part;
	size_t count = 0, length;

	for (part = text; *part != '\0'; part = *end != '\0' ? end + 1 : end) {
		end = strchrnul(part, '&');
		length = (size_t)(end - part);
		if (length == 0)
			continue;
		if (count == 2 * most)
			return INVALID;
		equals = memchr(part, '=', length);
		if (equals == NULL)
			equals = end;
		if (request_decode(arena, part, (size_t)(equals - part), true,
			&list[count]) != OK)
			return INVALID;
		if (equals != end)
			equals++;
		if (request_decode(arena, equals, (size_t)(end - equals), true,
			&list[count + 1]) != OK)
			return INVALID;
		count += 2;
	}
	*pairs = list;
	return OK;
}

enum outcome
request_query(struct arena *arena, const char *query, const char *const **pairs)
{
	return split_pairs(arena, query, QUERY_PAIRS_MOST, pairs);
}

/* A NUL would end the text early. */
enum outcome
request_form(struct arena *arena, const struct request *request,
    const char *const **pairs)
{
	const char *body = request->body;

	if (memchr(body, '\0', request->body_length) != NULL)
		return INVALID;
	return split_pairs(arena, arena_copy(arena, body, request->body_length),
	    FORM_PAIRS_MOST, pairs);
}

bool
request_value_is(const char *value, const char *word)
{
	size_t length = strcspn(value, "; \t");

	return length == strlen(word) && strncasecmp(value, word, length) == 0;
}

bool
request_is_json(const struct request *request)
{
	const char *type = request->content_type;

	return type == NULL || type[0] == '\0' ||
	       request_value_is(type, "application/json") ||
	       request_value_is(type, "application/webhook+json");
}

bool
request_is_form(const struct request *request)
{
	return request->content_type != NULL &&
	       request_value_is(
		   request->content_type, "application/x-www-form-urlencoded");
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

enum outcome
request_decode_bytes(struct arena *arena, const char *encoded, size_t length,
    bool plus_is_space, const char **decoded, size_t *size)
{
	char *bytes = arena_alloc(arena, length + 1);
	size_t i, count = 0;
	int high, low;

	for (i = 0; i < length; i++) {
		if (encoded[i] == '+' && plus_is_space) {
			bytes[count++] = ' ';
			continue;
		}
		if (encoded[i] != '%') {
			bytes[count++] = encoded[i];
			continue;
		}
		if (length - i < 3)
			return INVALID;
		high = hex_digit(encoded[i + 1]);
		low = hex_digit(encoded[i + 2]);
		if (high < 0 || low < 0)
			return INVALID;
		bytes[count++] = (char)(high << 4 | low);
		i += 2;
	}
	*decoded = bytes;
	*size = count;
	return OK;
}

enum outcome
request_decode(struct arena *arena, const char *encoded, size_t length,
    bool plus_is_space, const char **decoded)
{
	const char *text;
	size_t size;

	if (request_decode_bytes(
		arena, encoded, length, plus_is_space, &text, &size) != OK ||
	    !text_is_clean(text, size))
		return INVALID;
	*decoded = text;
	return OK;
}

/* The web server's id for the request, so that its log and ours agree. */
static const char *
request_id(struct fcgi *fcgi, struct arena *arena)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.:@";
	const char *id = fcgi_param(fcgi, "REQUEST_ID");

	if (id == NULL)
		id = fcgi_param(fcgi, "UNIQUE_ID");
	if (id == NULL || id[0] == '\0' || strlen(id) > REQUEST_ID_MOST ||
	    id[strspn(id, allowed)] != '\0')
		return secret_token(arena, REQUEST_ID_BYTES);
	return arena_text(arena, id);
}

enum outcome
request_read_body(struct fcgi *fcgi, struct arena *arena, size_t most,
    struct request *request)
{
	const char *text = fcgi_param(fcgi, "CONTENT_LENGTH");
	int64_t length;
	char *body;

	if (text == NULL || text[0] == '\0')
		return OK;
	if (text_to_integer(text, &length) != OK || length < 0)
		return INVALID;
	if ((uint64_t)length > most)
		return LIMITED;
	body = arena_alloc(arena, (size_t)length + 1);
	if (fcgi_read(fcgi, body, (size_t)length) != (size_t)length)
		return INVALID;
	request->body = body;
	request->body_length = (size_t)length;
	return OK;
}
