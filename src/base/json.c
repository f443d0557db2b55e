/*
 * What differs between json-c and ECMAScript's JSON.stringify is put right
 * here: numbers (json-c prints 17 digits of them) and "/" (json-c escapes
 * it unless told).  The two agree on control characters, DEL, U+2028 and
 * U+2029.  json-c returns NULL when memory is out, and NULL is also how it
 * writes null, so each new node is asserted.
 */
#include "base/base.h"

#include "base/json.h"

#include "base/arena.h"
#include "base/text.h"

#include <json-c/json.h>
#include <limits.h>

static void
release_tree(void *tree)
{
	/* Says whether the tree is gone: others may have counted on it. */
	(void)json_object_put(tree);
}

enum outcome
json_parse(struct arena *arena, const char *bytes, size_t length,
    struct json_object **document, struct json_fault *fault)
{
	struct json_tokener *tokener;
	struct json_object *tree;
	enum json_tokener_error error;
	enum outcome rc;

	rc = json_check(bytes, length, fault);
	if (rc)
		return rc;
	assert(length < INT_MAX);
	tokener = json_tokener_new_ex(JSON_DEPTH + 1);
	assert(tokener != NULL);
	tree = json_tokener_parse_ex(tokener, bytes, (int)length);
	/* A number or a word at the very end might go on; a NUL ends it. */
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		tree = json_tokener_parse_ex(tokener, "", 1);
	error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (error != json_tokener_success) {
		fault->line = 1;
		fault->column = 1;
		fault->what = json_tokener_error_desc(error);
		return INVALID;
	}
	*document = json_own(arena, tree);
	return OK;
}

const char *
json_text(struct arena *arena, struct json_object *tree)
{
	size_t length;
	const char *text = json_object_to_json_string_length(tree,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);

	assert(text != NULL);
	return arena_copy(arena, text, length);
}

const char *
json_finish(struct arena *arena, struct json_object *tree)
{
	const char *text = json_text(arena, tree);

	release_tree(tree);
	return text;
}

struct json_object *
json_own(struct arena *arena, struct json_object *tree)
{
	if (tree != NULL)
		arena_defer(arena, release_tree, tree);
	return tree;
}

struct json_object *
json_number(double number)
{
	struct arena *arena = arena_new();
	struct json_object *node;

	node =
	    json_object_new_double_s(number, text_from_number(arena, number));
	assert(node != NULL);
	arena_free(arena);
	return node;
}

static int
print_raw(struct json_object *node, struct printbuf *out, int level, int flags)
{
	(void)level;
	(void)flags;
	return printbuf_memappend(out, json_object_get_string(node),
	    json_object_get_string_len(node));
}

struct json_object *
json_raw(const char *text)
{
	struct json_object *node = json_object_new_string(text);

	assert(node != NULL);
	json_object_set_serializer(node, print_raw, NULL, NULL);
	return node;
}

struct json_object *
json_string(const char *text)
{
	struct json_object *node;

	if (text == NULL)
		return NULL;
	node = json_object_new_string(text);
	assert(node != NULL);
	return node;
}

const char *
json_member_text(struct json_object *object, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, name, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}
