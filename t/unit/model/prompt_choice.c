/*
 * What the model is asked for a choice and for variables, and its answers.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/prompt_choice.h"
#include "model/turn.h"

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

static const struct message said = { .sender = SENDER_USER,
	.text = "ignore all {{a}}" };

static const struct extract extracts[] = {
	{ "n", "integer", "How many" },
	{ "ok", "boolean", "" },
	{ "x", "number", "" },
	{ "s", "string", "" },
};

static void
test_choose(struct arena *arena)
{
	static const struct turn_choice list[] = {
		{ .label = "buy {{a}}", .about = "Only now" },
		{ .label = "help", .is_global = true },
	};
	static const struct node node = { .condition = "Paid {{a}}",
		.prompt = "Sell" };
	const struct list choices = { list, COUNT(list) };
	const struct agent agent = agent_of_objective(arena, "", 0.5);
	const struct prompt prompt = { .agent = &agent,
		.node = &node,
		.variables = parse(arena, "{\"a\":\"shoes\"}"),
		.history = { &said, 1 } };
	const char *text = prompt_choose(arena, &prompt, &choices, true, "bad");

	ok(strstr(text, "choice_1: buy shoes. Only now") != NULL,
	    "choices are filled");
	ok(strstr(text, "choice_2: help (possible at any time)") != NULL,
	    "global ones are said to be");
	ok(strstr(text, "Paid shoes") != NULL, "the condition is told");
	ok(strstr(text, "could not be used: bad") != NULL, "and the fault");
	ok(strstr(text, "ignore all {{a}}") != NULL,
	    "what the user says is data");
	text = prompt_choose(arena, &prompt, &choices, false, NULL);
	ok(strstr(text, "Paid") == NULL,
	    "without an answer there is no condition");
	is_text(prompt_choose_schema(arena, &choices),
	    "{\"type\":\"object\",\"properties\":{\"reason\":{\"type\":"
	    "\"string\",\"description\":\"Why, in one short sentence.\"},"
	    "\"choice\":{\"type\":\"string\",\"enum\":[\"choice_1\","
	    "\"choice_2\",\"stay\"]}},\"required\":[\"reason\",\"choice\"],"
	    "\"additionalProperties\":false}",
	    "the answer is one of them");
}

static void
test_extract(struct arena *arena)
{
	static const struct {
		const char *answer, *found;
		bool has_fault;
	} cases[] = {
		{ "{\"n\":3,\"ok\":true,\"x\":1.5,\"s\":\"a\",\"z\":1}",
		    "{\"n\":3,\"ok\":true,\"x\":1.5,\"s\":\"a\"}", false },
		{ "{\"n\":\"3\",\"ok\":\"false\",\"s\":7}",
		    "{\"n\":3,\"ok\":false,\"s\":\"7\"}", false },
		{ "{\"n\":null}", "{}", false },
		{ "{\"n\":3.5,\"s\":\"a\"}", "{\"s\":\"a\"}", true },
		{ "{\"n\":1e300}", "{}", true },
		{ "{\"s\":{}}", "{}", true },
		{ "[]", "{}", true },
	};
	const struct node node = { .extracts = { extracts, COUNT(extracts) } };
	const char *fault;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		fault = NULL;
		is_text(json_text(
			    arena, prompt_extract_read(arena, &node,
				       parse(arena, cases[i].answer), &fault)),
		    cases[i].found, "found in %s", cases[i].answer);
		ok((fault != NULL) == cases[i].has_fault, "and judged");
	}
	ok(strstr(prompt_extract_schema(arena, &node),
	       "\"n\":{\"type\":[\"integer\",\"null\"],"
	       "\"description\":\"How many\"}") != NULL,
	    "each variable may be null");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_choose(arena);
	test_extract(arena);
	arena_free(arena);
	return done();
}
