/*
 * What is asked of a language model, and what its answers mean.
 */
#include "base/base.h"

#include "model/completion.h"

#include "base/arena.h"
#include "base/text.h"

#include "tap.h"

#define KEY "sk-secret-0123456789"
#define SAYS(message, finish)                                                  \
	"{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"m-1\","     \
	"\"choices\":[{\"index\":0,\"message\":" message                       \
	",\"finish_reason\":" finish "}],\"usage\":{\"prompt_tokens\":12,"     \
	"\"completion_tokens\":3,\"total_tokens\":15}}"
#define WORDS(text) "{\"role\":\"assistant\",\"content\":" text "}"
#define CALLS(calls)                                                           \
	SAYS("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":" calls  \
	     "}",                                                              \
	    "\"tool_calls\"")
#define CALL(arguments)                                                        \
	"{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\","    \
	"\"arguments\":" arguments "}}"
#define ERROR(message) "{\"error\":{\"message\":" message ",\"type\":\"x\"}}"

static struct completion_reply
reply_of(int64_t status, const char *body)
{
	return (struct completion_reply){
		.status = status,
		.body = body,
		.length = strlen(body),
		.retry_after = 7,
		.secret = KEY,
	};
}

/* --- The request. */

static void
test_write(struct arena *arena)
{
	struct completion_manner manner = { .newer_limit = false };
	struct completion_request request = {
		.messages = "[{\"role\":\"user\",\"content\":\"Hi\"}]",
		.temperature = 0.5,
		.most_tokens = 100,
	};

	is_text(completion_write(arena, "m", &request, &manner),
	    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
	    "\"Hi\"}],\"temperature\":0.5,\"max_tokens\":100}",
	    "a request has what every server knows");
	request.most_tokens = 0;
	request.temperature = 0;
	is_text(completion_write(arena, "m", &request, &manner),
	    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
	    "\"Hi\"}],\"temperature\":0}",
	    "0 is a temperature, and no limit");
	manner.no_temperature = manner.newer_limit = true;
	request.most_tokens = 5;
	request.messages = "[]";
	request.tools = "[{\"type\":\"function\"}]";
	request.schema = "{\"type\":\"object\"}";
	request.schema_name = "move";
	is_text(completion_write(arena, "m", &request, &manner),
	    "{\"model\":\"m\",\"messages\":[],\"tools\":[{\"type\":"
	    "\"function\"}],\"response_format\":{\"type\":\"json_schema\","
	    "\"json_schema\":{\"name\":\"move\",\"strict\":true,\"schema\":"
	    "{\"type\":\"object\"}}},\"max_completion_tokens\":5}",
	    "tools, a schema and the other manner");
	request.schema_name = NULL;
	ok(strstr(completion_write(arena, "m", &request, &manner),
	       "\"name\":\"answer\"") != NULL,
	    "a schema always has a name");
}

/* clang-format off */
#define REFUSES(parameter, code)                                              \
	"{\"error\":{\"message\":\"no\",\"param\":" parameter                 \
	",\"code\":" code "}}"

static const struct {
	int64_t status;
	const char *body;
	bool adapts, limit, temperature;
	const char *name;
} refusals[] = {
	{ 400, REFUSES("\"max_tokens\"", "\"unsupported_parameter\""), true,
	    true, false, "max_tokens has a newer name" },
	{ 400, REFUSES("\"max_tokens\"", "\"unsupported_parameter\""), false,
	    true, false, "which is tried once" },
	{ 400, REFUSES("\"temperature\"", "\"unsupported_value\""), true,
	    true, true, "a temperature can be done without" },
	{ 400, REFUSES("\"temperature\"", "\"unsupported_value\""), false,
	    true, true, "also once" },
	{ 400, REFUSES("\"temperature\"", "\"decimal_above_max_value\""),
	    false, false, false, "one that is too high is wrong" },
	{ 400, REFUSES("\"messages\"", "\"unsupported_value\""), false,
	    false, false, "what must be said is said" },
	{ 422, REFUSES("\"max_tokens\"", "\"unsupported_parameter\""), false,
	    false, false, "another status is another matter" },
	{ 400, REFUSES("null", "null"), false, false, false,
	    "one that names nothing tells nothing" },
	{ 400, "{\"error\":\"max_tokens\"}", false, false, false,
	    "nor does a text" },
	{ 400, "<html>", false, false, false, "nor does a page" },
	{ 500, "{\"error\":{\"message\":\"Conversation roles must alternate"
	    " user/assistant\"}}", true, false, false,
	    "the order of messages can be another" },
};
/* clang-format on */

static void
test_adapt(struct arena *arena)
{
	struct completion_manner manner = { .newer_limit = false };
	struct completion_reply reply;
	size_t i;

	for (i = 0; i < COUNT(refusals); i++) {
		if (!refusals[i].limit && !refusals[i].temperature)
			manner = (struct completion_manner){ false };
		reply = reply_of(refusals[i].status, refusals[i].body);
		is_int(completion_adapt(arena, &reply, &manner),
		    refusals[i].adapts, "%s", refusals[i].name);
		ok(manner.newer_limit == refusals[i].limit &&
			manner.no_temperature == refusals[i].temperature,
		    "%s: and the manner follows", refusals[i].name);
	}
}

/* --- Answers. */

/* clang-format off */
static const struct {
	const char *body;
	const char *text, *calls, *finish;
	const char *name;
} answers[] = {
	{ SAYS(WORDS("\"Hello\""), "\"stop\""), "Hello", NULL, "stop",
	    "words" },
	{ SAYS(WORDS("null"), "\"stop\""), "", NULL, "stop", "no words" },
	{ SAYS("{\"role\":\"assistant\"}", "\"stop\""), "", NULL, "stop",
	    "words that are left out" },
	{ SAYS(WORDS("\"Hel\""), "\"length\""), "Hel", NULL, "length",
	    "words that were cut" },
	{ SAYS(WORDS("\"Hello\""), "null"), "Hello", NULL, "stop",
	    "an end without a reason" },
	{ SAYS(WORDS("[{\"type\":\"thinking\"},{\"type\":\"text\","
	    "\"text\":\"Hel\"},{\"text\":\"lo\"},3]"), "\"stop\""),
	    "Hello", NULL, "stop", "words in parts" },
	{ SAYS(WORDS("\"a\\u0007b\\u001b\\u007fc\\n\\u00e9\""),
	    "\"stop\""), "abc\n\xc3\xa9", NULL, "stop",
	    "what is no text is left out" },
	{ SAYS("{\"content\":\"Hello\",\"refusal\":null,\"tool_calls\":[]}",
	    "\"stop\""), "Hello", NULL, "stop", "no refusal and no calls" },
	{ CALLS("[" CALL("\"{\\\"x\\\":1}\"") "]"), "",
	    "[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":"
	    "\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}]", "tool_calls",
	    "a call" },
	{ CALLS("[" CALL("\"\"") "," CALL("null") "," CALL("{}") "]"), "",
	    "[" CALL("\"{}\"") "," CALL("\"{}\"") "," CALL("\"{}\"") "]",
	    "tool_calls", "calls without arguments" },
	{ CALLS("[" CALL("{\"x\": [1]}") "]"), "",
	    "[" CALL("\"{\\\"x\\\":[1]}\"") "]", "tool_calls",
	    "arguments that are no text" },
	{ CALLS("[{\"function\":{\"name\":\"f\"}},{\"id\":\"\","
	    "\"function\":{\"name\":\"g\"}}]"), "",
	    "[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{"
	    "\"name\":\"f\",\"arguments\":\"{}\"}},{\"id\":\"call_2\","
	    "\"type\":\"function\",\"function\":{\"name\":\"g\","
	    "\"arguments\":\"{}\"}}]", "tool_calls", "calls without ids" },
};

static const struct {
	const char *body, *reason;
	enum outcome outcome;
	const char *code;
} unusable[] = {
	{ "", "the model's answer is no JSON", AGAIN, LLM_BROKEN_ANSWER },
	{ "<html>", "the model's answer is no JSON", AGAIN,
	    LLM_BROKEN_ANSWER },
	{ "null", "the model's answer is no JSON", AGAIN,
	    LLM_BROKEN_ANSWER },
	{ "[]", "the model's answer has no message", AGAIN,
	    LLM_BROKEN_ANSWER },
	{ "{\"choices\":[]}", "the model's answer has no message", AGAIN,
	    LLM_BROKEN_ANSWER },
	{ "{\"choices\":{}}", "the model's answer has no message", AGAIN,
	    LLM_BROKEN_ANSWER },
	{ "{\"choices\":[{\"message\":\"Hello\"}]}",
	    "the model's answer has no message", AGAIN, LLM_BROKEN_ANSWER },
	{ CALLS("[" CALL("\"{\\\"x\\\":\"") "]"), "the model calls a tool"
	    " without a name, or with arguments that are no JSON object",
	    AGAIN, LLM_BROKEN_ANSWER },
	{ CALLS("[" CALL("\"[1]\"") "]"), "the model calls a tool"
	    " without a name, or with arguments that are no JSON object",
	    AGAIN, LLM_BROKEN_ANSWER },
	{ CALLS("[{\"id\":\"a\",\"function\":{\"name\":\" \"}}]"),
	    "the model calls a tool without a name, or with arguments that"
	    " are no JSON object", AGAIN, LLM_BROKEN_ANSWER },
	{ CALLS("[1]"), "the model calls a tool without a name, or with"
	    " arguments that are no JSON object", AGAIN, LLM_BROKEN_ANSWER },
	{ SAYS(WORDS("\"\""), "\"length\""),
	    "the model used up its tokens before it said a word", AGAIN,
	    LLM_BROKEN_ANSWER },
	{ SAYS("{\"content\":null,\"refusal\":\"I\\ncannot.\"}", "\"stop\""),
	    "the model refuses: I cannot.", INVALID, LLM_REFUSED },
	{ SAYS(WORDS("\"He\""), "\"content_filter\""),
	    "a filter of the model's server kept the answer back", INVALID,
	    LLM_REFUSED },
	{ "{\"error\":{\"code\":429,\"message\":\"Busy\"}}",
	    "the model's server answered 429: Busy", AGAIN,
	    LLM_RATE_LIMITED },
	{ "{\"error\":{\"code\":\"x\",\"message\":\"Busy\"}}",
	    "the model's server answered 502: Busy", AGAIN,
	    LLM_UNAVAILABLE },
};

static const struct {
	int64_t status;
	const char *body, *reason;
	enum outcome outcome;
	const char *code;
} errors[] = {
	{ 301, "", "the model's server answered 301", AGAIN, LLM_REFUSED },
	{ 400, ERROR("\"Too long\""),
	    "the model's server answered 400: Too long", INVALID,
	    LLM_REFUSED },
	{ 401, ERROR("\"Incorrect API key provided: " KEY ".\""),
	    "the model's server answered 401: Incorrect API key provided:"
	    " (hidden).", AGAIN, LLM_REFUSED },
	{ 402, "", "the model's server answered 402", AGAIN, LLM_REFUSED },
	{ 403, "", "the model's server answered 403", INVALID, LLM_REFUSED },
	{ 404, "{\"error\":\"no such model\"}",
	    "the model's server answered 404: no such model", AGAIN,
	    LLM_REFUSED },
	{ 408, "", "the model's server answered 408", AGAIN, LLM_TIMEOUT },
	{ 413, "{\"detail\":\" a\\tb\\r\\nc\\u0001 \"}",
	    "the model's server answered 413:  a b  c", INVALID,
	    LLM_REFUSED },
	{ 422, "{\"message\":\"No\"}",
	    "the model's server answered 422: No", INVALID, LLM_REFUSED },
	{ 429, ERROR("null"), "the model's server answered 429", AGAIN,
	    LLM_RATE_LIMITED },
	{ 500, SAYS(WORDS("\"Hello\""), "\"stop\""),
	    "the model's server answered 500", AGAIN, LLM_UNAVAILABLE },
	{ 503, "<html>", "the model's server answered 503", AGAIN,
	    LLM_UNAVAILABLE },
	{ 504, "", "the model's server answered 504", AGAIN, LLM_TIMEOUT },
	{ 600, "", "the model's server answered 600", AGAIN,
	    LLM_UNAVAILABLE },
};
/* clang-format on */

static void
test_answers(struct arena *arena)
{
	struct completion_request request = { .messages = "[]" };
	struct completion_answer answer;
	struct completion_reply reply;
	size_t i;

	for (i = 0; i < COUNT(answers); i++) {
		reply = reply_of(200, answers[i].body);
		is_int(completion_read(arena, &reply, &request, &answer), OK,
		    "%s: it is an answer", answers[i].name);
		is_text(answer.text, answers[i].text, "%s: its text",
		    answers[i].name);
		is_text(answer.tool_calls, answers[i].calls, "%s: its calls",
		    answers[i].name);
		is_text(answer.finish_reason, answers[i].finish, "%s: its end",
		    answers[i].name);
		ok(answer.code == NULL && answer.reason == NULL &&
			answer.retry_after == 0,
		    "%s: no trouble", answers[i].name);
		is_text(answer.model, "m-1", "and who answered");
		is_int(answer.prompt_tokens, 12, "and what it read");
		is_int(answer.completion_tokens, 3, "and what it wrote");
	}
	reply = reply_of(201, "{\"choices\":[{\"message\":{\"content\":\"A\"}}]"
			      ",\"usage\":{\"prompt_tokens\":-1}}");
	is_int(completion_read(arena, &reply, &request, &answer), OK,
	    "an answer needs no more than a message");
	is_text(answer.model, NULL, "who answered is not known then");
	is_int(answer.prompt_tokens + answer.completion_tokens, 0,
	    "nor what it took");
}

static void
is_trouble(struct arena *arena, const struct completion_reply *reply,
    enum outcome outcome, const char *code, const char *reason)
{
	struct completion_request request = { .messages = "[]" };
	struct completion_answer answer;

	is_int(completion_read(arena, reply, &request, &answer), outcome,
	    "%lld %.60s", (long long)reply->status, reply->body);
	is_text(answer.code, code, "its code");
	is_text(answer.reason, reason, "its reason");
	is_text(answer.text, "", "and no text");
	ok(answer.tool_calls == NULL && answer.finish_reason == NULL,
	    "and no half of an answer");
	is_int(answer.retry_after, 7, "and when it may be asked again");
}

static void
test_troubles(struct arena *arena)
{
	struct completion_reply reply;
	size_t i;

	for (i = 0; i < COUNT(unusable); i++) {
		reply = reply_of(200, unusable[i].body);
		is_trouble(arena, &reply, unusable[i].outcome, unusable[i].code,
		    unusable[i].reason);
	}
	for (i = 0; i < COUNT(errors); i++) {
		reply = reply_of(errors[i].status, errors[i].body);
		is_trouble(arena, &reply, errors[i].outcome, errors[i].code,
		    errors[i].reason);
	}
	reply = reply_of(200, SAYS(WORDS("\"Hello\""), "\"stop\""));
	reply.cut = true;
	is_trouble(arena, &reply, AGAIN, LLM_BROKEN_ANSWER,
	    "the model's answer is too long");
}

/* A reason is short, and the key is not in it, not even its half. */
static void
test_long_reason(struct arena *arena)
{
	struct completion_request request = { .messages = "[]" };
	struct completion_answer answer;
	struct completion_reply reply;
	char message[512] = { 0 };
	size_t i;

	for (i = 0; i < 260; i++)
		message[i] = 'x';
	for (; i < 500; i += strlen(KEY))
		(void)memcpy(message + i, KEY, strlen(KEY));
	reply = reply_of(400, arena_format(arena, ERROR("\"%s\""), message));
	is_int(completion_read(arena, &reply, &request, &answer), INVALID,
	    "a server may say much");
	ok(strlen(answer.reason) <= 300, "of which the beginning is kept");
	ok(strstr(answer.reason, "sk-") == NULL, "without a part of the key");
	for (i = 0; i + 1 < sizeof(message); i++)
		message[i] = i % 2 == 0 ? '\xc3' : '\xa9';
	message[i - 1] = '\0';
	reply = reply_of(400, arena_format(arena, ERROR("\"%s\""), message));
	is_int(completion_read(arena, &reply, &request, &answer), INVALID,
	    "and in any letters");
	ok(text_is_clean(answer.reason, strlen(answer.reason)) &&
		strlen(answer.reason) > 290,
	    "which are not cut in two");
	reply.secret = "";
	is_int(completion_read(arena, &reply, &request, &answer), INVALID,
	    "an empty key is nowhere");
	ok(strstr(answer.reason, "(hidden)") == NULL, "and not hidden");
}

static void
test_schema(struct arena *arena)
{
	static const struct {
		const char *body;
		enum outcome outcome;
		const char *reason;
	} rows[] = {
		{ SAYS(WORDS("\"{\\\"a\\\":1}\""), "\"stop\""), OK, NULL },
		{ SAYS(WORDS("\"Hello\""), "\"stop\""), AGAIN,
		    "the model's answer is not the JSON that it was asked"
		    " for" },
		{ SAYS(WORDS("\"{\\\"a\\\":\""), "\"length\""), AGAIN,
		    "the model's answer was cut at its most tokens" },
		{ SAYS(WORDS("null"), "\"stop\""), AGAIN,
		    "the model's answer is not the JSON that it was asked"
		    " for" },
		{ CALLS("[" CALL("\"\"") "]"), OK, NULL },
	};
	struct completion_request request = {
		.messages = "[]",
		.schema = "{}",
	};
	struct completion_answer answer;
	struct completion_reply reply;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		reply = reply_of(200, rows[i].body);
		is_int(completion_read(arena, &reply, &request, &answer),
		    rows[i].outcome, "with a schema: %.120s", rows[i].body);
		is_text(answer.reason, rows[i].reason, "its reason");
	}
}

static void
test_many_calls(struct arena *arena)
{
	struct completion_request request = { .messages = "[]" };
	char *body = arena_text(arena, CALLS("[" CALL("\"\"") "%s]"));
	struct completion_answer answer;
	struct completion_reply reply;
	const char *more = "";
	size_t i;

	for (i = 1; i < COMPLETION_CALLS_MOST; i++)
		more = arena_format(arena, "%s,%s", more, CALL("\"\""));
	*strstr(body, "%s") = '\0';
	reply =
	    reply_of(200, arena_format(arena, "%s%s%s", body, more, "]}}]}"));
	is_int(completion_read(arena, &reply, &request, &answer), OK,
	    "many tools may be called at once");
	reply = reply_of(200, arena_format(arena, "%s%s,%s%s", body, more,
				  CALL("\"\""), "]}}]}"));
	is_int(completion_read(arena, &reply, &request, &answer), AGAIN,
	    "but not more than that");
	is_text(
	    answer.reason, "the model calls too many tools", "it is said so");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_write(arena);
	test_adapt(arena);
	test_answers(arena);
	test_troubles(arena);
	test_long_reason(arena);
	test_schema(arena);
	test_many_calls(arena);
	arena_free(arena);
	return done();
}
