#include "base/base.h"

#include "model/tool_result.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "model/json_path.h"
#include "model/tool.h"

#include <json-c/json.h>
#include <string.h>

#define CUT "... (cut)"

/* RFC 9110, section 15. */
/* clang-format off */
static const struct {
	int64_t status;
	const char *text;
} statuses[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 203, "Non-Authoritative Information" },
	{ 204, "No Content" },
	{ 205, "Reset Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 402, "Payment Required" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
};
/* clang-format on */

const char *
tool_status_text(int64_t status)
{
	size_t i;

	for (i = 0; i < COUNT(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return "";
}

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

/* The answer as a tree, in the arena: JSON, else its text; NULL where it is
 * neither, or nothing. */
static struct json_object *
data_of(struct arena *arena, const char *body, size_t length)
{
	struct json_object *data;
	struct json_fault ignored;

	if (length == 0)
		return NULL;
	if (json_parse(arena, body, length, &data, &ignored) == OK)
		return data;
	if (!text_is_clean(body, length))
		return NULL;
	return json_own(arena, json_string(arena_copy(arena, body, length)));
}

/* Sets what stands beside the definition's own variables. */
static void
add_standard(struct arena *arena, const struct tool *tool,
    struct tool_result *result, struct json_object *data)
{
	const char *method = names_text(&tool_action_names, tool->method);
	struct json_object *variables = result->variables;

	add(variables, "ok", json_object_new_boolean(result->ok));
	add(variables, arena_format(arena, "rest_api_%s_status", method),
	    result->status > 0 ? json_object_new_int64(result->status) : NULL);
	add(variables, arena_format(arena, "rest_api_%s_status_text", method),
	    json_string(tool_status_text(result->status)));
	add(variables, arena_format(arena, "rest_api_%s_data", method),
	    json_object_get(data));
	if (tool->takes_all)
		add(variables, "data", json_object_get(data));
}

static void
add_outputs(struct arena *arena, const struct tool *tool,
    struct json_object *variables, struct json_object *data)
{
	const struct tool_output *outputs = tool->outputs.items;
	struct json_object *value;
	size_t i;

	for (i = 0; i < tool->outputs.count; i++) {
		value = NULL;
		if (json_path_find(arena, data, outputs[i].data, &value) != OK)
			value = NULL;
		add(variables, outputs[i].name, json_object_get(value));
	}
}

/* --- Words for the model. */

/* As much of a text as there is room for, cut at a character. */
static const char *
cut(struct arena *arena, const char *text, size_t most)
{
	size_t length = strlen(text);

	if (length <= most)
		return text;
	length = most - strlen(CUT);
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return arena_format(arena, "%.*s" CUT, (int)length, text);
}

static const char *
body_text(struct arena *arena, struct json_object *data, size_t length)
{
	if (data == NULL)
		return length == 0
			   ? ""
			   : arena_format(
				 arena, "(%zu bytes that are no text)", length);
	return json_object_is_type(data, json_type_string)
		   ? json_object_get_string(data)
		   : json_text(arena, data);
}

/* A line for each variable that the definition asks for. */
static const char *
outputs_text(
    struct arena *arena, const struct tool *tool, struct json_object *variables)
{
	const struct tool_output *outputs = tool->outputs.items;
	size_t i, share = TOOL_RESULT_MOST / tool->outputs.count;
	struct buf buf;
	const char *name, *what;

	buf_init(&buf, arena, (size_t)TOOL_RESULT_MOST * 2);
	for (i = 0; i < tool->outputs.count; i++) {
		name = outputs[i].name;
		what = outputs[i].context;
		if (what != NULL && what[0] != '\0')
			name = arena_format(arena, "%s (%s)", name, what);
		buf_add_format(&buf, "%s%s: %s", i > 0 ? "\n" : "", name,
		    cut(arena,
			json_text(arena,
			    json_object_object_get(variables, outputs[i].name)),
			share > 256 ? share : 256));
	}
	return buf_text(&buf);
}

static const char *
words_of(struct arena *arena, const struct tool *tool,
    const struct tool_result *result, struct json_object *data, size_t length)
{
	const char *body = body_text(arena, data, length);
	const char *status = arena_format(arena, "%lld %s",
	    (long long)result->status, tool_status_text(result->status));

	if (!result->ok)
		return arena_format(arena,
		    "The tool failed: it answered %s%s%s",
		    text_trim(arena, status), body[0] != '\0' ? ": " : "",
		    body);
	if (tool->outputs.count > 0)
		return outputs_text(arena, tool, result->variables);
	return body[0] != '\0'
		   ? body
		   : arena_format(arena, "Done: the tool answered %s",
			 text_trim(arena, status));
}

void
tool_result_read(struct arena *arena, const struct tool *tool, int64_t status,
    const char *body, size_t length, struct tool_result *result)
{
	struct json_object *data = data_of(arena, body, length);

	result->ok = status >= 200 && status < 300;
	result->status = status;
	result->variables = json_own(arena, json_object_new_object());
	add_standard(arena, tool, result, data);
	add_outputs(arena, tool, result->variables, data);
	result->text = cut(arena, words_of(arena, tool, result, data, length),
	    TOOL_RESULT_MOST);
}

void
tool_result_fail(struct arena *arena, const struct tool *tool,
    const char *trouble, struct tool_result *result)
{
	result->ok = false;
	result->status = 0;
	result->variables = json_own(arena, json_object_new_object());
	add_standard(arena, tool, result, NULL);
	add_outputs(arena, tool, result->variables, NULL);
	result->text =
	    cut(arena, arena_format(arena, "The tool failed: %s", trouble),
		TOOL_RESULT_MOST);
}
