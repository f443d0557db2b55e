/*
 * Reading a tool's document: its tables, and what must hold between the
 * fields.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "model/json_path.h"
#include "model/json_schema.h"
#include "model/reason.h"
#include "model/tool.h"
#include "model/tool_schema.h"
#include "model/url.h"

#include <json-c/json.h>
#include <string.h>

#define DESCRIPTION_MOST 4000 /* characters */
#define SPEECH_MOST 1000
#define CREDENTIAL_MOST 4096
#define HEADERS_MOST 8192 /* bytes of JSON */
#define QUERY_MOST 8192
#define BODY_MOST 32768
#define SCHEMA_MOST 32768
#define OUTPUTS_MOST 50
#define OUTPUT_NAME_MOST 64 /* characters */
#define RETRIES_MOST 4
#define COOLDOWN_MOST 30 /* seconds */

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define TOKEN "!#$%&'*+-.^_`|~" DIGITS LETTERS /* RFC 9110, section 5.6.2 */

static const char *const auth_words[] = {
	[AUTH_NONE] = "none",
	[AUTH_BEARER] = "bearer",
	[AUTH_BASIC] = "basic",
	[AUTH_API_KEY] = "api_key",
};
static_assert(COUNT(auth_words) == AUTH_N, "a word for every sort");

const struct names tool_auth_names = NAMES(auth_words);

/* --- The tables. */

#define AUTH_AT(member) FIELD_AT(struct tool_auth, member)
#define OUTPUT_AT(member) FIELD_AT(struct tool_output, member)
#define AT(member) FIELD_AT(struct tool, member)

static bool is_output_name(const char *text);

static const struct text_rule output_rule = { is_output_name,
	"the name of a variable, without points and braces" };
static const struct text_rule path_rule = { json_path_is_good,
	"a JSON path such as $.order.items[0].id" };

/* clang-format off */
static const struct field auth_fields[] = {
	{ "type", FIELD_NAME, FIELD_REQUIRED, AUTH_AT(kind),
	    .names = &tool_auth_names },
	{ "token", FIELD_TEXT, FIELD_NULLABLE, AUTH_AT(token), 1,
	    CREDENTIAL_MOST, .about = "Of bearer and api_key; {{SECRET.NAME}}"
	             " keeps it out of the definition." },
	{ "username", FIELD_TEXT, FIELD_NULLABLE, AUTH_AT(username), 1,
	    CREDENTIAL_MOST, .about = "Of basic." },
	{ "password", FIELD_TEXT, FIELD_NULLABLE, AUTH_AT(password), 0,
	    CREDENTIAL_MOST, .about = "Of basic; may be {{SECRET.NAME}}." },
	{ "header", FIELD_TEXT, FIELD_NULLABLE, AUTH_AT(header), 1, 100,
	    .about = "Of api_key; X-API-Key if not given." },
};
static const struct schema auth_schema =
    SCHEMA("ToolAuth", auth_fields, struct tool_auth);

static const struct field output_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    OUTPUT_AT(name), 1, OUTPUT_NAME_MOST, .rule = &output_rule,
	    .about = "The variable that is set." },
	{ "data", FIELD_TEXT, FIELD_REQUIRED, OUTPUT_AT(data), 1,
	    JSON_PATH_MOST, .rule = &path_rule,
	    .about = "Where it is in the answer: $, .name, ['name'], [0], [-1]"
	             " and [*]. null where it is not there." },
	{ "context", FIELD_TEXT, FIELD_NULLABLE, OUTPUT_AT(context), 0,
	    SPEECH_MOST, .about = "What it is, for the model." },
};
static const struct schema output_schema =
    SCHEMA("ToolOutput", output_fields, struct tool_output);

/* `R` is FIELD_REQUIRED, or 0 where what is not given stays. */
#define SHARED_FIELDS(R)                                                      \
	{ "name", FIELD_TEXT, (R) | FIELD_NOT_BLANK, AT(name), 1, 255,        \
	    .about = "What the model sees; no word that phones have, such as" \
	             " speak, transfer or wait." },                           \
	{ "description", FIELD_TEXT, (R) | FIELD_NOT_BLANK, AT(description),  \
	    1, DESCRIPTION_MOST,                                              \
	    .about = "What it does and when to use it, for the model." },     \
	{ "headers", FIELD_OBJECT, FIELD_NULLABLE, AT(headers),               \
	    .most = HEADERS_MOST,                                             \
	    .about = "Headers of the request; values may have {{input.x}},"   \
	             " {{variable}} and {{SECRET.NAME}}, as in url, query,"   \
	             " body and auth." },                                     \
	{ "query", FIELD_OBJECT, FIELD_NULLABLE, AT(query),                   \
	    .most = QUERY_MOST,                                               \
	    .about = "Parameters that are added to url, encoded." },          \
	{ "body", FIELD_OBJECT, FIELD_NULLABLE | FIELD_OR_TEXT, AT(body),     \
	    .most = BODY_MOST,                                                \
	    .about = "The body: an object, in which a string that is nothing" \
	             " but a place, as \"{{input.count}}\", becomes its value" \
	             " as it is, and is left out without one; or a text."     \
	             " Without a body the input is sent. GET has none." },    \
	{ "auth", FIELD_STRUCT, FIELD_NULLABLE, AT(auth),                     \
	    .schema = &auth_schema },                                         \
	{ "input_schema", FIELD_OBJECT, FIELD_NULLABLE, AT(given_schema),     \
	    .most = SCHEMA_MOST,                                              \
	    .about = "JSON Schema of the input that the model fills in;"      \
	             " `example` is shown to it." },                          \
	{ "speech", FIELD_TEXT, FIELD_NULLABLE, AT(speech), 0, SPEECH_MOST,   \
	    .about = "What the agent says meanwhile." },                      \
	{ "cache", FIELD_BOOLEAN, FIELD_NULLABLE | FIELD_OR_TEXT, AT(cache),  \
	    .about = "Kept; every call is made." },                           \
	{ "response_data", FIELD_LIST, FIELD_NULLABLE, AT(response_data), 0,  \
	    OUTPUTS_MOST, .schema = &output_schema,                           \
	    .about = "Variables that are set from the answer; beside them"    \
	             " are always ok, rest_api_<method>_status,"              \
	             " rest_api_<method>_status_text and"                     \
	             " rest_api_<method>_data." },                            \
	{ "max_retries", FIELD_INTEGER, FIELD_NULLABLE, AT(max_retries), 0,   \
	    RETRIES_MOST,                                                     \
	    .about = "Further tries after 429, 500 and above, or no answer;"  \
	             " if not given, 1 of GET, PUT and DELETE." },            \
	{ "cooldown", FIELD_INTEGER, FIELD_NULLABLE, AT(cooldown), 1,         \
	    COOLDOWN_MOST, .about = "Seconds between tries; 1 if not given."  \
	             " All of it takes a minute at most." },                  \
	{ "label", FIELD_TEXT, FIELD_NULLABLE, AT(label), 0, 255 },           \
	{ "public", FIELD_BOOLEAN, FIELD_NULLABLE, AT(is_public),             \
	    .about = "Kept; nobody else sees it." }

#define URL_ABOUT                                                             \
	"https (http only to hosts that the operator allows); places may"     \
	" stand behind the host, and their values are encoded."

#define V2_FIELDS(R)                                                          \
	{ "integration", FIELD_TEXT, (R), AT(integration), 1, 64,             \
	    .about = "rest_api" },                                            \
	{ "action", FIELD_TEXT, (R), AT(action), 1, 64,                       \
	    .about = "The request's method: get, post, put, patch or"         \
	             " delete." },                                            \
	{ "url", FIELD_TEXT, FIELD_NULLABLE, AT(url), 1, URL_MOST,            \
	    .about = "Required. " URL_ABOUT },                                \
	{ "timeout", FIELD_INTEGER, FIELD_NULLABLE, AT(timeout),              \
	    TOOL_TIMEOUT_LEAST, TOOL_TIMEOUT_MOST,                            \
	    .about = "Milliseconds for one try; 10000 if not given." },       \
	{ "resource_id", FIELD_TEXT, FIELD_NULLABLE, AT(resource_id), 1, 64,  \
	    .about = "There are no connected resources here." }

#define V1_FIELDS(R)                                                          \
	{ "url", FIELD_TEXT, (R), AT(url), 1, URL_MOST, .about = URL_ABOUT }, \
	{ "method", FIELD_TEXT, FIELD_NULLABLE, AT(given_method), 1, 16,      \
	    .about = "GET if not given; GET, POST, PUT, PATCH or DELETE." },  \
	{ "response", FIELD_OBJECT, FIELD_NULLABLE, AT(response),             \
	    .most = SCHEMA_MOST,                                              \
	    .about = "Variables and where in the answer they are; without"    \
	             " any, {{data}} is the whole answer." },                 \
	{ "timeout", FIELD_INTEGER, FIELD_NULLABLE, AT(timeout), 1,           \
	    .about = "Milliseconds for one try, of which at most 60000 are"   \
	             " waited; 10000 if not given." }

static const struct field request_fields[] = {
	SHARED_FIELDS(FIELD_REQUIRED), V2_FIELDS(FIELD_REQUIRED),
};
static const struct field patch_fields[] = {
	SHARED_FIELDS(0), V2_FIELDS(0),
};
static const struct field legacy_request_fields[] = {
	SHARED_FIELDS(FIELD_REQUIRED), V1_FIELDS(FIELD_REQUIRED),
};
static const struct field legacy_patch_fields[] = {
	SHARED_FIELDS(0), V1_FIELDS(0),
};

/* What is stored, by whichever route it came. */
static const struct field stored_fields[] = {
	SHARED_FIELDS(FIELD_REQUIRED), V1_FIELDS(FIELD_NULLABLE),
	{ "integration", FIELD_TEXT, FIELD_NULLABLE, AT(integration) },
	{ "action", FIELD_TEXT, FIELD_NULLABLE, AT(action) },
	{ "resource_id", FIELD_TEXT, FIELD_NULLABLE, AT(resource_id) },
};
/* clang-format on */

const struct schema tool_request_schema =
    SCHEMA("ToolDefinition", request_fields, struct tool);
const struct schema tool_patch_schema =
    SCHEMA("ToolPatch", patch_fields, struct tool);
const struct schema legacy_tool_request_schema =
    SCHEMA("LegacyTool", legacy_request_fields, struct tool);
const struct schema legacy_tool_patch_schema =
    SCHEMA("LegacyToolPatch", legacy_patch_fields, struct tool);
static const struct schema stored_schema =
    SCHEMA("StoredTool", stored_fields, struct tool);

/* What has a meaning of its own where such tools come from. */
static const char *const reserved[] = { "input", "speak", "transfer", "switch",
	"wait", "finish", "press", "button", "say", "pause", "record", "play",
	"dial", "hang" };

/* Those that clients may know and we do not have. */
static const char *const elsewhere[] = { "bland-sms", "custom-code", "slack",
	"salesforce", "hubspot", "calendly", "cal-com-v2", "notion" };

/* What net/fetch says itself, and would refuse from others. */
static const char *const forbidden[] = { "Connection", "Content-Length",
	"Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
	"Transfer-Encoding", "Upgrade" };

/* A definition on its way. */
struct reading {
	struct reader *reader;
	struct json_object *document;
	const char *path;
	struct tool *tool;
};

typedef enum outcome rule(const struct reading *reading);

static rule check_name, check_integration, check_method, check_url;
static rule check_headers, check_query, check_auth, read_schema, read_outputs;

static rule *const rules[] = { check_name, check_integration, check_method,
	check_url, check_headers, check_query, check_auth, read_schema,
	read_outputs };

static const char *
place(const struct reading *reading, const char *name)
{
	return arena_format(
	    reading->reader->arena, "%s/%s", reading->path, name);
}

#define REFUSE(reading, reason, field, ...)                                    \
	fault_add((reading)->reader->faults, &reasons[reason],                 \
	    place(reading, field), __VA_ARGS__)

static bool
is_among(const char *word, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (text_equal_nocase(word, words[i]))
			return true;
	return false;
}

void
tool_init(struct tool *tool)
{
	*tool = (struct tool){ .max_retries = -1 };
}

enum outcome
tool_read(struct reader *reader, struct json_object *document, const char *path,
    struct tool *tool)
{
	struct reading reading = { reader, document, path, tool };
	struct reader quiet = *reader;
	struct tool row = *tool;
	enum outcome rc;
	size_t i;

	/* What is not understood was warned about when it came. */
	quiet.warnings = NULL;
	tool_init(tool);
	tool->id = row.id;
	tool->document = row.document;
	tool->created_at = row.created_at;
	rc = field_read(&quiet, &stored_schema, document, path, tool);
	for (i = 0; rc == OK && i < COUNT(rules); i++)
		rc = rules[i](&reading);
	return rc;
}

static enum outcome
check_name(const struct reading *reading)
{
	const char *name = reading->tool->name;

	if (!is_among(name, reserved, COUNT(reserved)))
		return OK;
	return REFUSE(reading, INVALID_PARAMETER, "name",
	    "name must not be %s: the word is reserved", name);
}

static enum outcome
check_integration(const struct reading *reading)
{
	const char *name = reading->tool->integration;

	if (name == NULL || text_equal(name, TOOL_INTEGRATION)) {
		if (reading->tool->resource_id == NULL)
			return OK;
		return REFUSE(reading, RESOURCE_NOT_FOUND, "resource_id",
		    "there is no such resource in this account");
	}
	if (is_among(name, elsewhere, COUNT(elsewhere)))
		return REFUSE(reading, INVALID_TOOL_TYPE, "integration",
		    "this server does not connect to %s. Available"
		    " integrations: " TOOL_INTEGRATION,
		    name);
	return REFUSE(reading, INTEGRATION_NOT_FOUND, "integration",
	    "Integration '%s' is not available. Available"
	    " integrations: " TOOL_INTEGRATION,
	    name);
}

/* "post", "POST" and "rest_api_post" are one. */
static bool
find_method(const char *word, int *method)
{
	int i;

	if (text_starts(word, TOOL_INTEGRATION "_"))
		word += strlen(TOOL_INTEGRATION "_");
	for (i = 0; i < TOOL_METHOD_N; i++)
		if (text_equal_nocase(
			word, names_text(&tool_method_names, i))) {
			*method = i;
			return true;
		}
	return false;
}

static enum outcome
check_method(const struct reading *reading)
{
	struct tool *tool = reading->tool;
	struct arena *arena = reading->reader->arena;

	tool->method = TOOL_GET;
	if (tool->integration != NULL) {
		if (tool->action != NULL &&
		    find_method(tool->action, &tool->method))
			return OK;
		return REFUSE(reading, ACTION_NOT_FOUND, "action",
		    "Action '%s' not found for integration '" TOOL_INTEGRATION
		    "'. Available actions: %s",
		    tool->action != NULL ? tool->action : "",
		    names_list(arena, &tool_action_names));
	}
	if (tool->given_method == NULL ||
	    find_method(tool->given_method, &tool->method))
		return OK;
	return REFUSE(reading, INVALID_PARAMETER, "method", "method must be %s",
	    names_list(arena, &tool_method_names));
}

/* The URL with an "x" in each place for a variable, which may be behind the
 * host only; NULL: one is before that. */
static const char *
plain_url(struct arena *arena, const char *url)
{
	const char *host = strstr(url, "://"), *end;
	size_t head = host != NULL ? (size_t)(host + 3 - url) : 0;
	struct buf plain;

	head += strcspn(url + head, "/?#");
	buf_init(&plain, arena, URL_MOST);
	buf_add(&plain, url, head);
	if (strstr(buf_text(&plain), "{{") != NULL)
		return NULL;
	for (url += head; *url != '\0'; url++) {
		end = text_starts(url, "{{") ? strstr(url, "}}") : NULL;
		buf_add_char(&plain, end != NULL ? 'x' : *url);
		if (end != NULL)
			url = end + 1;
	}
	return buf_text(&plain);
}

static enum outcome
check_url(const struct reading *reading)
{
	struct arena *arena = reading->reader->arena;
	const char *url = reading->tool->url, *plain;

	if (url == NULL)
		return REFUSE(
		    reading, MISSING_REQUIRED_FIELDS, "url", "url is required");
	plain = plain_url(arena, url);
	if (plain != NULL && url_is_callable(plain, reading->reader->net_allow))
		return OK;
	return REFUSE(reading, INVALID_PARAMETER, "url",
	    "url must be an absolute https URL without user and password (http"
	    " only to hosts that the operator allows), with places for"
	    " variables only behind the host");
}

/* --- Names and values of a request. */

static struct json_object *
tree_of(const struct reading *reading, const char *name)
{
	return json_object_object_get(reading->document, name);
}

static bool
is_scalar(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) ||
	       json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double) ||
	       json_object_is_type(value, json_type_boolean);
}

static bool
is_header(const char *name)
{
	return name[0] != '\0' && name[strspn(name, TOKEN)] == '\0' &&
	       !is_among(name, forbidden, COUNT(forbidden));
}

static enum outcome
check_members(const struct reading *reading, const char *of,
    bool (*is_good)(const char *name), const char *wanted)
{
	struct arena *arena = reading->reader->arena;
	struct json_object *object = tree_of(reading, of);
	enum outcome rc = OK;

	if (object == NULL)
		return OK;
	json_object_object_foreach(object, name, value)
	{
		if (is_good(name) && is_scalar(value))
			continue;
		rc = fault_add(reading->reader->faults,
		    &reasons[INVALID_PARAMETER],
		    field_path(arena, place(reading, of), name), "%s", wanted);
	}
	return rc;
}

static enum outcome
check_headers(const struct reading *reading)
{
	return check_members(reading, "headers", is_header,
	    "headers must be an object of names and their texts, without those"
	    " that say where the request goes and where it ends");
}

static bool
is_some_name(const char *name)
{
	return name[0] != '\0';
}

static enum outcome
check_query(const struct reading *reading)
{
	return check_members(reading, "query", is_some_name,
	    "query must be an object of names and their texts");
}

static enum outcome
check_auth(const struct reading *reading)
{
	const struct tool_auth *auth = &reading->tool->auth;
	bool wants_token =
	    auth->kind == AUTH_BEARER || auth->kind == AUTH_API_KEY;

	if (wants_token && auth->token == NULL)
		return REFUSE(reading, MISSING_REQUIRED_FIELDS, "auth/token",
		    "token is required for this type");
	if (auth->kind == AUTH_BASIC && auth->username == NULL)
		return REFUSE(reading, MISSING_REQUIRED_FIELDS, "auth/username",
		    "username is required for this type");
	if (auth->header != NULL && !is_header(auth->header))
		return REFUSE(reading, INVALID_PARAMETER, "auth/header",
		    "header must be the name of a header");
	return OK;
}

/* --- The input. */

static enum outcome
check_input_type(const struct reading *reading, struct json_object *given)
{
	struct json_object *type = json_object_object_get(given, "type");

	if (type == NULL ||
	    (json_object_is_type(type, json_type_string) &&
		text_equal(json_object_get_string(type), "object")))
		return OK;
	return REFUSE(reading, INVALID_PARAMETER, "input_schema/type",
	    "type must be object: the input is one");
}

static enum outcome
read_schema(const struct reading *reading)
{
	struct arena *arena = reading->reader->arena;
	struct json_object *given = tree_of(reading, "input_schema");
	enum outcome rc = OK;

	if (given == NULL)
		given = json_own(arena, json_object_new_object());
	if (reading->tool->integration != NULL) {
		rc = json_schema_check(arena, given,
		    place(reading, "input_schema"), reading->reader->faults);
		if (rc == OK)
			rc = check_input_type(reading, given);
	}
	if (rc == OK)
		reading->tool->schema = tool_schema(arena, given);
	return rc;
}

/* --- The answer. */

static bool
is_output_name(const char *text)
{
	return strpbrk(text, ".{}") == NULL;
}

static enum outcome
read_response(const struct reading *reading, const char *name,
    struct json_object *value, struct tool_output *output)
{
	struct arena *arena = reading->reader->arena;
	const char *path = json_object_get_string(value);

	*output = (struct tool_output){ .name = arena_text(arena, name),
		.data = arena_text(arena, path) };
	if (is_output_name(name) && name[0] != '\0' &&
	    text_length(name) <= OUTPUT_NAME_MOST &&
	    json_object_is_type(value, json_type_string) &&
	    json_path_is_good(path))
		return OK;
	return fault_add(reading->reader->faults, &reasons[INVALID_PARAMETER],
	    field_path(arena, place(reading, "response"), name),
	    "response must be an object of variables' names, each with a JSON"
	    " path such as $.order.id");
}

/* Both sorts, one behind the other. */
static enum outcome
read_outputs(const struct reading *reading)
{
	struct tool *tool = reading->tool;
	struct json_object *response = tree_of(reading, "response");
	int more = response != NULL ? json_object_object_length(response) : 0;
	size_t count = tool->response_data.count;
	struct tool_output *all = arena_alloc(
	    reading->reader->arena, (count + (size_t)more + 1) * sizeof(*all));
	enum outcome rc = OK;

	if (count > 0)
		(void)memcpy(
		    all, tool->response_data.items, count * sizeof(*all));
	if (more > OUTPUTS_MOST)
		return REFUSE(reading, INVALID_PARAMETER, "response",
		    "response must have at most %d members", OUTPUTS_MOST);
	if (more > 0) {
		json_object_object_foreach(response, name, value)
		{
			if (read_response(
				reading, name, value, &all[count++]) != OK)
				rc = INVALID;
		}
	}
	tool->outputs = (struct list){ all, count };
	tool->takes_all = tool->integration == NULL && count == 0;
	return rc;
}
