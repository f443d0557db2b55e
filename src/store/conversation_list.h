/*
 * Lists of conversations, filtered, sorted and in pages.
 */
#ifndef PARLEY_STORE_CONVERSATION_LIST_H
#define PARLEY_STORE_CONVERSATION_LIST_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "model/filter.h"

struct arena;
struct db;
struct page;

/* What may be sorted by, as the words of the API. */
extern const struct names conversation_sort_names;

/* What may be filtered on. */
extern const struct filter_field conversation_filter_fields[];
extern const size_t conversation_filter_count;

struct conversation_query {
	int sort; /* index into conversation_sort_names */
	bool ascending;
	struct filters filters;
	int64_t page, size;
};

/* Reads one page, with the whole number of items: two round trips. */
enum outcome conversation_list(struct db *db, struct arena *arena,
    const struct id *account, const struct conversation_query *query,
    struct page *page) MUSTCHECK;

#endif
