/*
 * Single tokens: what is read, how far, and what is copied.  What is right
 * and wrong in a whole text is tested with json_check.
 */
#include "base/base.h"

#include "base/json_scan.h"

#include "base/arena.h"

#include "tap.h"

#include <string.h>

#define ROOM 64

struct test {
	const char *text;
	size_t read; /* bytes; 0 when it is wrong */
};

/* clang-format off */
static const struct test numbers[] = {
	{ "0", 1 },
	{ "0]", 1 },
	{ "-12,", 3 },
	{ "1.50 ", 4 },
	{ "1e5}", 3 },
	{ "9x", 1 },
	{ "-", 0 },
	{ "01", 0 },
	{ "1.x", 0 },
	{ "1e+", 0 },
};

static const struct test words[] = {
	{ "true", 4 },
	{ "false,", 5 },
	{ "null]", 4 },
	{ "nul", 0 },
	{ "True", 0 },
};
/* clang-format on */

static struct json_scan
scan_of(struct arena *arena, const char *text)
{
	return (struct json_scan){
		.at = text,
		.end = text + strlen(text),
		.arena = arena,
	};
}

static void
test_tokens(enum outcome (*read)(struct json_scan *), const struct test *tests,
    size_t count)
{
	struct arena *arena = arena_new();
	struct json_scan scan;
	enum outcome rc;
	size_t i, got;

	for (i = 0; i < count; i++) {
		scan = scan_of(arena, tests[i].text);
		rc = read(&scan);
		got = rc == OK ? (size_t)(scan.at - tests[i].text) : 0;
		is_int((int64_t)got, (int64_t)tests[i].read,
		    "%zu bytes of %s are a token", tests[i].read,
		    tests[i].text);
	}
	arena_free(arena);
}

static void
test_copy(const char *text, const char *wanted, const char *name)
{
	struct arena *arena = arena_new();
	struct json_scan scan = scan_of(arena, text);
	char room[ROOM] = "";
	enum outcome rc;

	scan.copy = room;
	rc = json_scan_string(&scan);
	ok(rc == OK && scan.copy == room + strlen(wanted) &&
		scan.at == scan.end,
	    "%s: all is read", name);
	is_text(room, wanted, "%s", name);
	arena_free(arena);
}

static void
test_refusals(void)
{
	struct arena *arena = arena_new();
	struct json_scan scan = scan_of(arena, "/* x */");
	char room[ROOM];

	ok(json_scan_refuse_here(&scan, "no") == INVALID && scan.bad == scan.at,
	    "a refusal is about the byte in hand");
	is_text(scan.what, "comments are not part of JSON",
	    "a comment is told from other mistakes");
	scan = scan_of(arena, "?");
	ok(json_scan_refuse_here(&scan, "no") == INVALID, "others are not");
	is_text(scan.what, "no", "others have the caller's words");
	scan = scan_of(arena, "");
	ok(json_scan_refuse(&scan, scan.end, "no") == INVALID, "at the end");
	is_text(scan.what, "the text ends too soon",
	    "at the end, that is what is wrong");
	scan = scan_of(arena, "NaN");
	ok(json_scan_word(&scan) == INVALID, "NaN is refused");
	is_text(scan.what, "NaN is not a number in JSON",
	    "NaN has words of its own");
	scan = scan_of(arena, "\"\\u0000\"");
	ok(json_scan_string(&scan) == OK, "U+0000 is read over");
	scan = scan_of(arena, "\"\\u0000\"");
	scan.copy = room;
	ok(json_scan_string(&scan) == INVALID, "U+0000 is not copied");
	arena_free(arena);
}

static void
test_space(void)
{
	struct json_scan scan = scan_of(NULL, " \t\r\n\v");

	json_scan_space(&scan);
	is_int(json_scan_peek(&scan), '\v', "white space is skipped");
	scan = scan_of(NULL, "  ");
	json_scan_space(&scan);
	is_int(json_scan_peek(&scan), -1, "the end is -1");
	scan = scan_of(NULL, "\xff");
	is_int(json_scan_peek(&scan), 0xff, "a byte is not negative");
}

int
main(void)
{
	test_tokens(json_scan_number, numbers, COUNT(numbers));
	test_tokens(json_scan_word, words, COUNT(words));
	test_copy("\"\"", "", "nothing between quotes");
	test_copy("\"a b\"", "a b", "plain text");
	test_copy("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t",
	    "short escapes");
	test_copy("\"\\u0041\\u007f\\u0080\\u07ff\"", "A\x7f\xc2\x80\xdf\xbf",
	    "escapes of one and two bytes");
	test_copy("\"\\u0800\\uD7ff\\uFFFF\"",
	    "\xe0\xa0\x80\xed\x9f\xbf\xef\xbf\xbf", "escapes of three bytes");
	test_copy("\"\\ud800\\udc00\\uDBFF\\uDFFF\"",
	    "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "escapes of four bytes");
	test_copy("\"\xc3\xa9\xf0\x9f\x98\x80\"", "\xc3\xa9\xf0\x9f\x98\x80",
	    "UTF-8 as it is");
	test_refusals();
	test_space();
	return done();
}
