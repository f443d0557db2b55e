/*
 * Rules: what is read as one, and when it holds.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/rule.h"

#include "tap.h"

static const char variables[] =
    "{\"plan\":\"Gold\",\"n\":9,\"t\":\"10\",\"ok\":true,\"no\":null,"
    "\"list\":[\"a\",2],\"deep\":{\"x\":1.5},\"empty\":\"\"}";

static const struct {
	const char *rule;
	bool holds;
} cases[] = {
	/* clang-format off */
	{ "[\"plan\",\"==\",\"gold\"]", true },
	{ "[\"plan\",\"===\",\"gold\"]", true },
	{ "[\"plan\",\"!=\",\"gold\"]", false },
	{ "[\"PLAN\",\"==\",\"Gold\"]", true },
	{ "[\"n\",\"==\",\"9.0\"]", true },
	{ "[\"n\",\"<\",\"10\"]", true },
	{ "[\"t\",\">\",9]", true },
	{ "[\"t\",\">=\",\"10\"]", true },
	{ "[\"t\",\"<=\",\"9\"]", false },
	{ "[\"ok\",\"==\",\"true\"]", true },
	{ "[\"ok\",\"==\",true]", true },
	{ "[\"ok\",\"!=\",\"True\"]", false },
	{ "[\"deep.x\",\"==\",\"1.5\"]", true },
	{ "[\"t\",\">\",\"{{n}}\"]", true },
	{ "[\"plan\",\"contains\",\"OL\"]", true },
	{ "[\"list\",\"contains\",\"2\"]", true },
	{ "[\"list\",\"contains\",\"b\"]", false },
	{ "[\"gone\",\"contains\",\"\"]", false },
	{ "[\"gone\",\"is\",\"null\"]", true },
	{ "[\"no\",\"is\",\"null\",{\"id\":\"x\"}]", true },
	{ "[\"no\",\"is\",\"not null\"]", false },
	{ "[\"n\",\"is\",\"not null\"]", true },
	{ "[\"gone\",\"==\",\"\"]", true },
	{ "[\"gone\",\"!=\",\"\"]", false },
	{ "[\"gone\",\"==\",\"null\"]", true },
	{ "[\"gone\",\"<\",\"1\"]", false },
	{ "[\"gone\",\">\",\"1\"]", false },
	{ "{\"variable\":\"n\",\"operator\":\">\",\"value\":8}", true },
	{ "{\"keywords\":[\"yes\",\"of course\"]}", true },
	{ "{\"keywords\":[\"yes\",\"course of\"]}", false },
	{ "[\"Default/Webhook Completion\",\"\",\"\"]", true },
	{ "[\"API Request Completion\",\"==\",\"false\"]", false },
	{ "[\"Default/Webhook Failure\",\"\",\"\"]", false },
	/* clang-format on */
};

static const char *const none[] = {
	"[]",
	"7",
	"\"x\"",
	"null",
	"{}",
	"[\"n\"]",
	"[\"n\",\"~\",\"1\"]",
	"[\"n\",\"is\",\"1\"]",
	"[\"\",\"==\",\"1\"]",
	"[1,\"==\",\"1\"]",
	"[\"n\",\"keywords\",\"1\"]",
	"{\"keywords\":[]}",
	"{\"keywords\":[1]}",
	"{\"keywords\":\"yes\"}",
	"{\"variable\":\"n\"}",
};

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &tree, &fault) != OK)
		printf("# %s: %s\n", fault.what, text);
	return tree;
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct rule_facts facts = { parse(arena, variables), "Well, OF COURSE!",
		true };
	struct rule rule;
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		ok(rule_read(arena, parse(arena, cases[i].rule), &rule) == OK &&
			rule_holds(arena, &rule, &facts) == cases[i].holds,
		    "%s: %s", cases[i].holds ? "it holds" : "it does not hold",
		    cases[i].rule);
	for (i = 0; i < COUNT(none); i++)
		is_int(rule_read(arena, parse(arena, none[i]), &rule), INVALID,
		    "it is no rule: %s", none[i]);
	(void)!rule_read(arena, parse(arena, "{\"keywords\":[\"x\"]}"), &rule);
	facts.said = NULL;
	ok(!rule_holds(arena, &rule, &facts), "nobody said anything");
	is_text(
	    rule_text(arena, &rule), "said one of [\"x\"]", "a rule has words");
	(void)!rule_read(arena, parse(arena, cases[0].rule), &rule);
	is_text(rule_text(arena, &rule), "plan == gold", "for every kind");
	arena_free(arena);
	return done();
}
