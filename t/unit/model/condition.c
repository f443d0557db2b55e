/*
 * Conditions, each operator with each sort of value.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/condition.h"

#include "tap.h"

#include <json-c/json.h>
#include <string.h>

static const char variables[] =
    "{\"plan\":\"gold\",\"seats\":4,\"sure\":true,\"names\":[\"Ada\",7],"
    "\"age\":\"41\",\"none\":null,\"day\":\"2026-11-21\",\"object\":{}}";

/* clang-format off */
static const struct {
	const char *variable;
	int operator;
	const char *value;
	bool holds;
	const char *name;
} cases[] = {
	{ "plan", COMPARISON_EQUAL, "gold", true, "equal texts" },
	{ "plan", COMPARISON_EQUAL, "Gold", false, "case counts" },
	{ "plan", COMPARISON_UNEQUAL, "basic", true, "unequal texts" },
	{ "seats", COMPARISON_EQUAL, "4.0", true, "equal numbers" },
	{ "seats", COMPARISON_EQUAL, "four", false, "a number and a word" },
	{ "sure", COMPARISON_EQUAL, "true", true, "a boolean" },
	{ "sure", COMPARISON_EQUAL, "1", false, "which is no number" },
	{ "seats", COMPARISON_ABOVE, "3", true, "4 is above 3" },
	{ "seats", COMPARISON_ABOVE, "4", false, "but not above 4" },
	{ "seats", COMPARISON_AT_LEAST, "4", true, "it is at least 4" },
	{ "seats", COMPARISON_BELOW, "10", true, "and below 10" },
	{ "seats", COMPARISON_AT_MOST, "4", true, "and at most 4" },
	{ "seats", COMPARISON_ABOVE, "x", false, "a word is no limit" },
	{ "age", COMPARISON_ABOVE, "9", true, "a number in a text is one" },
	{ "day", COMPARISON_BELOW, "2026-12-01", true, "texts have an order" },
	{ "sure", COMPARISON_ABOVE, "0", false, "booleans have none" },
	{ "plan", COMPARISON_CONTAINS, "ol", true, "a part of a text" },
	{ "plan", COMPARISON_CONTAINS, "x", false, "which is not in it" },
	{ "names", COMPARISON_CONTAINS, "Ada", true, "an item" },
	{ "names", COMPARISON_CONTAINS, "7", true, "that is a number" },
	{ "names", COMPARISON_CONTAINS, "Ad", false, "a part of one" },
	{ "object", COMPARISON_CONTAINS, "x", false, "an object" },
	{ "none", COMPARISON_EQUAL, "", false, "null equals nothing" },
	{ "none", COMPARISON_UNEQUAL, "x", true, "and so is unequal" },
	{ "absent", COMPARISON_UNEQUAL, "x", true, "as is what is absent" },
	{ "absent", COMPARISON_BELOW, "1", false, "which has no order" },
	{ NULL, COMPARISON_EQUAL, "x", true, "no condition holds" },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	struct json_object *tree = NULL;
	struct json_fault ignored;
	struct condition condition;
	size_t i;

	is_int(json_parse(arena, variables, strlen(variables), &tree, &ignored),
	    OK, "there are variables");
	for (i = 0; i < COUNT(cases); i++) {
		condition = (struct condition){
			cases[i].variable, cases[i].operator, cases[i].value };
		is_int(condition_holds(&condition, tree), cases[i].holds, "%s",
		    cases[i].name);
	}
	arena_free(arena);
	return done();
}
