/*
 * A language model is asked: aimock, which a child process is (t/model.mjs).
 * What it is to answer is ordered by HTTP.
 */
#include "base/base.h"

#include "upstream/completion.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "net/fetch.h"

#include "tap.h"

#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEY "sk-0123456789"
#define PATIENCE 30 /* seconds */
#define ERROR(status, more)                                                    \
	"[{\"response\":{\"status\":" status                                   \
	",\"error\":{\"message\":\"No\"" more "}}}]"

struct world {
	struct arena *arena;
	struct config config;
	struct completion_line line;
	int port;
};

/* --- The model. */

static pid_t
model_start(struct world *world)
{
	const char *source = getenv("SRCDIR");
	const char *program = arena_format(
	    world->arena, "%s/t/model.mjs", source != NULL ? source : ".");
	char said[16] = "";
	ssize_t length;
	pid_t child;
	int ends[2];

	assert(pipe(ends) == 0);
	child = fork();
	assert(child >= 0);
	if (child == 0) {
		assert(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
		assert(dup2(ends[1], STDOUT_FILENO) >= 0);
		(void)close(ends[0]);
		(void)execlp("node", "node", program, "0", KEY, (char *)NULL);
		_exit(127);
	}
	(void)close(ends[1]);
	length = read(ends[0], said, sizeof(said) - 1);
	assert(length > 0);
	world->port = (int)strtol(said, NULL, 10);
	return child;
}

static void
model_stop(pid_t child)
{
	int status;

	(void)kill(child, SIGKILL);
	assert(waitpid(child, &status, 0) == child);
}

static const char *
url_of(struct world *world, const char *path)
{
	return arena_format(
	    world->arena, "http://127.0.0.1:%d%s", world->port, path);
}

/* Orders these steps, or none; what the model has been asked so far. */
static struct json_object *
plan(struct world *world, const char *steps)
{
	static const char *const headers[] = { "Authorization: Bearer " KEY,
		"Content-Type: application/json", NULL };
	struct fetch_request request = {
		.method = steps != NULL ? "POST" : "GET",
		.url = url_of(world, "/plan"),
		.headers = headers,
		.body = steps,
		.length = steps != NULL ? strlen(steps) : 0,
		.trusted = true,
		.timeout = PATIENCE,
		.most = 1 << 20,
	};
	struct json_object *document, *requests;
	struct fetch_answer answer;
	struct json_fault fault;

	assert(
	    fetch_run(world->arena, &world->config, &request, &answer) == OK);
	assert(json_parse(world->arena, answer.body, answer.length, &document,
		   &fault) == OK);
	assert(json_object_object_get_ex(document, "requests", &requests));
	return requests;
}

static enum outcome
ask(struct world *world, struct completion_answer *answer)
{
	static const struct completion_request request = {
		.messages = "[{\"role\":\"user\",\"content\":\"Hi\"}]",
		.temperature = 0.5,
	};

	return completion_ask(
	    world->arena, &world->config, &world->line, &request, answer);
}

/* --- What it is asked, and what it says. */

static void
test_words(struct world *world)
{
	struct completion_answer answer;
	struct json_object *requests;

	(void)plan(world,
	    "[{\"response\":{\"content\":\"Hello!\",\"model\":\"m-2\","
	    "\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}}]");
	is_int(ask(world, &answer), OK, "a model answers");
	is_text(answer.text, "Hello!", "in words");
	is_text(answer.tool_calls, NULL, "it calls nothing");
	is_text(answer.model, "m-2", "it says who it is");
	is_text(answer.finish_reason, "stop", "and that it is done");
	is_int(answer.prompt_tokens, 4, "what it read");
	is_int(answer.completion_tokens, 2, "and what it wrote");
	ok(answer.elapsed > 0, "it took a while");
	requests = plan(world, NULL);
	is_int((int64_t)json_object_array_length(requests), 1,
	    "it was asked once");
	is_text(json_text(world->arena, json_object_array_get_idx(requests, 0)),
	    "{\"model\":\"m-1\",\"messages\":[{\"role\":\"user\",\"content\":"
	    "\"Hi\"}],\"temperature\":0.5,\"max_tokens\":77}",
	    "with the tokens that the operator allows");
}

static void
test_calls(struct world *world)
{
	struct completion_answer answer;

	(void)plan(world,
	    "[{\"response\":{\"toolCalls\":[{\"id\":\"c1\",\"name\":\"f\","
	    "\"arguments\":\"{\\\"a\\\":1}\"}]}},"
	    "{\"response\":{\"toolCalls\":[{\"name\":\"f\","
	    "\"arguments\":\"{\\\"a\\\"\"}]}}]");
	is_int(ask(world, &answer), OK, "a model calls a tool");
	is_text(answer.tool_calls,
	    "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":"
	    "\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]",
	    "with arguments");
	is_text(answer.text, "", "and without a word");
	is_text(answer.finish_reason, "tool_calls", "and waits");
	is_int(ask(world, &answer), AGAIN, "arguments may be broken");
	is_text(answer.code, LLM_BROKEN_ANSWER, "it is said so");
}

/* clang-format off */
static const struct {
	const char *steps;
	enum outcome outcome;
	const char *code, *reason;
	int64_t retry_after;
} troubles[] = {
	{ ERROR("400", ""), INVALID, LLM_REFUSED,
	    "the model's server answered 400: No", 0 },
	{ ERROR("401", ",\"code\":\"" KEY "\""), AGAIN, LLM_REFUSED,
	    "the model's server answered 401: No", 0 },
	{ "[{\"response\":{\"status\":401,\"error\":{\"message\":\"Wrong: "
	    KEY "\"}}}]", AGAIN, LLM_REFUSED,
	    "the model's server answered 401: Wrong: (hidden)", 0 },
	{ "[{\"response\":{\"status\":429,\"retryAfter\":9,\"error\":{"
	    "\"message\":\"Busy\"}}}]", AGAIN, LLM_RATE_LIMITED,
	    "the model's server answered 429: Busy", 9 },
	{ ERROR("500", ""), AGAIN, LLM_UNAVAILABLE,
	    "the model's server answered 500: No", 0 },
	{ ERROR("503", ""), AGAIN, LLM_UNAVAILABLE,
	    "the model's server answered 503: No", 0 },
	{ "[{\"response\":{\"content\":\"\"},\"chaos\":{"
	    "\"malformedRate\":1}}]", AGAIN, LLM_BROKEN_ANSWER,
	    "the model's answer is no JSON", 0 },
	{ "[{\"response\":{\"content\":\"He\",\"finishReason\":"
	    "\"content_filter\"}}]", INVALID, LLM_REFUSED,
	    "a filter of the model's server kept the answer back", 0 },
	{ "[]", AGAIN, LLM_REFUSED,
	    "the model's server answered 404: No fixture matched", 0 },
};
/* clang-format on */

static void
test_troubles(struct world *world)
{
	struct completion_answer answer;
	size_t i;

	for (i = 0; i < COUNT(troubles); i++) {
		(void)plan(world, troubles[i].steps);
		is_int(ask(world, &answer), troubles[i].outcome, "%s",
		    troubles[i].reason);
		is_text(answer.code, troubles[i].code, "its code");
		is_text(answer.reason, troubles[i].reason, "its reason");
		is_int(answer.retry_after, troubles[i].retry_after,
		    "and when it may be asked again");
	}
	(void)plan(world, "[{\"response\":{\"content\":\"\"},"
			  "\"chaos\":{\"disconnectRate\":1}}]");
	is_int(ask(world, &answer), AGAIN, "a connection may end");
	is_text(answer.code, LLM_UNAVAILABLE, "then it is not to be had");
	ok(answer.reason != NULL && answer.reason[0] != '\0', "it is said why");
}

static void
test_manner(struct world *world)
{
	struct completion_answer answer;
	struct json_object *requests;
	size_t before, count;

	before = json_object_array_length(plan(world,
	    "[{\"response\":{\"status\":400,\"error\":{\"message\":\"No\","
	    "\"param\":\"max_tokens\",\"code\":\"unsupported_parameter\"}}},"
	    "{\"response\":{\"status\":400,\"error\":{\"message\":\"No\","
	    "\"param\":\"temperature\",\"code\":\"unsupported_value\"}}},"
	    "{\"response\":{\"content\":\"Hello!\"}}]"));
	is_int(ask(world, &answer), OK, "a model may have other parameters");
	is_text(answer.text, "Hello!", "and answers all the same");
	requests = plan(world, NULL);
	count = json_object_array_length(requests);
	is_int((int64_t)(count - before), 3, "when it is asked as it wants");
	is_text(json_text(world->arena,
		    json_object_array_get_idx(requests, count - 1)),
	    "{\"model\":\"m-1\",\"messages\":[{\"role\":\"user\",\"content\":"
	    "\"Hi\"}],\"max_completion_tokens\":77}",
	    "without what it does not know");
}

static const char *
long_step(struct world *world, size_t length)
{
	char *words = arena_alloc(world->arena, length + 1);

	(void)memset(words, 'x', length);
	return arena_format(
	    world->arena, "[{\"response\":{\"content\":\"%s\"}}]", words);
}

static void
test_sizes(struct world *world)
{
	struct completion_answer answer;

	(void)plan(world, long_step(world, 200000));
	is_int(ask(world, &answer), OK, "an answer may be long");
	is_int((int64_t)strlen(answer.text), 200000, "and is whole");
	(void)plan(world, long_step(world, COMPLETION_MOST));
	is_int(ask(world, &answer), AGAIN, "but not without end");
	is_text(answer.code, LLM_BROKEN_ANSWER, "it is broken then");
	is_text(
	    answer.reason, "the model's answer is too long", "it is said why");
}

static void
test_slow(struct world *world)
{
	struct completion_answer answer;

	world->config.llm_timeout = 1;
	(void)plan(world, "[{\"slow\":60,\"response\":{\"content\":\"Late\"}}]");
	is_int(ask(world, &answer), AGAIN, "a model may be too slow");
	is_text(answer.code, LLM_TIMEOUT, "it is said so");
	ok(answer.elapsed > 9 * WHEN_SECOND / 10 &&
		answer.elapsed < PATIENCE * WHEN_SECOND,
	    "and it is not waited for");
	world->config.llm_timeout = PATIENCE;
}

/* --- Which one is asked. */

static void
test_line(struct world *world)
{
	struct completion_line line = world->line;
	struct completion_answer answer;

	world->line.url = url_of(world, "/v1///");
	(void)plan(world, "[{\"response\":{\"content\":\"A\"}}]");
	is_int(ask(world, &answer), OK, "an address may end in slashes");
	world->line.trusted = false;
	is_int(ask(world, &answer), AGAIN,
	    "a client may not choose an address of ours");
	is_text(answer.code, LLM_UNAVAILABLE, "it is not to be had");
	ok(strstr(answer.reason, "may not be called") != NULL,
	    "it is said why");
	world->config.net_allow = "127.0.0.0/8";
	(void)plan(world, "[{\"response\":{\"content\":\"B\"}}]");
	is_int(ask(world, &answer), OK, "unless the operator lists it");
	is_text(answer.text, "B", "then it answers");
	world->config.net_allow = NULL;
	world->line = line;
	world->line.key = "sk-wrong";
	is_int(ask(world, &answer), AGAIN, "another key is not known");
	is_text(answer.code, LLM_REFUSED, "it is refused");
	world->line.key = NULL;
	is_int(ask(world, &answer), AGAIN, "nor is none");
	world->line.key = "sk\r\nX-Evil: 1";
	is_int(ask(world, &answer), AGAIN, "a key with a line end is none");
	is_text(answer.code, LLM_UNAVAILABLE, "and is not sent");
	world->line = line;
	world->line.url = NULL;
	is_int(ask(world, &answer), AGAIN, "there may be no model");
	is_text(answer.code, LLM_NOT_CONFIGURED, "it is said so");
	world->line = line;
	world->line.model = NULL;
	is_int(ask(world, &answer), AGAIN, "or no name of one");
	is_text(answer.code, LLM_NOT_CONFIGURED, "which is the same");
	ok(answer.text != NULL && answer.elapsed == 0, "nobody was asked");
	world->line = line;
}

static void
test_gone(struct world *world)
{
	struct completion_answer answer;

	is_int(ask(world, &answer), AGAIN, "a server may be gone");
	is_text(answer.code, LLM_UNAVAILABLE, "then it is not to be had");
	ok(strstr(answer.reason, KEY) == NULL, "the key is in no reason");
}

int
main(void)
{
	struct world world = {
		.arena = arena_new(),
		.config = { .llm_timeout = PATIENCE, .llm_most_tokens = 77 },
	};
	pid_t child = model_start(&world);

	assert(fetch_open() == OK);
	world.line = (struct completion_line){
		.url = url_of(&world, "/v1"),
		.key = KEY,
		.model = "m-1",
		.trusted = true,
	};
	test_words(&world);
	test_calls(&world);
	test_troubles(&world);
	test_manner(&world);
	test_sizes(&world);
	test_slow(&world);
	test_line(&world);
	model_stop(child);
	test_gone(&world);
	fetch_close();
	arena_free(world.arena);
	return done();
}
