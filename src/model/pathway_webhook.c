#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/builtin.h"
#include "model/json_path.h"
#include "model/pathway_node.h"
#include "model/tool.h"

#include <json-c/json.h>
#include <string.h>

#define SECONDS_MOST 1000 /* a timeout from here on is in milliseconds */
#define RETRIES_MOST 5

#define NAMED(...)                                                             \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}

static const char *
member_text(struct arena *arena, struct json_object *object, const char *name)
{
	return pathway_text(arena, object, NAMED(name));
}

/* RFC 9110, section 5.6.2: what a name may be made of. */
static bool
is_token(const char *name)
{
	static const char others[] = "!#$%&'*+-.^_`|~";
	const char *at;

	for (at = name; *at != '\0'; at++)
		if (!((*at >= '0' && *at <= '9') ||
			(*at >= 'a' && *at <= 'z') ||
			(*at >= 'A' && *at <= 'Z') ||
			strchr(others, *at) != NULL))
			return false;
	return at > name;
}

/* Those whose names are names; the values are filled for their place. */
static const char *
good_headers(struct pathway_reading *reading, struct json_object *headers,
    const char *field)
{
	struct json_object *good =
	    json_own(reading->arena, json_object_new_object());

	json_object_object_foreach(headers, name, value)
	{
		if (is_token(name) && value != NULL)
			(void)json_object_object_add(
			    good, name, json_object_get(value));
		else
			pathway_fault_add(reading, field,
			    "A header's name has letters, digits and -");
	}
	return json_text(reading->arena, good);
}

/* An object, or pairs in an array. */
static const char *
read_headers(struct pathway_reading *reading, struct json_object *data,
    const char *field)
{
	struct arena *arena = reading->arena;
	struct json_object *headers =
	    pathway_member(arena, data, "headers", json_type_object);
	struct json_object *pairs =
	    pathway_member(arena, data, "headers", json_type_array);
	struct json_object *item;
	const char *name, *value;
	size_t i;

	if (headers != NULL)
		return good_headers(reading, headers, field);
	if (pairs == NULL)
		return NULL;
	headers = json_own(arena, json_object_new_object());
	for (i = 0; i < json_object_array_length(pairs); i++) {
		item = json_object_array_get_idx(pairs, i);
		name = pathway_text(arena, item, NAMED("key", "name"));
		value = member_text(arena, item, "value");
		if (json_object_is_type(item, json_type_array)) {
			name = json_object_get_string(
			    json_object_array_get_idx(item, 0));
			value = json_object_get_string(
			    json_object_array_get_idx(item, 1));
		}
		if (name != NULL && value != NULL)
			(void)json_object_object_add(
			    headers, name, json_string(value));
	}
	return good_headers(reading, headers, field);
}

/* The token is raw: what stands before it in the header is ours. */
static void
read_auth(struct arena *arena, struct json_object *data, struct tool_auth *auth)
{
	struct json_object *given =
	    pathway_member(arena, data, "auth", json_type_object);
	const char *type = member_text(arena, given, "type");
	const char *token = member_text(arena, given, "token");

	if (type == NULL)
		return;
	if (text_equal_nocase(type, "Bearer") && token != NULL) {
		auth->kind = AUTH_BEARER;
		auth->token = token;
	}
	if (!text_equal_nocase(type, "Basic"))
		return;
	auth->username = member_text(arena, given, "username");
	auth->password = member_text(arena, given, "password");
	if (auth->username != NULL) {
		auth->kind = AUTH_BASIC;
	} else if (token != NULL) {
		auth->kind = AUTH_API_KEY;
		auth->header = "Authorization";
		auth->token = arena_format(arena, "Basic %s", token);
	}
}

/* A template is a text; what is an object already is filled in its members.
 */
static const char *
read_body(struct arena *arena, struct json_object *data)
{
	struct json_object *body = json_object_object_get(data, "body");

	if (json_object_is_type(body, json_type_object) ||
	    json_object_is_type(body, json_type_array))
		return json_text(arena, body);
	if (!json_object_is_type(body, json_type_string) ||
	    text_is_blank(json_object_get_string(body)))
		return "\"\"";
	return json_text(arena, body);
}

static int64_t
read_timeout(struct arena *arena, struct json_object *data)
{
	const char *text =
	    pathway_text(arena, data, NAMED("timeoutValue", "timeout"));
	double number;

	if (text == NULL || text_to_number(text, &number) != OK || number <= 0)
		return TOOL_TIMEOUT;
	if (number < SECONDS_MOST)
		number *= 1000;
	if (number < TOOL_TIMEOUT_LEAST)
		return TOOL_TIMEOUT_LEAST;
	return number < TOOL_TIMEOUT_MOST ? (int64_t)number : TOOL_TIMEOUT_MOST;
}

static int64_t
read_retries(struct arena *arena, struct json_object *data)
{
	struct json_object *options =
	    pathway_member(arena, data, "modelOptions", json_type_object);
	const char *text = pathway_text(
	    arena, data, NAMED("retryAttempts", "retries", "max_retries"));
	int64_t count;

	if (text == NULL)
		text = member_text(arena, options, "retryAttempts");
	if (text == NULL || text_to_integer(text, &count) != OK || count < 0)
		return 0;
	return count < RETRIES_MOST ? count : RETRIES_MOST;
}

static void
read_outputs(struct pathway_reading *reading, struct json_object *data,
    const char *field, struct tool *tool)
{
	struct arena *arena = reading->arena;
	struct json_object *all =
	    pathway_member(arena, data, "responseData", json_type_array);
	size_t i, count = all != NULL ? json_object_array_length(all) : 0;
	struct tool_output *list =
	    arena_alloc(arena, (count + 1) * sizeof(*list));
	struct json_object *item;

	tool->outputs.items = list;
	for (i = 0; i < count; i++) {
		struct tool_output *read = &list[tool->outputs.count];

		item = json_object_array_get_idx(all, i);
		read->name = member_text(arena, item, "name");
		read->data = member_text(arena, item, "data");
		read->context = member_text(arena, item, "context");
		if (read->name == NULL && read->data == NULL)
			continue; /* a row that was left blank */
		if (read->name != NULL && !builtin_is_fact(read->name) &&
		    read->data != NULL && json_path_is_good(read->data))
			tool->outputs.count++;
		else
			pathway_fault_add(reading,
			    arena_format(
				arena, "%s/data/responseData/%zu", field, i),
			    "Response data needs a name that is not built in"
			    " and a JSONPath such as $.order.status");
	}
}

const struct tool *
pathway_webhook_read(struct pathway_reading *reading, struct json_object *data,
    const char *field, const char *name)
{
	struct arena *arena = reading->arena;
	struct tool *tool = arena_alloc(arena, sizeof(*tool));
	const char *method = member_text(arena, data, "method");
	int found;

	tool_init(tool);
	tool->name = name;
	tool->url = member_text(arena, data, "url");
	if (tool->url == NULL)
		return NULL;
	tool->method = TOOL_POST;
	for (found = 0; method != NULL && found < TOOL_METHOD_N; found++)
		if (text_equal_nocase(
			names_text(&tool_method_names, found), method))
			break;
	if (method != NULL && found == TOOL_METHOD_N)
		pathway_fault_add(reading,
		    arena_format(arena, "%s/data/method", field),
		    "%s is no method: it must be %s", method,
		    names_list(arena, &tool_method_names));
	else if (method != NULL)
		tool->method = found;
	tool->headers = read_headers(reading, data, field);
	tool->body = read_body(arena, data);
	read_auth(arena, data, &tool->auth);
	tool->timeout = read_timeout(arena, data);
	tool->max_retries = read_retries(arena, data);
	read_outputs(reading, data, field, tool);
	return tool;
}

/* --- The calendar of a Scheduling node. */

/* It is told from when on, if it takes a document. */
static const char *
schedule_body(struct arena *arena, const char *body)
{
	struct json_object *document = NULL, *text;
	struct json_fault ignored;
	const char *inner = body;

	if (json_parse(arena, body, strlen(body), &text, &ignored) == OK &&
	    json_object_is_type(text, json_type_string))
		inner = json_object_get_string(text);
	if (inner[0] == '\0')
		document = json_own(arena, json_object_new_object());
	else if (json_parse(arena, inner, strlen(inner), &document, &ignored) !=
		 OK)
		return body;
	if (!json_object_is_type(document, json_type_object))
		return body;
	if (!json_object_object_get_ex(document, PATHWAY_FROM, NULL))
		(void)json_object_object_add(document, PATHWAY_FROM,
		    json_string("{{" PATHWAY_FROM "}}"));
	return json_text(arena, document);
}

/* The slots, where the node does not say where they are. */
static void
add_slots(struct arena *arena, struct tool *tool)
{
	const struct tool_output *outputs = tool->outputs.items;
	size_t i, count = tool->outputs.count;
	struct tool_output *list =
	    arena_alloc(arena, (count + 1) * sizeof(*list));

	for (i = 0; i < count; i++) {
		if (text_equal(outputs[i].name, PATHWAY_SLOTS))
			return;
		list[i] = outputs[i];
	}
	list[count] = (struct tool_output){
		.name = PATHWAY_SLOTS,
		.data = "$." PATHWAY_SLOTS,
	};
	tool->outputs = (struct list){ list, count + 1 };
}

const struct tool *
pathway_schedule_read(struct pathway_reading *reading, struct json_object *data,
    const char *field, const char *name)
{
	const struct tool *read =
	    pathway_webhook_read(reading, data, field, name);
	struct tool *tool = arena_alloc(reading->arena, sizeof(*tool));

	if (read == NULL)
		return NULL;
	*tool = *read;
	tool->body = schedule_body(reading->arena, tool->body);
	add_slots(reading->arena, tool);
	return tool;
}
