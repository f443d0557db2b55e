/*
 * Widgets: what the model may show, and what it is told of what it may not.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/widget.h"

#include "tap.h"

static enum outcome
show(struct arena *arena, const char *arguments, const char **widgets,
    const char **why)
{
	*why = NULL;
	return widget_add(arena, arguments, widgets, why);
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct agent_tool tool = widget_tool(arena);
	const char *widgets = NULL, *why;
	int i;

	ok(strstr(tool.function, "\"order_tracker\"") != NULL &&
		strstr(tool.function, "\"parameters\"") != NULL,
	    "the model is told of every type");
	is_int(show(arena, "{\"type\":\"info\",\"data\":{\"title\":\"Hi\"}}",
		   &widgets, &why),
	    OK, "one is shown");
	is_text(widgets, "[{\"type\":\"info\",\"data\":{\"title\":\"Hi\"}}]",
	    "as its type and its data");
	is_int(show(arena, "{\"type\":\"poster\",\"data\":{}}", &widgets, &why),
	    INVALID, "one of no such type is not");
	ok(why != NULL && strstr(why, "type") != NULL, "and the model learns"
							" which there are");
	is_int(show(arena, "{\"type\":\"info\"}", &widgets, &why), INVALID,
	    "nor is one without data");
	is_int(show(arena, "[]", &widgets, &why), INVALID,
	    "nor what is no object");
	is_int(show(arena, "{", &widgets, &why), INVALID, "nor what is no JSON");
	for (i = 1; i < WIDGETS_MOST; i++)
		(void)!show(arena, "{\"type\":\"list\",\"data\":{}}", &widgets,
		    &why);
	is_int(show(arena, "{\"type\":\"list\",\"data\":{}}", &widgets, &why),
	    INVALID, "a turn shows only so many");
	arena_free(arena);
	return done();
}
