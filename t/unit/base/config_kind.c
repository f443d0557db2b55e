/*
 * What a configuration's values may be.
 */
#include "base/base.h"

#include "base/config_kind.h"

#include "base/arena.h"

#include "tap.h"

/* clang-format off */
static const struct {
	enum config_kind kind;
	const char *value;
	bool fits;
} values[] = {
	{ TEXT,     "parley",                 true },
	{ SECRET,   "s3cret",                 true },
	{ PATH,     "/run/parley.sock",       true },
	{ PATH,     "parley.sock",            false },
	{ INTEGER,  "1",                      true },
	{ INTEGER,  "10",                     true },
	{ INTEGER,  "0",                      false },
	{ INTEGER,  "11",                     false },
	{ INTEGER,  "1x",                     false },
	{ INTEGER,  "",                       false },
	{ MODE,     "0660",                   true },
	{ MODE,     "0999",                   false },
	{ MODE,     "rw",                     false },
	{ URL,      "https://api.example.test", true },
	{ URL,      "http://127.0.0.1:8080",  true },
	{ URL,      "ftp://example.test",     false },
	{ URL,      "api.example.test",       false },
	{ NETWORKS, "10.0.0.0/8, ::1",        true },
	{ NETWORKS, "127.0.0.1",              true },
	{ NETWORKS, "10.0.0.0/33",            false },
	{ NETWORKS, "localhost",              false },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	size_t i;
	int kind;

	for (i = 0; i < COUNT(values); i++)
		ok(config_kind_fits(values[i].kind, 1, 10, values[i].value) ==
			values[i].fits,
		    "\"%s\" %s", values[i].value,
		    values[i].fits ? "fits" : "does not fit");
	for (kind = 0; kind < CONFIG_KIND_N; kind++)
		ok(config_kind_right(arena, (enum config_kind)kind, 1, 10)[0] !=
			'\0',
		    "what would be right is said of kind %d", kind);
	arena_free(arena);
	return done();
}
