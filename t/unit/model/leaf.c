/*
 * Objects taken apart: whatever contains an object has its leaves.
 */
#include "base/base.h"

#include "model/leaf.h"

#include "base/arena.h"
#include "base/buf.h"

#include <string.h>

#include "tap.h"

static bool
has(const struct leaves *leaves, const struct leaf *leaf)
{
	size_t i;

	for (i = 0; i < leaves->count; i++)
		if (memcmp(&leaves->list[i], leaf, sizeof(*leaf)) == 0)
			return true;
	return false;
}

/* Has the first object all that the other has? */
static bool
may_contain(struct arena *arena, const char *one, const char *other)
{
	struct leaves whole, part;
	size_t i;

	leaves_read(arena, one, &whole);
	leaves_read(arena, other, &part);
	for (i = 0; i < part.count; i++)
		if (!has(&whole, &part.list[i]))
			return false;
	return true;
}

#define ALL "{\"a\":1,\"b\":{\"c\":[1,\"x\",{\"d\":null}],\"e\":{}},\"f\":true}"

/* clang-format off */
static const struct {
	const char *whole, *part;
	bool wanted;
} samples[] = {
	{ ALL, "{}", true },
	{ ALL, "{\"a\":1}", true },
	{ ALL, "{\"a\":1.0}", true },
	{ ALL, "{\"a\":1e0}", true },
	{ ALL, "{\"a\":2}", false },
	{ ALL, "{\"a\":\"1\"}", false },
	{ ALL, "{\"b\":{}}", true },
	{ ALL, "{\"b\":{\"c\":[]}}", true },
	{ ALL, "{\"b\":{\"c\":[\"x\",1]}}", true },
	{ ALL, "{\"b\":{\"c\":\"x\"}}", true },
	{ ALL, "{\"b\":{\"c\":[{\"d\":null}]}}", true },
	{ ALL, "{\"b\":{\"c\":[2]}}", false },
	{ ALL, "{\"c\":[1]}", false },
	{ ALL, "{\"b\":{\"e\":{}},\"f\":true}", true },
	{ ALL, "{\"b\":{\"e\":{}},\"f\":false}", false },
	{ ALL, "{\"b:c\":1}", false },
	{ "{\"\\u00e4\":\"\\u00fc\"}", "{\"ä\":\"ü\"}", true },
	{ "{\"a\\\":\\\"b\":1}", "{\"a\":{\"b\":1}}", false },
	{ NULL, "{}", true },
	{ NULL, "{\"a\":1}", false },
};
/* clang-format on */

static const char *
object_of(struct arena *arena, int members)
{
	struct buf buf;
	int i;

	buf_init(&buf, arena, 65536);
	for (i = 0; i < members; i++)
		buf_add_format(&buf, "%s\"m%d\":%d", i == 0 ? "{" : ",", i, i);
	buf_add_text(&buf, "}");
	return buf_text(&buf);
}

static void
test_counts(struct arena *arena)
{
	struct leaves leaves;

	leaves_read(arena, "{\"a\":[1,1,1],\"b\":1}", &leaves);
	is_int((int64_t)leaves.count, 3, "each leaf is there once");
	leaves_read(arena, "[1]", &leaves);
	is_int((int64_t)leaves.count, 0, "what is no object has none");
	leaves_read(arena, "{", &leaves);
	is_int((int64_t)leaves.count, 0, "nor has what is no JSON");
	leaves_read(arena, object_of(arena, LEAVES_MOST), &leaves);
	is_int((int64_t)leaves.count, LEAVES_MOST, "as many as there is room");
	ok(!has(&leaves, &leaf_of_anything), "of which none is anything");
	leaves_read(arena, object_of(arena, LEAVES_MOST + 1), &leaves);
	ok(leaves.count == 1 && has(&leaves, &leaf_of_anything),
	    "one more, and it may contain anything");
	leaves_read(arena, object_of(arena, 1000), &leaves);
	ok(leaves.count == 1 && has(&leaves, &leaf_of_anything),
	    "many more are the same");
}

int
main(void)
{
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < COUNT(samples); i++)
		is_int(may_contain(arena, samples[i].whole, samples[i].part),
		    samples[i].wanted, "%s %s %s",
		    samples[i].whole != NULL ? samples[i].whole : "nothing",
		    samples[i].wanted ? "may contain" : "does not contain",
		    samples[i].part);
	test_counts(arena);
	arena_free(arena);
	return done();
}
