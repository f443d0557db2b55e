#include "base/base.h"

#include "model/variables.h"

#include "base/json.h"

#include <json-c/json.h>
#include <string.h>

void
variables_set(struct json_object *variables, struct json_object *over)
{
	json_object_object_foreach(over, name, value)(void)
	    json_object_object_add(variables, name, json_object_get(value));
}

/* What is no object has no variables. */
static void
set_from(struct arena *arena, struct json_object *variables, const char *text)
{
	struct json_object *read;
	struct json_fault ignored;

	if (text != NULL &&
	    json_parse(arena, text, strlen(text), &read, &ignored) == OK &&
	    json_object_is_type(read, json_type_object))
		variables_set(variables, read);
}

struct json_object *
variables_read(struct arena *arena, const char *number, const char *own)
{
	struct json_object *variables =
	    json_own(arena, json_object_new_object());

	set_from(arena, variables, number);
	set_from(arena, variables, own);
	return variables;
}

const char *
variables_lay(struct arena *arena, const char *own, struct json_object *over)
{
	struct json_object *variables = variables_read(arena, NULL, own);

	if (over == NULL || json_object_object_length(over) == 0)
		return own;
	variables_set(variables, over);
	return json_text(arena, variables);
}

const char *
variables_text(struct arena *arena, const char *own, const char *name)
{
	struct json_object *value;

	if (own == NULL ||
	    !json_object_object_get_ex(
		variables_read(arena, NULL, own), name, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}
