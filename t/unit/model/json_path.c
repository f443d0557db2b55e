/*
 * Where things are in a JSON document.
 */
#include "base/base.h"

#include "model/json_path.h"

#include "base/arena.h"
#include "base/json.h"

#include "tap.h"

static const char document[] =
    "{\"order\":{\"id\":7,\"the status\":\"sent\",\"a.b\":1,\"none\":null},"
    "\"items\":[{\"price\":1,\"tags\":[\"x\",\"y\"]},{\"price\":2.5,"
    "\"tags\":[\"z\"]},{\"name\":\"no price\"}],\"empty\":[]}";

/* clang-format off */
static const struct {
	const char *path;
	enum outcome rc;
	const char *json; /* of what is found */
	const char *name;
} paths[] = {
	{ "$.order.id", OK, "7", "a member of a member" },
	{ "order.id", OK, "7", "the root may be left out" },
	{ "$['order'].id", OK, "7", "a name in quotes" },
	{ "$.order[\"the status\"]", OK, "\"sent\"", "of any characters" },
	{ "$.order['a.b']", OK, "1", "a point among them" },
	{ "$.order.none", OK, "null", "null is there" },
	{ "$.items[0].price", OK, "1", "an item, from 0" },
	{ "$.items[-1].name", OK, "\"no price\"", "the last item" },
	{ "items[1].tags[0]", OK, "\"z\"", "items of items" },
	{ "$.items[*].price", OK, "[1,2.5]", "all that have it" },
	{ "$.items[*].tags[*]", OK, "[\"x\",\"y\",\"z\"]", "in one list" },
	{ "$.order.*", OK, "[7,\"sent\",1,null]", "every member" },
	{ "$.empty[*].x", OK, "[]", "of nothing an empty list" },
	{ "$.empty", OK, "[]", "an empty array" },
	{ "$.order.missing", NOT_FOUND, NULL, "a member that is not there" },
	{ "$.order.id.more", NOT_FOUND, NULL, "a member of a number" },
	{ "$.items[3]", NOT_FOUND, NULL, "an item past the last" },
	{ "$.items[-4]", NOT_FOUND, NULL, "one before the first" },
	{ "$.items.price", NOT_FOUND, NULL, "a member of an array" },
	{ "$.order[0]", NOT_FOUND, NULL, "an item of an object" },
	{ "", INVALID, NULL, "nothing is no path" },
	{ "$.", INVALID, NULL, "nor a point without a name" },
	{ "$..id", INVALID, NULL, "nor a search" },
	{ "$.items[1:2]", INVALID, NULL, "nor a slice" },
	{ "$.items[?(@.x)]", INVALID, NULL, "nor a filter" },
	{ "$.items[", INVALID, NULL, "nor a bracket that stays open" },
	{ "$['order", INVALID, NULL, "nor a quote" },
	{ "$['order'", INVALID, NULL, "nor one without its bracket" },
	{ "$x", INVALID, NULL, "nor a root with letters behind" },
	{ "[0]", INVALID, NULL, "nor a bracket without a root" },
};
/* clang-format on */

int
main(void)
{
	struct arena *arena = arena_new();
	struct json_object *tree, *value;
	char longest[JSON_PATH_MOST + 2] = "";
	struct json_fault fault;
	size_t i;
	enum outcome rc;

	rc = json_parse(arena, document, strlen(document), &tree, &fault);
	ok(rc == OK, "the document is one");
	for (i = 0; i < COUNT(paths); i++) {
		rc = json_path_find(arena, tree, paths[i].path, &value);
		is_int(rc, paths[i].rc, "%s", paths[i].name);
		is_int(json_path_is_good(paths[i].path), paths[i].rc != INVALID,
		    "and is judged alike");
		if (rc == OK)
			is_text(json_text(arena, value), paths[i].json,
			    "and is found");
	}
	rc = json_path_find(arena, tree, "$", &value);
	ok(rc == OK && value == tree, "the root is all of it");
	(void)memset(longest, 'x', JSON_PATH_MOST);
	ok(json_path_is_good(longest), "a path has a length");
	longest[JSON_PATH_MOST] = 'x';
	ok(!json_path_is_good(longest), "and no more");
	rc = json_path_find(arena, NULL, "$.a", &value);
	is_int(rc, NOT_FOUND, "in null there is nothing");
	arena_free(arena);
	return done();
}
