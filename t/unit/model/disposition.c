/*
 * Outcomes: the text that is stored, what a model is told, and when a result
 * has the tag.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "model/disposition.h"

#include "tap.h"

#include <string.h>

#define TAG                                                                    \
	"{\"name\":\"BOOKED\",\"color\":\"#0a0\",\"condition\":"               \
	"{\"variable\":\"booked\",\"operator\":\"===\",\"value\":\"true\"}}"

static const struct disposition_field fields[] = {
	{ "booked", DISPOSITION_BOOLEAN, "a day was named" },
	{ "seats", DISPOSITION_NUMBER, NULL },
	{ "day", DISPOSITION_STRING, NULL },
};
static const struct disposition booked = {
	.name = "Booked",
	.description = "Was a day agreed on?",
	.fields = { fields, COUNT(fields) },
	.tag = TAG,
};

/* clang-format off */
static const struct {
	const char *tag, *result, *wanted, *name;
} tags[] = {
	{ TAG, "{\"booked\":true}", "BOOKED", "a condition that holds" },
	{ TAG, "{\"booked\":false}", NULL, "one that does not" },
	{ TAG, "{\"booked\":null}", NULL, "one on what was not said" },
	{ "{\"name\":\"RATED\"}", "{}", "RATED", "no condition" },
	{ NULL, "{\"booked\":true}", NULL, "no tag" },
};
/* clang-format on */

static void
test_document(struct arena *arena)
{
	const char *text = disposition_write(arena, &booked);
	struct disposition read = { .id = "o1", .version = 3 };
	const struct disposition_field *list;

	is_int(disposition_read(arena, text, &read), OK, "what is stored");
	list = read.fields.items;
	is_int((int64_t)read.fields.count, 3, "is read with its fields");
	is_text(list[1].name, "seats", "in their order");
	is_int(list[1].type, DISPOSITION_NUMBER, "with their types");
	is_text(read.tag, TAG, "and its tag");
	is_text(disposition_write(arena, &read), text, "as it was");
	is_int(read.version, 3, "its version is not in it");
	is_int(disposition_read(arena, "{}", &read), INVALID,
	    "an empty document is none");
	is_int(disposition_read(arena, "[", &read), INVALID,
	    "and neither is what is no JSON");
}

static void
test_check(struct arena *arena)
{
	const struct disposition_field twice[] = { fields[0], fields[0] };
	struct disposition odd = booked;
	struct faults faults;

	faults_init(&faults, arena);
	is_int(disposition_check(arena, &booked, &faults), OK,
	    "a good definition is good");
	odd.fields = (struct list){ twice, COUNT(twice) };
	is_int(disposition_check(arena, &odd, &faults), INVALID,
	    "a name stands once");
	is_text(faults.list[0].field, "/fields/1/name", "which is said");
	odd.fields = (struct list){ fields + 1, 1 };
	is_int(disposition_check(arena, &odd, &faults), INVALID,
	    "a condition is on a field");
	is_text(faults.list[1].field, "/tag/condition/variable",
	    "which is said too");
}

static void
test_question(struct arena *arena)
{
	const char *told = disposition_instructions(arena, &booked);

	ok(strstr(told, "Was a day agreed on?") != NULL,
	    "a model is told what to judge");
	ok(strstr(told, "- booked (boolean): a day was named\n") != NULL,
	    "and of every field");
	is_text(disposition_answer_schema(arena, &booked),
	    "{\"type\":\"object\",\"properties\":{"
	    "\"booked\":{\"type\":[\"boolean\",\"null\"]},"
	    "\"seats\":{\"type\":[\"number\",\"null\"]},"
	    "\"day\":{\"type\":[\"string\",\"null\"]}},"
	    "\"required\":[\"booked\",\"seats\",\"day\"],"
	    "\"additionalProperties\":false}",
	    "each of which it must answer, be it by null");
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct disposition odd = booked;
	size_t i;

	test_document(arena);
	test_check(arena);
	test_question(arena);
	for (i = 0; i < COUNT(tags); i++) {
		odd.tag = tags[i].tag;
		is_text(disposition_tag(arena, &odd, tags[i].result),
		    tags[i].wanted, "the tag of %s", tags[i].name);
	}
	arena_free(arena);
	return done();
}
