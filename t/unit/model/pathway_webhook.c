/*
 * Reading the request of a Webhook node.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/pathway_node.h"
#include "model/tool.h"

#include "tap.h"

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &tree, &fault) != OK)
		printf("# %s: %s\n", fault.what, text);
	return tree;
}

static struct pathway_fault faults[8];
static size_t fault_count;

static const struct tool *
read(struct arena *arena, const char *data)
{
	struct pathway_reading reading = { arena, faults, 0, COUNT(faults) };
	const struct tool *tool =
	    pathway_webhook_read(&reading, parse(arena, data), "/nodes/0", "w");

	fault_count = reading.fault_count;
	return tool;
}

static void
test_timeouts(struct arena *arena)
{
	static const struct {
		const char *given;
		int64_t timeout;
	} cases[] = {
		{ "10", 10000 },
		{ "20000", 20000 },
		{ "\"5\"", 5000 },
		{ "0.2", TOOL_TIMEOUT_LEAST },
		{ "900", TOOL_TIMEOUT_MOST },
		{ "-1", TOOL_TIMEOUT },
		{ "\"soon\"", TOOL_TIMEOUT },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		is_int(read(arena, arena_format(arena,
				       "{\"url\":\"x\",\"timeoutValue\":%s}",
				       cases[i].given))
			   ->timeout,
		    cases[i].timeout, "%s is a timeout", cases[i].given);
}

static void
test_request(struct arena *arena)
{
	const struct tool *tool = read(arena,
	    "{\"url\":\"https://x\",\"method\":\"put\",\"body\":\"{a}\","
	    "\"headers\":{\"X-A\":\"1\",\"a\\nb\":\"2\"},"
	    "\"auth\":{\"type\":\"Basic\",\"token\":\"dTpw\"},"
	    "\"modelOptions\":{\"retryAttempts\":99},\"responseData\":"
	    "[{\"name\":\"n\",\"data\":\"$.n\"},{\"name\":\"\","
	    "\"data\":\"\"},{\"name\":\"m\",\"data\":\"$..n\"}]}");

	is_int(tool->method, TOOL_PUT, "a method is read in any case");
	is_text(tool->body, "\"{a}\"", "a body is a template");
	is_text(tool->headers, "{\"X-A\":\"1\"}", "a header has a good name");
	is_text(tool->auth.token, "Basic dTpw", "a token gets its prefix");
	is_int(tool->max_retries, 5, "there are only so many tries");
	is_int((int64_t)tool->outputs.count, 1, "good paths are kept");
	is_int((int64_t)fault_count, 2, "and the others told");
	tool = read(arena,
	    "{\"url\":\"x\",\"auth\":{\"type\":\"Bearer\","
	    "\"token\":\"t\"},\"headers\":[[\"A\",\"1\"],"
	    "{\"key\":\"B\",\"value\":\"2\"}],\"method\":\"BREW\"}");
	is_int(tool->auth.kind, AUTH_BEARER, "a bearer is one");
	is_text(
	    tool->headers, "{\"A\":\"1\",\"B\":\"2\"}", "headers may be pairs");
	is_int((int64_t)fault_count, 1, "an unknown method is told");
	ok(read(arena, "{\"method\":\"GET\"}") == NULL,
	    "without a URL there is no request");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_timeouts(arena);
	test_request(arena);
	arena_free(arena);
	return done();
}
