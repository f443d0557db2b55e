/*
 * What stands in a page's document.
 */
#include "base/base.h"

#include "model/page.h"

#include "base/arena.h"
#include "base/json.h"

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	struct pagination pagination = { 51, 3, 2, 25 };

	is_text(json_text(arena,
		    json_own(arena,
			field_write(arena, &pagination_schema, &pagination))),
	    "{\"totalItems\":51,\"totalPages\":3,\"currentPage\":2,"
	    "\"pageSize\":25}",
	    "a page says where it is, in the words of the API");
	arena_free(arena);
	return done();
}
