#include "base/base.h"

#include "model/chat.h"

#include "base/arena.h"
#include "base/json.h"

#include <json-c/json.h>
#include <string.h>

#define LINE_AT(member) FIELD_AT(struct chat_line, member)

/* clang-format off */
static const struct field line_fields[] = {
	{ "role", FIELD_TEXT, 0, LINE_AT(role), .about = "user or assistant" },
	{ "content", FIELD_TEXT, 0, LINE_AT(content) },
};

static const struct field order_fields[] = {
	{ "message", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct chat_order, message) },
};
/* clang-format on */

const struct schema chat_line_schema =
    SCHEMA("ChatLine", line_fields, struct chat_line);
const struct schema chat_order_schema =
    SCHEMA("ChatOrder", order_fields, struct chat_order);

/* An empty array where the text is none. */
static struct json_object *
parse(struct arena *arena, const char *history)
{
	struct json_object *array;
	struct json_fault ignored;

	if (json_parse(arena, history, strlen(history), &array, &ignored) ==
		OK &&
	    json_object_is_type(array, json_type_array))
		return array;
	return json_own(arena, json_object_new_array());
}

struct list
chat_read(struct arena *arena, const char *history)
{
	struct json_object *array = parse(arena, history), *item;
	size_t i, count = 0, length = json_object_array_length(array);
	struct chat_line *lines =
	    arena_alloc(arena, (length + 1) * sizeof(*lines));

	for (i = 0; i < length; i++) {
		item = json_object_array_get_idx(array, i);
		lines[count].role = json_member_text(item, "role");
		lines[count].content = json_member_text(item, "content");
		count +=
		    lines[count].role != NULL && lines[count].content != NULL;
	}
	return (struct list){ lines, count };
}

const char *
chat_add(struct arena *arena, const char *history, const char *role,
    const char *content)
{
	struct json_object *array = parse(arena, history);
	struct json_object *line = json_object_new_object();

	(void)json_object_object_add(line, "role", json_string(role));
	(void)json_object_object_add(line, "content", json_string(content));
	(void)json_object_array_add(array, line);
	return json_text(arena, array);
}
