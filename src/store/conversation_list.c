/*
 * The statement is put together from the constant pieces below, picked by
 * index; every value is bound.
 */
#include "base/base.h"

#include "store/conversation_list.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/page.h"
#include "model/progress.h"
#include "store/conversation_columns.h"
#include "store/like.h"

#define SQL_MOST 8192
#define VALUES_MOST (FILTERS_MOST + 3)
#define MILLISECOND 1000 /* microseconds */

/* As the API writes it: milliseconds, and "Z". */
#define TIME_TEXT(column)                                                      \
	"CONCAT(LEFT(DATE_FORMAT(" column ", '%Y-%m-%dT%H:%i:%s.%f'), 23),"    \
	" 'Z')"

enum sort {
	SORT_CREATED_AT,
	SORT_UPDATED_AT,
	SORT_USER_NUMBER,
	SORT_AGENT_NUMBER,
	SORT_IS_ACTIVE,
	SORT_MESSAGE_COUNT,
	SORT_PATHWAY,
	SORT_PATHWAY_VERSION,
	SORT_TIMED_OUT_AT,
	SORT_N
};

/* clang-format off */
static const char *const sort_words[] = {
	[SORT_CREATED_AT]      = "created_at",
	[SORT_UPDATED_AT]      = "updated_at",
	[SORT_USER_NUMBER]     = "user_number",
	[SORT_AGENT_NUMBER]    = "agent_number",
	[SORT_IS_ACTIVE]       = "is_active",
	[SORT_MESSAGE_COUNT]   = "message_count",
	[SORT_PATHWAY]         = "curr_pathway_id",
	[SORT_PATHWAY_VERSION] = "curr_pathway_version",
	[SORT_TIMED_OUT_AT]    = "timed_out_at",
};

static const char *const sort_columns[] = {
	[SORT_CREATED_AT]      = "c.created_at",
	[SORT_UPDATED_AT]      = "c.updated_at",
	[SORT_USER_NUMBER]     = "c.user_key",
	[SORT_AGENT_NUMBER]    = "c.agent_key",
	[SORT_IS_ACTIVE]       = "c.status = 'open'",
	[SORT_MESSAGE_COUNT]   = "c.message_count",
	[SORT_PATHWAY]         = "c.pathway_id",
	[SORT_PATHWAY_VERSION] = "c.pathway_version",
	[SORT_TIMED_OUT_AT]    = "c.timed_out_at",
};
static_assert(COUNT(sort_words) == SORT_N, "a word for every order");
static_assert(COUNT(sort_columns) == SORT_N, "a column for every order");

const struct names conversation_sort_names = NAMES(sort_words);

const struct filter_field conversation_filter_fields[] = {
	{ "created_at",           FILTER_WHEN },
	{ "updated_at",           FILTER_WHEN },
	{ "user_number",          FILTER_TEXT },
	{ "agent_number",         FILTER_TEXT },
	{ "is_active",            FILTER_BOOLEAN },
	{ "message_count",        FILTER_NUMBER },
	{ "variables",            FILTER_TEXT },
	{ "current_node_id",      FILTER_TEXT },
	{ "curr_pathway_id",      FILTER_TEXT },
	{ "curr_pathway_version", FILTER_TEXT },
	{ "timed_out_at",         FILTER_WHEN },
};
const size_t conversation_filter_count = COUNT(conversation_filter_fields);

/* A field as a value and as text, in the order above. */
static const struct {
	const char *value, *text;
} filter_columns[] = {
	{ "c.created_at",      TIME_TEXT("c.created_at") },
	{ "c.updated_at",      TIME_TEXT("c.updated_at") },
	{ "c.user_key",        "c.user_key" },
	{ "c.agent_key",       "c.agent_key" },
	{ "(c.status = 'open')",
	    "IF(c.status = 'open', 'true', 'false')" },
	{ "c.message_count",   "CAST(c.message_count AS CHAR)" },
	{ "c.variables",       "c.variables" },
	{ "c.node_id",         "c.node_id" },
	{ "c.pathway_id",      "c.pathway_id" },
	{ "c.pathway_version", "c.pathway_version" },
	{ "c.timed_out_at",    TIME_TEXT("c.timed_out_at") },
};
static_assert(COUNT(filter_columns) == COUNT(conversation_filter_fields),
    "a column for every filter");

static const struct {
	const char *sql;
	const char *before, *after; /* of a LIKE; NULL: compares values */
} operators[] = {
	[FILTER_EQ]          = { " = ?",  NULL, NULL },
	[FILTER_CONTAINS]    = { " LIKE ?" LIKE_ESCAPE, "%", "%" },
	[FILTER_STARTS_WITH] = { " LIKE ?" LIKE_ESCAPE, "",  "%" },
	[FILTER_ENDS_WITH]   = { " LIKE ?" LIKE_ESCAPE, "%", "" },
	[FILTER_GT]          = { " > ?",  NULL, NULL },
	[FILTER_GTE]         = { " >= ?", NULL, NULL },
	[FILTER_LT]          = { " < ?",  NULL, NULL },
	[FILTER_LTE]         = { " <= ?", NULL, NULL },
};
static_assert(COUNT(operators) == FILTER_OPERATOR_N,
    "a fragment for every operator");
/* clang-format on */

struct total {
	int64_t count;
};

static const struct column total_columns[] = {
	COLUMN(INTEGER, struct total, count),
};

static const struct column list_columns[] = {
	CONVERSATION_COLUMNS,
	COLUMN(TEXT, struct conversation, last_message),
};

#define LAST_MESSAGE                                                           \
	" (SELECT m.text FROM message m"                                       \
	"  WHERE m.account_id = c.account_id AND m.conversation_id = c.id"     \
	"  AND m.deleted_at IS NULL"                                           \
	"  ORDER BY m.seq DESC LIMIT 1)"

struct building {
	struct arena *arena;
	struct buf sql;
	struct value values[VALUES_MOST];
	size_t count;
};

static void add_where(struct building *building, const struct id *account,
    const struct filters *filters);
static enum outcome count_items(struct db *db, struct arena *arena,
    const struct id *account, const struct conversation_query *query,
    int64_t *items);

static void
start(struct building *building, struct arena *arena, const char *sql)
{
	building->arena = arena;
	building->count = 0;
	buf_init(&building->sql, arena, SQL_MOST);
	buf_add_text(&building->sql, sql);
}

enum outcome
conversation_list(struct db *db, struct arena *arena, const struct id *account,
    const struct conversation_query *query, struct page *page)
{
	struct building building;
	struct stmt stmt = {
		ROWS(list_columns, struct conversation),
		.once = true,
	};
	const char *direction = query->ascending ? "ASC" : "DESC";
	struct rows rows;
	enum outcome rc;

	rc = count_items(db, arena, account, query, &page->pagination.items);
	if (rc != OK)
		return rc;
	start(&building, arena,
	    "SELECT " CONVERSATION_NAMES "," LAST_MESSAGE
	    " FROM conversation c");
	add_where(&building, account, &query->filters);
	buf_add_format(&building.sql, " ORDER BY %s %s, c.id %s",
	    sort_columns[query->sort], direction, direction);
	buf_add_text(&building.sql, " LIMIT ? OFFSET ?");
	building.values[building.count++] = value_integer(query->size);
	building.values[building.count++] =
	    value_integer((query->page - 1) * query->size);
	assert(buf_ok(&building.sql));
	stmt.sql = buf_text(&building.sql);
	rc = stmt_all(db, arena, &stmt, building.values, building.count, &rows);
	if (rc != OK)
		return rc;
	page->list.items = rows.list;
	page->list.count = rows.count;
	page->pagination.page = query->page;
	page->pagination.size = query->size;
	page->pagination.pages =
	    (page->pagination.items + query->size - 1) / query->size;
	return OK;
}

static enum outcome
count_items(struct db *db, struct arena *arena, const struct id *account,
    const struct conversation_query *query, int64_t *items)
{
	struct building building;
	struct stmt stmt = { ROWS(total_columns, struct total), .once = true };
	struct total total;
	enum outcome rc;

	start(&building, arena, "SELECT COUNT(*) FROM conversation c");
	add_where(&building, account, &query->filters);
	assert(buf_ok(&building.sql));
	stmt.sql = buf_text(&building.sql);
	rc =
	    stmt_one(db, arena, &stmt, building.values, building.count, &total);
	if (rc == OK)
		*items = total.count;
	return rc;
}

/* The text as a pattern in which nothing stands for anything else. */
static struct value
like(struct building *building, const struct filter *filter)
{
	return value_text(like_text(building->arena,
	    operators[filter->operator].before, filter->text,
	    operators[filter->operator].after));
}

/* Clients see milliseconds, the columns have microseconds: what is meant is
 * the whole millisecond.  Not value_when: here 0 is 1970 and not "never". */
static struct value
moment(const struct filter *filter)
{
	bool after =
	    filter->operator== FILTER_GT || filter->operator== FILTER_LTE;
	int64_t rest = filter->when % MILLISECOND == 0 ? MILLISECOND - 1 : 0;

	return (struct value){ .kind = VALUE_WHEN,
		.integer = filter->when + (after ? rest : 0) };
}

/* A moment is equal when it reads the same. */
static bool
is_shown_equal(const struct filter *filter)
{
	return filter->operator == FILTER_EQ && !filter->is_null &&
	    conversation_filter_fields[filter->field].kind == FILTER_WHEN;
}

static struct value
operand(const struct filter *filter)
{
	switch (conversation_filter_fields[filter->field].kind) {
	case FILTER_NUMBER:
		return value_number(filter->number);
	case FILTER_BOOLEAN:
		return value_boolean(filter->boolean);
	case FILTER_WHEN:
		return moment(filter);
	case FILTER_TEXT:
	case FILTER_KIND_N:
		break;
	}
	return value_text(filter->text);
}

static void
add_filter(struct building *building, const struct filter *filter)
{
	bool likened = operators[filter->operator].before != NULL;
	bool shown = is_shown_equal(filter);
	const char *column = likened || shown
				 ? filter_columns[filter->field].text
				 : filter_columns[filter->field].value;
	struct value value;

	buf_add_format(&building->sql, " AND %s", column);
	if (filter->is_null) {
		buf_add_text(&building->sql, " IS NULL");
		return;
	}
	buf_add_text(&building->sql, operators[filter->operator].sql);
	if (likened)
		value = like(building, filter);
	else if (shown)
		value = value_text(when_text(building->arena, filter->when));
	else
		value = operand(filter);
	building->values[building->count++] = value;
}

static void
add_where(struct building *building, const struct id *account,
    const struct filters *filters)
{
	size_t i;

	buf_add_text(&building->sql,
	    " WHERE c.account_id = ?"
	    " AND c.channel IN ('sms', 'whatsapp', 'imessage')");
	building->values[building->count++] = value_id(account);
	for (i = 0; i < filters->count; i++)
		add_filter(building, &filters->list[i]);
}
