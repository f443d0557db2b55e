/*
 * Reading the parameters of a query.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/names.h"
#include "model/field.h"

#include "tap.h"

struct page {
	int64_t page;
};

struct query {
	const char *name;
	double ratio;
	bool active;
	int order;
	struct page page;
};

static const char *const order_words[] = { "asc", "desc" };
static const struct names orders = NAMES(order_words);

/* clang-format off */
static const struct field page_fields[] = {
	{ "page", FIELD_INTEGER, 0, FIELD_AT(struct page, page), 1, 50 },
};
static const struct schema page_schema =
    SCHEMA("Page", page_fields, struct page);

static const struct field fields[] = {
	{ "active", FIELD_BOOLEAN, 0, FIELD_AT(struct query, active) },
	{ "name", FIELD_TEXT, 0, FIELD_AT(struct query, name) },
	{ "ratio", FIELD_NUMBER, 0, FIELD_AT(struct query, ratio) },
	{ "order", FIELD_NAME, 0, FIELD_AT(struct query, order),
	    .names = &orders },
	{ "paging", FIELD_INLINE, 0, FIELD_AT(struct query, page),
	    .schema = &page_schema },
};
static const struct schema schema = SCHEMA("Query", fields, struct query);

static const struct {
	const char *pairs[5];
	const char *path, *message, *name;
} bad[] = {
	{ { "page", "one" }, "/page", "page must be an integer",
	    "a word is no page" },
	{ { "page", "" }, "/page", "page must be an integer",
	    "nothing is no page" },
	{ { "page", "1.0" }, "/page", "page must be an integer",
	    "a fraction is no page" },
	{ { "page", "0" }, "/page", "page must be at least 1 and at most 50",
	    "a page has its limits" },
	{ { "ratio", "half" }, "/ratio", "ratio must be a number",
	    "a word is no number" },
	{ { "active", "yes" }, "/active", "active must be true or false",
	    "yes is not true" },
	{ { "active", "1" }, "/active", "active must be true or false",
	    "1 is not true" },
	{ { "order", "up" }, "/order", "order must be asc or desc",
	    "a word that is none of the names" },
	{ { "name", "a", "name", "b" }, "/name",
	    "a query parameter is given twice", "a name is given twice" },
	{ { "x/y~", "a", "x/y~", "b" }, "/x~1y~0",
	    "a query parameter is given twice",
	    "an unknown name is given twice" },
};
/* clang-format on */

static void
test_bad(struct arena *arena)
{
	struct faults faults, warnings;
	struct reader reader = { arena, &faults, &warnings, NULL };
	struct query query = { 0 };
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		faults_init(&faults, arena);
		faults_init(&warnings, arena);
		is_int(field_read_query(&reader, &schema, bad[i].pairs, &query),
		    INVALID, "%s", bad[i].name);
		is_int((int64_t)faults.count, 1, "which is one fault");
		if (faults.count == 0)
			continue;
		is_text(faults.list[0].field, bad[i].path, "at its place");
		is_text(faults.list[0].message, bad[i].message,
		    "that says what is right");
	}
}

static void
test_good(struct arena *arena)
{
	static const char *const none[] = { NULL };
	static const char *const all[] = { "page", "12", "name", "7", "ratio",
		"-1.5", "active", "true", "order", "desc", NULL };
	struct faults faults;
	struct reader reader = { .arena = arena, .faults = &faults };
	struct query query = { .name = "default", .page = { 1 } };

	faults_init(&faults, arena);
	is_int(field_read_query(&reader, &schema, none, &query), OK,
	    "an empty query is read");
	is_text(query.name, "default", "and leaves the default");
	is_int(query.page.page, 1, "of each parameter");
	is_int(field_read_query(&reader, &schema, all, &query), OK,
	    "a full query is read");
	is_int(query.page.page, 12, "with its integer");
	is_text(query.name, "7", "its text, which may look like a number");
	ok(query.ratio == -1.5, "its number");
	ok(query.active, "its boolean");
	is_int(query.order, 1, "and its name");
	is_int((int64_t)faults.count, 0, "without a fault");
}

static void
test_unknown(struct arena *arena)
{
	static const char *const pairs[] = { "pge", "2", "", "", "utm_source",
		"mail", NULL };
	struct faults faults, warnings;
	struct reader reader = { arena, &faults, &warnings, NULL };
	struct query query = { 0 };

	faults_init(&faults, arena);
	faults_init(&warnings, arena);
	is_int(field_read_query(&reader, &schema, pairs, &query), OK,
	    "unknown parameters are no fault");
	is_int((int64_t)warnings.count, 3, "but are warned of");
	is_text(warnings.list[0].message,
	    "pge is not a field of this request and was ignored; did you mean"
	    " page?",
	    "with the nearest that is known");
}

/* As a provider's form is read, which may have anything in it. */
static void
test_unasked(struct arena *arena)
{
	static const char *const unknown[] = { "Media", "a", "page", "2",
		"Media", "b", NULL };
	static const char *const known[] = { "page", "2", "page", "2", NULL };
	struct faults faults;
	struct reader reader = { .arena = arena, .faults = &faults };
	struct query query = { 0 };

	faults_init(&faults, arena);
	is_int(field_read_query(&reader, &schema, unknown, &query), OK,
	    "where nobody asks for them unknown names may be repeated");
	is_int(query.page.page, 2, "beside what is known");
	is_int(field_read_query(&reader, &schema, known, &query), INVALID,
	    "which may not");
}

/* Faults that were there before are another reading's. */
static void
test_faults_before(struct arena *arena)
{
	static const char *const pairs[] = { "page", "2", NULL };
	static const struct reason reason = { "OTHER", 400 };
	struct faults faults;
	struct reader reader = { .arena = arena, .faults = &faults };
	struct query query = { 0 };

	faults_init(&faults, arena);
	(void)fault_add(&faults, &reason, NULL, "another");
	is_int(field_read_query(&reader, &schema, pairs, &query), OK,
	    "a good query is one beside other faults too");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_bad(arena);
	test_good(arena);
	test_unknown(arena);
	test_unasked(arena);
	test_faults_before(arena);
	arena_free(arena);
	return done();
}
