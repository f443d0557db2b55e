/*
 * Answers: their titles and headers.
 */
#include "base/base.h"

#include "http/response.h"

#include "tap.h"

/* Every status that an answer or a reason has. */
static const int statuses[] = { 200, 201, 202, 204, 400, 401, 403, 404, 405,
	406, 409, 413, 415, 422, 429, 500, 503 };

int
main(void)
{
	struct response response = { .status = 200 };
	size_t i;

	for (i = 0; i < COUNT(statuses); i++)
		ok(response_title(statuses[i])[0] != '\0', "%d has a title",
		    statuses[i]);
	is_text(response_title(200), "OK", "200 is OK");
	is_text(response_title(404), "Not Found", "404 is Not Found");
	is_text(response_title(422), "Unprocessable Content",
	    "422 is Unprocessable Content");
	for (i = 0; i < RESPONSE_HEADERS_MOST; i++)
		response_header(&response, "X-Header", i == 0 ? "a" : "b");
	is_int((int64_t)response.count, RESPONSE_HEADERS_MOST,
	    "as many headers as there may be are kept");
	is_text(response.headers[0].name, "X-Header", "with their names");
	is_text(response.headers[0].value, "a", "and values");
	is_text(response.headers[RESPONSE_HEADERS_MOST - 1].value, "b",
	    "to the last");
	return done();
}
