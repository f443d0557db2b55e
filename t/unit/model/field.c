/*
 * Reading documents by their table: every kind, every flag, every fault.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/json.h"
#include "base/names.h"
#include "base/when.h"
#include "model/field.h"
#include "model/reason.h"

#include "tap.h"

#include <json-c/json.h>
#include <string.h>

#define ID "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"

enum colour { COLOUR_NONE, COLOUR_RED, COLOUR_GREEN };

static const char *const colour_words[] = { "", "red", "green" };
static const struct names colours = NAMES(colour_words);

struct part {
	const char *name;
	int64_t count;
};

struct limits {
	double low, high;
};

struct sample {
	const char *text, *word, *phone, *url, *version, *secret;
	double number, above, open, over;
	int64_t integer, whole;
	bool flag;
	struct id id;
	int64_t when;
	int colour;
	bool loose;
	const char *object, *either, *worded, *array, *texts, *mixed, *numbers;
	struct part part;
	struct list parts;
	struct limits limits;
	const char *shown;
};

static bool
is_even(const char *text)
{
	return strlen(text) % 2 == 0;
}

static const struct text_rule even = { is_even, "of an even length" };

#define AT(member) FIELD_AT(struct sample, member)

/* clang-format off */
static const struct field part_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED, FIELD_AT(struct part, name) },
	{ "count", FIELD_INTEGER, 0, FIELD_AT(struct part, count), 1, 9 },
};
static const struct schema part_schema =
    SCHEMA("Part", part_fields, struct part);

static const struct field limits_fields[] = {
	{ "low", FIELD_NUMBER, 0, FIELD_AT(struct limits, low) },
	{ "high", FIELD_NUMBER, 0, FIELD_AT(struct limits, high), 0, 5 },
};
static const struct schema limits_schema =
    SCHEMA("Limits", limits_fields, struct limits);

static const struct field sample_fields[] = {
	{ "text", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK, AT(text),
	    2, 5 },
	{ "word", FIELD_TEXT, 0, AT(word), .rule = &even },
	{ "wort", FIELD_TEXT, FIELD_ALIAS, AT(word), .rule = &even },
	{ "phone", FIELD_PHONE, FIELD_NULLABLE, AT(phone) },
	{ "url", FIELD_URL, FIELD_NULLABLE, AT(url) },
	{ "version", FIELD_TEXT, FIELD_OR_NUMBER, AT(version), 1, 4 },
	{ "secret", FIELD_TEXT, FIELD_WRITE_ONLY, AT(secret) },
	{ "number", FIELD_NUMBER, FIELD_NULLABLE, AT(number), -1, 2 },
	{ "above", FIELD_NUMBER, FIELD_ABOVE_LEAST, AT(above), 0, 2.5 },
	{ "open", FIELD_NUMBER, FIELD_ABOVE_LEAST, AT(open) },
	{ "over", FIELD_NUMBER, 0, AT(over), .least = 3 },
	{ "integer", FIELD_INTEGER, FIELD_NULLABLE, AT(integer), 1, 10 },
	{ "whole", FIELD_INTEGER, 0, AT(whole) },
	{ "flag", FIELD_BOOLEAN, 0, AT(flag) },
	{ "id", FIELD_ID, FIELD_NULLABLE, AT(id) },
	{ "when", FIELD_WHEN, FIELD_NULLABLE, AT(when) },
	{ "colour", FIELD_NAME, FIELD_NULLABLE, AT(colour),
	    .names = &colours },
	{ "object", FIELD_OBJECT, FIELD_NULLABLE, AT(object), .most = 20 },
	{ "either", FIELD_OBJECT, FIELD_OR_ARRAY, AT(either) },
	{ "worded", FIELD_OBJECT, FIELD_OR_TEXT, AT(worded) },
	{ "loose", FIELD_BOOLEAN, FIELD_OR_TEXT, AT(loose) },
	{ "array", FIELD_ARRAY, 0, AT(array), .most = 20 },
	{ "texts", FIELD_TEXTS, FIELD_NULLABLE, AT(texts), 1, 3 },
	{ "mixed", FIELD_TEXTS, FIELD_OBJECTS, AT(mixed) },
	{ "numbers", FIELD_TEXTS, FIELD_NUMBERS, AT(numbers), .least = 1 },
	{ "part", FIELD_STRUCT, FIELD_NULLABLE, AT(part),
	    .schema = &part_schema },
	{ "parts", FIELD_LIST, FIELD_NULLABLE, AT(parts), .most = 2,
	    .schema = &part_schema },
	{ "limits", FIELD_INLINE, 0, AT(limits), .schema = &limits_schema },
	{ "shown", FIELD_TEXT, FIELD_READ_ONLY | FIELD_REQUIRED, AT(shown) },
};
static const struct schema sample_schema =
    SCHEMA("Sample", sample_fields, struct sample);

/* A document with one fault. */
static const struct {
	const char *json, *path, *message, *name;
} bad[] = {
	{ "{\"text\":1}", "/text", "text must be a string",
	    "a number is no text" },
	{ "{\"text\":\" \\t\"}", "/text", "text must be more than white space",
	    "white space is blank" },
	{ "{\"text\":\"a\"}", "/text",
	    "text must be at least 2 characters long", "a text is too short" },
	{ "{\"text\":\"abcdef\"}", "/text",
	    "text must be at most 5 characters long, not 6",
	    "a text is too long" },
	{ "{\"text\":\"ab\\u0001\"}", "/text",
	    "text must be text without control characters",
	    "a control character is no text" },
	{ "{\"text\":\"ab\\u0000\"}", "/text",
	    "text must be text without control characters",
	    "nothing is cut off behind a NUL" },
	{ "{\"word\":null}", "/word", "word must be a string",
	    "null is no text where it is not allowed" },
	{ "{\"word\":\"abc\"}", "/word", "word must be of an even length",
	    "a text breaks its rule" },
	{ "{\"wort\":\"abc\"}", "/wort", "wort must be of an even length",
	    "an alias is named as it was given" },
	{ "{\"phone\":\"0301234567\"}", "/phone", "phone must be a phone"
	    " number in E.164: +, then 8 to 15 digits, the first not 0, for"
	    " instance +14155550123", "a phone number without its country" },
	{ "{\"phone\":14155550123}", "/phone", "phone must be a string",
	    "a phone number is no number" },
	{ "{\"url\":\"ftp://example.com\"}", "/url", "url must be an absolute"
	    " https URL without user and password (http only to hosts that"
	    " the operator allows)", "another scheme is not called" },
	{ "{\"url\":\"http://10.0.0.1/\"}", "/url", "url must be an absolute"
	    " https URL without user and password (http only to hosts that"
	    " the operator allows)", "http to a host that is not allowed" },
	{ "{\"url\":{}}", "/url", "url must be a string",
	    "an object is no URL" },
	{ "{\"version\":true}", "/version", "version must be a string",
	    "a boolean is no text, where a number is" },
	{ "{\"version\":12345}", "/version",
	    "version must be at most 4 characters long, not 5",
	    "a number's text has its limits too" },
	{ "{\"number\":\"1\"}", "/number", "number must be a number",
	    "a string is no number" },
	{ "{\"number\":-1.5}", "/number",
	    "number must be at least -1 and at most 2", "a number too small" },
	{ "{\"number\":2.5}", "/number",
	    "number must be at least -1 and at most 2", "a number too large" },
	{ "{\"above\":0}", "/above",
	    "above must be greater than 0 and at most 2.5",
	    "a number at a limit that it must pass" },
	{ "{\"above\":null}", "/above", "above must be a number",
	    "null is no number" },
	{ "{\"open\":0}", "/open", "open must be greater than 0",
	    "a number at a limit without an upper one" },
	{ "{\"open\":-3}", "/open", "open must be greater than 0",
	    "a number below it" },
	{ "{\"over\":2.9}", "/over", "over must be at least 3",
	    "a number below a limit without an upper one" },
	{ "{\"integer\":1.5}", "/integer", "integer must be an integer",
	    "half a number is no integer" },
	{ "{\"integer\":0}", "/integer",
	    "integer must be at least 1 and at most 10",
	    "an integer too small" },
	{ "{\"integer\":11}", "/integer",
	    "integer must be at least 1 and at most 10",
	    "an integer too large" },
	{ "{\"whole\":9223372036854775808}", "/whole",
	    "whole must be an integer of 64 bits",
	    "an integer that does not fit is not clamped" },
	{ "{\"flag\":1}", "/flag", "flag must be true or false",
	    "1 is not true" },
	{ "{\"flag\":\"true\"}", "/flag", "flag must be true or false",
	    "a string is not true" },
	{ "{\"id\":\"42\"}", "/id", "id must be an id as Parley gave it: a"
	    " UUID", "what is no UUID is no id" },
	{ "{\"when\":\"tomorrow\"}", "/when", "when must be a time of RFC"
	    " 3339, for instance 2026-11-21T09:00:00Z",
	    "a word is no time" },
	{ "{\"when\":1790000000}", "/when", "when must be a string",
	    "seconds are no time" },
	{ "{\"colour\":\"blue\"}", "/colour", "colour must be red or green",
	    "a word that is none of the names" },
	{ "{\"colour\":\"\"}", "/colour", "colour must be red or green",
	    "the word for none cannot be given" },
	{ "{\"colour\":1}", "/colour", "colour must be a string",
	    "a name's number cannot be given" },
	{ "{\"object\":[]}", "/object", "object must be an object",
	    "an array is no object" },
	{ "{\"object\":{\"a\":\"12345678901234\"}}", "/object",
	    "object must be at most 20 bytes of JSON",
	    "an object is too large" },
	{ "{\"either\":\"a\"}", "/either",
	    "either must be an object or an array",
	    "a string is neither object nor array" },
	{ "{\"worded\":[]}", "/worded",
	    "worded must be an object or a string",
	    "an array is neither object nor string" },
	{ "{\"worded\":\"\\u0001\"}", "/worded",
	    "worded must be text without control characters",
	    "its text is text" },
	{ "{\"loose\":\"yes\"}", "/loose", "loose must be true or false",
	    "another word is not true" },
	{ "{\"array\":{}}", "/array", "array must be an array",
	    "an object is no array" },
	{ "{\"array\":[\"123456789012345678\"]}", "/array",
	    "array must be at most 20 bytes of JSON",
	    "an array is too large" },
	{ "{\"texts\":\"a\"}", "/texts", "texts must be an array",
	    "a text is no texts" },
	{ "{\"texts\":[]}", "/texts",
	    "texts must be an array of 1 to 3 items", "too few texts" },
	{ "{\"texts\":[\"a\",\"b\",\"c\",\"d\"]}", "/texts",
	    "texts must be an array of 1 to 3 items", "too many texts" },
	{ "{\"texts\":[\"a\",1]}", "/texts/1", "texts must be an array of"
	    " strings, none blank, each at most 255 characters long",
	    "a number among texts" },
	{ "{\"texts\":[{}]}", "/texts/0", "texts must be an array of strings,"
	    " none blank, each at most 255 characters long",
	    "an object among texts" },
	{ "{\"texts\":[null]}", "/texts/0", "texts must be an array of"
	    " strings, none blank, each at most 255 characters long",
	    "null among texts" },
	{ "{\"texts\":[\"a\",\"b\",\" \"]}", "/texts/2", "texts must be an"
	    " array of strings, none blank, each at most 255 characters long",
	    "a blank among texts" },
	{ "{\"texts\":[\"a\\u0002\"]}", "/texts/0", "texts must be an array"
	    " of strings, none blank, each at most 255 characters long",
	    "a control character among texts" },
	{ "{\"mixed\":[[]]}", "/mixed/0",
	    "mixed must be an array of strings (or objects), none blank",
	    "an array among texts or objects" },
	{ "{\"numbers\":[]}", "/numbers",
	    "numbers must be an array of at least 1 items",
	    "too few without an upper limit" },
	{ "{\"numbers\":[true]}", "/numbers/0", "numbers must be an array of"
	    " strings, none blank, each at most 255 characters long",
	    "a boolean among numbers" },
	{ "{\"part\":[]}", "/part", "part must be an object",
	    "an array is no struct" },
	{ "{\"part\":{}}", "/part/name", "name is required",
	    "a struct's own field is missing" },
	{ "{\"part\":{\"name\":\"a\",\"count\":10}}", "/part/count",
	    "count must be at least 1 and at most 9",
	    "a struct's own field is wrong" },
	{ "{\"parts\":{}}", "/parts", "parts must be an array",
	    "an object is no list" },
	{ "{\"parts\":[1]}", "/parts/0", "parts must be an array of objects",
	    "a number in a list" },
	{ "{\"parts\":[null]}", "/parts/0",
	    "parts must be an array of objects", "null in a list" },
	{ "{\"parts\":[{\"name\":\"a\"},{\"name\":2}]}", "/parts/1/name",
	    "name must be a string", "a field of a list's item is wrong" },
	{ "{\"parts\":[{},{},{}]}", "/parts",
	    "parts must be an array of 0 to 2 items", "a list is too long" },
	{ "{\"high\":6}", "/high", "high must be at least 0 and at most 5",
	    "an inline field is wrong" },
};
/* clang-format on */

static enum outcome
read_sample(struct arena *arena, const char *json, const char *path,
    struct faults *faults, struct sample *sample)
{
	struct reader reader = { arena, faults, NULL, "127.0.0.0/8" };
	struct json_object *document;
	struct json_fault fault;

	faults_init(faults, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK) {
		printf("# %zu:%zu: %s\n", fault.line, fault.column, fault.what);
		return FAULT;
	}
	return field_read(&reader, &sample_schema, document, path, sample);
}

static void
good(struct arena *arena, const char *json, struct sample *sample)
{
	struct faults faults;

	is_int(read_sample(arena, json, "", &faults, sample), OK, "%s is read",
	    json);
	if (faults.count > 0)
		printf("# %s\n", faults.list[0].message);
}

static void
test_bad(struct arena *arena)
{
	struct faults faults;
	struct sample sample;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		(void)memset(&sample, 0, sizeof(sample));
		is_int(read_sample(arena, bad[i].json, "", &faults, &sample),
		    INVALID, "%s", bad[i].name);
		is_int((int64_t)faults.count, 1, "with one fault");
		if (faults.count == 0)
			continue;
		is_text(faults.list[0].field, bad[i].path, "at its place");
		is_text(faults.list[0].message, bad[i].message,
		    "that says what is right");
	}
}

static void
test_loose(struct arena *arena)
{
	struct sample sample = { .worded = NULL };

	good(arena, "{\"worded\":{\"a\":1}}", &sample);
	is_text(sample.worded, "{\"a\":1}", "what may be a text is an object");
	good(arena, "{\"worded\":\"a b\"}", &sample);
	is_text(sample.worded, "\"a b\"", "or the text, in its quotes");
	good(arena, "{\"loose\":\"true\"}", &sample);
	ok(sample.loose, "a boolean may stand in quotes");
	good(arena, "{\"loose\":false}", &sample);
	ok(!sample.loose, "or without");
}

static void
test_texts(struct arena *arena)
{
	struct sample sample = { .text = "x" };

	good(arena, "{\"text\":\"\xc3\xa4\xc3\xb6\xc3\xbc\xe2\x82\xac!\"}",
	    &sample);
	is_text(sample.text, "\xc3\xa4\xc3\xb6\xc3\xbc\xe2\x82\xac!",
	    "characters are counted, not bytes");
	good(arena, "{\"text\":null}", &sample);
	ok(sample.text == NULL, "null clears a text");
	good(arena, "{\"wort\":\"abcd\"}", &sample);
	is_text(sample.word, "abcd", "an alias fills the member");
	good(arena, "{\"word\":\"\"}", &sample);
	is_text(sample.word, "", "an empty text is one");
	good(arena, "{\"phone\":\"+14155550123\"}", &sample);
	is_text(sample.phone, "+14155550123", "a phone number is read");
	good(arena, "{\"url\":\"https://example.com/hook\"}", &sample);
	is_text(sample.url, "https://example.com/hook", "a URL is read");
	good(arena, "{\"url\":\"http://127.0.0.1:8080/hook\"}", &sample);
	is_text(sample.url, "http://127.0.0.1:8080/hook",
	    "http is fine where the operator allows the host");
	good(arena, "{\"version\":\"3\"}", &sample);
	is_text(sample.version, "3", "a text where a number may be is read");
	good(arena, "{\"version\":12}", &sample);
	is_text(sample.version, "12", "a number is taken as its text");
	good(arena, "{\"version\":1.50}", &sample);
	is_text(sample.version, "1.50", "as it was written");
	good(arena, "{\"secret\":\"s\"}", &sample);
	is_text(sample.secret, "s", "what is only read is read");
}

static void
test_numbers(struct arena *arena)
{
	struct sample sample = { .integer = 7 };

	good(arena, "{\"number\":2}", &sample);
	ok(sample.number == 2, "an integer is a number, at its most");
	good(arena, "{\"number\":-1}", &sample);
	ok(sample.number == -1, "a number is read, at its least");
	good(arena, "{\"number\":null}", &sample);
	ok(sample.number == 0, "null clears a number");
	good(arena, "{\"above\":0.5,\"open\":1e300,\"over\":3}", &sample);
	ok(sample.above == 0.5, "a number above its least is read");
	ok(sample.open == 1e300, "one without an upper limit");
	ok(sample.over == 3, "one at its least");
	good(arena, "{\"integer\":10}", &sample);
	is_int(sample.integer, 10, "an integer is read");
	good(arena, "{\"integer\":null}", &sample);
	is_int(sample.integer, 0, "null clears an integer");
	good(arena, "{\"whole\":-9223372036854775808}", &sample);
	is_int(sample.whole, INT64_MIN, "the least integer is read");
	good(arena, "{\"whole\":9223372036854775807}", &sample);
	is_int(sample.whole, INT64_MAX, "the largest integer is read");
	good(arena, "{\"flag\":true}", &sample);
	ok(sample.flag, "true is read");
	good(arena, "{\"flag\":false}", &sample);
	ok(!sample.flag, "false is read");
}

static void
test_ids_and_names(struct arena *arena)
{
	struct sample sample = { .when = 1 };
	int64_t when = 0;

	good(arena, "{\"id\":\"" ID "\"}", &sample);
	is_text(id_text(arena, &sample.id), ID, "an id is read");
	good(arena, "{\"id\":null}", &sample);
	ok(id_is_none(&sample.id), "null clears an id");
	good(arena, "{\"when\":\"2026-11-21T10:00:00+01:00\"}", &sample);
	ok(when_parse("2026-11-21T09:00:00Z", &when) == OK &&
		sample.when == when,
	    "a time is read");
	good(arena, "{\"when\":null}", &sample);
	is_int(sample.when, 0, "null clears a time");
	good(arena, "{\"colour\":\"green\"}", &sample);
	is_int(sample.colour, COLOUR_GREEN, "a name is read");
	good(arena, "{\"colour\":null}", &sample);
	is_int(sample.colour, COLOUR_NONE, "null clears a name");
}

static void
test_trees(struct arena *arena)
{
	struct sample sample = { .object = "x" };

	good(arena, "{\"object\": {\"b\": [1.5],\"a\": null} }", &sample);
	is_text(sample.object, "{\"b\":[1.5],\"a\":null}",
	    "an object is compact, its order kept");
	good(arena, "{\"object\":null}", &sample);
	ok(sample.object == NULL, "null clears an object");
	good(arena, "{\"either\":{}}", &sample);
	is_text(sample.either, "{}", "an object is read where both may be");
	good(arena, "{\"either\":[]}", &sample);
	is_text(sample.either, "[]", "and so is an array");
	good(arena, "{\"array\":[1,{\"a\":\"/\"}]}", &sample);
	is_text(sample.array, "[1,{\"a\":\"/\"}]", "an array is read");
	good(arena, "{\"texts\":[\"a\", \"b\", \"c\"]}", &sample);
	is_text(sample.texts, "[\"a\",\"b\",\"c\"]", "texts are read");
	good(arena, "{\"texts\":null}", &sample);
	ok(sample.texts == NULL, "null clears texts");
	good(arena, "{\"mixed\":[\"a\",{\"b\":1}]}", &sample);
	is_text(sample.mixed, "[\"a\",{\"b\":1}]",
	    "objects are read among texts that may be objects");
	good(arena, "{\"numbers\":[1,\"b\",2.50]}", &sample);
	is_text(sample.numbers, "[\"1\",\"b\",\"2.50\"]",
	    "numbers among texts are taken as their texts");
}

static void
test_structs(struct arena *arena)
{
	struct sample sample = { .part = { "old", 5 } };
	const struct part *parts;

	good(arena, "{\"part\":{\"name\":\"new\"}}", &sample);
	is_text(sample.part.name, "new", "a struct's field is read");
	is_int(sample.part.count, 5, "one that is not given stays");
	good(arena, "{\"part\":null}", &sample);
	ok(sample.part.name == NULL && sample.part.count == 0,
	    "null clears a struct");
	good(arena,
	    "{\"parts\":[{\"name\":\"a\"},{\"name\":\"b\",\"count\":2}]}",
	    &sample);
	is_int((int64_t)sample.parts.count, 2, "a list is read");
	parts = sample.parts.items;
	is_text(parts[0].name, "a", "with its first item");
	is_int(parts[0].count, 0, "which is empty where nothing is given");
	is_text(parts[1].name, "b", "and its second");
	is_int(parts[1].count, 2, "and all of that");
	good(arena, "{\"parts\":[]}", &sample);
	is_int((int64_t)sample.parts.count, 0, "an empty list is read");
	good(arena, "{\"parts\":null}", &sample);
	ok(sample.parts.items == NULL, "null clears a list");
	good(arena, "{\"low\":-7,\"high\":5}", &sample);
	ok(sample.limits.low == -7 && sample.limits.high == 5,
	    "inline fields are read");
}

/* A partial update: what is not given stays as it is. */
static void
test_over(struct arena *arena)
{
	struct sample sample = { .text = "text",
		.word = "word",
		.number = 1.5,
		.flag = true,
		.when = 5,
		.shown = "shown",
		.colour = COLOUR_RED,
		.array = "[]",
		.limits = { 1, 2 } };

	good(arena, "{}", &sample);
	is_text(sample.text, "text", "an empty document leaves a text");
	ok(sample.number == 1.5 && sample.flag && sample.when == 5 &&
		sample.colour == COLOUR_RED,
	    "and every value");
	ok(sample.limits.low == 1 && sample.limits.high == 2,
	    "those that are inline too");
	good(arena, "{\"high\":3,\"shown\":\"forged\"}", &sample);
	ok(sample.limits.high == 3, "what is given is changed");
	ok(sample.limits.low == 1, "what stands beside it is not");
	is_text(sample.array, "[]", "nor what stands elsewhere");
	is_text(sample.shown, "shown", "what is only shown is never read");
}

static void
test_all_at_once(struct arena *arena)
{
	static const char *const paths[] = { "/settings/text",
		"/settings/number", "/settings/texts/0", "/settings/texts/1",
		"/settings/part/name", "/settings/part/count",
		"/settings/parts/0", "/settings/parts/1/name",
		"/settings/high" };
	struct sample sample = { .text = "text", .number = 1 };
	struct faults faults;
	size_t i;

	is_int(read_sample(arena,
		   "{\"number\":9,\"text\":false,\"flag\":true,"
		   "\"texts\":[1,2,\"c\"],\"part\":{\"count\":0},"
		   "\"parts\":[5,{}],\"high\":-1}",
		   "/settings", &faults, &sample),
	    INVALID, "a document with many faults is refused");
	is_int((int64_t)faults.count, COUNT(paths), "with every fault");
	for (i = 0; i < COUNT(paths) && i < faults.count; i++)
		is_text(faults.list[i].field, paths[i],
		    "in the order of the table, under the path that is given");
	is_text(sample.text, "text", "a fault leaves its member alone");
	ok(sample.number == 1, "and so does each");
	ok(sample.texts == NULL && sample.parts.items == NULL,
	    "also where only an item is wrong");
	is_text(faults.list[0].reason->code, "INVALID_PARAMETER",
	    "a wrong value has its reason");
	is_text(faults.list[4].reason->code, "MISSING_REQUIRED_FIELDS",
	    "and a missing one has another");
}

static const struct field reasoned_fields[] = {
	{ "aim", FIELD_TEXT, FIELD_REQUIRED, FIELD_AT(struct part, name), 1, 9,
	    .reason = INVALID_OBJECTIVE },
};
static const struct schema reasoned_schema =
    SCHEMA("Reasoned", reasoned_fields, struct part);

static void
test_reason(struct arena *arena)
{
	struct part part = { .name = NULL };
	struct faults faults;
	struct reader reader = { arena, &faults, NULL, NULL };
	struct json_object *document;
	struct json_fault fault;

	faults_init(&faults, arena);
	is_int(json_parse(arena, "{\"aim\":\"\"}", 10, &document, &fault), OK,
	    "a document is read");
	is_int(field_read(&reader, &reasoned_schema, document, "", &part),
	    INVALID, "a value out of range is refused");
	is_text(faults.list[0].reason->code, "INVALID_OBJECTIVE",
	    "with the reason of its field");
}

/* clang-format off */
static const struct field pair_fields[] = {
	{ "user", FIELD_TEXT, FIELD_REQUIRED, FIELD_AT(struct part, name) },
	{ "to", FIELD_TEXT, FIELD_ALIAS, FIELD_AT(struct part, name) },
	{ "count", FIELD_INTEGER, FIELD_REQUIRED,
	    FIELD_AT(struct part, count) },
};
static const struct schema pair_schema =
    SCHEMA("Pair", pair_fields, struct part);
/* clang-format on */

static void
test_required(struct arena *arena)
{
	struct faults faults;
	struct reader reader = { .arena = arena, .faults = &faults };
	struct json_object *document =
	    json_own(arena, json_object_new_object());
	struct part part = { NULL, 3 };

	faults_init(&faults, arena);
	is_int(field_read(&reader, &pair_schema, document, "", &part), INVALID,
	    "an empty document is refused where fields are required");
	is_int((int64_t)faults.count, 2, "for each of them");
	is_text(faults.list[0].field, "/user", "by its name");
	is_text(
	    faults.list[1].message, "count is required", "and in a sentence");
	is_int(part.count, 3, "and the struct stays as it is");
	faults_init(&faults, arena);
	(void)json_object_object_add(document, "to", json_string("you"));
	is_int(field_read(&reader, &pair_schema, document, "", &part), INVALID,
	    "an alias is not good for another field");
	is_int((int64_t)faults.count, 1, "which is still missing");
	faults_init(&faults, arena);
	(void)json_object_object_add(document, "count", json_object_new_int(1));
	is_int(field_read(&reader, &pair_schema, document, "", &part), OK,
	    "an alias is as good for a required field");
	is_text(part.name, "you", "and fills it");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_bad(arena);
	test_texts(arena);
	test_loose(arena);
	test_numbers(arena);
	test_ids_and_names(arena);
	test_trees(arena);
	test_structs(arena);
	test_over(arena);
	test_all_at_once(arena);
	test_required(arena);
	test_reason(arena);
	arena_free(arena);
	return done();
}
