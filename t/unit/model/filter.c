/*
 * Filters: what they may say, and every word that is refused.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/when.h"
#include "model/filter.h"

#include "tap.h"

#define TEXT_MOST 4096

enum { NUMBER, COUNT_OF, ACTIVE, CREATED };

static const struct filter_field fields[] = {
	{ "user_number", FILTER_TEXT },
	{ "message_count", FILTER_NUMBER },
	{ "is_active", FILTER_BOOLEAN },
	{ "created_at", FILTER_WHEN },
};

#define ITEM(field, operator, value)                                           \
	"[{\"field\":\"" field "\",\"operator\":\""                            \
	operator"\",\"value\":" value "}]"

/* clang-format off */
static const struct {
	const char *json, *message, *name;
} refusals[] = {
	{ "", NULL, "nothing at all is refused" },
	{ "{}", "filters must be an array of objects with field, operator and"
	    " value", "an object in place of the array is refused" },
	{ "null", "filters must be an array of objects with field, operator"
	    " and value", "null in place of the array is refused" },
	{ "[1]", "filters[0]: must be an object with field, operator and"
	    " value", "an item that is no object is refused" },
	{ "[null]", "filters[0]: must be an object with field, operator and"
	    " value", "an item that is null is refused" },
	{ "[{\"operator\":\"eq\",\"value\":1}]",
	    "filters[0]: field is required", "a missing field is refused" },
	{ "[{\"field\":\"is_active\",\"value\":1}]",
	    "filters[0]: operator is required",
	    "a missing operator is refused" },
	{ "[{\"field\":\"is_active\",\"operator\":\"eq\"}]",
	    "filters[0]: value is required", "a missing value is refused" },
	{ "[{\"field\":\"is_active\",\"operator\":\"eq\",\"value\":true,"
	    "\"values\":[]}]", "filters[0]: values is unknown; a filter has"
	    " field, operator and value", "an unknown member is refused" },
	{ ITEM("message", "eq", "1"), "filters[0]: field must be user_number,"
	    " message_count, is_active or created_at",
	    "an unknown field is refused with those there are" },
	{ ITEM("is_active", "ne", "true"), "filters[0]: operator must be eq,"
	    " contains, startsWith, endsWith, gt, gte, lt or lte",
	    "an unknown operator is refused with those there are" },
	{ ITEM("is_active", "EQ", "true"), "filters[0]: operator must be eq,"
	    " contains, startsWith, endsWith, gt, gte, lt or lte",
	    "an operator in capitals is refused" },
	{ "[{\"field\":1,\"operator\":\"eq\",\"value\":true}]",
	    "filters[0]: field must be user_number, message_count, is_active"
	    " or created_at", "a field that is no string is refused" },
	{ "[{\"field\":\"is_active\",\"operator\":null,\"value\":true}]",
	    "filters[0]: operator must be eq, contains, startsWith, endsWith,"
	    " gt, gte, lt or lte", "an operator that is null is refused" },
	{ ITEM("user_number", "eq", "[]"), "filters[0]: value must be a"
	    " string, a number, true, false or null",
	    "an array for a value is refused" },
	{ ITEM("user_number", "contains", "{}"), "filters[0]: value must be a"
	    " string, a number, true, false or null",
	    "an object for a value is refused" },
	{ ITEM("message_count", "gt", "\"many\""),
	    "filters[0]: value must be a number for message_count",
	    "a word for a number is refused" },
	{ ITEM("message_count", "eq", "true"),
	    "filters[0]: value must be a number for message_count",
	    "a boolean for a number is refused" },
	{ ITEM("is_active", "eq", "1"),
	    "filters[0]: value must be true or false for is_active",
	    "a number for a boolean is refused" },
	{ ITEM("created_at", "lt", "\"yesterday\""),
	    "filters[0]: value must be a time of RFC 3339, for instance"
	    " 2026-11-21T09:00:00Z for created_at",
	    "a word for a time is refused" },
	{ ITEM("user_number", "contains", "null"),
	    "filters[0]: value may be null only with eq",
	    "nothing contains null" },
	{ ITEM("created_at", "gt", "null"),
	    "filters[0]: value may be null only with eq",
	    "nothing comes after null" },
	{ ITEM("user_number", "eq", "\"a\\u0007b\""),
	    "filters[0]: value must be text without control characters",
	    "a control character is refused" },
	{ ITEM("user_number", "eq", "\"a\\u0000b\""),
	    "filters[0]: value must be text without control characters",
	    "a text with a NUL is refused" },
};
/* clang-format on */

static enum outcome
read_filters(struct arena *arena, const char *json, struct faults *faults,
    struct filters *filters)
{
	faults_init(faults, arena);
	return filter_read(arena, json, fields, COUNT(fields), faults, filters);
}

static void
test_refusals(struct arena *arena)
{
	struct filters filters = { .count = 7 };
	struct faults faults;
	size_t i;

	for (i = 0; i < COUNT(refusals); i++) {
		is_int(read_filters(arena, refusals[i].json, &faults, &filters),
		    INVALID, "%s", refusals[i].name);
		is_int((int64_t)faults.count, 1, "with one fault");
		if (faults.count == 0)
			continue;
		is_text(faults.list[0].reason->code, "INVALID_FILTER",
		    "which has its reason");
		is_text(faults.list[0].field, "/filters", "and its place");
		if (refusals[i].message != NULL)
			is_text(faults.list[0].message, refusals[i].message,
			    "and says what is wrong");
	}
	is_int((int64_t)filters.count, 7, "a refusal leaves the filters alone");
}

static void
test_syntax(struct arena *arena)
{
	struct filters filters;
	struct faults faults;

	is_int(read_filters(arena, "[\n {\"field\" 1}]", &faults, &filters),
	    INVALID, "what is no JSON is refused");
	ok(faults.count == 1 &&
		strncmp(faults.list[0].message,
		    "filters must be JSON: line 2, column 11: ", 41) == 0,
	    "with the line and the column");
	is_int(read_filters(arena,
		   "[{\"field\":\"is_active\",\"field\":\"is_active\"}]",
		   &faults, &filters),
	    INVALID, "a member that is given twice is refused");
}

static void
test_all_at_once(struct arena *arena)
{
	struct filters filters;
	struct faults faults;

	is_int(read_filters(arena,
		   "[{\"field\":\"is_active\",\"operator\":\"eq\","
		   "\"value\":true},"
		   "{\"feld\":\"x\",\"operator\":\"is\"},"
		   "{\"field\":\"is_active\",\"operator\":\"eq\","
		   "\"value\":\"maybe\"}]",
		   &faults, &filters),
	    INVALID, "some bad filters among good ones are refused");
	is_int((int64_t)faults.count, 5, "and every fault is reported");
	if (faults.count != 5)
		return;
	is_text(faults.list[0].message,
	    "filters[1]: feld is unknown; a filter has field, operator and"
	    " value",
	    "first the unknown member");
	is_text(faults.list[1].message, "filters[1]: field is required",
	    "then a missing one");
	is_text(faults.list[2].message, "filters[1]: value is required",
	    "then another");
	is_text(faults.list[3].message,
	    "filters[1]: operator must be eq, contains, startsWith, endsWith,"
	    " gt, gte, lt or lte",
	    "then the operator");
	is_text(faults.list[4].message,
	    "filters[2]: value must be true or false for is_active",
	    "then the next filter's");
}

static void
test_count(struct arena *arena)
{
	struct filters filters = { .count = 1 };
	struct faults faults;
	struct buf buf;
	int i;

	is_int(read_filters(arena, "[]", &faults, &filters), OK,
	    "no filters are fine");
	is_int((int64_t)filters.count, 0, "and are none");
	buf_init(&buf, arena, TEXT_MOST);
	for (i = 0; i < FILTERS_MOST; i++)
		buf_add_format(&buf, "%c%s", i == 0 ? '[' : ',',
		    "{\"field\":\"is_active\",\"operator\":\"eq\","
		    "\"value\":true}");
	ok(buf_ok(&buf), "the test's text fits");
	is_int(read_filters(arena, arena_format(arena, "%s]", buf_text(&buf)),
		   &faults, &filters),
	    OK, "as many as there may be are fine");
	is_int((int64_t)filters.count, FILTERS_MOST, "and all are there");
	is_int(read_filters(arena, arena_format(arena, "%s,1]", buf_text(&buf)),
		   &faults, &filters),
	    INVALID, "one more is refused");
	is_text(faults.list[0].message, "filters must be at most 16, not 17",
	    "and the limit is said");
}

static struct filter
read_one(struct arena *arena, const char *json, const char *name)
{
	struct filters filters = { .count = 0 };
	struct faults faults;

	is_int(read_filters(arena, json, &faults, &filters), OK, "%s", name);
	if (faults.count > 0)
		printf("# %s\n", faults.list[0].message);
	is_int((int64_t)filters.count, 1, "and is one filter");
	return filters.list[0];
}

static void
test_values(struct arena *arena)
{
	struct filter filter;

	filter = read_one(
	    arena, ITEM("user_number", "eq", "\"+1\""), "a text is read");
	is_int((int64_t)filter.field, NUMBER, "with its field");
	is_int(filter.operator, FILTER_EQ, "its operator");
	is_text(filter.text, "+1", "and its value");
	ok(!filter.is_null, "which is not null");
	filter = read_one(arena, ITEM("user_number", "gte", "7"),
	    "a number for a text is read");
	is_text(filter.text, "7", "as its text");
	filter = read_one(
	    arena, ITEM("message_count", "lte", "2.50"), "a number is read");
	is_int((int64_t)filter.field, COUNT_OF, "with its field");
	is_int(filter.operator, FILTER_LTE, "its operator");
	ok(filter.number == 2.5, "its value");
	is_text(filter.text, "2.5", "and its text");
	filter = read_one(arena, ITEM("message_count", "lt", "\"-3\""),
	    "a number in a string is read");
	ok(filter.number == -3, "as the number");
	is_int(filter.operator, FILTER_LT, "with its operator");
	filter = read_one(
	    arena, ITEM("is_active", "eq", "true"), "a boolean is read");
	is_int((int64_t)filter.field, ACTIVE, "with its field");
	ok(filter.boolean, "as true");
	is_text(filter.text, "true", "and its text");
	filter = read_one(arena, ITEM("is_active", "eq", "\"false\""),
	    "a boolean in a string is read");
	ok(!filter.boolean, "as false");
}

static void
test_times_and_texts(struct arena *arena)
{
	struct filter filter;
	int64_t when = 0;

	filter = read_one(arena,
	    ITEM("created_at", "gt", "\"2026-11-21T09:00:00Z\""),
	    "a time is read");
	is_int((int64_t)filter.field, CREATED, "with its field");
	is_int(filter.operator, FILTER_GT, "its operator");
	ok(when_parse("2026-11-21T09:00:00Z", &when) == OK &&
		filter.when == when,
	    "and its moment");
	filter = read_one(arena, ITEM("created_at", "eq", "null"),
	    "null is read for any field");
	ok(filter.is_null, "as null");
	filter = read_one(arena, ITEM("created_at", "startsWith", "\"2026-\""),
	    "a beginning of a time is read");
	is_text(filter.text, "2026-", "as a text");
	is_int(filter.operator, FILTER_STARTS_WITH, "with its operator");
	filter = read_one(arena, ITEM("message_count", "endsWith", "5"),
	    "an end of a number is read");
	is_text(filter.text, "5", "as a text");
	is_int(filter.operator, FILTER_ENDS_WITH, "with its operator");
	filter = read_one(arena, ITEM("is_active", "contains", "\"tr\""),
	    "a part of a boolean is read");
	is_int(filter.operator, FILTER_CONTAINS, "with its operator");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_refusals(arena);
	test_syntax(arena);
	test_all_at_once(arena);
	test_count(arena);
	test_values(arena);
	test_times_and_texts(arena);
	arena_free(arena);
	return done();
}
