/*
 * A workflow's document.
 */
#include "base/base.h"

#include "model/work.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/field.h"

#include <string.h>

#include "tap.h"

int
main(void)
{
	struct arena *arena = arena_new();
	struct work work = {
		.id = id_new(),
		.subject_id = id_new(),
		.kind = WORK_SILENCE,
		.due = 1,
		.payload = "{\"seq\":1}",
	};
	const char *id = id_text(arena, &work.id);
	const char *text = json_text(arena,
	    json_own(arena, field_write(arena, &workflow_schema, &work)));

	ok(strstr(text, arena_format(arena, "\"workflow_id\":\"%s\"", id)) !=
		NULL,
	    "a workflow is asked for by the id that a client was given");
	ok(strstr(text, "\"kind\":\"silence\"") != NULL, "it says its kind");
	ok(strstr(text, "\"state\":\"waiting\"") != NULL,
	    "its state, which is waiting at first");
	ok(strstr(text, "\"result\":null") != NULL, "and no result yet");
	ok(strstr(text, "seq") == NULL,
	    "its payload is nobody else's business");
	arena_free(arena);
	return done();
}
