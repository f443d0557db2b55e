/*
 * Pages of a list: "page" counts from 1.
 */
#ifndef PARLEY_MODEL_PAGE_H
#define PARLEY_MODEL_PAGE_H

#include "base/base.h"
#include "model/field.h"

#define PAGE_SIZE 25
#define PAGE_SIZE_MOST 100
#define PAGE_MOST 1000000

struct pagination {
	int64_t items;
	int64_t pages;
	int64_t page;
	int64_t size;
};

extern const struct schema pagination_schema;

/* An answer that is one page. */
struct page {
	struct list list;
	struct pagination pagination;
};

#endif
