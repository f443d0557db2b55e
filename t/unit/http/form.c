/*
 * Forms: both encodings, whatever bytes are in them, and nothing else.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/form.h"

#include "tap.h"

#include <stdlib.h>

#define TYPE "multipart/form-data; boundary=\"x y\""

static enum outcome
read_text(
    struct arena *arena, const char *type, const char *body, struct form *form)
{
	return form_read(arena, type, body, strlen(body), form);
}

static void
test_parts(struct arena *arena)
{
	struct form form;
	const struct form_part *part;

	is_int(read_text(arena, TYPE,
		   "preamble\r\n--x y\r\n"
		   "Content-Disposition: form-data; name=\"subject\"\r\n\r\n"
		   "Hi\r\nthere\r\n--x y \r\n"
		   "content-disposition: form-data; name=a; filename=\"b;.png\""
		   "\r\nContent-Type: image/png\r\n\r\n"
		   "--x yz\r\n--x\r\n--x y\r\n"
		   "Content-Disposition: form-data; name=empty\r\n\r\n"
		   "\r\n--x y\r\n"
		   "Content-Disposition: form-data; name=none\r\n\r\n--x y"
		   "--\r\nepilogue",
		   &form),
	    INVALID, "a part's delimiter has a line of its own");
	is_int(read_text(arena, TYPE,
		   "preamble\r\n--x y\r\n"
		   "Content-Disposition: form-data; name=\"subject\"\r\n\r\n"
		   "Hi\r\nthere\r\n--x y \r\n"
		   "content-disposition: form-data; name=a; filename=\"b;.png\""
		   "\r\nContent-Type: image/png\r\n\r\n"
		   "-- x y\r\n--x\r\n--x y\r\n"
		   "Content-Disposition: form-data; name=empty\r\n\r\n"
		   "\r\n--x y--\r\nepilogue",
		   &form),
	    OK, "a form in parts is read");
	is_int((int64_t)form.count, 3, "all of them");
	is_text(form_text(arena, &form, "subject"), "Hi\r\nthere",
	    "a field is its bytes");
	part = form_find(&form, "a");
	is_text(part->filename, "b;.png", "a file has a name");
	is_text(part->type, "image/png", "and a type");
	is_int((int64_t)part->length, 11, "and what is nearly a delimiter");
	is_text(form_text(arena, &form, "empty"), "", "a field may be empty");
	is_text(form_text(arena, &form, "other"), NULL, "or not there");
}

static void
test_pairs(struct arena *arena)
{
	struct form form;

	is_int(read_text(arena, "application/x-www-form-urlencoded",
		   "a=1+2%263&&b=%ff&c", &form),
	    OK, "a form of pairs is read");
	is_text(form_text(arena, &form, "a"), "1 2&3", "and decoded");
	is_text(form_text(arena, &form, "b"), NULL, "what is no text is none");
	is_int((int64_t)form_find(&form, "b")->length, 1, "but bytes");
	is_text(form_text(arena, &form, "c"), "", "nothing is empty");
	is_int(read_text(
		   arena, "application/x-www-form-urlencoded", "a=%4", &form),
	    INVALID, "half an escape is none");
}

static void
test_refused(struct arena *arena)
{
	static const char *const bad[] = { "", "--x y", "--x y\r\n", "--x y--x",
		"--x y\r\n\r\n\r\n--x y--",
		"--x y\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
		"--x y\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb"
		"\r\n--x y--",
		"--x y\r\nContent-Disposition: attachment; name=a\r\n\r\nb"
		"\r\n--x y--",
		"--x y\nContent-Disposition: form-data; name=a\n\nb\n--x y--",
		"--x y\r\nContent-Disposition: form-data; name=a\xff\r\n\r\nb"
		"\r\n--x y--" };
	struct form form;
	struct buf body;
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		ok(read_text(arena, TYPE, bad[i], &form) == INVALID || i == 3,
		    "bad form %zu is none", i);
	is_int(read_text(arena, "text/plain", "a=b", &form), INVALID,
	    "another type is none");
	is_int(read_text(arena, NULL, "a=b", &form), INVALID, "nor is none");
	is_int(read_text(arena, "multipart/form-data", "--\r\n", &form),
	    INVALID, "nor one without a boundary");
	buf_init(&body, arena, 1 << 20);
	for (i = 0; i < FORM_PARTS_MOST + 1; i++)
		buf_add_text(&body, "a=b&");
	is_int(read_text(arena, "application/x-www-form-urlencoded",
		   buf_text(&body), &form),
	    LIMITED, "too many pairs are too many");
	buf_init(&body, arena, 1 << 20);
	buf_add_text(&body, "--x y\r\n");
	for (i = 0; i < 2000; i++)
		buf_add_text(&body, "X: y\r\n");
	is_int(read_text(arena, TYPE, buf_text(&body), &form), LIMITED,
	    "and so are too long heads");
}

/* What it takes lies within what it was given. */
static void
test_noise(void)
{
	static const char *const pieces[] = { "--x y", "--x y--", "\r\n",
		"\r\n\r\n", "Content-Disposition: form-data; name=a", "\"",
		"; filename=", "b", "%", "=", "&", "--", "x y", "\n" };
	struct arena *arena = arena_new();
	struct form form;
	struct buf body;
	size_t i, j, bad = 0, read = 0;
	const char *text;

	srand(3);
	for (i = 0; i < 20000; i++) {
		buf_init(&body, arena, 4096);
		for (j = 0; j < 14; j++)
			buf_add_text(
			    &body, pieces[(size_t)rand() % COUNT(pieces)]);
		text = buf_text(&body);
		if (form_read(arena,
			i % 2 == 0 ? TYPE : "application/x-www-form-urlencoded",
			text, body.length, &form) != OK)
			continue;
		read++;
		for (j = 0; j < form.count; j++)
			bad += form.parts[j].name == NULL ||
			       form.parts[j].length > body.length;
		arena_clear(arena);
	}
	ok(read > 100, "some of it are forms");
	is_int((int64_t)bad, 0, "whose parts are within");
	arena_free(arena);
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_parts(arena);
	test_pairs(arena);
	test_refused(arena);
	test_noise();
	arena_free(arena);
	return done();
}
