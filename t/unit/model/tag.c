/*
 * The tags of a conversation.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/tag.h"

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	const char *tags = tag_add(arena, NULL, "Intro", "#224488");
	int i;

	is_text(tags, "[{\"name\":\"Intro\",\"color\":\"#224488\"}]",
	    "the first begins the list");
	tags = tag_add(arena, tags, "Booked", NULL);
	is_text(tags,
	    "[{\"name\":\"Intro\",\"color\":\"#224488\"},"
	    "{\"name\":\"Booked\",\"color\":null}]",
	    "the next follows, with a color or without");
	is_text(tag_add(arena, tags, "Intro", "#fff"), tags,
	    "a name stands there once");
	is_text(tag_add(arena, "{}", "A", NULL),
	    "[{\"name\":\"A\",\"color\":null}]", "what is no list is none");
	tags = NULL;
	for (i = 0; i <= TAGS_MOST; i++)
		tags = tag_add(arena, tags, arena_format(arena, "%d", i), NULL);
	ok(strstr(tags, "\"99\"") != NULL && strstr(tags, "\"100\"") == NULL,
	    "and there is an end to it");
	arena_free(arena);
	return done();
}
