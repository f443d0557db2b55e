/*
 * Fuzzing: any text is filled, and what comes out is text and bounded.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/template.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char variables[] =
    "{\"a\":{\"b\":[1,2.5,null,{\"c\":\"{{a}}\"}]},\"A\":\"x\",\"d.e\":true,"
    "\"{\":\"y\",\"long\":\"\xc3\xa9\xc3\xa9\"}";

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena *arena = arena_new();
	struct json_object *tree, *value;
	struct json_fault ignored;
	const char *text, *filled;

	if (!text_is_clean(bytes, length)) {
		arena_free(arena);
		return 0;
	}
	text = arena_copy(arena, bytes, length);
	if (json_parse(arena, variables, strlen(variables), &tree, &ignored))
		abort();
	filled = template_fill(arena, text, tree, NULL);
	if (strlen(filled) > TEMPLATE_MOST ||
	    !text_is_clean(filled, strlen(filled)))
		abort();
	if (template_find(tree, text, &value) == OK && length == 0)
		abort();
	arena_free(arena);
	return 0;
}
