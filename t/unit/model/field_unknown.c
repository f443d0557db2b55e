/*
 * Names that are unknown, and where things stand.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/field.h"

#include "tap.h"

#include <string.h>

#define LONG_NAME 300

struct part {
	const char *user_number, *agent_number, *secret;
	int64_t count;
};

struct whole {
	struct part part, inside;
	const char *id;
	struct list parts;
};

/* clang-format off */
static const struct field part_fields[] = {
	{ "user_number", FIELD_TEXT, 0, FIELD_AT(struct part, user_number) },
	{ "agent_number", FIELD_TEXT, 0,
	    FIELD_AT(struct part, agent_number) },
	{ "secret", FIELD_TEXT, FIELD_WRITE_ONLY,
	    FIELD_AT(struct part, secret) },
	{ "token", FIELD_TEXT, FIELD_ALIAS, FIELD_AT(struct part, secret) },
	{ "quantity", FIELD_INTEGER, FIELD_ALIAS | FIELD_MISTAKEN,
	    FIELD_AT(struct part, count) },
	{ "number", FIELD_INTEGER, FIELD_ALIAS, FIELD_AT(struct part, count) },
	{ "count", FIELD_INTEGER, 0, FIELD_AT(struct part, count) },
};
static const struct schema part_schema =
    SCHEMA("Part", part_fields, struct part);

static const struct field whole_fields[] = {
	{ "id", FIELD_TEXT, FIELD_READ_ONLY, FIELD_AT(struct whole, id) },
	{ "part", FIELD_STRUCT, 0, FIELD_AT(struct whole, part),
	    .schema = &part_schema },
	{ "parts", FIELD_LIST, 0, FIELD_AT(struct whole, parts),
	    .schema = &part_schema },
	{ "inside", FIELD_INLINE, 0, FIELD_AT(struct whole, inside),
	    .schema = &part_schema },
};
static const struct schema whole_schema =
    SCHEMA("Whole", whole_fields, struct whole);

static const struct {
	const char *json, *path, *message, *name;
} warned[] = {
	{ "{\"user_numbr\":\"\"}", "/user_numbr", "user_numbr is not a field"
	    " of this request and was ignored; did you mean user_number?",
	    "a slip of the pen" },
	{ "{\"agentNumber\":\"\"}", "/agentNumber", "agentNumber is not a"
	    " field of this request and was ignored; did you mean"
	    " agent_number?", "another way to write it" },
	{ "{\"colour\":null}", "/colour",
	    "colour is not a field of this request and was ignored",
	    "a name that is near to none" },
	{ "{\"id\":\"1\"}", "/id",
	    "id is not a field of this request and was ignored",
	    "a field that is only shown" },
	{ "{\"inside\":{}}", "/inside",
	    "inside is not a field of this request and was ignored",
	    "the name of what is inline" },
	{ "{\"part\":{\"secre\":\"\"}}", "/part/secre", "secre is not a field"
	    " of this request and was ignored; did you mean secret?",
	    "a name in a struct" },
	{ "{\"parts\":[{},{\"tokn\":\"\"}]}", "/parts/1/tokn", "tokn is not a"
	    " field of this request and was ignored; did you mean token?",
	    "a name in a list" },
	{ "{\"a/b~c\":1}", "/a~1b~0c",
	    "a/b~c is not a field of this request and was ignored",
	    "a name that a pointer must escape" },
	{ "{\"part\":{\"quantity\":1}}", "/part/quantity", "quantity is not a"
	    " field of this request; it is taken for count where that is not"
	    " given", "a known mistake" },
	{ "{\"\":1}", "/", " is not a field of this request and was ignored",
	    "an empty name" },
	{ "{\"100%s\":1}", "/100%s",
	    "100%s is not a field of this request and was ignored",
	    "a name that looks like a format" },
};
/* clang-format on */

static enum outcome
read_whole(struct arena *arena, const char *json, struct faults *warnings)
{
	struct whole whole = { .id = NULL };
	struct faults faults;
	struct reader reader = { arena, &faults, warnings, NULL };
	struct json_object *document;
	struct json_fault fault;

	faults_init(&faults, arena);
	if (warnings != NULL)
		faults_init(warnings, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	return field_read(&reader, &whole_schema, document, "", &whole);
}

static void
test_warned(struct arena *arena)
{
	struct faults warnings;
	size_t i;

	for (i = 0; i < COUNT(warned); i++) {
		is_int(read_whole(arena, warned[i].json, &warnings), OK,
		    "%s is no fault", warned[i].name);
		is_int((int64_t)warnings.count, 1, "but one warning");
		if (warnings.count == 0)
			continue;
		is_text(warnings.list[0].field, warned[i].path, "at its place");
		is_text(warnings.list[0].message, warned[i].message,
		    "that says what may be meant");
	}
}

static void
test_known(struct arena *arena)
{
	struct faults warnings;

	is_int(read_whole(arena,
		   "{\"user_number\":\"\",\"secret\":\"\",\"token\":\"\","
		   "\"part\":{\"agent_number\":\"\"},\"parts\":[{}]}",
		   &warnings),
	    OK, "every name that is known is read");
	is_int((int64_t)warnings.count, 0, "without a warning");
	is_int(read_whole(arena, "{\"colour\":1}", NULL), OK,
	    "who does not ask is not warned");
}

static void
test_long(struct arena *arena)
{
	char name[LONG_NAME + 1] = { 0 };
	struct faults warnings;

	(void)memset(name, 'x', LONG_NAME);
	is_int(read_whole(
		   arena, arena_format(arena, "{\"%s\":1}", name), &warnings),
	    OK, "a very long name is no fault");
	is_text(warnings.list[0].message,
	    "a name of many letters is not a field of this request and was"
	    " ignored",
	    "and is not repeated");
}

static void
test_path(struct arena *arena)
{
	is_text(field_path(arena, "", "a"), "/a", "a path begins at the top");
	is_text(field_path(arena, "/a/0", "b"), "/a/0/b", "and goes down");
	is_text(field_path(arena, "/a", "~1/"), "/a/~01~1",
	    "a tilde and a slash are escaped");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_warned(arena);
	test_known(arena);
	test_long(arena);
	test_path(arena);
	arena_free(arena);
	return done();
}
