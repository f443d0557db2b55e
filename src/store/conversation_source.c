#include "base/base.h"

#include "store/conversation_source.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/leaf.h"
#include "model/progress.h"
#include "store/conversation_index.h"
#include "store/conversation_search.h"
#include "store/like.h"

#include <string.h>

#define PARTIES_MOST 64 /* that are a stream each */
#define NARROW "5000"
static_assert(SOURCE_NARROW == 5000, "NARROW says the same");

/* The one index of a source; the optimizer's guess is none of ours. */
#define OF(index) " FROM conversation c FORCE INDEX (" index ")"

/* One range of the index, whatever the cursor. */
#define IN_TIME(moment, id)                                                    \
	" AND " moment " >= ? AND " moment " <= ?"                             \
	" AND (" moment " < ? OR " id " < ?)"

/* What the source does not say by itself. */
#define THE_REST                                                               \
	" AND (? IS NULL OR c.direction = ?)"                                  \
	" AND (? IS NULL OR c.channel = ?)"                                    \
	" AND (? IS NULL OR c.progress = ?)"                                   \
	" AND (? IS NULL OR c.agent_id = ?)"                                   \
	" AND (? IS NULL OR c.agent_version_id = ?)"                           \
	" AND (? IS NULL OR LOWER(c.user_key) LIKE LOWER(?)" LIKE_ESCAPE ")"   \
	" AND (? IS NULL OR LOWER(c.agent_key) LIKE LOWER(?)" LIKE_ESCAPE ")"  \
	" AND (? IS NULL OR c.duration >= ?)"                                  \
	" AND (? IS NULL OR c.duration <= ?)"                                  \
	" AND (? IS NULL OR c.user_turn_count >= ?)"                           \
	" AND (? IS NULL OR c.user_turn_count <= ?)"                           \
	" AND (? IS NULL OR JSON_CONTAINS(c.metadata, ?))"

#define NEWEST(moment, id) " ORDER BY " moment " DESC, " id " DESC LIMIT ?"

static const struct column key_columns[] = {
	COLUMN(WHEN, struct source_row, created_at),
	COLUMN(ID, struct source_row, id),
};

static const struct column count_columns[] = {
	COLUMN(INTEGER, struct source_count, rows),
};

#define STREAM_BY(which, moment, id)                                           \
	{                                                                      \
		.sql = "SELECT " moment ", " id which IN_TIME(moment, id)      \
		    THE_REST                                                   \
		    NEWEST(moment, id),                                        \
		ROWS(key_columns, struct source_row),                          \
	}
#define STREAM(which) STREAM_BY(which, "c.created_at", "c.id")
#define COUNTED(which)                                                         \
	{                                                                      \
		.sql = "SELECT COUNT(*) FROM (SELECT 1" which " LIMIT " NARROW \
		       ") n",                                                  \
		ROWS(count_columns, struct source_count),                      \
	}

/* Where the streams of each source begin. */
#define CREATED OF("conversation_created") " WHERE c.account_id = ?"
#define FACET                                                                  \
	OF("conversation_facet")                                               \
	" WHERE c.account_id = ? AND c.direction = ? AND c.channel = ?"        \
	" AND c.progress = ?"
#define AGENT                                                                  \
	OF("conversation_agent")                                               \
	" WHERE c.account_id = ? AND c.agent_id = ? AND c.direction = ?"       \
	" AND c.channel = ? AND c.progress = ?"
#define VERSION                                                                \
	OF("conversation_version")                                             \
	" WHERE c.account_id = ? AND c.agent_version_id = ?"                   \
	" AND c.direction = ? AND c.channel = ? AND c.progress = ?"
#define USER                                                                   \
	OF("conversation_user") " WHERE c.account_id = ? AND c.user_key = ?"
#define NUMBER                                                                 \
	OF("conversation_number") " WHERE c.account_id = ? AND c.agent_key = ?"
#define DURATION                                                               \
	OF("conversation_duration")                                            \
	" WHERE c.account_id = ? AND c.duration >= ? AND c.duration <= ?"
#define TURNS                                                                  \
	OF("conversation_turns")                                               \
	" WHERE c.account_id = ? AND c.user_turn_count >= ?"                   \
	" AND c.user_turn_count <= ?"
#define LEAF                                                                   \
	" FROM metadata_leaf l FORCE INDEX (PRIMARY)"                          \
	" STRAIGHT_JOIN conversation c FORCE INDEX (PRIMARY)"                  \
	"  ON c.account_id = l.account_id AND c.id = l.conversation_id"        \
	" WHERE l.account_id = ? AND l.digest = ?"

/* Those whose name has the piece: one of its parts begins with it, or with as
 * much of it as a part holds. */
#define PARTIES(side)                                                          \
	"SELECT DISTINCT p.party FROM party_part p FORCE INDEX (PRIMARY)"      \
	" WHERE p.account_id = ? AND p.side = '" side "'"                      \
	" AND p.part LIKE LOWER(?)" LIKE_ESCAPE                                \
	" AND LOWER(p.party) LIKE LOWER(?)" LIKE_ESCAPE " LIMIT "

/* Their conversations, where they are too many for a stream each.  Each has
 * one, so if they are not narrow, neither are these. */
#define TALKS(side, index, column)                                             \
	" FROM (" PARTIES(side) NARROW                                         \
	    ") p"                                                              \
	    " STRAIGHT_JOIN conversation c FORCE INDEX (" index ")"            \
	    "  ON c.account_id = ? AND c." column " = p.party"                 \
	    " WHERE c.account_id IS NOT NULL"
#define USERS TALKS("user", "conversation_user", "user_key")
#define NUMBERS TALKS("agent", "conversation_number", "agent_key")

static const struct stmt created_stream = STREAM(CREATED);
static const struct stmt created_count = COUNTED(CREATED);
static const struct stmt facet_stream = STREAM(FACET);
static const struct stmt facet_count = COUNTED(FACET);
static const struct stmt agent_stream = STREAM(AGENT);
static const struct stmt agent_count = COUNTED(AGENT);
static const struct stmt version_stream = STREAM(VERSION);
static const struct stmt version_count = COUNTED(VERSION);
static const struct stmt user_stream = STREAM(USER);
static const struct stmt user_count = COUNTED(USER);
static const struct stmt number_stream = STREAM(NUMBER);
static const struct stmt number_count = COUNTED(NUMBER);
static const struct stmt duration_stream = STREAM(DURATION);
static const struct stmt duration_count = COUNTED(DURATION);
static const struct stmt turns_stream = STREAM(TURNS);
static const struct stmt turns_count = COUNTED(TURNS);

static const struct stmt leaf_stream =
    STREAM_BY(LEAF, "l.created_at", "l.conversation_id");
static const struct stmt leaf_count = {
	.sql = "SELECT COUNT(*) FROM (SELECT 1 FROM metadata_leaf"
	       " WHERE account_id = ? AND digest = ? LIMIT " NARROW ") n",
	ROWS(count_columns, struct source_count),
};
static const struct stmt users_stream = STREAM(USERS);
static const struct stmt users_count = COUNTED(USERS);
static const struct stmt numbers_stream = STREAM(NUMBERS);
static const struct stmt numbers_count = COUNTED(NUMBERS);

struct party {
	const char *name;
};

static const struct column party_columns[] = {
	COLUMN(TEXT, struct party, name),
};

static const struct stmt parts_count = {
	.sql = "SELECT COUNT(*) FROM (SELECT 1 FROM party_part"
	       " WHERE account_id = ? AND side = ?"
	       " AND part LIKE LOWER(?)" LIKE_ESCAPE " LIMIT " NARROW ") n",
	ROWS(count_columns, struct source_count),
};
static const struct stmt user_parties = {
	.sql = PARTIES("user") "?",
	ROWS(party_columns, struct party),
};
static const struct stmt number_parties = {
	.sql = PARTIES("agent") "?",
	ROWS(party_columns, struct party),
};

/* The three that an index has in common, of those that there are. */
struct facet {
	const char *direction, *channel, *progress;
};

static const struct column facet_columns[] = {
	COLUMN(TEXT, struct facet, direction),
	COLUMN(TEXT, struct facet, channel),
	COLUMN(TEXT, struct facet, progress),
};

#define DIRECTIONS "SELECT 'inbound' AS word UNION ALL SELECT 'outbound'"
#define CHANNELS                                                               \
	"SELECT 'sms' AS word UNION ALL SELECT 'whatsapp'"                     \
	" UNION ALL SELECT 'imessage' UNION ALL SELECT 'text'"                 \
	" UNION ALL SELECT 'email' UNION ALL SELECT 'telephone'"               \
	" UNION ALL SELECT 'webrtc'"
#define PROGRESSES                                                             \
	"SELECT 'token_created' AS word UNION ALL SELECT 'triggered'"          \
	" UNION ALL SELECT 'ringing' UNION ALL SELECT 'in_progress'"           \
	" UNION ALL SELECT 'completed' UNION ALL SELECT 'failed'"              \
	" UNION ALL SELECT 'cancelled' UNION ALL SELECT 'transferred'"         \
	" UNION ALL SELECT 'unanswered'"
#define FACETS(index, also)                                                    \
	"SELECT d.word, h.word, p.word"                                        \
	" FROM (" DIRECTIONS ") d JOIN (" CHANNELS ") h"                       \
	" JOIN (" PROGRESSES ") p"                                             \
	" WHERE (? IS NULL OR d.word = ?) AND (? IS NULL OR h.word = ?)"       \
	" AND (? IS NULL OR p.word = ?)"                                       \
	" AND (SELECT 1" OF(                                                   \
	    index) "  WHERE c.account_id = ?" also                             \
		   "  AND c.direction = d.word AND c.channel = h.word"         \
		   "  AND c.progress = p.word LIMIT 1) IS NOT NULL"

static const struct stmt facets = {
	.sql = FACETS("conversation_facet", ""),
	ROWS(facet_columns, struct facet),
};
static const struct stmt agent_facets = {
	.sql = FACETS("conversation_agent", " AND c.agent_id = ?"),
	ROWS(facet_columns, struct facet),
};
static const struct stmt version_facets = {
	.sql = FACETS("conversation_version", " AND c.agent_version_id = ?"),
	ROWS(facet_columns, struct facet),
};

typedef enum outcome opening(
    struct searching *searching, struct streams *streams);

static opening open_version, open_agent, open_leaf, open_user, open_users,
    open_number, open_numbers, open_turns, open_duration, open_facet,
    open_created;

/* Leaves come first: elsewhere the metadata of each row are read. */
/* clang-format off */
const struct source sources[] = {
	{ open_leaf,     &leaf_stream,     &leaf_count,     false },
	{ open_version,  &version_stream,  &version_count,  false },
	{ open_agent,    &agent_stream,    &agent_count,    false },
	{ open_user,     &user_stream,     &user_count,     false },
	{ open_users,    &users_stream,    &users_count,    true },
	{ open_number,   &number_stream,   &number_count,   false },
	{ open_numbers,  &numbers_stream,  &numbers_count,  true },
	{ open_turns,    &turns_stream,    &turns_count,    true },
	{ open_duration, &duration_stream, &duration_count, true },
	{ open_facet,    &facet_stream,    &facet_count,    false },
	{ open_created,  &created_stream,  &created_count,  false },
};
/* clang-format on */
const size_t sources_count = COUNT(sources);

static void
add_stream(struct streams *streams, const struct value *keys, size_t count)
{
	struct stream *stream = &streams->list[streams->count++];
	size_t i;

	assert(streams->count <= SOURCE_STREAMS_MOST);
	assert(count <= SOURCE_KEYS_MOST);
	for (i = 0; i < count; i++)
		stream->keys[i] = keys[i];
	stream->count = count;
}

static struct value
name_value(const struct names *names, const int *name)
{
	return name != NULL ? value_name(names, *name) : value_null();
}

static struct value
integer_value(const int64_t *integer)
{
	return integer != NULL ? value_integer(*integer) : value_null();
}

static struct value
id_value(const struct id *id)
{
	return id != NULL ? value_bytes(id->bytes, ID_BYTES) : value_null();
}

static struct value
piece_value(struct arena *arena, const char *piece)
{
	return value_text(
	    piece != NULL ? like_text(arena, "%", piece, "%") : NULL);
}

void
source_rest(const struct searching *searching, struct value rest[SOURCE_REST])
{
	const struct conversation_search *search = searching->search;
	const struct value values[] = {
		name_value(&direction_names, search->direction),
		name_value(&channel_names, search->channel),
		name_value(&progress_names, search->progress),
		id_value(search->agent_id),
		id_value(search->agent_version_id),
		piece_value(searching->arena, search->user),
		piece_value(searching->arena, search->number),
		integer_value(search->duration_above),
		integer_value(search->duration_below),
		integer_value(search->turns_above),
		integer_value(search->turns_below),
		value_text(search->metadata),
	};
	size_t i;

	static_assert(2 * COUNT(values) == SOURCE_REST, "each of them twice");
	for (i = 0; i < COUNT(values); i++)
		rest[2 * i] = rest[2 * i + 1] = values[i];
}

/* One stream for each combination that there is, behind `first` (NULL:
 * nothing). */
static enum outcome
open_facets(struct searching *searching, const struct stmt *stmt,
    const struct id *first, struct streams *streams)
{
	const struct conversation_search *search = searching->search;
	const struct value direction =
	    name_value(&direction_names, search->direction);
	const struct value channel =
	    name_value(&channel_names, search->channel);
	const struct value progress =
	    name_value(&progress_names, search->progress);
	const struct value values[] = { direction, direction, channel, channel,
		progress, progress, value_id(searching->account),
		id_value(first) };
	const size_t skipped = first == NULL;
	const struct facet *facet;
	struct rows rows;
	size_t i;
	enum outcome rc = stmt_all(searching->db, searching->arena, stmt,
	    values, COUNT(values) - skipped, &rows);

	for (i = 0; rc == OK && i < rows.count; i++) {
		facet = (const struct facet *)rows.list + i;
		add_stream(streams,
		    (const struct value[]){ id_value(first),
			value_text(facet->direction),
			value_text(facet->channel),
			value_text(facet->progress) } +
			skipped,
		    4 - skipped);
	}
	return rc;
}

static enum outcome
open_version(struct searching *searching, struct streams *streams)
{
	const struct id *id = searching->search->agent_version_id;

	if (id == NULL)
		return NOT_FOUND;
	return open_facets(searching, &version_facets, id, streams);
}

static enum outcome
open_agent(struct searching *searching, struct streams *streams)
{
	const struct id *id = searching->search->agent_id;

	if (id == NULL)
		return NOT_FOUND;
	return open_facets(searching, &agent_facets, id, streams);
}

static enum outcome
open_facet(struct searching *searching, struct streams *streams)
{
	const struct conversation_search *search = searching->search;

	if (search->direction == NULL && search->channel == NULL &&
	    search->progress == NULL)
		return NOT_FOUND;
	return open_facets(searching, &facets, NULL, streams);
}

/* The leaf that the fewest have, and what may contain anything. */
static enum outcome
open_leaf(struct searching *searching, struct streams *streams)
{
	struct leaves *leaves = arena_alloc(searching->arena, sizeof(*leaves));
	struct source_count count, least = { INT64_MAX };
	const struct leaf *best = leaves->list;
	struct value digest;
	size_t i;
	enum outcome rc = OK;

	leaves_read(searching->arena, searching->search->metadata, leaves);
	if (leaves->count == 0)
		return NOT_FOUND;
	for (i = 0; i < leaves->count && rc == OK; i++) {
		digest = value_bytes(leaves->list[i].digest, LEAF_DIGEST);
		rc = stmt_one(searching->db, searching->arena, &leaf_count,
		    VALUES(value_id(searching->account), digest), &count);
		if (rc == OK && count.rows < least.rows) {
			least = count;
			best = &leaves->list[i];
		}
	}
	if (rc != OK)
		return rc;
	digest = value_bytes(best->digest, LEAF_DIGEST);
	add_stream(streams, &digest, 1);
	digest = value_bytes(leaf_of_anything.digest, LEAF_DIGEST);
	if (memcmp(best, &leaf_of_anything, sizeof(*best)) != 0)
		add_stream(streams, &digest, 1);
	return OK;
}

/* The beginning of a piece, as long as a part. */
static const char *
beginning(struct arena *arena, const char *piece)
{
	size_t length = 0, i;

	for (i = 0; piece[i] != '\0'; i++)
		if (((unsigned char)piece[i] & 0xc0) != 0x80 &&
		    length++ == PARTY_PART)
			break;
	return arena_copy(arena, piece, i);
}

/* A stream for each of those who have the piece in their name. */
static enum outcome
open_parties(struct searching *searching, const struct stmt *stmt,
    const char *piece, bool *many, struct streams *streams)
{
	struct arena *arena = searching->arena;
	const struct party *parties;
	struct value key;
	struct rows rows;
	size_t i;
	enum outcome rc;

	if (piece == NULL || piece[0] == '\0')
		return NOT_FOUND;
	rc = stmt_all(searching->db, arena, stmt,
	    VALUES(value_id(searching->account),
		value_text(like_text(arena, "", beginning(arena, piece), "%")),
		piece_value(arena, piece), value_integer(PARTIES_MOST + 1)),
	    &rows);
	if (rc != OK)
		return rc;
	*many = rows.count > PARTIES_MOST;
	if (*many)
		return NOT_FOUND;
	parties = rows.list;
	for (i = 0; i < rows.count; i++) {
		key = value_text(parties[i].name);
		add_stream(streams, &key, 1);
	}
	return OK;
}

static enum outcome
open_user(struct searching *searching, struct streams *streams)
{
	return open_parties(searching, &user_parties, searching->search->user,
	    &searching->many_users, streams);
}

static enum outcome
open_number(struct searching *searching, struct streams *streams)
{
	return open_parties(searching, &number_parties,
	    searching->search->number, &searching->many_numbers, streams);
}

/* All of them as one stream, unless their parts alone are too many. */
static enum outcome
open_talks(struct searching *searching, const char *side, const char *piece,
    struct streams *streams)
{
	struct arena *arena = searching->arena;
	const struct value account = value_id(searching->account);
	const struct value part =
	    value_text(like_text(arena, "", beginning(arena, piece), "%"));
	struct source_count count;
	enum outcome rc = stmt_one(searching->db, arena, &parts_count,
	    VALUES(account, value_text(side), part), &count);

	if (rc == OK && count.rows >= SOURCE_NARROW)
		return NOT_FOUND;
	add_stream(streams,
	    (const struct value[]){ part, piece_value(arena, piece), account },
	    3);
	return rc;
}

static enum outcome
open_users(struct searching *searching, struct streams *streams)
{
	if (!searching->many_users)
		return NOT_FOUND;
	return open_talks(searching, "user", searching->search->user, streams);
}

static enum outcome
open_numbers(struct searching *searching, struct streams *streams)
{
	if (!searching->many_numbers)
		return NOT_FOUND;
	return open_talks(
	    searching, "agent", searching->search->number, streams);
}

static enum outcome
open_range(const int64_t *least, const int64_t *most, struct streams *streams)
{
	if (least == NULL && most == NULL)
		return NOT_FOUND;
	add_stream(streams,
	    (const struct value[]){ value_integer(least != NULL ? *least : 0),
		value_integer(most != NULL ? *most : INT64_MAX) },
	    2);
	return OK;
}

static enum outcome
open_turns(struct searching *searching, struct streams *streams)
{
	return open_range(searching->search->turns_above,
	    searching->search->turns_below, streams);
}

static enum outcome
open_duration(struct searching *searching, struct streams *streams)
{
	return open_range(searching->search->duration_above,
	    searching->search->duration_below, streams);
}

static enum outcome
open_created(struct searching *searching, struct streams *streams)
{
	(void)searching;
	add_stream(streams, NULL, 0);
	return OK;
}
