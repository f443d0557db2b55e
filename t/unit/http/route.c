/*
 * Paths against patterns.
 */
#include "base/base.h"

#include "base/arena.h"
#include "http/route.h"

#include "tap.h"

/* clang-format off */
static const struct {
	const char *pattern, *path;
	bool matches;
	const char *first, *second, *name;
} routes[] = {
	{ "/v1/me", "/v1/me", true, NULL, NULL, "the same path" },
	{ "/v1/me", "/v1/m", false, NULL, NULL, "a path that stops early" },
	{ "/v1/me", "/v1/me/", false, NULL, NULL, "a slash at the end" },
	{ "/v1/me", "/v1/men", false, NULL, NULL, "a path that goes on" },
	{ "/v1/me", "/v1/ME", false, NULL, NULL, "another case" },
	{ "/v1/me", "", false, NULL, NULL, "an empty path" },
	{ "/", "/", true, NULL, NULL, "the root" },
	{ "/a/{id}", "/a/5", true, "5", NULL, "a named segment at the end" },
	{ "/a/{id}", "/a/", false, NULL, NULL, "an empty segment" },
	{ "/a/{id}", "/a", false, NULL, NULL, "a segment that is missing" },
	{ "/a/{id}", "/a/5/", false, NULL, NULL,
	    "a slash behind a named segment" },
	{ "/a/{id}", "/a/5/b", false, NULL, NULL,
	    "more behind a named segment" },
	{ "/a/{id}/b", "/a/x y/b", true, "x y", NULL,
	    "a named segment in the middle" },
	{ "/a/{id}/b", "/a/5/c", false, NULL, NULL,
	    "another word behind a named segment" },
	{ "/a/{id}/b", "/a//b", false, NULL, NULL,
	    "an empty segment in the middle" },
	{ "/a/{id}/b/{other}", "/a/5/b/\xc3\xa4", true, "5", "\xc3\xa4",
	    "two named segments" },
	{ "/a/{id}/b/{other}", "/a/5/b", false, NULL, NULL,
	    "the second of two is missing" },
	{ "/a/{id}", "/a/{id}", true, "{id}", NULL,
	    "a path that looks like a pattern" },
	{ "/{a}/{b}", "/1/2", true, "1", "2", "named segments side by side" },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	const char *values[ROUTE_VALUES];
	size_t i;

	for (i = 0; i < COUNT(routes); i++) {
		values[0] = values[1] = NULL;
		ok(route_match(arena, routes[i].pattern, routes[i].path,
		       values) == routes[i].matches,
		    "%s %s", routes[i].name,
		    routes[i].matches ? "matches" : "does not match");
		if (!routes[i].matches)
			continue;
		is_text(values[0], routes[i].first, "with its first value");
		is_text(values[1], routes[i].second, "and its second");
	}
	arena_free(arena);
	return done();
}
