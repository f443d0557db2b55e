#include "base/base.h"

#include "http/problem.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "http/response.h"

#include <json-c/json.h>

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add_ex(object, name, value,
	    JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

const char *
problem_text(struct arena *arena, const struct faults *faults, int status,
    const char *request_id)
{
	struct json_object *document =
	    json_own(arena, json_object_new_object());
	const struct fault *first = &faults->list[0];

	assert(faults->count > 0);
	add(document, "data", NULL);
	add(document, "errors", problem_list(faults));
	add(document, "status", json_object_new_int(status));
	add(document, "title", json_string(response_title(status)));
	add(document, "detail", json_string(first->message));
	add(document, "request_id", json_string(request_id));
	return json_text(arena, document);
}

struct json_object *
problem_list(const struct faults *faults)
{
	struct json_object *list = json_object_new_array();
	struct json_object *item;
	size_t i;

	for (i = 0; i < faults->count; i++) {
		item = json_object_new_object();
		add(item, "error", json_string(faults->list[i].reason->code));
		add(item, "code", json_string(faults->list[i].reason->code));
		add(item, "message", json_string(faults->list[i].message));
		if (faults->list[i].field != NULL)
			add(item, "field", json_string(faults->list[i].field));
		(void)json_object_array_add(list, item);
	}
	return list;
}
