/*
 * The error document's shape.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "http/problem.h"

#include "tap.h"

static const struct reason first = { "INVALID_TIMEOUT_CONFIG", 400 };
static const struct reason second = { "NOT_THERE", 404 };

int
main(void)
{
	struct arena *arena = arena_new();
	struct faults faults;

	faults_init(&faults, arena);
	is_text(json_text(arena, json_own(arena, problem_list(&faults))), "[]",
	    "no faults are an empty list");
	(void)fault_add(&faults, &first, "/warning_time", "%s is \"%d\"/%s",
	    "it", 5, "\xc3\xa4");
	is_text(problem_text(arena, &faults, 400, "r-1"),
	    "{\"data\":null,\"errors\":[{\"error\":\"INVALID_TIMEOUT_CONFIG\","
	    "\"code\":\"INVALID_TIMEOUT_CONFIG\","
	    "\"message\":\"it is \\\"5\\\"/\xc3\xa4\","
	    "\"field\":\"/warning_time\"}],\"status\":400,"
	    "\"title\":\"Bad Request\","
	    "\"detail\":\"it is \\\"5\\\"/\xc3\xa4\",\"request_id\":\"r-1\"}",
	    "a fault is a document");
	(void)fault_add(&faults, &second, NULL, "gone");
	is_text(problem_text(arena, &faults, 422, "r-2"),
	    "{\"data\":null,\"errors\":[{\"error\":\"INVALID_TIMEOUT_CONFIG\","
	    "\"code\":\"INVALID_TIMEOUT_CONFIG\","
	    "\"message\":\"it is \\\"5\\\"/\xc3\xa4\","
	    "\"field\":\"/warning_time\"},"
	    "{\"error\":\"NOT_THERE\",\"code\":\"NOT_THERE\","
	    "\"message\":\"gone\"}],\"status\":422,"
	    "\"title\":\"Unprocessable Content\","
	    "\"detail\":\"it is \\\"5\\\"/\xc3\xa4\",\"request_id\":\"r-2\"}",
	    "every fault is listed, under the status that is given");
	is_text(json_text(arena, json_own(arena, problem_list(&faults))),
	    "[{\"error\":\"INVALID_TIMEOUT_CONFIG\","
	    "\"code\":\"INVALID_TIMEOUT_CONFIG\","
	    "\"message\":\"it is \\\"5\\\"/\xc3\xa4\","
	    "\"field\":\"/warning_time\"},"
	    "{\"error\":\"NOT_THERE\",\"code\":\"NOT_THERE\","
	    "\"message\":\"gone\"}]",
	    "warnings are such a list too, without a field where none is");
	arena_free(arena);
	return done();
}
