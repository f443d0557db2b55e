#include "base/base.h"

#include "model/turn_result.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "model/message.h"
#include "model/turn.h"

#include <json-c/json.h>
#include <string.h>

#define TEXT_MOST (TURN_SAYINGS * (MESSAGE_LONG_MOST * 4 + 2) + 1)

#define AT(member) FIELD_AT(struct turn_result, member)

/* clang-format off */
static const struct field fields[] = {
	{ "turn_id", FIELD_ID, FIELD_REQUIRED, AT(turn_id) },
	{ "said", FIELD_TEXTS, FIELD_SPARSE, AT(said) },
	{ "widgets", FIELD_ARRAY, FIELD_SPARSE, AT(widgets) },
	{ "tool_calls", FIELD_INTEGER, 0, AT(tool_calls) },
	{ "ending", FIELD_NAME, 0, AT(ending), .names = &turn_action_names },
	{ "number", FIELD_TEXT, FIELD_SPARSE, AT(number) },
};
/* clang-format on */

static const struct schema schema =
    SCHEMA("TurnResult", fields, struct turn_result);

const char *
turn_result_write(struct arena *arena, const struct turn_result *result)
{
	return field_write_text(arena, &schema, result);
}

enum outcome
turn_result_read(
    struct arena *arena, const char *text, struct turn_result *result)
{
	struct turn_result read = { .ending = ACTION_WAIT };
	enum outcome rc = INVALID;

	if (text != NULL)
		rc = field_read_text(arena, &schema, text, &read);
	if (rc == OK)
		*result = read;
	return rc;
}

const char *
turn_result_sayings(struct arena *arena, const char *const *texts, size_t count)
{
	struct json_object *said = json_own(arena, json_object_new_array());
	size_t i;

	for (i = 0; i < count; i++)
		(void)json_object_array_add(said, json_string(texts[i]));
	return json_text(arena, said);
}

const char *
turn_result_text(struct arena *arena, const struct turn_result *result)
{
	struct json_object *said;
	struct json_fault ignored;
	struct buf buf;
	size_t i;

	if (result->said == NULL ||
	    json_parse(arena, result->said, strlen(result->said), &said,
		&ignored) != OK)
		return "";
	buf_init(&buf, arena, TEXT_MOST);
	for (i = 0; i < json_object_array_length(said); i++) {
		buf_add_text(&buf, i > 0 ? "\n\n" : "");
		buf_add_text(&buf,
		    json_object_get_string(json_object_array_get_idx(said, i)));
	}
	return buf_text(&buf);
}
