/*
 * Requests of tools: what is filled in is a value and nothing more.
 */
#include "base/base.h"

#include "model/tool_request.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/tool.h"

#include "tap.h"

#define DOCUMENT(more) "{\"name\":\"n\",\"description\":\"d\"," more "}"
#define TO(url) "\"url\":\"https://x.example" url "\""
#define POST "\"method\":\"POST\"," TO("/")

static const char variables[] =
    "{\"name\":\"O'Neil & Co\",\"lines\":\"a\\r\\nX: y\",\"quote\":"
    "\"a\\\"b\\\\c\\n\",\"n\":5,\"zip\":\"94110\",\"dots\":\"..\",\"empty\":\"\","
    "\"list\":[1,\"x\"],\"input\":\"theirs\",\"place\":\"{{SECRET.KEY}}\"}";
static const char input[] =
    "{\"id\":\"a/b?c#d\",\"count\":3,\"flag\":true,\"deep\":{\"x\":\"y\"},"
    "\"evil\":\"1, \\\"admin\\\": true\"}";
static const char secrets[] = "{\"KEY\":\"hush\"}";

static struct json_object *
parse(struct arena *arena, const char *json)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, json, strlen(json), &tree, &fault) != OK)
		printf("# no JSON: %s\n", json);
	return tree;
}

static enum outcome
make(struct arena *arena, const char *document, bool open,
    struct tool_request *request, const char **fault)
{
	struct faults *faults = arena_alloc(arena, sizeof(*faults));
	struct reader reader = { .arena = arena, .faults = faults };
	struct tool tool = { .id = NULL };

	faults_init(faults, arena);
	*request = (struct tool_request){ .url = NULL };
	*fault = NULL;
	if (tool_read(&reader, parse(arena, document), "", &tool) != OK) {
		printf("# %s\n", faults->list[0].message);
		return FAULT;
	}
	return tool_request_make(arena, &tool, parse(arena, input),
	    parse(arena, variables), open ? parse(arena, secrets) : NULL,
	    request, fault);
}

/* clang-format off */
static const struct {
	const char *document, *url, *name;
} urls[] = {
	{ TO("/{{input.id}}"), "https://x.example/a%2Fb%3Fc%23d",
	    "a value is one part of a path" },
	{ TO("/?q={{name}}"), "https://x.example/?q=O%27Neil%20%26%20Co",
	    "or one of a query" },
	{ TO("/?q={{input.none}}"), "https://x.example/?q=",
	    "which may be nothing" },
	{ TO("/?a=1#f") ",\"query\":{\"b c\":\"{{input.count}}\",\"d\":"
	    "\"{{input.none}}\",\"e\":\"x{{n}}\",\"f\":\"{{list}}\"}",
	    "https://x.example/?a=1&b%20c=3&e=x5&f=%5B1%2C%22x%22%5D",
	    "a query is added, without what was not given" },
	{ TO("") ",\"query\":{\"k\":\"{{SECRET.KEY}}\"}",
	    "https://x.example?k=hush", "a secret may be in it" },
};

static const struct {
	const char *document, *body, *name;
} bodies[] = {
	{ "\"body\":{\"a\":\"{{input.count}}\",\"b\":\"{{zip}}\",\"c\":"
	    "\"{{input.deep}}\",\"d\":\"{{input.flag}}\"}",
	    "{\"a\":3,\"b\":\"94110\",\"c\":{\"x\":\"y\"},\"d\":true}",
	    "a place alone becomes its value as it is" },
	{ "\"body\":{\"a\":\"n={{n}}\",\"b\":\"{{input.none}}\",\"c\":null,"
	    "\"d\":[\"{{input.none}}\",1],\"e\":\"<{{input.none}}>\"}",
	    "{\"a\":\"n=5\",\"c\":null,\"d\":[null,1],\"e\":\"<>\"}",
	    "what was not given is left out" },
	{ "\"body\":{\"a\":\"{{quote}}\",\"b\":\"x{{quote}}\"}",
	    "{\"a\":\"a\\\"b\\\\c\\n\",\"b\":\"xa\\\"b\\\\c\\n\"}",
	    "no value ends its string" },
	{ "\"body\":{\"a\":\"{{input}}\"}",
	    "{\"a\":{\"id\":\"a/b?c#d\",\"count\":3,\"flag\":true,\"deep\":"
	    "{\"x\":\"y\"},\"evil\":\"1, \\\"admin\\\": true\"}}",
	    "the input is the model's alone" },
	{ "\"body\":\"{{input.deep}}\"", "{\"x\":\"y\"}",
	    "a text may be one place" },
	{ "\"body\":\"{\\\"a\\\": \\\"{{quote}}\\\", \\\"n\\\": {{n}}}\"",
	    "{\"a\": \"a\\\"b\\\\c\\n\", \"n\": 5}",
	    "in a text of JSON it is escaped" },
	{ "\"body\":\"{\\\"n\\\": {{input.evil}}, \\\"o\\\": {{empty}}}\"",
	    "{\"n\": \"1, \\\"admin\\\": true\", \"o\": null}",
	    "outside quotes it is one value" },
	{ "\"body\":\"{\\\"a\\\": \\\"\\\\\\\"{{n}}\\\"}\"",
	    "{\"a\": \"\\\"5\"}", "a quote that is escaped ends nothing" },
	{ "\"body\":\"Hello {{name}}\"", "Hello O'Neil & Co",
	    "a text is a text" },
	{ "\"body\":{\"a\":\"{{place}}\",\"b\":\"x{{place}}\"}",
	    "{\"a\":\"{{SECRET.KEY}}\",\"b\":\"x{{SECRET.KEY}}\"}",
	    "a value is not looked at again" },
	{ "\"body\":{\"a\":\"{{ secret.key }}\"}", "{\"a\":\"hush\"}",
	    "a secret is put in its place" },
	{ "\"body\":{\"a\":\"{{nobody}}\"}", "{\"a\":\"{{nobody}}\"}",
	    "a variable that nobody knows stays" },
	{ "\"headers\":{\"content-type\":"
	    "\"application/x-www-form-urlencoded\"},\"body\":{\"a b\":"
	    "\"{{name}}\",\"c\":1}", "a%20b=O%27Neil%20%26%20Co&c=1",
	    "an object may be a form" },
	{ "\"headers\":{\"content-type\":"
	    "\"application/x-www-form-urlencoded\"},\"body\":"
	    "\"a={{name}}&b={{input.none}}\"",
	    "a=O%27Neil%20%26%20Co&b=", "and so may a text" },
};

static const struct {
	const char *document, *fault;
} bad[] = {
	{ TO("/{{input.none}}"),
	    "the tool's URL needs a value that is not known: input.none" },
	{ TO("/{{empty}}"),
	    "the tool's URL needs a value that is not known: empty" },
	{ TO("/{{nobody}}"),
	    "the tool's URL needs a value that is not known: nobody" },
	{ TO("/a/{{dots}}/b"),
	    "a value must not be . or .. in the tool's URL" },
	{ TO("/") ",\"headers\":{\"A\":\"{{SECRET.GONE}}\"}",
	    "the tool is not set up: there is no secret SECRET.GONE" },
	{ TO("/") ",\"auth\":{\"type\":\"bearer\",\"token\":"
	    "\"{{SECRET.GONE}}\"}",
	    "the tool is not set up: there is no secret SECRET.GONE" },
};
/* clang-format on */

static const char *
wrap(struct arena *arena, const char *members)
{
	return arena_format(
	    arena, "{\"name\":\"n\",\"description\":\"d\",%s}", members);
}

static void
test_tables(struct arena *arena)
{
	struct tool_request request;
	const char *fault;
	size_t i;

	for (i = 0; i < COUNT(urls); i++) {
		is_int(make(arena, wrap(arena, urls[i].document), true,
			   &request, &fault),
		    OK, "a request is made");
		is_text(request.url, urls[i].url, "%s", urls[i].name);
	}
	for (i = 0; i < COUNT(bodies); i++) {
		is_int(make(arena,
			   wrap(arena, arena_format(arena, POST ",%s",
					   bodies[i].document)),
			   true, &request, &fault),
		    OK, "a request is made");
		is_text(request.body, bodies[i].body, "%s", bodies[i].name);
	}
	for (i = 0; i < COUNT(bad); i++) {
		is_int(make(arena, wrap(arena, bad[i].document), true, &request,
			   &fault),
		    INVALID, "one cannot be made");
		is_text(fault, bad[i].fault, "and it is said why");
	}
}

static const char *
headers_text(struct arena *arena, const struct tool_request *request)
{
	const char *const *line = request->headers;
	const char *text = "";

	for (; *line != NULL; line++)
		text = arena_format(arena, "%s%s|", text, *line);
	return text;
}

static void
test_headers(struct arena *arena)
{
	struct tool_request request;
	const char *fault;

	is_int(make(arena,
		   DOCUMENT(TO("/") ",\"headers\":{\"A\":\"x {{lines}}\","
				    "\"B\":\"{{SECRET.KEY}}\",\"C\":2}"),
		   true, &request, &fault),
	    OK, "one with headers");
	is_text(headers_text(arena, &request), "A: x a  X: y|B: hush|C: 2|",
	    "no value begins another header");
	ok(request.body == NULL, "GET has no body");
	is_int(make(arena,
		   DOCUMENT(POST ",\"auth\":{\"type\":\"bearer\",\"token\":"
				 "\"{{SECRET.KEY}}\"}"),
		   true, &request, &fault),
	    OK, "one with a token");
	is_text(headers_text(arena, &request),
	    "Authorization: Bearer hush|Content-Type: application/json|",
	    "it is a header, and JSON is said to be JSON");
	ok(strncmp(request.body, "{\"id\":", 6) == 0,
	    "without a body the input is sent");
	is_int(
	    make(arena,
		DOCUMENT(POST ",\"body\":\"x\",\"headers\":{\"Content-Type\":"
			      "\"text/csv\"},\"auth\":{\"type\":\"api_key\","
			      "\"token\":\"t\",\"header\":\"X-K\"}"),
		true, &request, &fault),
	    OK, "one with a type");
	is_text(headers_text(arena, &request), "X-K: t|Content-Type: text/csv|",
	    "which is said once");
	is_int(make(arena,
		   DOCUMENT(POST ",\"auth\":{\"type\":\"basic\",\"username\":"
				 "\"u\",\"password\":\"{{SECRET.KEY}}\"}"),
		   true, &request, &fault),
	    OK, "one with a password");
	is_text(request.user, "u", "who asks is said");
	is_text(request.password, "hush", "and proved");
}

static void
test_shown(struct arena *arena)
{
	struct tool_request request;
	const char *fault;

	is_int(
	    make(arena,
		DOCUMENT(TO(
		    "/{{SECRET.KEY}}") ",\"method\":\"POST\","
				       "\"headers\":{\"Authorization\":\"plain\",\"B\":"
				       "\"{{SECRET.KEY}}\",\"Cookie\":\"{{SECRET.X}}\"},"
				       "\"body\":{\"k\":\"{{SECRET.KEY}}\"},\"auth\":{"
				       "\"type\":\"api_key\",\"token\":\"t\"}"),
		false, &request, &fault),
	    OK, "without secrets a request can be made too");
	is_text(tool_request_text(arena, &request),
	    "{\"method\":\"POST\",\"url\":\"https://x.example/{{SECRET.KEY}}\","
	    "\"headers\":{\"X-API-Key\":\"(hidden)\",\"Content-Type\":"
	    "\"application/json\",\"Authorization\":\"(hidden)\",\"B\":"
	    "\"{{SECRET.KEY}}\",\"Cookie\":\"{{SECRET.X}}\"},\"body\":"
	    "\"{\\\"k\\\":\\\"{{SECRET.KEY}}\\\"}\"}",
	    "and shown, with the places of secrets");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_tables(arena);
	test_headers(arena);
	test_shown(arena);
	arena_free(arena);
	return done();
}
