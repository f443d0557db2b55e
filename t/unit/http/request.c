/*
 * Requests: escapes, queries and content types.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/request.h"

#include "tap.h"

#include <string.h>

#define PAIRS_MOST 32
#define QUERY_MOST 1024

/* clang-format off */
static const struct {
	const char *encoded;
	bool plus_is_space;
	const char *decoded; /* NULL: it is refused */
	const char *name;
} escapes[] = {
	{ "", false, "", "nothing stays nothing" },
	{ "/v1/me", false, "/v1/me", "a plain path stays" },
	{ "a%20b", false, "a b", "an escape is undone" },
	{ "%2F%2f", false, "//", "in either case" },
	{ "%2541", false, "%41", "and once only" },
	{ "%c3%a4", false, "\xc3\xa4", "UTF-8 is put together" },
	{ "\xc3\xa4", false, "\xc3\xa4", "UTF-8 without escapes stays" },
	{ "a+b", false, "a+b", "a plus is a plus in a path" },
	{ "a+b", true, "a b", "and a space in a query" },
	{ "a%2Bb", true, "a+b", "where an escaped one is a plus" },
	{ "%09%0A", true, "\t\n", "tabs and line feeds are text" },
	{ "%", false, NULL, "a percent sign alone is refused" },
	{ "%2", false, NULL, "half an escape is refused" },
	{ "a%2", false, NULL, "half an escape at the end is refused" },
	{ "%g0", false, NULL, "a letter is no digit" },
	{ "%0g", false, NULL, "nor in the second place" },
	{ "% 1", false, NULL, "nor is a space" },
	{ "%00", false, NULL, "a NUL is no text" },
	{ "%01", false, NULL, "a control character is no text" },
	{ "\x7f", false, NULL, "nor is one without an escape" },
	{ "%ff", false, NULL, "what is not UTF-8 is no text" },
	{ "%c3", false, NULL, "half a character is no text" },
	{ "%c0%af", false, NULL, "an overlong slash is no text" },
	{ "%ed%a0%80", false, NULL, "a surrogate is no text" },
};

static const struct {
	const char *query;
	const char *pairs[7]; /* names and values in turn */
	const char *name;
} queries[] = {
	{ "", { NULL }, "an empty query has no parameters" },
	{ "&&", { NULL }, "nor have separators alone" },
	{ "a=1", { "a", "1" }, "a parameter has a name and a value" },
	{ "a=1&b=2&a=3", { "a", "1", "b", "2", "a", "3" },
	    "parameters keep their order and are not merged" },
	{ "a", { "a", "" }, "a name alone has an empty value" },
	{ "a=", { "a", "" }, "and so has one with its sign" },
	{ "=1", { "", "1" }, "a name may be empty" },
	{ "a=b=c", { "a", "b=c" }, "a value may have a sign of its own" },
	{ "&a=1&&b=2&", { "a", "1", "b", "2" }, "empty parts are left out" },
	{ "a+b=c+d", { "a b", "c d" }, "a plus is a space" },
	{ "a%3Db=%26", { "a=b", "&" }, "escapes do not separate" },
	{ "f=%5B%7B%22a%22%3A1%7D%5D", { "f", "[{\"a\":1}]" },
	    "JSON comes through" },
};

static const struct {
	const char *type;
	bool is_json;
} types[] = {
	{ NULL, true },
	{ "", true },
	{ "application/json", true },
	{ "Application/JSON", true },
	{ "application/json; charset=utf-8", true },
	{ "application/json;charset=utf-8", true },
	{ "application/json ", true },
	{ "application/webhook+json", true },
	{ "application/problem+json", false },
	{ "application/jso", false },
	{ "application/json5", false },
	{ "application/json-patch", false },
	{ "text/plain", false },
	{ "text/plain; application/json", false },
	{ "application/x-www-form-urlencoded", false },
	{ ";", false },
};
/* clang-format on */

static void
test_decode(struct arena *arena)
{
	const char *decoded;
	enum outcome rc;
	size_t i;

	for (i = 0; i < COUNT(escapes); i++) {
		decoded = "untouched";
		rc = request_decode(arena, escapes[i].encoded,
		    strlen(escapes[i].encoded), escapes[i].plus_is_space,
		    &decoded);
		is_int(rc, escapes[i].decoded != NULL ? OK : INVALID, "%s",
		    escapes[i].name);
		is_text(decoded,
		    escapes[i].decoded != NULL ? escapes[i].decoded
					       : "untouched",
		    "and its result is right");
	}
	is_int(request_decode(arena, "ab%20c", 2, false, &decoded), OK,
	    "only the length that is given is read");
	is_text(decoded, "ab", "and no more");
	is_int(request_decode(arena, "ab%20c", 4, false, &decoded), INVALID,
	    "an escape that the length cuts is refused");
}

static enum outcome
read_form(struct arena *arena, const char *body, size_t length,
    const char *const **pairs)
{
	struct request request = { .body = body, .body_length = length };

	return request_form(arena, &request, pairs);
}

static void
test_form(struct arena *arena)
{
	struct request request = { .content_type = NULL };
	const char *const *pairs = NULL;
	char many[2 * 257 + 1] = "";
	size_t i;

	is_int(read_form(arena, "a=1&b=x+y%21&c=3", 12, &pairs), OK,
	    "a form is read");
	is_text(pairs[0], "a", "with its names");
	is_text(pairs[3], "x y!", "and its values");
	is_text(pairs[4], NULL, "as far as it goes");
	is_int(read_form(arena, "", 0, &pairs), OK, "a form may be empty");
	is_int(read_form(arena, "a=1\0b", 5, &pairs), INVALID,
	    "a NUL does not end a form");
	is_int(read_form(arena, "a=%ff", 5, &pairs), INVALID, "a form is text");
	for (i = 0; i < 257; i++)
		(void)memcpy(many + 2 * i, "a&", 3);
	is_int(read_form(arena, many, 512, &pairs), OK,
	    "256 parts are enough for everybody");
	is_int(read_form(arena, many, 514, &pairs), INVALID,
	    "and 257 are too many");
	ok(!request_is_form(&request), "no content type is no form");
	request.content_type = "application/json";
	ok(!request_is_form(&request), "nor is JSON");
	request.content_type =
	    "application/x-www-form-urlencoded; charset=UTF-8";
	ok(request_is_form(&request), "a form is one");
}

static void
test_query(struct arena *arena)
{
	const char *const *pairs;
	size_t i, j;

	for (i = 0; i < COUNT(queries); i++) {
		pairs = NULL;
		is_int(request_query(arena, queries[i].query, &pairs), OK, "%s",
		    queries[i].name);
		if (pairs == NULL)
			continue;
		for (j = 0; queries[i].pairs[j] != NULL && pairs[j] != NULL;
		     j++)
			is_text(pairs[j], queries[i].pairs[j],
			    "with what was sent");
		ok(pairs[j] == NULL && queries[i].pairs[j] == NULL,
		    "and neither more nor less");
	}
}

static void
test_bad_query(struct arena *arena)
{
	const char *const *pairs = NULL;

	is_int(request_query(arena, "a=%", &pairs), INVALID,
	    "a bad escape in a value is refused");
	is_int(request_query(arena, "a=1&%zz=2", &pairs), INVALID,
	    "and so is one in a name");
	is_int(request_query(arena, "a=%ff", &pairs), INVALID,
	    "and what is no text");
	is_int(request_query(arena, "a=1%2&20=3", &pairs), INVALID,
	    "and an escape that goes over a separator");
	ok(pairs == NULL, "without a result");
}

static void
test_many(struct arena *arena)
{
	const char *const *pairs = NULL;
	struct buf buf;
	int i;

	buf_init(&buf, arena, QUERY_MOST);
	for (i = 0; i < PAIRS_MOST; i++)
		buf_add_format(&buf, "&p%d=%d", i, i);
	is_int(request_query(arena, buf_text(&buf), &pairs), OK,
	    "many parameters are read");
	is_text(pairs[2 * PAIRS_MOST - 1], "31", "to the last");
	ok(pairs[2 * PAIRS_MOST] == NULL, "where they end");
	buf_add_text(&buf, "&one=more");
	is_int(request_query(arena, buf_text(&buf), &pairs), INVALID,
	    "one more is refused");
}

static void
test_types(void)
{
	struct request request = { .id = NULL };
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		request.content_type = types[i].type;
		ok(request_is_json(&request) == types[i].is_json,
		    "\"%s\" is %sJSON's type",
		    types[i].type != NULL ? types[i].type : "(none)",
		    types[i].is_json ? "" : "not ");
	}
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_decode(arena);
	test_query(arena);
	test_form(arena);
	test_bad_query(arena);
	test_many(arena);
	test_types();
	arena_free(arena);
	return done();
}
