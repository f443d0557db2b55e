#include "base/base.h"

#include "store/conversation_search.h"

#include "base/arena.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/progress.h"
#include "store/conversation_columns.h"
#include "store/conversation_source.h"

#include <stdlib.h>
#include <string.h>

#define SOURCES_MOST 16
#define AT_ONCE 25                       /* rows that one statement fetches */
#define MILLISECOND INT64_C(1000)        /* microseconds */
#define FIRST INT64_C(1)                 /* a moment before all others */
#define LAST INT64_C(253402300799999999) /* and one after them: 9999 */
#define VALUES_MOST (1 + SOURCE_KEYS_MOST + SOURCE_TIMES + SOURCE_REST + 1)
static_assert(VALUES_MOST <= STMT_VALUES_MAX, "a stream is one statement");

static const struct column columns[] = {
	CONVERSATION_COLUMNS,
	COLUMN(TEXT, struct conversation_found, agent_name),
};
static_assert(offsetof(struct conversation_found, conversation) == 0,
    "the columns are those of a conversation");

#define FOUND(index)                                                           \
	"SELECT " CONVERSATION_NAMES ", a.name"                                \
	" FROM conversation c FORCE INDEX (" index ")"                         \
	" LEFT JOIN agent a ON a.account_id = c.account_id"                    \
	"  AND a.id = c.agent_id"                                              \
	" WHERE c.account_id = ?"
#define FIVE "?, ?, ?, ?, ?"
#define NEWEST " ORDER BY c.created_at DESC, c.id DESC LIMIT 1"

static const struct stmt fetch = {
	.sql = FOUND("PRIMARY") " AND c.id IN (" FIVE ", " FIVE ", " FIVE
				", " FIVE ", " FIVE ")",
	ROWS(columns, struct conversation_found),
};

static const struct stmt find = {
	.sql = FOUND("PRIMARY") " AND c.id = ?",
	ROWS(columns, struct conversation_found),
};

static const struct stmt find_user = {
	.sql = FOUND("conversation_user") " AND c.user_key = ?" NEWEST,
	ROWS(columns, struct conversation_found),
};

static const struct stmt find_number = {
	.sql = FOUND("conversation_number") " AND c.agent_key = ?" NEWEST,
	ROWS(columns, struct conversation_found),
};

/* The bytes of an id behind which all others are. */
static const char after_all[] =
    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
static_assert(sizeof(after_all) - 1 == ID_BYTES, "an id is as long");

/* A source with what it leaves. */
struct choice {
	const struct source *source;
	struct streams *streams;
	int64_t count;
};

/* Where the page may lie. */
struct bounds {
	struct value times[SOURCE_TIMES];
	struct value rest[SOURCE_REST];
};

/* Up to somewhat more than what is narrow. */
static enum outcome
count_streams(struct searching *searching, struct choice *choice)
{
	const struct streams *streams = choice->streams;
	struct value values[1 + SOURCE_KEYS_MOST];
	struct source_count count;
	size_t i;
	enum outcome rc = OK;

	values[0] = value_id(searching->account);
	choice->count = 0;
	for (i = 0; i < streams->count && rc == OK; i++) {
		if (choice->count >= SOURCE_NARROW)
			break;
		(void)memcpy(values + 1, streams->list[i].keys,
		    streams->list[i].count * sizeof(values[0]));
		rc = stmt_one(searching->db, searching->arena,
		    choice->source->count, values, 1 + streams->list[i].count,
		    &count);
		if (rc == OK)
			choice->count += count.rows;
	}
	return rc;
}

/* Those whose filters are given, and without any the last. */
static enum outcome
open_sources(struct searching *searching, struct choice *choices, size_t *count)
{
	struct streams *streams;
	size_t i;
	enum outcome rc;

	*count = 0;
	for (i = 0; i < sources_count; i++) {
		streams = arena_alloc(searching->arena, sizeof(*streams));
		rc = sources[i].open(searching, streams);
		if (rc != OK && rc != NOT_FOUND)
			return rc;
		if (rc == OK)
			choices[(*count)++] =
			    (struct choice){ &sources[i], streams, 0 };
	}
	return OK;
}

/* The source that leaves the fewest; where it is one of two it need not be
 * asked, since the last is always there. */
static enum outcome
choose(struct searching *searching, struct choice *best)
{
	struct choice choices[SOURCES_MOST];
	size_t i, count;
	enum outcome rc = open_sources(searching, choices, &count);

	if (rc != OK)
		return rc;
	*best = choices[count - 1];
	if (count == 2 && !choices[0].source->sorts) {
		*best = choices[0];
		return OK;
	}
	best->count = INT64_MAX;
	for (i = 0; i + 1 < count && best->count > SEARCH_MOST; i++) {
		rc = count_streams(searching, &choices[i]);
		if (rc != OK)
			return rc;
		if (choices[i].source->sorts &&
		    choices[i].count >= SOURCE_NARROW)
			continue;
		if (choices[i].count < best->count)
			*best = choices[i];
	}
	return OK;
}

/* Clients see milliseconds, and mean the whole of one. */
static int64_t
whole(int64_t moment)
{
	return moment % MILLISECOND == 0 ? moment + MILLISECOND - 1 : moment;
}

/* A moment as it is: 0 is the first of 1970, where value_when has NULL. */
static struct value
moment_value(int64_t moment)
{
	return (struct value){ .kind = VALUE_WHEN, .integer = moment };
}

static void
set_bounds(const struct searching *searching, struct bounds *bounds)
{
	const struct conversation_search *search = searching->search;
	int64_t first = search->after != NULL ? *search->after : FIRST;
	int64_t last = search->before != NULL ? whole(*search->before) : LAST;
	const void *id = after_all;

	if (search->cursor.created_at != 0 &&
	    search->cursor.created_at <= last) {
		last = search->cursor.created_at;
		id = search->cursor.id.bytes;
	}
	bounds->times[0] = moment_value(first);
	bounds->times[1] = bounds->times[2] = moment_value(last);
	bounds->times[3] = value_bytes(id, ID_BYTES);
	source_rest(searching, bounds->rest);
}

/* The newest of one stream. */
static enum outcome
read_stream(struct searching *searching, const struct source *source,
    const struct stream *stream, const struct bounds *bounds, int64_t most,
    struct rows *rows)
{
	struct value values[VALUES_MOST];
	size_t count = 0;

	values[count++] = value_id(searching->account);
	(void)memcpy(
	    values + count, stream->keys, stream->count * sizeof(values[0]));
	count += stream->count;
	(void)memcpy(values + count, bounds->times, sizeof(bounds->times));
	count += SOURCE_TIMES;
	(void)memcpy(values + count, bounds->rest, sizeof(bounds->rest));
	count += SOURCE_REST;
	values[count++] = value_integer(most);
	return stmt_all(searching->db, searching->arena, source->stream, values,
	    count, rows);
}

static int
newest_first(const void *one, const void *other)
{
	const struct source_row *a = one, *b = other;

	if (a->created_at != b->created_at)
		return a->created_at < b->created_at ? 1 : -1;
	return memcmp(b->id.bytes, a->id.bytes, ID_BYTES);
}

/* The newest so far, each once: a conversation may have two leaves. */
struct merged {
	struct source_row *rows;
	size_t count, most;
};

/* What is older than all of a full page is not asked for any more. */
static void
add_rows(struct merged *merged, const struct rows *rows, struct bounds *bounds)
{
	struct source_row *all = merged->rows;
	size_t i, count = merged->count + rows->count, kept = 0;

	if (rows->count > 0)
		(void)memcpy(all + merged->count, rows->list,
		    rows->count * sizeof(*all));
	qsort(all, count, sizeof(*all), newest_first);
	for (i = 0; i < count && kept < merged->most; i++)
		if (kept == 0 || newest_first(&all[i], &all[kept - 1]) != 0)
			all[kept++] = all[i];
	merged->count = kept;
	if (kept == merged->most)
		bounds->times[0] = moment_value(all[kept - 1].created_at);
}

static enum outcome
merge(struct searching *searching, const struct choice *choice,
    struct merged *merged)
{
	const struct streams *streams = choice->streams;
	struct bounds bounds;
	struct rows rows;
	size_t i;
	enum outcome rc = OK;

	merged->count = 0;
	merged->rows = arena_alloc(
	    searching->arena, 2 * merged->most * sizeof(*merged->rows));
	set_bounds(searching, &bounds);
	for (i = 0; i < streams->count && rc == OK; i++) {
		rc = read_stream(searching, choice->source, &streams->list[i],
		    &bounds, (int64_t)merged->most, &rows);
		if (rc == OK)
			add_rows(merged, &rows, &bounds);
	}
	return rc;
}

static int
by_age(const void *one, const void *other)
{
	const struct conversation_found *a = one, *b = other;
	const struct source_row first = { a->conversation.created_at,
		a->conversation.id };
	const struct source_row second = { b->conversation.created_at,
		b->conversation.id };

	return newest_first(&first, &second);
}

/* The rows themselves; one that was deleted meanwhile is left out. */
static enum outcome
fetch_all(struct searching *searching, const struct source_row *found,
    size_t count, struct rows *rows)
{
	struct conversation_found *all =
	    arena_alloc(searching->arena, (count + 1) * sizeof(*all));
	struct value values[1 + AT_ONCE];
	struct rows some;
	size_t i, j, at, read = 0;
	enum outcome rc = OK;

	values[0] = value_id(searching->account);
	for (i = 0; i < count && rc == OK; i += AT_ONCE) {
		for (j = 0; j < AT_ONCE; j++) {
			at = i + j < count ? i + j : count - 1;
			values[1 + j] = value_id(&found[at].id);
		}
		rc = stmt_all(searching->db, searching->arena, &fetch, values,
		    COUNT(values), &some);
		if (rc != OK || some.count == 0)
			continue;
		(void)memcpy(all + read, some.list, some.count * sizeof(*all));
		read += some.count;
	}
	if (rc != OK)
		return rc;
	qsort(all, read, sizeof(*all), by_age);
	*rows = (struct rows){ all, read };
	return OK;
}

enum outcome
conversation_search(struct db *db, struct arena *arena,
    const struct id *account, const struct conversation_search *search,
    struct rows *rows)
{
	struct searching searching = {
		.db = db,
		.arena = arena,
		.account = account,
		.search = search,
	};
	struct merged found = { .most = (size_t)search->limit };
	struct choice choice;
	enum outcome rc = choose(&searching, &choice);

	assert(search->limit > 0 && search->limit <= SEARCH_MOST);
	if (rc == OK)
		rc = merge(&searching, &choice, &found);
	return rc == OK ? fetch_all(&searching, found.rows, found.count, rows)
			: rc;
}

enum outcome
conversation_search_id(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct conversation_found *found)
{
	return stmt_one(
	    db, arena, &find, VALUES(value_id(account), value_id(id)), found);
}

enum outcome
conversation_search_party(struct db *db, struct arena *arena,
    const struct id *account, const char *party,
    struct conversation_found *found)
{
	enum outcome rc = stmt_one(db, arena, &find_user,
	    VALUES(value_id(account), value_text(party)), found);

	if (rc == NOT_FOUND)
		rc = stmt_one(db, arena, &find_number,
		    VALUES(value_id(account), value_text(party)), found);
	return rc;
}
