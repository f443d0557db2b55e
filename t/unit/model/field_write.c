/*
 * Writing structs as documents, and reading back what was written.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/json.h"
#include "base/names.h"
#include "base/when.h"
#include "model/field.h"

#include "tap.h"

#include <json-c/json.h>
#include <string.h>

#define ID "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
#define WHEN "2026-11-21T09:00:00.000Z"

static const char *const colour_words[] = { "", "red" };
static const struct names colours = NAMES(colour_words);

struct part {
	const char *name;
	int64_t count;
};

struct sample {
	const char *text, *phone, *url;
	double number, maybe;
	int64_t integer, perhaps;
	bool flag;
	struct id id;
	int64_t when;
	int colour;
	const char *object, *array, *texts;
	struct part part, inside;
	struct list parts;
	const char *secret, *shown;
};

#define AT(member) FIELD_AT(struct sample, member)

/* clang-format off */
static const struct field part_fields[] = {
	{ "name", FIELD_TEXT, 0, FIELD_AT(struct part, name) },
	{ "count", FIELD_INTEGER, 0, FIELD_AT(struct part, count) },
};
static const struct schema part_schema =
    SCHEMA("Part", part_fields, struct part);

static const struct field fields[] = {
	{ "text", FIELD_TEXT, FIELD_NULLABLE, AT(text) },
	{ "words", FIELD_TEXT, FIELD_ALIAS, AT(text) },
	{ "phone", FIELD_PHONE, FIELD_NULLABLE, AT(phone) },
	{ "url", FIELD_URL, FIELD_NULLABLE, AT(url) },
	{ "number", FIELD_NUMBER, 0, AT(number) },
	{ "maybe", FIELD_NUMBER, FIELD_NULLABLE, AT(maybe) },
	{ "integer", FIELD_INTEGER, 0, AT(integer) },
	{ "perhaps", FIELD_INTEGER, FIELD_NULLABLE, AT(perhaps) },
	{ "flag", FIELD_BOOLEAN, 0, AT(flag) },
	{ "id", FIELD_ID, FIELD_NULLABLE, AT(id) },
	{ "when", FIELD_WHEN, FIELD_NULLABLE, AT(when) },
	{ "colour", FIELD_NAME, FIELD_NULLABLE, AT(colour),
	    .names = &colours },
	{ "object", FIELD_OBJECT, FIELD_NULLABLE, AT(object) },
	{ "array", FIELD_ARRAY, FIELD_NULLABLE, AT(array) },
	{ "texts", FIELD_TEXTS, FIELD_NULLABLE, AT(texts) },
	{ "part", FIELD_STRUCT, 0, AT(part), .schema = &part_schema },
	{ "inside", FIELD_INLINE, 0, AT(inside), .schema = &part_schema },
	{ "parts", FIELD_LIST, 0, AT(parts), .schema = &part_schema },
	{ "secret", FIELD_TEXT, FIELD_WRITE_ONLY, AT(secret) },
	{ "shown", FIELD_TEXT, FIELD_READ_ONLY, AT(shown) },
};
static const struct schema schema = SCHEMA("Sample", fields, struct sample);

static const char empty_text[] =
    "{\"text\":null,\"phone\":null,\"url\":null,\"number\":0,\"maybe\":null,"
    "\"integer\":0,\"perhaps\":null,\"flag\":false,\"id\":null,"
    "\"when\":null,\"colour\":null,\"object\":null,\"array\":null,"
    "\"texts\":null,\"part\":{\"name\":null,\"count\":0},\"name\":null,"
    "\"count\":0,\"parts\":[],\"shown\":null}";

static const char full_text[] =
    "{\"text\":\"a \\\"b\\\" /\",\"phone\":\"+14155550123\","
    "\"url\":\"https://example.com/\",\"number\":0.7,\"maybe\":900,"
    "\"integer\":-9223372036854775808,\"perhaps\":3,\"flag\":true,"
    "\"id\":\"" ID "\",\"when\":\"" WHEN "\",\"colour\":\"red\","
    "\"object\":{\"a\":[1.50,null]},\"array\":[{}],\"texts\":[\"x\"],"
    "\"part\":{\"name\":\"p\",\"count\":1},\"name\":\"i\",\"count\":2,"
    "\"parts\":[{\"name\":\"q\",\"count\":3},{\"name\":\"r\",\"count\":4}],"
    "\"shown\":\"s\"}";
/* clang-format on */

static const struct part parts[] = { { "q", 3 }, { "r", 4 } };

static struct sample
full(void)
{
	struct sample sample = { .text = "a \"b\" /",
		.phone = "+14155550123",
		.url = "https://example.com/",
		.number = 0.7,
		.maybe = 900,
		.integer = INT64_MIN,
		.perhaps = 3,
		.flag = true,
		.colour = 1,
		.object = "{\"a\":[1.50,null]}",
		.array = "[{}]",
		.texts = "[\"x\"]",
		.part = { "p", 1 },
		.inside = { "i", 2 },
		.parts = { parts, COUNT(parts) },
		.secret = "hidden",
		.shown = "s" };

	ok(id_parse(ID, &sample.id) == OK &&
		when_parse(WHEN, &sample.when) == OK,
	    "the test's id and time are good");
	return sample;
}

static const char *
written(struct arena *arena, const struct sample *sample)
{
	return json_text(
	    arena, json_own(arena, field_write(arena, &schema, sample)));
}

static void
test_written(struct arena *arena)
{
	struct sample empty = { .text = NULL }, sample = full();

	is_text(written(arena, &empty), empty_text,
	    "what is empty is null where it may be");
	is_text(written(arena, &sample), full_text,
	    "every kind is written, in the order of the table");
	ok(strstr(full_text, "hidden") == NULL,
	    "and a secret is not among them");
}

/* The way back; but for what is only shown. */
static void
test_read_back(struct arena *arena)
{
	struct sample sample = { .shown = "s" };
	struct faults faults, warnings;
	struct reader reader = { arena, &faults, &warnings, NULL };
	struct json_object *document;
	struct json_fault fault;

	faults_init(&faults, arena);
	faults_init(&warnings, arena);
	if (!ok(json_parse(arena, full_text, strlen(full_text), &document,
		    &fault) == OK,
		"what is written is JSON"))
		return;
	is_int(field_read(&reader, &schema, document, "", &sample), OK,
	    "what is written can be read");
	is_int((int64_t)faults.count, 0, "without a fault");
	is_int((int64_t)warnings.count, 1, "with a warning");
	is_text(warnings.list[0].field, "/shown", "of what is only shown");
	is_text(
	    written(arena, &sample), full_text, "and written as it was again");
}

static void
test_list(struct arena *arena)
{
	struct list list = { parts, COUNT(parts) }, none = { NULL, 0 };

	is_text(json_text(arena, json_own(arena, field_write_list(arena,
						     &part_schema, &list))),
	    "[{\"name\":\"q\",\"count\":3},{\"name\":\"r\",\"count\":4}]",
	    "a list is written as an array");
	is_text(json_text(arena, json_own(arena, field_write_list(arena,
						     &part_schema, &none))),
	    "[]", "an empty one too");
}

struct pointing {
	const int64_t *count;
	const struct part *part;
	const struct part *inside;
};

#define POINTING_AT(member) FIELD_AT(struct pointing, member)

static void
test_pointers(struct arena *arena)
{
	/* clang-format off */
	static const struct field pointing_fields[] = {
		{ "number", FIELD_INTEGER, FIELD_POINTER,
		    POINTING_AT(count) },
		{ "part", FIELD_STRUCT, FIELD_POINTER, POINTING_AT(part),
		    .schema = &part_schema },
		{ "inside", FIELD_INLINE, FIELD_POINTER, POINTING_AT(inside),
		    .schema = &part_schema },
	};
	/* clang-format on */
	const struct schema pointing_schema =
	    SCHEMA("Pointing", pointing_fields, struct pointing);
	const int64_t zero = 0;
	struct pointing some = { &zero, &parts[0], &parts[1] },
			none = { NULL, NULL, NULL };

	is_text(json_text(arena, json_own(arena, field_write(arena,
						     &pointing_schema, &some))),
	    "{\"number\":0,\"part\":{\"name\":\"q\",\"count\":3},"
	    "\"name\":\"r\",\"count\":4}",
	    "what is pointed to is written, and 0 is 0");
	is_text(json_text(arena, json_own(arena, field_write(arena,
						     &pointing_schema, &none))),
	    "{\"number\":null,\"part\":null}",
	    "where it points nowhere there is null, or no field at all");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_written(arena);
	test_read_back(arena);
	test_list(arena);
	test_pointers(arena);
	arena_free(arena);
	return done();
}
