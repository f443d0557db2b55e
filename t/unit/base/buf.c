/*
 * Texts that are built, and their ceiling.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"

#include <string.h>

#include "tap.h"

static void
test_adding(struct arena *arena)
{
	struct buf buf;

	buf_init(&buf, arena, 100);
	is_text(buf_text(&buf), "", "a new buffer is empty");
	ok(buf_ok(&buf), "and all is well");
	buf_add(&buf, NULL, 0);
	buf_add_text(&buf, "");
	buf_add_format(&buf, "%s", "");
	is_int((int64_t)buf.length, 0, "nothing adds nothing");
	buf_add(&buf, "abc", 2);
	buf_add_char(&buf, '-');
	buf_add_text(&buf, "text");
	buf_add_format(&buf, "[%d %s]", -5, "five");
	is_text(buf_text(&buf), "ab-text[-5 five]", "additions are joined");
	is_int((int64_t)buf.length, 16, "the length is without the NUL");
	buf_add(&buf, "\0z", 2);
	ok(memcmp(buf.data, "ab-text[-5 five]\0z", 19) == 0 && buf.length == 18,
	    "bytes may be NUL");
}

static void
test_growing(struct arena *arena)
{
	struct buf buf;
	bool same = true;
	int i;

	buf_init(&buf, arena, 100000);
	for (i = 0; i < 20000; i++)
		buf_add_format(&buf, "%05d", i);
	ok(buf_ok(&buf), "a buffer grows up to its ceiling exactly");
	is_int((int64_t)buf.length, 100000, "and holds all of it");
	is_int((int64_t)buf.room, 100001, "in no more room than that takes");
	for (i = 0; i < 100000; i++)
		same = same &&
		       buf.data[i] == arena_format(arena, "%05d", i / 5)[i % 5];
	ok(same, "growing keeps what is there");
	is_text(buf.data + 99995, "19999", "with a NUL behind it");
	buf_add_char(&buf, 'x');
	ok(!buf_ok(&buf), "one byte more is too much");
}

static void
test_ceiling(struct arena *arena)
{
	struct buf buf;

	buf_init(&buf, arena, 5);
	buf_add_text(&buf, "abc");
	buf_add_text(&buf, "def");
	ok(!buf_ok(&buf), "what passes the ceiling is remembered");
	is_text(buf_text(&buf), "abc", "and dropped as a whole");
	buf_add_text(&buf, "d");
	buf_add_format(&buf, "%d", 1);
	is_text(buf_text(&buf), "abc", "and so is what follows");
	buf_init(&buf, arena, 5);
	buf_add_format(&buf, "%s", "abcde");
	ok(buf_ok(&buf), "a format may fill a buffer");
	buf_add_text(&buf, "");
	ok(buf_ok(&buf), "to which nothing can still be added");
	buf_init(&buf, arena, 5);
	buf_add_format(&buf, "%s", "abcdef");
	ok(!buf_ok(&buf), "a format may pass the ceiling");
	buf_init(&buf, arena, 0);
	ok(buf_ok(&buf), "a ceiling of 0 is allowed");
	buf_add_char(&buf, 'a');
	ok(!buf_ok(&buf), "but nothing fits under it");
	is_text(buf_text(&buf), "", "and its text is empty");
	buf_init(&buf, arena, 1000);
	buf_add(&buf, "x", SIZE_MAX);
	ok(!buf_ok(&buf), "a length that would wrap does not fit");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_adding(arena);
	arena_clear(arena);
	test_growing(arena);
	arena_clear(arena);
	test_ceiling(arena);
	arena_free(arena);
	return done();
}
