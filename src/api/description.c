/*
 * The document follows the OpenAPI Specification 3.1.0.  What is not in the
 * tables stands here: how answers are wrapped, as api/render does it, and
 * the error document, as http/problem writes it.
 */
#include "base/base.h"

#include "api/description.h"

#include "api/call.h"
#include "api/tree.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/json.h"
#include "base/names.h"
#include "http/response.h"
#include "model/field.h"
#include "model/field_schema.h"
#include "model/key.h"
#include "model/page.h"
#include "model/reason.h"

#include <json-c/json.h>
#include <string.h>

#define VERSION "3.1.0"
/* 1 to 255 visible ASCII characters, bare or quoted. */
#define KEY_PATTERN "^([!-~]{1,255}|\"[!-~]{1,255}\")$"

/* The headers of answers, by their names among the components. */
/* clang-format off */
static const struct {
	const char *name, *type, *about;
} header_rows[] = {
	{ "RequestId", "string",
	    "Under this id the operator's log has the request." },
	{ "IdempotencyReplayed", "string",
	    "true: this is the answer to an earlier request with the same"
	    " Idempotency-Key." },
	{ "RetryAfter", "integer", "Seconds to wait before another try." },
	{ "NextCursor", "string",
	    "Where there is more: the cursor of the next list." },
	{ "Link", "string", "The same as an address (RFC 8288, next)." },
};
/* clang-format on */

/* Compact JSON texts, but for the first. */
struct description {
	const char *openapi;
	const char *info;
	const char *servers;
	const char *security;
	const char *paths;
	const char *components;
};

#define AT(member) FIELD_AT(struct description, member)

/* clang-format off */
static const struct field fields[] = {
	{ "openapi", FIELD_TEXT, 0, AT(openapi) },
	{ "info", FIELD_OBJECT, 0, AT(info) },
	{ "servers", FIELD_ARRAY, 0, AT(servers) },
	{ "security", FIELD_ARRAY, 0, AT(security) },
	{ "paths", FIELD_OBJECT, 0, AT(paths) },
	{ "components", FIELD_OBJECT, 0, AT(components) },
};
/* clang-format on */

const struct schema description_schema =
    SCHEMA("Description", fields, struct description);

static struct json_object *info(void);
static struct json_object *servers(struct arena *arena, const char *url);
static struct json_object *security(void);
static struct json_object *paths(struct arena *arena);
static struct json_object *components(struct arena *arena);

static const char *
text_of(struct arena *arena, struct json_object *tree)
{
	return json_text(arena, json_own(arena, tree));
}

enum outcome
description_show(struct call *call)
{
	struct arena *arena = call->arena;
	struct description *answer = call->answer;
	const char *url = call->server->config->http_public_url;

	answer->openapi = VERSION;
	answer->info = text_of(arena, info());
	answer->servers = text_of(arena, servers(arena, url));
	answer->security = text_of(arena, security());
	answer->paths = text_of(arena, paths(arena));
	answer->components = text_of(arena, components(arena));
	return OK;
}

/* --- What stands at the top. */

static struct json_object *
info(void)
{
	struct json_object *object = json_object_new_object();

	tree_add_text(object, "title", "Parley");
	tree_add_text(object, "version", PACKAGE_VERSION);
	return object;
}

/* Paths begin with "/", so the address does not end with one. */
static struct json_object *
servers(struct arena *arena, const char *url)
{
	struct json_object *list = json_object_new_array();
	size_t length = url != NULL ? strlen(url) : 0;

	while (length > 0 && url[length - 1] == '/')
		length--;
	tree_append(
	    list, tree_only("url",
		      json_string(
			  length > 0 ? arena_copy(arena, url, length) : "/")));
	return list;
}

/* Either way of giving the key will do. */
static struct json_object *
security(void)
{
	struct json_object *list = json_object_new_array();

	tree_append(list, tree_only("key", json_object_new_array()));
	tree_append(list, tree_only("bearer", json_object_new_array()));
	return list;
}

/* --- Operations. */

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

static const char *
method_of(struct arena *arena, const struct route *route)
{
	char *c, *method = arena_text(arena, route->method);

	for (c = method; *c != '\0'; c++)
		*c = (char)(*c | 0x20); /* a letter, so a small one */
	return method;
}

/* "get_v1_keys_key_id" for "GET /v1/keys/{key_id}". */
static const char *
operation_id(struct arena *arena, const struct route *route)
{
	char *id =
	    arena_format(arena, "%s%s", method_of(arena, route), route->path);
	char *from, *to = id;

	for (from = id; *from != '\0'; from++) {
		if (is_word(*from))
			*to++ = *from;
		else if (is_word(from[1]) && to > id)
			*to++ = '_';
	}
	*to = '\0';
	return id;
}

static struct json_object *
scopes_of(const struct route *route)
{
	struct json_object *list = json_object_new_array();
	int scope;

	for (scope = 0; scope < SCOPE_N; scope++)
		if ((route->scopes & 1u << scope) != 0)
			tree_append(
			    list, json_string(names_text(&scope_names, scope)));
	return list;
}

static void
add_path_parameters(
    struct arena *arena, const struct route *route, struct json_object *list)
{
	const char *start, *end = route->path;
	struct json_object *parameter;

	while ((start = strchr(end, '{')) != NULL) {
		end = strchr(start, '}');
		assert(end != NULL);
		parameter = json_object_new_object();
		tree_add_text(parameter, "name",
		    arena_copy(arena, start + 1, (size_t)(end - start - 1)));
		tree_add_text(parameter, "in", "path");
		tree_add(parameter, "required", json_object_new_boolean(1));
		tree_add(parameter, "schema", tree_typed("string"));
		tree_append(list, parameter);
	}
}

static void
add_parameters(
    struct arena *arena, const struct route *route, struct json_object *object)
{
	struct json_object *list = json_object_new_array();

	add_path_parameters(arena, route, list);
	if (route->query != NULL)
		field_schema_parameters(arena, route->query, list);
	if ((route->flags & ROUTE_KEYED) != 0)
		tree_append(
		    list, tree_refer(arena, "parameters", "IdempotencyKey"));
	if (json_object_array_length(list) > 0)
		tree_add(object, "parameters", list);
	else
		(void)json_object_put(list);
}

static struct json_object *
json_content(struct json_object *schema)
{
	return tree_only("application/json", tree_only("schema", schema));
}

static struct json_object *
form_content(struct json_object *schema)
{
	return tree_only(
	    "application/x-www-form-urlencoded", tree_only("schema", schema));
}

/* Nothing sent is read as an object without members. */
static struct json_object *
body_of(struct arena *arena, const struct route *route)
{
	const struct schema *schema = route->body;
	struct json_object *body = json_object_new_object();
	struct json_object *sent =
	    field_schema_refer(arena, schema, FIELD_REQUEST);

	tree_add(body, "required",
	    json_object_new_boolean(field_schema_requires(schema)));
	tree_add(body, "content",
	    (route->flags & ROUTE_FORM) != 0 ? form_content(sent)
					     : json_content(sent));
	return body;
}

/* Only what is read can be warned about, and a list has no place for it. */
static bool
may_warn(const struct route *route)
{
	return route->envelope != ENVELOPE_ARRAY &&
	       route->envelope != ENVELOPE_NONE &&
	       (route->body != NULL || route->query != NULL);
}

static struct json_object *
wrap(struct json_object *data)
{
	struct json_object *schema = tree_closed();

	tree_must_have(schema, "data", data);
	tree_must_have(schema, "errors", tree_typed("null"));
	return schema;
}

static struct json_object *
wrap_status(const struct route *route, struct json_object *data)
{
	struct json_object *schema = tree_closed(),
			   *status = tree_typed("integer");

	tree_add(status, "const", json_object_new_int(route->status));
	tree_must_have(schema, "status", status);
	tree_must_have(schema, "data", data);
	tree_must_have(schema, "errors", tree_typed("null"));
	return schema;
}

static struct json_object *
wrap_page(struct arena *arena, struct json_object *item)
{
	struct json_object *extra = tree_closed();
	struct json_object *schema = wrap(tree_array_of(item));

	tree_must_have(extra, "pagination",
	    field_schema_refer(arena, &pagination_schema, FIELD_ANSWER));
	tree_must_have(schema, "extra", extra);
	return schema;
}

static struct json_object *
wrapped(struct arena *arena, const struct route *route)
{
	struct json_object *answer =
	    field_schema_refer(arena, route->answer, FIELD_ANSWER);

	switch (route->envelope) {
	case ENVELOPE_DATA:
		return wrap(answer);
	case ENVELOPE_LIST:
		return wrap(tree_array_of(answer));
	case ENVELOPE_ARRAY:
		return tree_array_of(answer);
	case ENVELOPE_PAGE:
		return wrap_page(arena, answer);
	case ENVELOPE_STATUS:
		return wrap_status(route, answer);
	case ENVELOPE_STATUS_LIST:
		return wrap_status(route, tree_array_of(answer));
	case ENVELOPE_BARE:
	case ENVELOPE_TWIML:
	case ENVELOPE_HTML:
	case ENVELOPE_NONE:
		break;
	}
	if (!may_warn(route))
		return answer;
	/* Warnings stand among its own members, which what is referred to
	 * does not allow. */
	(void)json_object_put(answer);
	return field_schema_write(arena, route->answer, FIELD_ANSWER);
}

/* What render_answer writes. */
static struct json_object *
answer_of(struct arena *arena, const struct route *route)
{
	struct json_object *schema = wrapped(arena, route);

	if (may_warn(route))
		tree_may_have(schema, "warnings",
		    tree_array_of(tree_refer(arena, "schemas", "Warning")));
	return schema;
}

static struct json_object *
content_of(struct arena *arena, const struct route *route)
{
	if (route->envelope == ENVELOPE_NONE)
		return NULL;
	if (route->envelope != ENVELOPE_TWIML &&
	    route->envelope != ENVELOPE_HTML)
		return json_content(answer_of(arena, route));
	return tree_only(
	    route->envelope == ENVELOPE_HTML ? "text/html" : "text/xml",
	    tree_only(
		"schema", tree_only("type", json_object_new_string("string"))));
}

static struct json_object *
response(struct arena *arena, const char *about, struct json_object *content)
{
	struct json_object *object = json_object_new_object();

	tree_add_text(object, "description", about);
	tree_add(object, "headers",
	    tree_only(
		"X-Request-Id", tree_refer(arena, "headers", "RequestId")));
	if (content != NULL)
		tree_add(object, "content", content);
	return object;
}

static void
add_header(struct arena *arena, struct json_object *response, const char *name,
    const char *component)
{
	tree_add(json_object_object_get(response, "headers"), name,
	    tree_refer(arena, "headers", component));
}

static struct json_object *
responses_of(struct arena *arena, const struct route *route)
{
	struct json_object *object = json_object_new_object();
	struct json_object *success = response(
	    arena, response_title(route->status), content_of(arena, route));

	if ((route->flags & ROUTE_KEYED) != 0)
		add_header(arena, success, "Idempotency-Replayed",
		    "IdempotencyReplayed");
	if ((route->flags & ROUTE_CURSOR) != 0) {
		add_header(arena, success, "Next-Cursor", "NextCursor");
		add_header(arena, success, "Link", "Link");
	}
	if ((route->flags & ROUTE_LATER) != 0)
		tree_add(object, "202", json_object_get(success));
	tree_add(object, arena_format(arena, "%d", route->status), success);
	tree_add(object, "default", tree_refer(arena, "responses", "Problem"));
	return object;
}

static struct json_object *
operation(struct arena *arena, const struct route *route)
{
	struct json_object *object = json_object_new_object();

	tree_add_text(object, "operationId", operation_id(arena, route));
	tree_add_text(object, "summary", route->about);
	if ((route->flags & ROUTE_OPEN) != 0)
		tree_add(object, "security", json_object_new_array());
	else
		tree_add(object, "x-scopes", scopes_of(route));
	add_parameters(arena, route, object);
	if (route->body != NULL)
		tree_add(object, "requestBody", body_of(arena, route));
	tree_add(object, "responses", responses_of(arena, route));
	return object;
}

static struct json_object *
paths(struct arena *arena)
{
	struct json_object *object = json_object_new_object(), *path;
	const struct route *route = NULL;

	while ((route = route_next(route)) != NULL) {
		if (!json_object_object_get_ex(object, route->path, &path)) {
			path = json_object_new_object();
			tree_add(object, route->path, path);
		}
		tree_add(
		    path, method_of(arena, route), operation(arena, route));
	}
	return object;
}

/* --- What operations refer to. */

static struct json_object *
security_schemes(void)
{
	struct json_object *object = json_object_new_object();
	struct json_object *key = tree_typed("apiKey"),
			   *bearer = tree_typed("http");

	tree_add_text(key, "in", "header");
	tree_add_text(key, "name", "authorization");
	tree_add_text(key, "description",
	    "The key as it is. An operation's x-scopes are the scopes of which"
	    " the key must have one; admin will do for all of them.");
	tree_add_text(bearer, "scheme", "bearer");
	tree_add(object, "key", key);
	tree_add(object, "bearer", bearer);
	return object;
}

static struct json_object *
headers(void)
{
	struct json_object *object = json_object_new_object(), *header;
	size_t i;

	for (i = 0; i < COUNT(header_rows); i++) {
		header = tree_only("schema", tree_typed(header_rows[i].type));
		tree_add_text(header, "description", header_rows[i].about);
		tree_add(object, header_rows[i].name, header);
	}
	return object;
}

static struct json_object *
parameters(void)
{
	struct json_object *key = json_object_new_object();
	struct json_object *schema = tree_typed("string");

	tree_add_text(schema, "pattern", KEY_PATTERN);
	tree_add_text(key, "name", "Idempotency-Key");
	tree_add_text(key, "in", "header");
	tree_add_text(key, "description",
	    "Makes it safe to repeat the request: for 24 hours the same key"
	    " with the same body is answered as the first time.");
	tree_add(key, "schema", schema);
	return tree_only("IdempotencyKey", key);
}

static struct json_object *
responses(struct arena *arena)
{
	struct json_object *problem = response(arena, "What is wrong.",
	    json_content(tree_refer(arena, "schemas", "Problem")));

	tree_add(json_object_object_get(problem, "headers"), "Retry-After",
	    tree_refer(arena, "headers", "RetryAfter"));
	return tree_only("Problem", problem);
}

static struct json_object *
fault(void)
{
	struct json_object *schema = tree_closed(),
			   *code = tree_typed("string");
	struct json_object *codes = json_object_new_array();
	struct json_object *field = tree_typed("string");
	size_t i;

	for (i = 0; i < REASON_N; i++)
		tree_append(codes, json_string(reasons[i].code));
	tree_add(code, "enum", codes);
	tree_add_text(field, "description",
	    "The field that is at fault, as a JSON Pointer.");
	tree_must_have(schema, "error", code);
	tree_must_have(schema, "code", json_object_get(code));
	tree_must_have(schema, "message", tree_typed("string"));
	tree_may_have(schema, "field", field);
	return schema;
}

static struct json_object *
problem(struct arena *arena)
{
	struct json_object *schema = tree_closed();
	struct json_object *list =
	    tree_array_of(tree_refer(arena, "schemas", "Error"));

	tree_add(list, "minItems", json_object_new_int(1));
	tree_must_have(schema, "data", tree_typed("null"));
	tree_must_have(schema, "errors", list);
	tree_must_have(schema, "status", tree_typed("integer"));
	tree_must_have(schema, "title", tree_typed("string"));
	tree_must_have(schema, "detail", tree_typed("string"));
	tree_must_have(schema, "request_id", tree_typed("string"));
	return schema;
}

static struct json_object *
warning(void)
{
	struct json_object *schema = tree_closed();

	tree_must_have(schema, "field", tree_typed("string"));
	tree_must_have(schema, "message", tree_typed("string"));
	return schema;
}

static struct json_object *
schemas(struct arena *arena)
{
	struct json_object *object = json_object_new_object();
	const struct route *route = NULL;

	tree_add(object, "Problem", problem(arena));
	tree_add(object, "Error", fault());
	tree_add(object, "Warning", warning());
	field_schema_collect(arena, &pagination_schema, FIELD_ANSWER, object);
	while ((route = route_next(route)) != NULL) {
		if (route->body != NULL)
			field_schema_collect(
			    arena, route->body, FIELD_REQUEST, object);
		if (route->answer != NULL)
			field_schema_collect(
			    arena, route->answer, FIELD_ANSWER, object);
	}
	return object;
}

static struct json_object *
components(struct arena *arena)
{
	struct json_object *object = json_object_new_object();

	tree_add(object, "schemas", schemas(arena));
	tree_add(object, "responses", responses(arena));
	tree_add(object, "parameters", parameters());
	tree_add(object, "headers", headers());
	tree_add(object, "securitySchemes", security_schemes());
	return object;
}
