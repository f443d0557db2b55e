/*
 * Requests as lines, and back.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/request_lines.h"

#include "tap.h"

#define MOST 1000
#define MOMENT INT64_C(1764291600123000)

static const char body[] = "x\0\n\ny: z\r\n\xff";

static const struct request whole = {
	.received_at = MOMENT,
	.id = "r1",
	.method = "POST",
	.path = "/v1/hooks/a: b",
	.query = "",
	.authorization = "Basic x",
	.twilio_signature = "s=",
	.body = body,
	.body_length = sizeof(body),
};

static enum outcome
again(struct arena *arena, const char *lines, const void *more, size_t length,
    struct request *request)
{
	char *bytes;
	struct buf buf;

	buf_init(&buf, arena, 10 * MOST);
	buf_add_text(&buf, lines);
	buf_add(&buf, more, length);
	bytes = arena_copy(arena, buf_text(&buf), buf.length);
	return request_read_lines(bytes, buf.length, request);
}

static void
test_whole(struct arena *arena)
{
	struct request request;
	struct buf head;

	buf_init(&head, arena, MOST);
	is_int(request_write_lines(&head, &whole), OK, "a request has lines");
	is_text(buf_text(&head),
	    "id: r1\nmethod: POST\npath: /v1/hooks/a: b\nquery: \n"
	    "authorization: Basic x\ntwilio-signature: s=\n"
	    "received: 2025-11-28T01:00:00.123Z\n\n",
	    "of what is known of it");
	is_int(again(arena, buf_text(&head), body, sizeof(body), &request), OK,
	    "they are read");
	ok(request.body_length == sizeof(body) &&
		memcmp(request.body, body, sizeof(body)) == 0,
	    "with the body, whatever it is");
	is_text(request.id, "r1", "the id");
	is_text(request.method, "POST", "the method");
	is_text(request.path, "/v1/hooks/a: b", "the path");
	is_text(request.query, "", "the query, be it empty");
	is_text(request.authorization, "Basic x", "who asks");
	is_text(request.twilio_signature, "s=", "the signature");
	ok(request.mail_signature == NULL && request.content_type == NULL,
	    "what was not there is not");
	is_int(request.received_at, MOMENT, "and when it came");
}

static void
test_refused(struct arena *arena)
{
	static const char *const bad[] = { "", "\1", "id: r1", "id: r1\n",
		"id\n\n", "id:r1\n\n", "word: x\n\n", "received: now\n\n" };
	struct request request = whole;
	struct buf head;
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		is_int(again(arena, bad[i], "", 0, &request), INVALID,
		    "bad lines are no request: %zu", i);
	is_int(again(arena, "\n", "", 0, &request), OK,
	    "there need not be any line");
	is_text(request.path, "", "then it has no path");
	request = whole;
	request.query = "a\nid: r2";
	buf_init(&head, arena, MOST);
	is_int(request_write_lines(&head, &request), INVALID,
	    "a value that is no line is refused");
	buf_init(&head, arena, 20);
	is_int(
	    request_write_lines(&head, &whole), INVALID, "and so are too many");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_whole(arena);
	test_refused(arena);
	arena_free(arena);
	return done();
}
