/*
 * Conversations by what they are, newest first, without counting them.
 *
 * Whatever is asked for, two things are done.  Each filter that has an index
 * says how many conversations it leaves, up to a limit; the one that leaves
 * the fewest is the source, and the other filters are looked up in its rows.
 * A source is one stream or several, each an index that begins with what
 * must be equal and goes on with (created_at, id): the newest of each are
 * read and merged.  So the first page and a later one cost the same, as do
 * a filter that most conversations meet and one that none does.
 */
#ifndef PARLEY_STORE_CONVERSATION_SEARCH_H
#define PARLEY_STORE_CONVERSATION_SEARCH_H

#include "base/base.h"
#include "base/id.h"
#include "model/conversation.h"
#include "model/cursor.h"

#define SEARCH_MOST 101 /* conversations: a page, and one more */

struct arena;
struct db;
struct rows;

/* What they must be; NULL: anything. */
struct conversation_search {
	const int *direction; /* enum direction */
	const int *channel;   /* enum channel */
	const int *progress;  /* enum progress */
	const struct id *agent_id;
	const struct id *agent_version_id;
	const char *user;   /* a piece of it, in any case */
	const char *number; /* the same of the agent's number or address */
	const int64_t *duration_above, *duration_below; /* seconds; or equal */
	const int64_t *turns_above, *turns_below;       /* the same */
	const int64_t *after, *before;                  /* moments; or equal */
	const char *metadata; /* JSON object that theirs contains */
	struct cursor cursor; /* after which the page begins */
	int64_t limit;        /* SEARCH_MOST at most */
};

/* One as it is shown. */
struct conversation_found {
	struct conversation conversation;
	const char *agent_name; /* NULL: it has no agent, or that is gone */
};

/* At most `limit` of them: rows of struct conversation_found. */
enum outcome conversation_search(struct db *db, struct arena *arena,
    const struct id *account, const struct conversation_search *search,
    struct rows *rows) MUSTCHECK;

/* The one of this id.  NOT_FOUND. */
enum outcome conversation_search_id(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id,
    struct conversation_found *found) MUSTCHECK;

/* The newest of this user, or else of this number of an agent.  NOT_FOUND. */
enum outcome conversation_search_party(struct db *db, struct arena *arena,
    const struct id *account, const char *party,
    struct conversation_found *found) MUSTCHECK;

#endif
