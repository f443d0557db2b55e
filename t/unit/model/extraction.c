/*
 * Orders and results of asking at once: as texts, and what findings come to.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/extraction.h"

#include "tap.h"

static const struct finding found[] = {
	{ QUESTION_CITATION, "c1", 0, FINDING_COMPLETE,
	    "{\"variables\":{\"a\":1,\"b\":2},\"citations\":[{\"variable\":"
	    "\"a\",\"message\":\"one\",\"confidence\":1}]}",
	    NULL, NULL, 1 },
	{ QUESTION_CITATION, "c2", 0, FINDING_COMPLETE,
	    "{\"variables\":{\"b\":3},\"citations\":[{\"variable\":\"b\","
	    "\"message\":\"three\",\"confidence\":0}]}",
	    NULL, NULL, 1 },
	{ QUESTION_CITATION, "c3", 0, FINDING_ERROR, NULL, NULL,
	    "LLM_REFUSED: no", 1 },
	{ QUESTION_CITATION, "c4", 0, FINDING_ERROR, NULL, NULL,
	    "LLM_TIMEOUT: slow", 1 },
};

static void
test_order(struct arena *arena)
{
	const struct extraction_order order = {
		.schema_ids = "[\"c1\"]",
		.keep = true,
		.findings = { found, COUNT(found) },
	};
	struct extraction_order read;
	const struct finding *list;

	is_int(extraction_order_read(
		   arena, extraction_order_write(arena, &order), &read),
	    OK, "an order is read as it was written");
	list = read.findings.items;
	ok(read.keep, "with what is to become of it");
	is_text(read.schema_ids, "[\"c1\"]", "with its schemas");
	is_text(read.document, NULL, "and no other");
	is_int((int64_t)read.findings.count, COUNT(found),
	    "and with what was found");
	is_text(list[2].error, "LLM_REFUSED: no", "errors as well");
	is_int(extraction_order_read(arena, "{}", &read), INVALID,
	    "an empty object is no order");
}

static void
test_result(struct arena *arena)
{
	const struct list two = { found, 2 }, all = { found, COUNT(found) };
	struct extraction_result result = extraction_conclude(arena, &two);
	struct extraction_result read;

	is_int(result.status, EXTRACTION_SUCCESS, "findings are a success");
	is_text(result.variables, "{\"a\":1,\"b\":3}",
	    "what is found later replaces");
	is_int(result.count, 2, "each variable counts once");
	is_text(result.citations,
	    "[{\"variable\":\"a\",\"message\":\"one\",\"confidence\":1},"
	    "{\"variable\":\"b\",\"message\":\"three\",\"confidence\":0}]",
	    "all citations are there");
	result = extraction_conclude(arena, &all);
	is_int(result.status, EXTRACTION_ERROR, "one error is an error");
	is_text(result.error, "LLM_REFUSED: no", "the first is told");
	is_int(result.count, 2, "what the others found is there");
	is_int(extraction_result_read(
		   arena, extraction_result_write(arena, &result), &read),
	    OK, "a result is read as it was written");
	is_text(read.error, result.error, "with its error");
	is_text(read.final, NULL, "nothing was kept");
	is_int(extraction_result_read(arena, NULL, &read), INVALID,
	    "no text is no result");
	is_int(extraction_result_read(arena, "[]", &read), INVALID,
	    "nor is a list");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_order(arena);
	test_result(arena);
	arena_free(arena);
	return done();
}
