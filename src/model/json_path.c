#include "base/base.h"

#include "model/json_path.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

#include <json-c/json.h>
#include <string.h>

enum step_kind { STEP_END, STEP_NAME, STEP_INDEX, STEP_ALL };

struct step {
	enum step_kind kind;
	char name[JSON_PATH_MOST + 1];
	int64_t index;
};

static bool next_step(const char **path, struct step *step);

/* Past the root, to the first step. */
static const char *
path_start(const char *path, struct step *step, bool *good)
{
	size_t length = strcspn(path, ".[");

	*good = strlen(path) <= JSON_PATH_MOST && path[0] != '\0';
	step->kind = STEP_END;
	if (!*good)
		return path;
	if (path[0] == '$')
		return path + 1;
	/* Without the root it begins with a name. */
	*good = length > 0;
	(void)memcpy(step->name, path, length);
	step->name[length] = '\0';
	step->kind = text_equal(step->name, "*") ? STEP_ALL : STEP_NAME;
	return path + length;
}

bool
json_path_is_good(const char *path)
{
	struct step step;
	bool good;

	path = path_start(path, &step, &good);
	while (good && *path != '\0')
		good = next_step(&path, &step);
	return good;
}

static bool
take_name(const char **path, size_t length, struct step *step)
{
	if (length == 0 || length > JSON_PATH_MOST)
		return false;
	(void)memcpy(step->name, *path, length);
	step->name[length] = '\0';
	step->kind = STEP_NAME;
	*path += length;
	return true;
}

/* Behind "[" and a quote, up to the same quote and "]". */
static bool
take_quoted(const char **path, struct step *step)
{
	const char quote[] = { **path, '\0' };

	++*path;
	if (!take_name(path, strcspn(*path, quote), step))
		return false;
	if ((*path)[0] != quote[0] || (*path)[1] != ']')
		return false;
	*path += 2;
	return true;
}

static bool
take_bracket(const char **path, struct step *step)
{
	size_t length;

	if (**path == '\'' || **path == '"')
		return take_quoted(path, step);
	length = strcspn(*path, "]");
	if ((*path)[length] != ']' || !take_name(path, length, step))
		return false;
	++*path;
	if (text_equal(step->name, "*")) {
		step->kind = STEP_ALL;
		return true;
	}
	step->kind = STEP_INDEX;
	return text_to_integer(step->name, &step->index) == OK;
}

static bool
next_step(const char **path, struct step *step)
{
	char first = **path;

	++*path;
	if (first == '[')
		return take_bracket(path, step);
	if (first != '.' || !take_name(path, strcspn(*path, ".["), step))
		return false;
	if (text_equal(step->name, "*"))
		step->kind = STEP_ALL;
	return true;
}

/* --- Following it. */

static bool
item_of(
    struct json_object *value, const struct step *step, struct json_object **to)
{
	int64_t count, at = step->index;

	if (step->kind == STEP_NAME)
		return json_object_is_type(value, json_type_object) &&
		       json_object_object_get_ex(value, step->name, to);
	if (!json_object_is_type(value, json_type_array))
		return false;
	count = (int64_t)json_object_array_length(value);
	if (at < 0)
		at += count;
	if (at < 0 || at >= count)
		return false;
	*to = json_object_array_get_idx(value, (size_t)at);
	return true;
}

/* All that a value has within, added to `list`. */
static void
add_all(struct json_object *value, struct json_object *list)
{
	size_t i;

	if (json_object_is_type(value, json_type_array)) {
		for (i = 0; i < json_object_array_length(value); i++)
			(void)json_object_array_add(
			    list, json_object_get(
				      json_object_array_get_idx(value, i)));
	} else if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, name, member)
		{
			(void)name;
			(void)json_object_array_add(
			    list, json_object_get(member));
		}
	}
}

/* The values that one step leads to from all of `from`. */
static struct json_object *
follow(struct arena *arena, struct json_object *from, const struct step *step)
{
	struct json_object *to = json_own(arena, json_object_new_array());
	struct json_object *item;
	size_t i;

	for (i = 0; i < json_object_array_length(from); i++) {
		item = json_object_array_get_idx(from, i);
		if (step->kind == STEP_ALL)
			add_all(item, to);
		else if (item_of(item, step, &item))
			(void)json_object_array_add(to, json_object_get(item));
	}
	return to;
}

enum outcome
json_path_find(struct arena *arena, struct json_object *document,
    const char *path, struct json_object **value)
{
	struct json_object *found = json_own(arena, json_object_new_array());
	bool good, many = false;
	struct step step;

	(void)json_object_array_add(found, json_object_get(document));
	path = path_start(path, &step, &good);
	for (;;) {
		if (!good)
			return INVALID;
		many = many || step.kind == STEP_ALL;
		if (step.kind != STEP_END)
			found = follow(arena, found, &step);
		if (*path == '\0')
			break;
		good = next_step(&path, &step);
	}
	if (!many && json_object_array_length(found) == 0)
		return NOT_FOUND;
	*value = many ? found : json_object_array_get_idx(found, 0);
	return OK;
}
