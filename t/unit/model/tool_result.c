/*
 * Answers to tools: variables, and words for the model.
 */
#include "base/base.h"

#include "model/tool_result.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/tool.h"

#include "tap.h"

#define STANDARD(ok, status, text, data)                                       \
	"\"ok\":" ok ",\"rest_api_post_status\":" status                       \
	",\"rest_api_post_status_text\":\"" text                               \
	"\",\"rest_api_post_data\":" data

static const struct tool_output outputs[] = {
	{ "state", "$.order.state", "where it is" },
	{ "first", "$.items[0]", NULL },
	{ "gone", "$.nothing", "" },
};

static const struct tool plain = { .method = TOOL_POST };
static const struct tool oldest = { .method = TOOL_POST, .takes_all = true };
static const struct tool mapped = { .method = TOOL_POST,
	.outputs = { outputs, COUNT(outputs) } };

/* clang-format off */
static const struct {
	const struct tool *tool;
	int64_t status;
	const char *body, *variables, *text, *name;
} answers[] = {
	{ &plain, 200, "{\"a\":1}",
	    "{" STANDARD("true", "200", "OK", "{\"a\":1}") "}", "{\"a\":1}",
	    "JSON is kept as it is" },
	{ &plain, 201, "made",
	    "{" STANDARD("true", "201", "Created", "\"made\"") "}", "made",
	    "what is no JSON is a text" },
	{ &plain, 204, "",
	    "{" STANDARD("true", "204", "No Content", "null") "}",
	    "Done: the tool answered 204 No Content", "nothing is null" },
	{ &plain, 299, "\xff\xfe",
	    "{" STANDARD("true", "299", "", "null") "}",
	    "(2 bytes that are no text)", "bytes are not shown" },
	{ &plain, 404, "{\"error\":\"no order\"}",
	    "{" STANDARD("false", "404", "Not Found",
		"{\"error\":\"no order\"}") "}",
	    "The tool failed: it answered 404 Not Found:"
	    " {\"error\":\"no order\"}", "an error is told with its words" },
	{ &plain, 302, "", "{" STANDARD("false", "302", "Found", "null") "}",
	    "The tool failed: it answered 302 Found",
	    "a redirect is no answer" },
	{ &oldest, 200, "[1]",
	    "{" STANDARD("true", "200", "OK", "[1]") ",\"data\":[1]}", "[1]",
	    "the oldest sort sets {{data}}" },
	{ &mapped, 200, "{\"order\":{\"state\":\"sent\"},\"items\":[{\"b\":2}]}",
	    "{" STANDARD("true", "200", "OK",
		"{\"order\":{\"state\":\"sent\"},\"items\":[{\"b\":2}]}")
	    ",\"state\":\"sent\",\"first\":{\"b\":2},\"gone\":null}",
	    "state (where it is): \"sent\"\nfirst: {\"b\":2}\ngone: null",
	    "what is asked for is set, and nothing else told" },
	{ &mapped, 500, "oops",
	    "{" STANDARD("false", "500", "Internal Server Error", "\"oops\"")
	    ",\"state\":null,\"first\":null,\"gone\":null}",
	    "The tool failed: it answered 500 Internal Server Error: oops",
	    "after an error it is null" },
};
/* clang-format on */

static void
test_long(struct arena *arena)
{
	struct tool_result result;
	size_t i, length = (size_t)TOOL_RESULT_MOST + 100;
	char *body = arena_alloc(arena, length + 1);

	for (i = 0; i + 1 < length; i += 2)
		(void)memcpy(body + i, "\xc3\xa4", 2);
	tool_result_read(arena, &plain, 200, body, strlen(body), &result);
	ok(strlen(result.text) <= TOOL_RESULT_MOST, "a long answer is cut");
	ok(text_is_utf8(result.text, strlen(result.text)), "at a character");
	ok(text_ends(result.text, "... (cut)"), "which is said");
	ok(strlen(json_text(arena, result.variables)) > length,
	    "the variable has all of it");
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct tool_result result;
	size_t i;

	for (i = 0; i < COUNT(answers); i++) {
		tool_result_read(arena, answers[i].tool, answers[i].status,
		    answers[i].body, strlen(answers[i].body), &result);
		is_text(json_text(arena, result.variables),
		    answers[i].variables, "%s", answers[i].name);
		is_text(result.text, answers[i].text, "and told");
	}
	test_long(arena);
	tool_result_fail(arena, &mapped, "it took too long", &result);
	is_text(result.text, "The tool failed: it took too long",
	    "without an answer it is said why");
	is_text(json_text(arena, result.variables),
	    "{" STANDARD(
		"false", "null", "", "null") ",\"state\":null,"
					     "\"first\":null,\"gone\":null}",
	    "and nothing is known");
	arena_free(arena);
	return done();
}
