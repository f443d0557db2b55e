/*
 * Lists: every field with every operator, against a plain reading of the
 * same rows here; orders, pages, and accounts.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/page.h"
#include "store/conversation.h"
#include "store/conversation_list.h"
#include "store/message.h"

#include "database.h"
#include "tap.h"

#define SECOND WHEN_SECOND
#define MOMENT INT64_C(1893456000000000) /* 2030-01-01 */
#define FIELDS 11
#define BY_NAME 2 /* index of user_number in the orders */

/* The rows, by letter; their values are in the order of the fields.  Times
 * are such that what the API shows of them is all there is. */
/* clang-format off */
static const struct row {
	const char *user, *agent;
	bool active;
	int64_t count;
	const char *variables, *node, *pathway, *version;
	int64_t created, updated, timed_out;
} rows[] = {
	{ "+15550100000", "+1a", true, 0, "{\"a\":\"100%\"}", "start",
	    "p1", "1", MOMENT, MOMENT + 9 * SECOND, 0 },
	{ "+15550100001", "+1a", true, 12, "{\"a\":\"100x\"}", "st_rt",
	    "p2", "production", MOMENT + SECOND, MOMENT + 8 * SECOND, 0 },
	{ "+15550100002", "+1b", false, 2, "{\"a\":\"1|0\"}", "stärt",
	    "P1", "10", MOMENT + 2 * SECOND, MOMENT + 7 * SECOND,
	    MOMENT + 3600 * SECOND },
	{ "+25550100000", "+1b", false, 120, NULL, NULL,
	    NULL, NULL, MOMENT + 3 * SECOND, MOMENT + 6 * SECOND,
	    MOMENT + 7200 * SECOND + 500000 },
	{ "someone@example.com", "Büro", true, 1, "{\"a\":\"\\\\100\"}",
	    "🦜", "", "_", MOMENT + 4 * SECOND + 123000, MOMENT, 0 },
	{ "x'; DROP TABLE y; --", "100%", false, 3, "", "",
	    "%", "1", 1, MOMENT - 86400 * SECOND, 0 },
};
/* clang-format on */
#define ROW_N COUNT(rows)

static struct id
insert_row(struct database *d, const struct id *account, const struct row *row,
    const char *letter)
{
	struct conversation made = {
		.id = id_new(),
		.account_id = *account,
		.pair = { CHANNEL_SMS, row->user, row->agent },
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.position = { row->pathway, row->version, row->node },
		.variables = row->variables,
		.metadata = letter,
		.message_count = row->count,
		.created_at = row->created,
		.updated_at = row->updated,
	};

	must(conversation_insert(d->db, &made));
	made.is_active = row->active;
	made.timed_out_at = row->timed_out;
	if (!row->active)
		made.status = CONVERSATION_ENDED;
	must(conversation_save(d->db, &made));
	return made.id;
}

/* A field's value in a row: as a number, and as the text that a client
 * sees; NULL where it is null. */
static const char *
text_of(struct database *d, const struct row *row, size_t field, double *number)
{
	const int64_t moments[] = { row->created, row->updated,
		row->timed_out };
	const char *words[] = { NULL, NULL, row->user, row->agent, NULL, NULL,
		row->variables, row->node, row->pathway, row->version, NULL };
	int64_t moment;

	switch (conversation_filter_fields[field].kind) {
	case FILTER_WHEN:
		moment = moments[field == FIELDS - 1 ? 2 : field];
		*number = (double)moment;
		return moment == 0 ? NULL : when_text(d->arena, moment);
	case FILTER_BOOLEAN:
		*number = row->active;
		return row->active ? "true" : "false";
	case FILTER_NUMBER:
		*number = (double)row->count;
		return arena_format(d->arena, "%lld", (long long)row->count);
	case FILTER_TEXT:
	case FILTER_KIND_N:
		break;
	}
	return words[field];
}

static bool
ends(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Does a row hold by a filter? */
static bool
holds(struct database *d, const struct row *row, const struct filter *filter)
{
	double number = 0, than = filter->number, order;
	const char *text = text_of(d, row, filter->field, &number);

	if (filter->is_null || text == NULL)
		return filter->is_null && text == NULL;
	switch (conversation_filter_fields[filter->field].kind) {
	case FILTER_TEXT:
		number = strcmp(text, filter->text);
		than = 0;
		break;
	case FILTER_WHEN:
		than = (double)filter->when;
		break;
	case FILTER_BOOLEAN:
		than = filter->boolean;
		break;
	case FILTER_NUMBER:
	case FILTER_KIND_N:
		break;
	}
	order = number - than;
	/* clang-format off */
	switch (filter->operator) {
	case FILTER_EQ:          return order == 0;
	case FILTER_GT:          return order > 0;
	case FILTER_GTE:         return order >= 0;
	case FILTER_LT:          return order < 0;
	case FILTER_LTE:         return order <= 0;
	case FILTER_CONTAINS:    return strstr(text, filter->text) != NULL;
	case FILTER_STARTS_WITH:
		return strncmp(text, filter->text, strlen(filter->text)) == 0;
	case FILTER_ENDS_WITH:   return ends(text, filter->text);
	case FILTER_OPERATOR_N:  break;
	}
	/* clang-format on */
	return false;
}

/* The letters of a page, in its order. */
static const char *
letters(struct database *d, const struct conversation_query *query,
    struct page *page)
{
	const struct conversation *list;
	struct buf buf;
	size_t i;

	must(conversation_list(d->db, d->arena, &d->account, query, page));
	buf_init(&buf, d->arena, 1000);
	list = page->list.items;
	for (i = 0; i < page->list.count; i++)
		buf_add_text(&buf, list[i].metadata);
	return buf_text(&buf);
}

static struct conversation_query
all_rows(void)
{
	return (struct conversation_query){
		.sort = BY_NAME, .ascending = true, .page = 1, .size = 100
	};
}

static const char *
expected(struct database *d, const struct filter *filter)
{
	struct buf buf;
	size_t i;

	buf_init(&buf, d->arena, 1000);
	for (i = 0; i < ROW_N; i++)
		if (holds(d, &rows[i], filter))
			buf_add_char(&buf, (char)('a' + i));
	return buf_text(&buf);
}

/* The first or the second half of a text, by characters. */
static const char *
half(struct database *d, const char *text, bool second)
{
	size_t cut = strlen(text) / 2;

	while ((text[cut] & 0xc0) == 0x80)
		cut++;
	return second ? arena_text(d->arena, text + cut)
		      : arena_copy(d->arena, text, cut);
}

/* Filter number `i` of a field and an operator: with the values of all rows,
 * then of texts the first halves and the second.  False: there is none. */
static bool
make_filter(struct database *d, size_t i, struct filter *filter)
{
	enum filter_kind kind = conversation_filter_fields[filter->field].kind;
	double number = 0;
	const char *text = text_of(d, &rows[i % ROW_N], filter->field, &number);

	filter->is_null = text == NULL;
	if (text == NULL)
		return filter->operator== FILTER_EQ;
	if (kind == FILTER_TEXT && i >= ROW_N)
		text = half(d, text, i >= 2 * ROW_N);
	filter->text = text;
	filter->number = number;
	filter->when = (int64_t)number;
	filter->boolean = number != 0;
	return true;
}

static void
test_operator(struct database *d, size_t field, int how)
{
	struct conversation_query query = all_rows();
	struct filter *filter = &query.filters.list[0];
	struct page page;
	const char *got, *wanted = "", *wrong = NULL;
	size_t i;

	query.filters.count = 1;
	filter->field = field;
	filter->operator=(enum filter_operator) how;
	for (i = 0; wrong == NULL && i < 3 * ROW_N; i++) {
		if (!make_filter(d, i, filter))
			continue;
		got = letters(d, &query, &page);
		wanted = expected(d, filter);
		if (strcmp(got, wanted) != 0 ||
		    page.pagination.items != (int64_t)strlen(wanted))
			wrong = arena_format(d->arena, "%s for %s", got,
			    filter->is_null ? "null" : filter->text);
	}
	is_text(wrong == NULL ? wanted : wrong, wanted, "%s %s",
	    conversation_filter_fields[field].name,
	    names_text(&filter_operator_names, how));
}

/* What a client may write, read as the API reads it. */
/* clang-format off */
static const struct {
	const char *json, *wanted, *name;
} cases[] = {
	{ "[]", "abcdef", "no filter leaves all" },
	{ "[{\"field\":\"variables\",\"operator\":\"contains\","
	    "\"value\":\"100%\"}]", "a", "% stands for itself" },
	{ "[{\"field\":\"current_node_id\",\"operator\":\"startsWith\","
	    "\"value\":\"st_\"}]", "b", "_ stands for itself" },
	{ "[{\"field\":\"variables\",\"operator\":\"contains\","
	    "\"value\":\"1|0\"}]", "c", "| stands for itself" },
	{ "[{\"field\":\"variables\",\"operator\":\"contains\","
	    "\"value\":\"\\\\100\"}]", "e", "a backslash stands for itself" },
	{ "[{\"field\":\"user_number\",\"operator\":\"eq\","
	    "\"value\":\"x'; DROP TABLE y; --\"}]", "f",
	    "a quote ends nothing" },
	{ "[{\"field\":\"curr_pathway_id\",\"operator\":\"eq\","
	    "\"value\":\"p1\"}]", "a", "capitals are not small letters" },
	{ "[{\"field\":\"current_node_id\",\"operator\":\"contains\","
	    "\"value\":\"a\"}]", "a", "an umlaut is not its letter" },
	{ "[{\"field\":\"current_node_id\",\"operator\":\"eq\","
	    "\"value\":null}]", "d", "null finds what is not set" },
	{ "[{\"field\":\"current_node_id\",\"operator\":\"contains\","
	    "\"value\":\"\"}]", "abcef", "all that is set contains nothing" },
	{ "[{\"field\":\"is_active\",\"operator\":\"eq\","
	    "\"value\":true}]", "abe", "active ones" },
	{ "[{\"field\":\"is_active\",\"operator\":\"eq\","
	    "\"value\":\"false\"}]", "cdf", "ended ones, asked by a string" },
	{ "[{\"field\":\"created_at\",\"operator\":\"gte\","
	    "\"value\":\"1970-01-01\"}]", "abcdef",
	    "the first moment of all is a moment" },
	{ "[{\"field\":\"created_at\",\"operator\":\"eq\","
	    "\"value\":\"2030-01-01T01:00:04.123+01:00\"}]", "e",
	    "a time may have an offset" },
	{ "[{\"field\":\"created_at\",\"operator\":\"endsWith\","
	    "\"value\":\":04.123Z\"}]", "e",
	    "a time's text is the one that clients see" },
	{ "[{\"field\":\"message_count\",\"operator\":\"gt\",\"value\":1},"
	    "{\"field\":\"message_count\",\"operator\":\"lt\",\"value\":100},"
	    "{\"field\":\"is_active\",\"operator\":\"eq\",\"value\":false}]",
	    "cf", "all filters must hold" },
	{ "[{\"field\":\"message_count\",\"operator\":\"gt\","
	    "\"value\":1.5}]", "bcdf", "a number may have a fraction" },
};
/* clang-format on */

static void
test_cases(struct database *d)
{
	struct conversation_query query;
	struct faults faults;
	struct page page;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		query = all_rows();
		faults_init(&faults, d->arena);
		must(filter_read(d->arena, cases[i].json,
		    conversation_filter_fields, conversation_filter_count,
		    &faults, &query.filters));
		is_text(letters(d, &query, &page), cases[i].wanted, "%s",
		    cases[i].name);
	}
}

static void
test_most(struct database *d)
{
	struct conversation_query query = all_rows();
	struct page page;
	size_t i;

	query.filters.count = FILTERS_MOST;
	for (i = 0; i < FILTERS_MOST; i++)
		query.filters.list[i] = (struct filter){
			.field = 0, .operator= FILTER_CONTAINS, .text = "Z"
		};
	is_text(letters(d, &query, &page), "abcdef",
	    "the most filters that there may be fit");
}

/* The orders, ascending; f was created first, d has most messages. */
/* clang-format off */
static const struct {
	const char *word, *wanted;
} orders[] = {
	{ "created_at",           "fabcde" },
	{ "updated_at",           "fedcba" },
	{ "user_number",          "abcdef" },
	{ "agent_number",         "abcdfe" },
	{ "is_active",            "cdfabe" },
	{ "message_count",        "aecfbd" },
	{ "curr_pathway_id",      "defcab" },
	{ "curr_pathway_version", "dafceb" },
	{ "timed_out_at",         "abefcd" },
};
/* clang-format on */

static const char *
reversed(struct database *d, const char *text)
{
	size_t length = strlen(text), i;
	char *back = arena_copy(d->arena, text, length);

	for (i = 0; i < length; i++)
		back[i] = text[length - 1 - i];
	return back;
}

static void
test_orders(struct database *d)
{
	struct conversation_query query = all_rows();
	struct page page;
	size_t i;

	is_int(conversation_sort_names.count, COUNT(orders),
	    "there is a case for every order");
	for (i = 0; i < COUNT(orders); i++) {
		must(names_find(
		    &conversation_sort_names, orders[i].word, &query.sort));
		query.ascending = true;
		is_text(letters(d, &query, &page), orders[i].wanted,
		    "%s, ascending", orders[i].word);
		query.ascending = false;
		is_text(letters(d, &query, &page),
		    reversed(d, orders[i].wanted), "%s, descending",
		    orders[i].word);
	}
}

static void
test_pages(struct database *d)
{
	struct conversation_query query = all_rows();
	struct page page;

	query.size = 4;
	is_text(letters(d, &query, &page), "abcd", "the first page");
	is_int(page.pagination.items, 6, "tells all items");
	is_int(page.pagination.pages, 2, "tells the pages");
	is_int(page.pagination.page, 1, "tells which it is");
	is_int(page.pagination.size, 4, "tells how long pages are");
	query.page = 2;
	is_text(letters(d, &query, &page), "ef", "the last page is shorter");
	query.page = 3;
	is_text(letters(d, &query, &page), "", "behind it there is nothing");
	is_int(page.pagination.items, 6, "which still tells all items");
	query.page = PAGE_MOST;
	query.size = PAGE_SIZE_MOST;
	is_text(letters(d, &query, &page), "", "the farthest page is empty");
	query.page = 1;
	query.size = 6;
	is_text(letters(d, &query, &page), "abcdef", "a page that is full");
	is_int(page.pagination.pages, 1, "is the only one");
}

static void
test_accounts(struct database *d)
{
	struct database theirs = *d;
	struct conversation_query query = all_rows();
	struct page page;

	theirs.account = d->stranger;
	is_text(letters(&theirs, &query, &page), "",
	    "an account without conversations lists none");
	is_int(page.pagination.items, 0, "and counts none");
	is_int(page.pagination.pages, 0, "on no pages");
	(void)insert_row(d, &d->stranger, &rows[0], "z");
	is_text(
	    letters(&theirs, &query, &page), "z", "an account lists its own");
	is_text(letters(d, &query, &page), "abcdef", "which nobody else sees");
}

static void
test_last_message(struct database *d, const struct id *id)
{
	struct conversation_query query = all_rows();
	struct page page;
	struct message message = { .conversation_id = *id };
	const struct conversation *list;
	int i;

	for (i = 1; i <= 3; i++) {
		message.id = id_new();
		message.seq = i;
		message.text = arena_format(d->arena, "text %d", i);
		message.created_at = MOMENT;
		must(message_insert(d->db, &d->account, &message));
	}
	must(message_mark_deleted(d->db, &d->account, id, &message.id));
	(void)letters(d, &query, &page);
	list = page.list.items;
	is_text(list[0].last_message, "text 2",
	    "the last message that was not deleted is shown");
	is_text(list[1].last_message, NULL,
	    "of one without messages there is none");
	ok(id_equal(&list[0].account_id, &d->account) &&
		list[0].message_count == 0 && list[0].is_active,
	    "a list has the conversation's columns");
}

static void
test_index(struct database *d)
{
	struct conversation_query query = all_rows();
	struct page page;
	struct row row = rows[0];
	int64_t count, reads;
	int i;

	for (i = 0; i < 600; i++) {
		row.user = arena_format(d->arena, "many %d", i);
		row.created = MOMENT + i;
		(void)insert_row(d, &d->stranger, &row, "m");
	}
	database_do(d->db, "ANALYZE TABLE conversation, message");
	database_watch(d->db);
	(void)letters(d, &query, &page);
	ok(database_reads(d->db) <= 60,
	    "a list does not read what others have");
	database_watch(d->db);
	count = database_number(d->db,
	    "SELECT COUNT(*) FROM conversation WHERE account_id = %s",
	    database_id(d->arena, &d->stranger));
	reads = database_reads(d->db);
	d->account = d->stranger;
	must(names_find(&conversation_sort_names, "created_at", &query.sort));
	query.ascending = false;
	query.size = PAGE_SIZE;
	database_watch(d->db);
	(void)letters(d, &query, &page);
	is_int(page.pagination.items, count, "all are counted");
	ok(database_reads(d->db) <= reads + 4 * PAGE_SIZE,
	    "a page of the newest reads its rows, and counts the others");
}

int
main(void)
{
	struct database d;
	struct id first = { 0 }, id;
	size_t i;
	int how;

	database_open(&d);
	for (i = 0; i < ROW_N; i++) {
		id = insert_row(&d, &d.account, &rows[i],
		    arena_format(d.arena, "%c", (int)('a' + i)));
		if (i == 0)
			first = id;
	}
	is_int(conversation_filter_count, FIELDS, "all fields are known here");
	for (i = 0; i < FIELDS; i++)
		for (how = 0; how < FILTER_OPERATOR_N; how++)
			test_operator(&d, i, how);
	test_cases(&d);
	test_most(&d);
	test_orders(&d);
	test_pages(&d);
	test_accounts(&d);
	test_last_message(&d, &first);
	test_index(&d);
	database_close(&d);
	return done();
}
