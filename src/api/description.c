/*
 * The document follows the OpenAPI Specification 3.1.0.  What is not in the
 * tables stands here: how answers are wrapped, as api/render does it, and
 * the error document, as http/problem writes it.
 */
#include "base/base.h"

#include "api/description.h"

#include "api/call.h"
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

/* --- Small trees. */

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

static void
add_text(struct json_object *object, const char *name, const char *text)
{
	add(object, name, json_string(text));
}

static void
append(struct json_object *array, struct json_object *value)
{
	(void)json_object_array_add(array, value);
}

/* {"name": value} */
static struct json_object *
only(const char *name, struct json_object *value)
{
	struct json_object *object = json_object_new_object();

	add(object, name, value);
	return object;
}

/* {"$ref": ...} to one of the components. */
static struct json_object *
refer(struct arena *arena, const char *kind, const char *name)
{
	return only("$ref",
	    json_string(arena_format(arena, "#/components/%s/%s", kind, name)));
}

/* The schema of a type. */
static struct json_object *
typed(const char *type)
{
	return only("type", json_string(type));
}

static struct json_object *
array_of(struct json_object *item)
{
	struct json_object *array = typed("array");

	add(array, "items", item);
	return array;
}

/* The schema of an object with the members that are added to it, and no
 * others. */
static struct json_object *
closed(void)
{
	struct json_object *object = typed("object");

	add(object, "properties", json_object_new_object());
	add(object, "required", json_object_new_array());
	add(object, "additionalProperties", json_object_new_boolean(0));
	return object;
}

static void
may_have(
    struct json_object *object, const char *name, struct json_object *schema)
{
	add(json_object_object_get(object, "properties"), name, schema);
}

static void
must_have(
    struct json_object *object, const char *name, struct json_object *schema)
{
	may_have(object, name, schema);
	append(json_object_object_get(object, "required"), json_string(name));
}

/* --- What stands at the top. */

static struct json_object *
info(void)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "title", "Parley");
	add_text(object, "version", PACKAGE_VERSION);
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
	append(list,
	    only("url", json_string(length > 0 ? arena_copy(arena, url, length)
					       : "/")));
	return list;
}

/* Either way of giving the key will do. */
static struct json_object *
security(void)
{
	struct json_object *list = json_object_new_array();

	append(list, only("key", json_object_new_array()));
	append(list, only("bearer", json_object_new_array()));
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
			append(
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
		add_text(parameter, "name",
		    arena_copy(arena, start + 1, (size_t)(end - start - 1)));
		add_text(parameter, "in", "path");
		add(parameter, "required", json_object_new_boolean(1));
		add(parameter, "schema", typed("string"));
		append(list, parameter);
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
		append(list, refer(arena, "parameters", "IdempotencyKey"));
	if (json_object_array_length(list) > 0)
		add(object, "parameters", list);
	else
		(void)json_object_put(list);
}

static struct json_object *
json_content(struct json_object *schema)
{
	return only("application/json", only("schema", schema));
}

static struct json_object *
form_content(struct json_object *schema)
{
	return only(
	    "application/x-www-form-urlencoded", only("schema", schema));
}

/* Nothing sent is read as an object without members. */
static struct json_object *
body_of(struct arena *arena, const struct route *route)
{
	const struct schema *schema = route->body;
	struct json_object *body = json_object_new_object();
	struct json_object *sent =
	    field_schema_refer(arena, schema, FIELD_REQUEST);

	add(body, "required",
	    json_object_new_boolean(field_schema_requires(schema)));
	add(body, "content",
	    (route->flags & ROUTE_FORM) != 0 ? form_content(sent)
					     : json_content(sent));
	return body;
}

/* Only what is read can be warned about. */
static bool
may_warn(const struct route *route)
{
	return route->body != NULL || route->query != NULL;
}

static struct json_object *
wrap(struct json_object *data)
{
	struct json_object *schema = closed();

	must_have(schema, "data", data);
	must_have(schema, "errors", typed("null"));
	return schema;
}

static struct json_object *
wrap_status(const struct route *route, struct json_object *data)
{
	struct json_object *schema = closed(), *status = typed("integer");

	add(status, "const", json_object_new_int(route->status));
	must_have(schema, "status", status);
	must_have(schema, "data", data);
	must_have(schema, "errors", typed("null"));
	return schema;
}

static struct json_object *
wrap_page(struct arena *arena, struct json_object *item)
{
	struct json_object *extra = closed();
	struct json_object *schema = wrap(array_of(item));

	must_have(extra, "pagination",
	    field_schema_refer(arena, &pagination_schema, FIELD_ANSWER));
	must_have(schema, "extra", extra);
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
		return wrap(array_of(answer));
	case ENVELOPE_PAGE:
		return wrap_page(arena, answer);
	case ENVELOPE_STATUS:
		return wrap_status(route, answer);
	case ENVELOPE_STATUS_LIST:
		return wrap_status(route, array_of(answer));
	case ENVELOPE_BARE:
	case ENVELOPE_TWIML:
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
		may_have(schema, "warnings",
		    array_of(refer(arena, "schemas", "Warning")));
	return schema;
}

static struct json_object *
content_of(struct arena *arena, const struct route *route)
{
	if (route->envelope != ENVELOPE_TWIML)
		return json_content(answer_of(arena, route));
	return only("text/xml",
	    only("schema", only("type", json_object_new_string("string"))));
}

static struct json_object *
response(struct arena *arena, const char *about, struct json_object *content)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "description", about);
	add(object, "headers",
	    only("X-Request-Id", refer(arena, "headers", "RequestId")));
	add(object, "content", content);
	return object;
}

static struct json_object *
responses_of(struct arena *arena, const struct route *route)
{
	struct json_object *object = json_object_new_object();
	struct json_object *success = response(
	    arena, response_title(route->status), content_of(arena, route));

	if ((route->flags & ROUTE_KEYED) != 0)
		add(json_object_object_get(success, "headers"),
		    "Idempotency-Replayed",
		    refer(arena, "headers", "IdempotencyReplayed"));
	add(object, arena_format(arena, "%d", route->status), success);
	add(object, "default", refer(arena, "responses", "Problem"));
	return object;
}

static struct json_object *
operation(struct arena *arena, const struct route *route)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "operationId", operation_id(arena, route));
	add_text(object, "summary", route->about);
	if ((route->flags & ROUTE_OPEN) != 0)
		add(object, "security", json_object_new_array());
	else
		add(object, "x-scopes", scopes_of(route));
	add_parameters(arena, route, object);
	if (route->body != NULL)
		add(object, "requestBody", body_of(arena, route));
	add(object, "responses", responses_of(arena, route));
	return object;
}

static struct json_object *
paths(struct arena *arena)
{
	struct json_object *object = json_object_new_object(), *path;
	const struct route *route;

	for (route = routes; route < routes + routes_count; route++) {
		if (!json_object_object_get_ex(object, route->path, &path)) {
			path = json_object_new_object();
			add(object, route->path, path);
		}
		add(path, method_of(arena, route), operation(arena, route));
	}
	return object;
}

/* --- What operations refer to. */

static struct json_object *
security_schemes(void)
{
	struct json_object *object = json_object_new_object();
	struct json_object *key = typed("apiKey"), *bearer = typed("http");

	add_text(key, "in", "header");
	add_text(key, "name", "authorization");
	add_text(key, "description",
	    "The key as it is. An operation's x-scopes are the scopes of which"
	    " the key must have one; admin will do for all of them.");
	add_text(bearer, "scheme", "bearer");
	add(object, "key", key);
	add(object, "bearer", bearer);
	return object;
}

static struct json_object *
headers(void)
{
	struct json_object *object = json_object_new_object(), *header;
	size_t i;

	for (i = 0; i < COUNT(header_rows); i++) {
		header = only("schema", typed(header_rows[i].type));
		add_text(header, "description", header_rows[i].about);
		add(object, header_rows[i].name, header);
	}
	return object;
}

static struct json_object *
parameters(void)
{
	struct json_object *key = json_object_new_object();
	struct json_object *schema = typed("string");

	add_text(schema, "pattern", KEY_PATTERN);
	add_text(key, "name", "Idempotency-Key");
	add_text(key, "in", "header");
	add_text(key, "description",
	    "Makes it safe to repeat the request: for 24 hours the same key"
	    " with the same body is answered as the first time.");
	add(key, "schema", schema);
	return only("IdempotencyKey", key);
}

static struct json_object *
responses(struct arena *arena)
{
	struct json_object *problem = response(arena, "What is wrong.",
	    json_content(refer(arena, "schemas", "Problem")));

	add(json_object_object_get(problem, "headers"), "Retry-After",
	    refer(arena, "headers", "RetryAfter"));
	return only("Problem", problem);
}

static struct json_object *
fault(void)
{
	struct json_object *schema = closed(), *code = typed("string");
	struct json_object *codes = json_object_new_array();
	struct json_object *field = typed("string");
	size_t i;

	for (i = 0; i < REASON_N; i++)
		append(codes, json_string(reasons[i].code));
	add(code, "enum", codes);
	add_text(field, "description",
	    "The field that is at fault, as a JSON Pointer.");
	must_have(schema, "error", code);
	must_have(schema, "message", typed("string"));
	may_have(schema, "field", field);
	return schema;
}

static struct json_object *
problem(struct arena *arena)
{
	struct json_object *schema = closed();
	struct json_object *list = array_of(refer(arena, "schemas", "Error"));

	add(list, "minItems", json_object_new_int(1));
	must_have(schema, "data", typed("null"));
	must_have(schema, "errors", list);
	must_have(schema, "status", typed("integer"));
	must_have(schema, "title", typed("string"));
	must_have(schema, "detail", typed("string"));
	must_have(schema, "request_id", typed("string"));
	return schema;
}

static struct json_object *
warning(void)
{
	struct json_object *schema = closed();

	must_have(schema, "field", typed("string"));
	must_have(schema, "message", typed("string"));
	return schema;
}

static struct json_object *
schemas(struct arena *arena)
{
	struct json_object *object = json_object_new_object();
	const struct route *route;

	add(object, "Problem", problem(arena));
	add(object, "Error", fault());
	add(object, "Warning", warning());
	field_schema_collect(arena, &pagination_schema, FIELD_ANSWER, object);
	for (route = routes; route < routes + routes_count; route++) {
		if (route->body != NULL)
			field_schema_collect(
			    arena, route->body, FIELD_REQUEST, object);
		field_schema_collect(
		    arena, route->answer, FIELD_ANSWER, object);
	}
	return object;
}

static struct json_object *
components(struct arena *arena)
{
	struct json_object *object = json_object_new_object();

	add(object, "schemas", schemas(arena));
	add(object, "responses", responses(arena));
	add(object, "parameters", parameters());
	add(object, "headers", headers());
	add(object, "securitySchemes", security_schemes());
	return object;
}
