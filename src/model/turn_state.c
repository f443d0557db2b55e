#include "base/base.h"

#include "model/turn_state.h"

#include "base/arena.h"
#include "base/json.h"

#include <json-c/json.h>
#include <string.h>

const char *
turn_state_write(struct arena *arena, const struct turn_state *state)
{
	struct json_object *made = json_object_new_object();
	struct json_object *returns = json_object_new_array();
	size_t i;

	for (i = 0; i < state->return_count; i++)
		(void)json_object_array_add(
		    returns, json_string(state->returns[i]));
	(void)json_object_object_add(made, "node", json_string(state->node));
	(void)json_object_object_add(
	    made, "entered", json_object_new_boolean(state->entered));
	(void)json_object_object_add(
	    made, "previous", json_string(state->previous));
	(void)json_object_object_add(made, "returns", returns);
	return json_finish(arena, made);
}

static const char *
text_of(struct arena *arena, struct json_object *value)
{
	return json_object_is_type(value, json_type_string)
		   ? arena_text(arena, json_object_get_string(value))
		   : NULL;
}

enum outcome
turn_state_read(struct arena *arena, const char *text, struct turn_state *state)
{
	struct turn_state made = { .node = NULL };
	struct json_object *read, *returns, *entered;
	struct json_fault ignored;
	size_t i, count = 0;

	if (json_parse(arena, text, strlen(text), &read, &ignored) != OK ||
	    !json_object_is_type(read, json_type_object))
		return INVALID;
	made.node = text_of(arena, json_object_object_get(read, "node"));
	made.previous =
	    text_of(arena, json_object_object_get(read, "previous"));
	entered = json_object_object_get(read, "entered");
	made.entered = json_object_is_type(entered, json_type_boolean) &&
		       json_object_get_boolean(entered) != 0;
	returns = json_object_object_get(read, "returns");
	if (json_object_is_type(returns, json_type_array))
		count = json_object_array_length(returns);
	for (i = 0; i < count && made.return_count < TURN_RETURNS; i++) {
		made.returns[made.return_count] =
		    text_of(arena, json_object_array_get_idx(returns, i));
		if (made.returns[made.return_count] != NULL)
			made.return_count++;
	}
	*state = made;
	return OK;
}
