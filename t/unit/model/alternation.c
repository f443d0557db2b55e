/*
 * Messages of user and assistant in turn.
 */
#include "base/base.h"

#include "model/alternation.h"

#include "base/arena.h"

#include "tap.h"

#define SYSTEM "{\"role\":\"system\",\"content\":\"S\"}"
#define USER(text) "{\"role\":\"user\",\"content\":\"" text "\"}"
#define AGENT(text) "{\"role\":\"assistant\",\"content\":\"" text "\"}"
#define CALLS                                                                  \
	"{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":"     \
	"\"c\"}]}"
#define RESULT "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"1\"}"

/* clang-format off */
static const struct {
	const char *given, *made, *name;
} cases[] = {
	{ "[" SYSTEM "," USER("a") "," AGENT("b") "," USER("c") "]",
	    "[" SYSTEM "," USER("a") "," AGENT("b") "," USER("c") "]",
	    "what alternates stays" },
	{ "[" SYSTEM "," USER("a") "," USER("b") "," USER("c") "]",
	    "[" SYSTEM "," USER("a") "," AGENT("(go on)") "," USER("b") ","
	    AGENT("(go on)") "," USER("c") "]",
	    "the user's are kept apart" },
	{ "[" USER("a") "," AGENT("b") "," AGENT("c") "," AGENT("d") "]",
	    "[" USER("a") "," AGENT("b\\n\\nc\\n\\nd") "]",
	    "the assistant's become one" },
	{ "[" SYSTEM "," AGENT("a") "]",
	    "[" SYSTEM "," USER("(nothing yet)") "," AGENT("a") "]",
	    "the user comes first" },
	{ "[" USER("a") "," AGENT("b") "," CALLS "," RESULT "," AGENT("c") "]",
	    "[" USER("a") "," AGENT("b") "," CALLS "," RESULT ","
	    AGENT("c") "]",
	    "calls of tools stay as they are" },
	{ "[]", "[]", "nothing is nothing" },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_text(alternation_write(arena, cases[i].given), cases[i].made,
		    "%s", cases[i].name);
	arena_free(arena);
	return done();
}
