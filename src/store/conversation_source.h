/*
 * What conversations can be found by: of conversation_search.h, the part
 * that knows the indexes.
 */
#ifndef PARLEY_STORE_CONVERSATION_SOURCE_H
#define PARLEY_STORE_CONVERSATION_SOURCE_H

#include "base/base.h"
#include "db/stmt.h"

#define SOURCE_STREAMS_MOST 128
#define SOURCE_KEYS_MOST 5 /* of a stream */
#define SOURCE_TIMES 4     /* values that stand for the time */
#define SOURCE_REST 24     /* values that stand for all filters */
/* What leaves fewer is narrow: all of it may be read and sorted.  What leaves
 * more is so broad that walking by time soon meets enough of it. */
#define SOURCE_NARROW 5000

struct arena;
struct conversation_search;
struct db;

/* What one search is about. */
struct searching {
	struct db *db;
	struct arena *arena;
	const struct id *account;
	const struct conversation_search *search;
	bool many_users, many_numbers; /* for a stream each */
};

/* What an index must be equal in. */
struct stream {
	struct value keys[SOURCE_KEYS_MOST];
	size_t count;
};

struct streams {
	struct stream list[SOURCE_STREAMS_MOST];
	size_t count;
};

/* `open` finds the streams: none where nothing can be found.  NOT_FOUND: its
 * filter is not given, or it is none for this search.  `stream` reads rows of
 * struct source_row, newest first, and takes the account, the keys, times
 * (not before, not after, and the cursor's moment and id), the rest (twice
 * each) and how many; `count` counts up to SOURCE_NARROW by account and
 * keys. */
struct source {
	enum outcome (*open)(
	    struct searching *searching, struct streams *streams);
	const struct stmt *stream, *count;
	bool sorts; /* reads all that there is: only where it is narrow */
};

struct source_row {
	int64_t created_at;
	struct id id;
};

struct source_count {
	int64_t rows;
};

/* Where several leave as many, the first is the best.  The last is always
 * there. */
extern const struct source sources[];
extern const size_t sources_count;

/* The values of the rest. */
void source_rest(
    const struct searching *searching, struct value rest[SOURCE_REST]);

#endif
