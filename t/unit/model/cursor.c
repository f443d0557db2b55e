/*
 * Cursors: what is written is read back, and nothing else is one.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/secret.h"
#include "base/when.h"
#include "model/cursor.h"

#include "tap.h"

#include <string.h>

static const struct cursor places[] = {
	{ 1, { { 0 } } },
	{ INT64_C(1795000000123456), { { 0xff, 0xfe, 0xfb, 0xef, 0xbe } } },
	{ INT64_C(0xfffefdfcfbfaf9), { { 1, 2, 3 } } },
};

static const char *const odd[] = { "", "x", "AAAA", "====", "hello world!",
	"MjAyNg==", "________________________________",
	"AAZhdf__AAAAAAAAAAAAAAAAAAAAAAA\xc3\xa4",
	"AAZhdf__AAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

static void
test_own(struct arena *arena)
{
	struct cursor found;
	const char *text;
	size_t i;

	for (i = 0; i < COUNT(places); i++) {
		text = cursor_write(arena, &places[i]);
		is_int((int64_t)strlen(text), 32, "a cursor has 32 characters");
		is_int((int64_t)strcspn(text, "+/="), 32,
		    "none of which a query would have to escape");
		is_int(cursor_read(arena, text, &found), OK, "it is read");
		ok(found.created_at == places[i].created_at &&
			id_equal(&found.id, &places[i].id),
		    "as what it was");
	}
}

/* As clients make them that were written for it. */
static void
test_moments(struct arena *arena)
{
	static const char moment[] = "2026-11-21T09:00:00.000Z";
	struct cursor found;
	int64_t when;

	is_int(when_parse(moment, &when), OK, "a moment");
	is_int(cursor_read(
		   arena, secret_base64(arena, moment, strlen(moment)), &found),
	    OK, "base64 of a moment is a cursor");
	is_int(found.created_at, when, "it stands for that moment");
	ok(id_is_none(&found.id), "before all of its rows");
	is_int(cursor_read(arena, "MjAyNi0xMS0yMVQwOTowMDowMFo", &found), OK,
	    "without padding too");
	is_int(found.created_at, when, "it is the same");
}

static void
test_odd(struct arena *arena)
{
	char longest[200];
	struct cursor found = { 7, { { 0 } } };
	size_t i;

	for (i = 0; i < COUNT(odd); i++)
		is_int(cursor_read(arena, odd[i], &found), INVALID,
		    "'%s' is none", odd[i]);
	(void)memset(longest, 'A', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	is_int(cursor_read(arena, longest, &found), INVALID,
	    "what is too long is none");
	is_int(found.created_at, 7, "and nothing is changed");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_own(arena);
	test_moments(arena);
	test_odd(arena);
	arena_free(arena);
	return done();
}
