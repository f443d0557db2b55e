/*
 * Citation schemas: what a model is asked, and what of its answer is kept.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "model/citation.h"
#include "model/message.h"

#include "tap.h"

#include <string.h>

/* clang-format off */
static const char document[] =
    "{\"description\":\"An order\",\"schema\":{\"variables\":["
    "{\"name\":\"plan\",\"type\":\"category\",\"options\":[\"gold\","
    "\"basic\"]},{\"name\":\"seats\",\"type\":\"number\"},"
    "{\"name\":\"window\",\"type\":\"boolean\"},"
    "{\"name\":\"names\",\"type\":\"array\"},{\"name\":\"note\"}],"
    "\"groupings\":[{\"name\":\"order\",\"variables\":[\"plan\","
    "\"seats\"]}],\"conditions\":["
    "{\"condition\":{\"variable\":\"plan\",\"operator\":\"===\","
    "\"value\":\"gold\"},\"variables\":[\"seats\"]},"
    "{\"condition\":{\"variable\":\"seats\",\"operator\":\">=\","
    "\"value\":\"2\"},\"variables\":[\"window\"]}]}}";

static const struct message talk[] = {
	{ .sender = SENDER_AGENT, .text = "Which plan?" },
	{ .sender = SENDER_USER, .text = "Gold, four seats please" },
};

#define VARIABLES(plan, seats)                                            \
	"{\"variables\":{\"plan\":" plan ",\"seats\":" seats              \
	",\"window\":true,\"names\":[\"Ada\"],\"note\":null},"            \
	"\"citations\":["

static const struct {
	const char *answer, *kept, *name;
} answers[] = {
	{ VARIABLES("\"gold\"", "4") "]}",
	    "{\"variables\":{\"plan\":\"gold\",\"seats\":4,\"window\":true,"
	    "\"names\":[\"Ada\"]},\"citations\":[]}",
	    "what has a value, under conditions that hold" },
	{ VARIABLES("\"basic\"", "4") "]}",
	    "{\"variables\":{\"plan\":\"basic\",\"names\":[\"Ada\"]},"
	    "\"citations\":[]}",
	    "what hangs on what goes, goes with it" },
	{ VARIABLES("\"gold\"", "1") "]}",
	    "{\"variables\":{\"plan\":\"gold\",\"seats\":1,"
	    "\"names\":[\"Ada\"]},\"citations\":[]}",
	    "each condition counts for itself" },
	{ VARIABLES("\"gold\"", "null")
	    "{\"variable\":\"plan\",\"message\":\"Gold,\",\"confidence\":2},"
	    "{\"variable\":\"plan\",\"message\":\"gold\",\"confidence\":1},"
	    "{\"variable\":\"seats\",\"message\":\"four\",\"confidence\":1},"
	    "{\"variable\":\"names\",\"message\":\" \",\"confidence\":1}]}",
	    "{\"variables\":{\"plan\":\"gold\",\"names\":[\"Ada\"]},"
	    "\"citations\":[{\"variable\":\"plan\",\"message\":\"Gold,\","
	    "\"confidence\":1}]}",
	    "citations of what was said, of what is kept" },
};

static const char answer_schema[] =
    "{\"type\":\"object\",\"properties\":{\"variables\":{\"type\":\"object\","
    "\"properties\":{\"plan\":{\"type\":[\"string\",\"null\"],"
    "\"enum\":[\"gold\",\"basic\",null]},"
    "\"seats\":{\"type\":[\"number\",\"null\"]},"
    "\"window\":{\"type\":[\"boolean\",\"null\"]},"
    "\"names\":{\"type\":[\"array\",\"null\"],"
    "\"items\":{\"type\":\"string\"}},"
    "\"note\":{\"type\":[\"string\",\"null\"]}},"
    "\"required\":[\"plan\",\"seats\",\"window\",\"names\",\"note\"],"
    "\"additionalProperties\":false},";
/* clang-format on */

static void
test_check(struct arena *arena, const struct citation_schema *schema)
{
	struct citation_variable odd[] = { { .name = "plan" },
		{ .name = "plan", .type = CITATION_CATEGORY } };
	struct citation_rules rules = schema->rules;
	struct faults faults;

	faults_init(&faults, arena);
	is_int(citation_check(arena, &rules, "/schema", &faults), OK,
	    "good rules are good");
	rules.variables = (struct list){ odd, 1 };
	is_int(citation_check(arena, &rules, "/schema", &faults), INVALID,
	    "a name is one of a variable");
	is_int((int64_t)faults.count, 4, "in groupings and conditions");
	is_text(faults.list[0].field, "/schema/groupings/0/variables/1",
	    "which is said");
	rules = (struct citation_rules){ .variables = { odd, 2 } };
	faults_init(&faults, arena);
	is_int(citation_check(arena, &rules, "", &faults), INVALID,
	    "a name stands once");
	odd[1].name = "other";
	is_int(citation_check(arena, &rules, "", &faults), INVALID,
	    "a category has options");
	odd[1].type = CITATION_STRING;
	odd[1].options = "[\"x\"]";
	is_int(citation_check(arena, &rules, "", &faults), INVALID,
	    "and nothing else has");
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct citation_schema schema = { .name = "Order" };
	struct citation_schema again = { .name = "Order" };
	const struct list messages = { talk, COUNT(talk) };
	const char *told;
	size_t i;

	is_int(citation_read(arena, document, &schema), OK,
	    "what is stored is read");
	is_int(citation_read(arena, citation_write(arena, &schema), &again), OK,
	    "and written so that it can be read");
	is_text(citation_write(arena, &again), citation_write(arena, &schema),
	    "as it was");
	is_int(citation_read(arena, "[]x", &again), INVALID,
	    "what is no JSON is none");
	test_check(arena, &schema);
	told = citation_instructions(arena, &schema);
	ok(strstr(told, "- plan (category, one of [\"gold\",\"basic\"])\n") !=
		NULL,
	    "a model is told of every variable");
	ok(strstr(told, "- [\"seats\"]: plan === gold\n") != NULL,
	    "of every condition");
	ok(strstr(told, "- order: [\"plan\",\"seats\"]\n") != NULL,
	    "and of what belongs together");
	ok(strncmp(citation_answer_schema(arena, &schema), answer_schema,
	       sizeof(answer_schema) - 1) == 0,
	    "its answer has every variable");
	for (i = 0; i < COUNT(answers); i++)
		is_text(
		    citation_keep(arena, &schema, answers[i].answer, &messages),
		    answers[i].kept, "kept is %s", answers[i].name);
	arena_free(arena);
	return done();
}
