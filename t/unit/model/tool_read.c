/*
 * Which definitions of tools are taken, and what is refused.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/tool.h"

#include "tap.h"

#define OLD(more) "{\"name\":\"n\",\"description\":\"d\"" more "}"
#define URL ",\"url\":\"https://x.example/\""
#define NEW(more) OLD(URL ",\"integration\":\"rest_api\"" more)
#define GET ",\"action\":\"get\""

static enum outcome
read_tool(struct arena *arena, const char *json, struct faults *faults,
    struct tool *tool)
{
	struct reader reader = {
		.arena = arena, .faults = faults, .net_allow = "127.0.0.0/8"
	};
	struct json_object *document;
	struct json_fault fault;

	faults_init(faults, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	return tool_read(&reader, document, "", tool);
}

/* clang-format off */
static const char *const urls[] = {
	"https://x.example/a/{{input.id}}/b", "https://x.example?q={{ a }}",
	"http://127.0.0.1:8080/{{a}}", "https://x.example/{{a b}}",
};
static const char *const bad_urls[] = {
	"http://x.example/", "https://{{host}}/", "https://x{{a}}.example/",
	"{{url}}", "ftp://x.example/", "https://u:p@x.example/", "x.example",
	"https://x.example/a b", "https://x.example{{a}}", "http://10.0.0.1/",
};

static const struct {
	const char *json, *code, *field, *message, *name;
} bad[] = {
	{ OLD(""), "MISSING_REQUIRED_FIELDS", "/url", "url is required",
	    "one without a URL" },
	{ "{\"description\":\"d\"" URL "}", "MISSING_REQUIRED_FIELDS",
	    "/name", "name is required", "one without a name" },
	{ "{\"name\":\"Speak\",\"description\":\"d\"" URL "}",
	    "INVALID_PARAMETER", "/name",
	    "name must not be Speak: the word is reserved",
	    "a word that is reserved, in any case" },
	{ OLD(URL ",\"method\":\"HEAD\""), "INVALID_PARAMETER", "/method",
	    "method must be GET, POST, PUT, PATCH or DELETE",
	    "another method" },
	{ OLD(URL ",\"integration\":\"slack\"" GET), "INVALID_TOOL_TYPE",
	    "/integration", "this server does not connect to slack. Available"
	    " integrations: rest_api", "one that we do not have" },
	{ OLD(",\"integration\":\"x\"" GET), "INTEGRATION_NOT_FOUND",
	    "/integration", "Integration 'x' is not available. Available"
	    " integrations: rest_api", "one that nobody has" },
	{ NEW(",\"action\":\"send\""), "ACTION_NOT_FOUND", "/action",
	    "Action 'send' not found for integration 'rest_api'. Available"
	    " actions: get, post, put, patch or delete", "another action" },
	{ NEW(GET ",\"resource_id\":\"r\""), "RESOURCE_NOT_FOUND",
	    "/resource_id", "there is no such resource in this account",
	    "a resource" },
	{ OLD(URL ",\"headers\":{\"Host\":\"x\"}"), "INVALID_PARAMETER",
	    "/headers/Host", "headers must be an object of names and their"
	    " texts, without those that say where the request goes and where"
	    " it ends", "a header that is ours" },
	{ OLD(URL ",\"headers\":{\"a b\":\"x\"}"), "INVALID_PARAMETER",
	    "/headers/a b", "headers must be an object of names and their"
	    " texts, without those that say where the request goes and where"
	    " it ends", "what is no header" },
	{ OLD(URL ",\"query\":{\"a\":[]}"), "INVALID_PARAMETER", "/query/a",
	    "query must be an object of names and their texts",
	    "an array in a query" },
	{ OLD(URL ",\"body\":1"), "INVALID_PARAMETER", "/body",
	    "body must be an object or a string", "a number as a body" },
	{ OLD(URL ",\"auth\":{\"type\":\"bearer\"}"),
	    "MISSING_REQUIRED_FIELDS", "/auth/token",
	    "token is required for this type", "a bearer of nothing" },
	{ OLD(URL ",\"auth\":{\"type\":\"basic\"}"),
	    "MISSING_REQUIRED_FIELDS", "/auth/username",
	    "username is required for this type", "nobody's password" },
	{ OLD(URL ",\"auth\":{\"type\":\"api_key\",\"token\":\"t\","
	    "\"header\":\"Host\"}"), "INVALID_PARAMETER", "/auth/header",
	    "header must be the name of a header", "a key in the host" },
	{ NEW(GET ",\"input_schema\":{\"properties\":{\"a\":\"x\"}}"),
	    "INVALID_PARAMETER", "/input_schema/properties/a",
	    "a must be a schema: an object", "words in a newer schema" },
	{ NEW(GET ",\"input_schema\":{\"type\":\"array\"}"),
	    "INVALID_PARAMETER", "/input_schema/type",
	    "type must be object: the input is one", "an array as input" },
	{ OLD(URL ",\"response_data\":[{\"name\":\"a.b\",\"data\":\"$\"}]"),
	    "INVALID_PARAMETER", "/response_data/0/name", "name must be the"
	    " name of a variable, without points and braces",
	    "a variable with a point" },
	{ OLD(URL ",\"response_data\":[{\"name\":\"a\",\"data\":\"$..b\"}]"),
	    "INVALID_PARAMETER", "/response_data/0/data",
	    "data must be a JSON path such as $.order.items[0].id",
	    "what is no path" },
	{ OLD(URL ",\"response\":{\"a\":\"$.\"}"), "INVALID_PARAMETER",
	    "/response/a", "response must be an object of variables' names,"
	    " each with a JSON path such as $.order.id",
	    "the same of an old one" },
	{ OLD(URL ",\"max_retries\":5"), "INVALID_PARAMETER", "/max_retries",
	    "max_retries must be at least 0 and at most 4",
	    "too many tries" },
	{ OLD(URL ",\"cooldown\":0"), "INVALID_PARAMETER", "/cooldown",
	    "cooldown must be at least 1 and at most 30", "no pause" },
};

static const struct {
	const char *json;
	int method;
	const char *name;
} methods[] = {
	{ OLD(URL), TOOL_GET, "GET is the method where none is said" },
	{ OLD(URL ",\"method\":\"post\""), TOOL_POST, "in any case" },
	{ NEW(",\"action\":\"delete\""), TOOL_DELETE, "an action is one" },
	{ NEW(",\"action\":\"rest_api_put\""), TOOL_PUT,
	    "with its integration" },
};
/* clang-format on */

static void
test_bad(struct arena *arena)
{
	struct faults faults;
	struct tool tool;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		tool_init(&tool);
		is_int(read_tool(arena, bad[i].json, &faults, &tool), INVALID,
		    "%s is refused", bad[i].name);
		if (!ok(faults.count == 1, "with one fault"))
			continue;
		is_text(faults.list[0].reason->code, bad[i].code, "a code");
		is_text(faults.list[0].field, bad[i].field, "its field");
		is_text(faults.list[0].message, bad[i].message,
		    "and what would be right");
	}
}

static enum outcome
read_url(struct arena *arena, const char *url)
{
	struct faults faults;
	struct tool tool;

	tool_init(&tool);
	return read_tool(arena,
	    arena_format(arena,
		"{\"name\":\"n\",\"description\":\"d\",\"url\":\"%s\"}", url),
	    &faults, &tool);
}

static void
test_urls(struct arena *arena)
{
	size_t i;

	for (i = 0; i < COUNT(urls); i++)
		is_int(read_url(arena, urls[i]), OK, "%s is taken", urls[i]);
	for (i = 0; i < COUNT(bad_urls); i++)
		is_int(read_url(arena, bad_urls[i]), INVALID, "%s is refused",
		    bad_urls[i]);
}

static void
test_good(struct arena *arena)
{
	const struct tool_output *outputs;
	struct faults faults;
	struct tool tool;
	size_t i;

	for (i = 0; i < COUNT(methods); i++) {
		tool_init(&tool);
		is_int(read_tool(arena, methods[i].json, &faults, &tool), OK,
		    "a definition is read");
		is_int(tool.method, methods[i].method, "%s", methods[i].name);
	}
	tool_init(&tool);
	tool.id = "TL-1";
	is_int(
	    read_tool(arena,
		OLD(URL ",\"timeout\":99999999,\"cache\":\"true\","
			"\"headers\":null,\"max_retries\":2,\"x\":1,"
			"\"response_data\":[{\"name\":\"a\",\"data\":\"$.a\","
			"\"context\":\"c\"}],\"response\":{\"b\":\"$.b\"}"),
		&faults, &tool),
	    OK, "one with all sorts of things");
	is_text(tool.id, "TL-1", "it keeps its row");
	is_int(tool.timeout, 99999999, "an old one may wait for long");
	ok(tool.cache, "a boolean may stand in quotes");
	is_int(tool.max_retries, 2, "its tries are read");
	outputs = tool.outputs.items;
	ok(tool.outputs.count == 2 && strcmp(outputs[0].name, "a") == 0 &&
		strcmp(outputs[0].context, "c") == 0 &&
		strcmp(outputs[1].data, "$.b") == 0,
	    "both sorts of variables are read");
	ok(!tool.takes_all, "so {{data}} is not set");
	tool_init(&tool);
	is_int(read_tool(arena, OLD(URL), &faults, &tool), OK, "a short one");
	ok(tool.takes_all, "sets {{data}}");
	is_int(tool.max_retries, -1, "and says nothing of tries");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_good(arena);
	test_urls(arena);
	test_bad(arena);
	arena_free(arena);
	return done();
}
