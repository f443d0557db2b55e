#include "base/base.h"

#include "model/tool_request.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "model/tool.h"
#include "model/tool_fill.h"

#include <json-c/json.h>
#include <string.h>

#define HEADER_MOST 8192 /* bytes of one */
#define JSON_TYPE "application/json"
#define FORM_TYPE "application/x-www-form-urlencoded"
#define TEXT_TYPE "text/plain; charset=utf-8"

struct maker {
	struct arena *arena;
	const struct tool *tool;
	struct tool_filler filler; /* with the input among the variables */
};

static void
complain_length(struct maker *maker)
{
	tool_fill_complain(
	    &maker->filler, "the values are too long for the tool", "");
}

static const char *
fill(struct maker *maker, const char *text, enum tool_place where, size_t most)
{
	return tool_fill_text(&maker->filler, text, where, most);
}

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

/* --- What the definition says. */

/* A tree of the definition with its places filled, in the arena; NULL: the
 * definition has none. */
static struct json_object *
filled_tree(struct maker *maker, const char *json)
{
	struct json_object *tree;
	struct json_fault ignored;

	if (json == NULL ||
	    json_parse(maker->arena, json, strlen(json), &tree, &ignored) != OK)
		return NULL;
	return json_own(maker->arena, tool_fill_tree(&maker->filler, tree));
}

/* A value as a text of its own. */
static const char *
text_of(struct arena *arena, struct json_object *value)
{
	if (value == NULL)
		return "";
	return json_object_is_type(value, json_type_string)
		   ? arena_text(arena, json_object_get_string(value))
		   : json_text(arena, value);
}

/* Adds "a=b&c=d". */
static void
add_pairs(struct maker *maker, struct buf *buf, struct json_object *object)
{
	const char *between = "";

	json_object_object_foreach(object, name, value)
	{
		buf_add_text(buf, between);
		tool_fill_encode(buf, name);
		buf_add_char(buf, '=');
		tool_fill_encode(buf, text_of(maker->arena, value));
		between = "&";
	}
}

/* --- The URL. */

/* Would a segment of the path lead up, however it is written? */
static bool
climbs(const char *url)
{
	const char *at = strstr(url, "://");
	size_t length, dots, i;

	at = at != NULL ? at + 3 : url;
	at += strcspn(at, "/?#");
	while (*at == '/') {
		length = strcspn(++at, "/?#");
		for (dots = 0, i = 0; i < length; dots++)
			if (at[i] == '.')
				i++;
			else if (text_starts(at + i, "%2e") ||
				 text_starts(at + i, "%2E"))
				i += 3;
			else
				break;
		if (i == length && (dots == 1 || dots == 2))
			return true;
		at += length;
	}
	return false;
}

static const char *
make_url(struct maker *maker)
{
	const char *url =
	    fill(maker, maker->tool->url, IN_URL, TOOL_REQUEST_URL_MOST);
	struct json_object *query = filled_tree(maker, maker->tool->query);
	size_t length = strcspn(url, "#");
	struct buf buf;

	if (climbs(url))
		tool_fill_complain(&maker->filler,
		    "a value must not be . or .. in the tool's URL", "");
	buf_init(&buf, maker->arena, TOOL_REQUEST_URL_MOST);
	buf_add(&buf, url, length);
	if (query != NULL && json_object_object_length(query) > 0) {
		buf_add_char(
		    &buf, memchr(url, '?', length) != NULL ? '&' : '?');
		add_pairs(maker, &buf, query);
	}
	if (!buf_ok(&buf))
		complain_length(maker);
	return buf_text(&buf);
}

/* --- Headers and body. */

static bool
is_type_header(const char *name)
{
	return text_equal_nocase(name, "Content-Type");
}

/* The type that the definition says its body has; NULL: it does not. */
static const char *
type_given(struct maker *maker, struct json_object *headers)
{
	if (headers == NULL)
		return NULL;
	json_object_object_foreach(headers, name, value)
	{
		if (is_type_header(name))
			return text_of(maker->arena, value);
	}
	return NULL;
}

static bool
has_body(const struct tool *tool)
{
	return tool->method != TOOL_GET &&
	       (tool->body != NULL || tool->method != TOOL_DELETE);
}

static const char *
tree_body(struct maker *maker, struct json_object *tree, const char **type)
{
	struct buf buf;

	if (*type == NULL)
		*type = JSON_TYPE;
	if (!text_starts(*type, FORM_TYPE))
		return json_text(maker->arena, tree);
	buf_init(&buf, maker->arena, TOOL_REQUEST_BODY_MOST);
	add_pairs(maker, &buf, tree);
	if (!buf_ok(&buf))
		complain_length(maker);
	return buf_text(&buf);
}

/* What looks like JSON is filled as JSON. */
static const char *
text_body(struct maker *maker, const char *text, const char **type)
{
	const char *start = text_trim(maker->arena, text);
	struct json_object *ignored;
	struct json_fault fault;
	bool json =
	    start[0] == '[' || (start[0] == '{' && !text_starts(start, "{{"));

	if (*type != NULL && text_starts(*type, FORM_TYPE))
		return fill(maker, text, IN_FORM, TOOL_REQUEST_BODY_MOST);
	text =
	    fill(maker, text, json ? IN_JSON : IN_TEXT, TOOL_REQUEST_BODY_MOST);
	if (*type == NULL)
		*type = json_parse(maker->arena, text, strlen(text), &ignored,
			    &fault) == OK
			    ? JSON_TYPE
			    : TEXT_TYPE;
	return text;
}

static const char *
make_body(struct maker *maker, const char **type)
{
	const char *given =
	    maker->tool->body != NULL ? maker->tool->body : "\"{{input}}\"";
	struct json_object *tree;
	struct json_fault ignored;
	const char *body;

	if (!has_body(maker->tool))
		return NULL;
	if (json_parse(maker->arena, given, strlen(given), &tree, &ignored))
		return NULL;
	if (json_object_is_type(tree, json_type_string))
		body = text_body(maker, json_object_get_string(tree), type);
	else
		body = tree_body(maker, filled_tree(maker, given), type);
	if (strlen(body) > TOOL_REQUEST_BODY_MOST)
		complain_length(maker);
	return body;
}

/* Bearer and API key are headers, Basic is said to who makes the call. */
static const char *
make_auth(struct maker *maker, struct tool_request *request)
{
	const struct tool_auth *auth = &maker->tool->auth;

	switch (auth->kind) {
	case AUTH_BEARER:
		return arena_format(maker->arena, "Authorization: Bearer %s",
		    fill(maker, auth->token, IN_HEADER, HEADER_MOST));
	case AUTH_API_KEY:
		return arena_format(maker->arena, "%s: %s",
		    auth->header != NULL ? auth->header : "X-API-Key",
		    fill(maker, auth->token, IN_HEADER, HEADER_MOST));
	case AUTH_BASIC:
		request->user =
		    fill(maker, auth->username, IN_HEADER, HEADER_MOST);
		request->password =
		    fill(maker, auth->password != NULL ? auth->password : "",
			IN_HEADER, HEADER_MOST);
		break;
	default:
		break;
	}
	return NULL;
}

/* `type` and `auth` may be NULL. */
static const char *const *
make_headers(struct maker *maker, struct json_object *headers, const char *type,
    const char *auth)
{
	size_t count = 0,
	       most = headers != NULL
			  ? (size_t)json_object_object_length(headers)
			  : 0;
	const char **list =
	    arena_alloc(maker->arena, (most + 3) * sizeof(*list));

	if (auth != NULL)
		list[count++] = auth;
	if (type != NULL)
		list[count++] =
		    arena_format(maker->arena, "Content-Type: %s", type);
	if (most == 0)
		return list;
	json_object_object_foreach(headers, name, value)
	{
		struct buf line;

		/* A type without a body would be one of nothing. */
		if (is_type_header(name))
			continue;
		buf_init(&line, maker->arena, HEADER_MOST);
		buf_add_format(&line, "%s: ", name);
		tool_fill_line(&line, text_of(maker->arena, value));
		if (!buf_ok(&line))
			complain_length(maker);
		list[count++] = buf_text(&line);
	}
	return list;
}

/* --- All of it. */

/* The variables with {{input}}, which no other can take the place of. */
static struct json_object *
with_input(struct arena *arena, struct json_object *variables,
    struct json_object *input)
{
	struct json_object *all = json_own(arena, json_object_new_object());

	if (variables != NULL) {
		json_object_object_foreach(variables, name, value)
		{
			if (!text_equal_nocase(name, "input"))
				add(all, name, json_object_get(value));
		}
	}
	add(all, "input", json_object_get(input));
	return all;
}

enum outcome
tool_request_make(struct arena *arena, const struct tool *tool,
    struct json_object *input, struct json_object *variables,
    struct json_object *secrets, struct tool_request *request,
    const char **fault)
{
	struct maker maker = { .arena = arena,
		.tool = tool,
		.filler = { .arena = arena, .secrets = secrets } };
	struct tool_request made = { .method = names_text(
					 &tool_method_names, tool->method) };
	struct json_object *headers;
	const char *type;

	maker.filler.variables = with_input(arena, variables, input);
	headers = filled_tree(&maker, tool->headers);
	type = type_given(&maker, headers);
	made.url = make_url(&maker);
	made.body = make_body(&maker, &type);
	if (made.body == NULL)
		type = NULL;
	made.credential = make_auth(&maker, &made);
	made.headers = make_headers(&maker, headers, type, made.credential);
	if (maker.filler.fault != NULL) {
		*fault = maker.filler.fault;
		return INVALID;
	}
	*request = made;
	return OK;
}

/* Does the header say who asks? */
static bool
is_credential(const char *line)
{
	static const char *const names[] = { "authorization:",
		"proxy-authorization:", "x-api-key:", "api-key:", "cookie:" };
	size_t i, j;

	for (i = 0; i < COUNT(names); i++) {
		for (j = 0; names[i][j] != '\0'; j++)
			if ((line[j] | 0x20) != (names[i][j] | 0x20))
				break;
		if (names[i][j] == '\0')
			return true;
	}
	return false;
}

const char *
tool_request_text(struct arena *arena, const struct tool_request *request)
{
	struct json_object *shown = json_own(arena, json_object_new_object());
	struct json_object *headers = json_object_new_object();
	const char *const *line;
	size_t length;
	bool hidden;

	add(shown, "method", json_string(request->method));
	add(shown, "url", json_string(request->url));
	for (line = request->headers; *line != NULL; line++) {
		length = strcspn(*line, ":");
		hidden = *line == request->credential || is_credential(*line);
		/* The place of a secret may be seen. */
		add(headers, arena_copy(arena, *line, length),
		    json_string(hidden && strstr(*line, "{{") == NULL
				    ? "(hidden)"
				    : *line + length + 2));
	}
	add(shown, "headers", headers);
	add(shown, "body", json_string(request->body));
	return json_text(arena, shown);
}
