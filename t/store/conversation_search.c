/*
 * Searches, against a plain reading of the same rows here: every filter,
 * alone and with others, in pages; and how much of the store they read.
 */
#include "base/base.h"

#include "store/conversation_search.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/progress.h"
#include "store/conversation.h"

#include <string.h>

#include "database.h"
#include "tap.h"

#define MOMENT INT64_C(1893456000000000) /* 2030-01-01 */
#define ROWS_MADE 300
#define SEARCHES 150
#define MANY 20000
/* A source is counted up to 5000, each time read and counted. */
#define COUNTED 10100

static const char *const users[] = {
	"+15550100000",
	"+15550100001",
	"Person.Ä@Example.com",
	"guest_9f3a",
	"100%",
	"a_b",
	"x",
	"+25550100000",
};
static const char *const numbers[] = { "", "+15557770000", "+15557770001",
	"Help@example.com" };
static const char *const documents[] = { NULL, "{\"a\":1}",
	"{\"a\":1,\"b\":{\"c\":[\"x\",\"y\"]}}", "{\"a\":\"1\"}", "{}",
	"{\"b\":{\"c\":[\"y\"]},\"d\":\"ä\"}" };

/* A piece, and the filter of metadata, and which documents it is in. */
static const char *const pieces[] = { "0100", "+1555", "ä@example", "PERSON",
	"%", "_", "x", "nobody", "+15550100001", "9F3A", "000" };
static const struct {
	const char *text;
	unsigned documents; /* of which 1 << i is one */
} contained[] = {
	{ "{\"a\":1}", 1u << 1 | 1u << 2 },
	{ "{\"a\":1.0}", 1u << 1 | 1u << 2 },
	{ "{\"b\":{\"c\":[\"y\"]}}", 1u << 2 | 1u << 5 },
	{ "{\"b\":{}}", 1u << 2 | 1u << 5 },
	{ "{\"d\":\"ä\"}", 1u << 5 },
	{ "{\"a\":\"1\",\"d\":1}", 0 },
	{ "{}", 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 5 },
};

struct made {
	struct conversation conversation;
	size_t user, number, document;
};

static struct made rows[ROWS_MADE];
static struct id agents[3], versions[3];

/* The same on every machine. */
static unsigned
pick(unsigned below)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state % below);
}

/* Every direction with every channel and every progress, and then some. */
static void
make_row(struct database *d, struct made *made, int n)
{
	struct conversation *c = &made->conversation;

	made->user = pick(COUNT(users));
	made->number = pick(COUNT(numbers));
	made->document = pick(COUNT(documents));
	*c = (struct conversation){
		.id = id_new(),
		.account_id = d->account,
		.pair = { n / 2 % CHANNEL_N, users[made->user],
		    numbers[made->number] },
		.status = CONVERSATION_ENDED,
		.direction = n % 2,
		.progress = n / 2 / CHANNEL_N % PROGRESS_N,
		.agent_id = agents[pick(3)],
		.agent_version_id = versions[pick(3)],
		.duration = pick(4) * 30,
		.user_turn_count = pick(5),
		.metadata = documents[made->document],
		.created_at = MOMENT + (int64_t)pick(60) * WHEN_SECOND,
		.updated_at = MOMENT,
	};
	must(conversation_insert(d->db, c));
}

/* The letters that are used here. */
static const char *
lower(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text), *c;

	for (c = copy; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c | 0x20);
		else if (strncmp(c, "Ä", 2) == 0)
			(void)memcpy(c, "ä", 2);
	return copy;
}

static bool
has_piece(struct arena *arena, const char *text, const char *piece)
{
	return piece == NULL ||
	       strstr(lower(arena, text), lower(arena, piece)) != NULL;
}

static bool
is_within(int64_t value, const int64_t *least, const int64_t *most)
{
	return (least == NULL || value >= *least) &&
	       (most == NULL || value <= *most);
}

static bool
contains(const struct made *made, const char *metadata)
{
	size_t i;

	for (i = 0; metadata != NULL && i < COUNT(contained); i++)
		if (text_equal(contained[i].text, metadata))
			return (contained[i].documents >> made->document &
				   1u) != 0;
	return metadata == NULL;
}

static bool
is_wanted(struct arena *arena, const struct made *made,
    const struct conversation_search *search)
{
	const struct conversation *c = &made->conversation;

	return (search->direction == NULL ||
		   *search->direction == c->direction) &&
	       (search->channel == NULL ||
		   *search->channel == c->pair.channel) &&
	       (search->progress == NULL || *search->progress == c->progress) &&
	       (search->agent_id == NULL ||
		   id_equal(search->agent_id, &c->agent_id)) &&
	       (search->agent_version_id == NULL ||
		   id_equal(search->agent_version_id, &c->agent_version_id)) &&
	       has_piece(arena, c->pair.user, search->user) &&
	       has_piece(arena, c->pair.agent, search->number) &&
	       is_within(c->duration, search->duration_above,
		   search->duration_below) &&
	       is_within(c->user_turn_count, search->turns_above,
		   search->turns_below) &&
	       is_within(c->created_at, search->after, search->before) &&
	       contains(made, search->metadata);
}

static int
newest_first(const void *one, const void *other)
{
	const struct made *a = one, *b = other;

	if (a->conversation.created_at != b->conversation.created_at)
		return a->conversation.created_at < b->conversation.created_at
			   ? 1
			   : -1;
	return memcmp(
	    b->conversation.id.bytes, a->conversation.id.bytes, ID_BYTES);
}

/* Each filter that is among `asked`, with a value. */
struct values {
	int direction, channel, progress;
	int64_t low, high, few, many, after, before;
};

static struct conversation_search
make_search(unsigned asked, struct values *v)
{
	*v = (struct values){ (int)pick(2), (int)pick(CHANNEL_N),
		(int)pick(PROGRESS_N), pick(4) * 30, pick(4) * 30, pick(5),
		pick(5), MOMENT + (int64_t)pick(60) * WHEN_SECOND,
		MOMENT + (int64_t)pick(60) * WHEN_SECOND };
#define IF(n, value) ((asked >> (n)&1u) != 0 ? (value) : NULL)
	return (struct conversation_search){
		.direction = IF(0, &v->direction),
		.channel = IF(1, &v->channel),
		.progress = IF(2, &v->progress),
		.agent_id = IF(3, &agents[1 + pick(2)]),
		.agent_version_id = IF(4, &versions[1 + pick(2)]),
		.user = IF(5, pieces[pick(COUNT(pieces))]),
		.number = IF(6, pieces[pick(COUNT(pieces))]),
		.duration_above = IF(7, &v->low),
		.duration_below = IF(8, &v->high),
		.turns_above = IF(9, &v->few),
		.turns_below = IF(10, &v->many),
		.after = IF(11, &v->after),
		.before = IF(12, &v->before),
		.metadata = IF(13, contained[pick(COUNT(contained))].text),
	};
}
#define FILTERS 14

/* All pages of it are what is wanted, in order. */
static bool
is_found(struct database *d, struct conversation_search search)
{
	const struct conversation_found *found;
	struct rows page;
	size_t i, next = 0;

	search.limit = 1 + pick(40);
	do {
		must(conversation_search(
		    d->db, d->arena, &d->account, &search, &page));
		if (page.count > (size_t)search.limit)
			return false;
		found = page.list;
		for (i = 0; i < page.count; i++, next++) {
			while (next < ROWS_MADE &&
			       !is_wanted(d->arena, &rows[next], &search))
				next++;
			if (next == ROWS_MADE ||
			    !id_equal(&rows[next].conversation.id,
				&found[i].conversation.id))
				return false;
			search.cursor =
			    (struct cursor){ found[i].conversation.created_at,
				    found[i].conversation.id };
		}
	} while (page.count == (size_t)search.limit);
	while (next < ROWS_MADE && !is_wanted(d->arena, &rows[next], &search))
		next++;
	return next == ROWS_MADE;
}

static void
test_filters(struct database *d)
{
	struct values values;
	int i, j, wrong;

	for (i = 0; i < FILTERS; i++) {
		for (j = wrong = 0; j < 8; j++)
			wrong += !is_found(d, make_search(1u << i, &values));
		is_int(wrong, 0, "filter %d alone finds what it says", i);
	}
	for (i = wrong = 0; i < SEARCHES; i++)
		wrong += !is_found(
		    d, make_search(1u << pick(FILTERS) | 1u << pick(FILTERS) |
				       1u << pick(FILTERS),
			   &values));
	is_int(wrong, 0, "any three find what all of them say");
	ok(is_found(d, make_search(0, &values)), "without any, all are found");
}

static void
test_facets(struct database *d)
{
	struct conversation_search search = { .limit = 100 };
	struct rows page;
	int direction, channel, progress, wrong = 0;

	search.direction = &direction;
	search.channel = &channel;
	search.progress = &progress;
	for (direction = 0; direction < DIRECTION_N; direction++)
		for (channel = 0; channel < CHANNEL_N; channel++)
			for (progress = 0; progress < PROGRESS_N; progress++) {
				must(conversation_search(d->db, d->arena,
				    &d->account, &search, &page));
				wrong += page.count == 0;
			}
	is_int(wrong, 0, "every word of the three is known to the statements");
}

static void
test_accounts(struct database *d)
{
	struct conversation_search search = { .limit = 100 };
	struct conversation_found found;
	struct rows page;

	must(
	    conversation_search(d->db, d->arena, &d->stranger, &search, &page));
	ok(page.count == 0, "another account finds none of them");
	search.user = "0100";
	must(
	    conversation_search(d->db, d->arena, &d->stranger, &search, &page));
	is_int((int64_t)page.count, 0, "nor by whom they were with");
	search.user = NULL;
	search.metadata = "{\"a\":1}";
	must(
	    conversation_search(d->db, d->arena, &d->stranger, &search, &page));
	is_int((int64_t)page.count, 0, "nor by what is in them");
	is_outcome(conversation_search_id(d->db, d->arena, &d->stranger,
		       &rows[0].conversation.id, &found),
	    NOT_FOUND, "nor by an id");
	is_outcome(conversation_search_party(
		       d->db, d->arena, &d->stranger, "+15550100000", &found),
	    NOT_FOUND, "nor by a number");
}

/* Metadata that changes, and one that goes. */
static void
test_changes(struct database *d)
{
	struct conversation_search search = { .limit = 100,
		.metadata = "{\"new\":[1]}" };
	struct conversation held;
	struct rows page;

	must(conversation_lock(
	    d->db, d->arena, &d->account, &rows[0].conversation.id, &held));
	held.metadata = "{\"new\":[1,2]}";
	must(conversation_save(d->db, &held));
	must(conversation_search(d->db, d->arena, &d->account, &search, &page));
	is_int((int64_t)page.count, 1, "new metadata is found");
	must(conversation_lock(
	    d->db, d->arena, &d->account, &rows[0].conversation.id, &held));
	held.metadata = NULL;
	must(conversation_save(d->db, &held));
	is_int(database_number(d->root,
		   "SELECT COUNT(*) FROM metadata_leaf"
		   " WHERE conversation_id = %s",
		   database_id(d->arena, &held.id)),
	    0, "of what has none any more nothing is kept");
}

static void
test_deleted(struct database *d)
{
	int64_t parts;
	int i;

	for (i = 0; i < ROWS_MADE - 1; i++)
		must(conversation_delete(d->db, &rows[i].conversation));
	parts = database_number(d->root, "SELECT COUNT(*) FROM party_part");
	ok(parts > 0 && parts < 40, "who still talks is still found");
	must(conversation_delete(d->db, &rows[i].conversation));
	is_int(database_number(d->root, "SELECT COUNT(*) FROM party_part"), 0,
	    "of those who do not nothing is kept");
	is_int(database_number(d->root, "SELECT COUNT(*) FROM metadata_leaf"),
	    0, "and nothing of what their conversations were about");
}

/* --- How much is read. */

/* Of the stranger: one in a hundred failed, one has what nobody has. */
static void
make_many(struct database *d)
{
	const char *account = database_id(d->arena, &d->stranger);

	database_do(d->root,
	    "INSERT INTO conversation (account_id, id, channel, agent_key,"
	    " user_key, status, last_seq, cleared_seq, message_count,"
	    " created_at, updated_at, progress, agent_id, agent_version_id,"
	    " duration, user_turn_count, metadata)"
	    " SELECT %s, UNHEX(LPAD(HEX(seq), 32, '0')), 'text',"
	    "  CONCAT('+1777000', seq %% 100 + 1000),"
	    "  CONCAT('+1555', seq + 1000000), 'ended', 0, 0, 0,"
	    "  '2030-01-01' + INTERVAL seq SECOND, '2030-01-01',"
	    "  IF(seq %% 100 = 0, 'failed', 'completed'), %s, %s,"
	    "  IF(seq = 77, 9999, seq %% 1000), IF(seq = 77, 99, seq %% 50),"
	    "  IF(seq = 77, '{\"a\":1}', '{\"b\":1}')"
	    " FROM seq_1_to_%d",
	    account, database_id(d->arena, &agents[1]),
	    database_id(d->arena, &versions[1]), MANY);
	database_do(d->root,
	    "INSERT IGNORE INTO party_part"
	    " SELECT account_id, 'user', SUBSTRING(user_key, seq, 8), user_key"
	    " FROM conversation JOIN seq_1_to_12 WHERE account_id = %s",
	    account);
	database_do(d->root,
	    "INSERT IGNORE INTO party_part"
	    " SELECT DISTINCT account_id, 'agent',"
	    "  SUBSTRING(agent_key, seq, 8), agent_key"
	    " FROM conversation JOIN seq_1_to_12 WHERE account_id = %s",
	    account);
	database_do(d->root,
	    "INSERT INTO metadata_leaf"
	    " SELECT account_id,"
	    "  UNHEX(LEFT(SHA2(CONCAT(SUBSTRING(metadata, 2, 4), '1'), 256),"
	    "   16)), created_at, id"
	    " FROM conversation WHERE account_id = %s",
	    account);
	database_do(
	    d->root, "ANALYZE TABLE conversation, party_part, metadata_leaf");
}

/* A page reads at most `most`, also one that lies far behind. */
static void
read_at_most(struct database *d, struct conversation_search search,
    size_t wanted, int64_t most, const char *name)
{
	struct rows page;
	int64_t reads;
	int deep;

	search.limit = 25;
	for (deep = 0; deep < 2; deep++) {
		if (deep == 1)
			search.cursor.created_at =
			    MOMENT + MANY / 2 * WHEN_SECOND;
		database_watch(d->db);
		must(conversation_search(
		    d->db, d->arena, &d->stranger, &search, &page));
		reads = database_reads(d->db);
		ok(reads <= most, "%s%s reads %lld rows, at most %lld", name,
		    deep ? ", far behind," : "", (long long)reads,
		    (long long)most);
		is_int((int64_t)page.count, (int64_t)wanted,
		    "and finds what there is");
	}
}

static void
test_reads(struct database *d)
{
	const int text = CHANNEL_TEXT, sms = CHANNEL_SMS;
	const int failed = PROGRESS_FAILED, ringing = PROGRESS_RINGING;
	const int64_t long_ago = MOMENT - WHEN_DAY, often = 500, turns = 10;

	make_many(d);
#define AT_MOST(wanted, most, name, ...)                                       \
	read_at_most(d, (struct conversation_search){ __VA_ARGS__ }, wanted,   \
	    most, name)
	AT_MOST(25, 300, "everything", .limit = 0);
	AT_MOST(25, 700, "a common channel", .channel = &text);
	AT_MOST(0, 700, "a channel that none has", .channel = &sms);
	AT_MOST(25, 700, "a status", .progress = &failed);
	AT_MOST(0, 700, "a status that none has", .progress = &ringing);
	AT_MOST(25, 700, "an agent", .agent_id = &agents[1]);
	AT_MOST(0, 700, "an agent of none", .agent_id = &agents[2]);
	AT_MOST(25, 700, "a version", .agent_version_id = &versions[1]);
	AT_MOST(25, 1200, "an agent's status", .agent_id = &agents[1],
	    .progress = &failed);
	AT_MOST(1, 600, "one user", .user = "1001000");
	AT_MOST(0, 300, "a user who is not there", .user = "abc");
	AT_MOST(25, COUNTED + 600, "what most users have", .user = "+1555");
	AT_MOST(25, COUNTED + 600, "some users", .user = "5510");
	AT_MOST(25, 500, "one number", .number = "+17770001011");
	AT_MOST(25, COUNTED + 600, "all numbers", .number = "1777");
	AT_MOST(25, COUNTED + 600, "many durations", .duration_above = &often);
	AT_MOST(25, COUNTED + 600, "many turns", .turns_above = &turns);
	AT_MOST(0, 300, "a moment long ago", .before = &long_ago);
	AT_MOST(25, 2 * COUNTED, "common metadata", .metadata = "{\"b\":1}");
	AT_MOST(0, 300, "metadata of none", .metadata = "{\"c\":1}");
}

int
main(void)
{
	struct database d;
	int i;

	database_open(&d);
	for (i = 1; i < 3; i++) {
		agents[i] = id_new();
		versions[i] = id_new();
	}
	for (i = 0; i < ROWS_MADE; i++)
		make_row(&d, &rows[i], i);
	qsort(rows, ROWS_MADE, sizeof(rows[0]), newest_first);
	test_facets(&d);
	test_filters(&d);
	test_accounts(&d);
	test_changes(&d);
	test_deleted(&d);
	test_reads(&d);
	database_close(&d);
	return done();
}
