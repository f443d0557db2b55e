#include "base/base.h"

#include "model/alternation.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/prompt.h"

#include <json-c/json.h>
#include <string.h>

static const char go_on[] = "(go on)";
static const char nothing_yet[] = "(nothing yet)";

static const char *
text_of(struct json_object *message, const char *name)
{
	const char *text =
	    json_object_get_string(json_object_object_get(message, name));

	return text != NULL ? text : "";
}

static bool
is_plain(struct json_object *message, const char *role)
{
	return message != NULL && text_equal(text_of(message, "role"), role) &&
	       json_object_object_get(message, "tool_calls") == NULL;
}

/* Behind the other's words. */
static void
append(
    struct arena *arena, struct json_object *message, struct json_object *other)
{
	const char *words = arena_format(arena, "%s\n\n%s",
	    text_of(message, "content"), text_of(other, "content"));

	(void)json_object_object_add(message, "content", json_string(words));
}

const char *
alternation_write(struct arena *arena, const char *messages)
{
	struct json_object *all, *item, *before = NULL;
	struct json_object *made = json_own(arena, json_object_new_array());
	struct json_fault ignored;
	size_t i;

	if (json_parse(arena, messages, strlen(messages), &all, &ignored) != OK)
		return messages;
	for (i = 0; i < json_object_array_length(all); i++) {
		item = json_object_array_get_idx(all, i);
		if (is_plain(before, "assistant") &&
		    is_plain(item, "assistant")) {
			append(arena, before, item);
			continue;
		}
		if (is_plain(before, "user") && is_plain(item, "user"))
			(void)json_object_array_add(
			    made, prompt_message("assistant", go_on));
		if (is_plain(before, "system") && is_plain(item, "assistant"))
			(void)json_object_array_add(
			    made, prompt_message("user", nothing_yet));
		(void)json_object_array_add(made, json_object_get(item));
		before = item;
	}
	return json_text(arena, made);
}
