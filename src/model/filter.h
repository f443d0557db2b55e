/*
 * Filters of a list: a JSON array of { field, operator, value }, all of
 * which must hold.
 */
#ifndef PARLEY_MODEL_FILTER_H
#define PARLEY_MODEL_FILTER_H

#include "base/base.h"
#include "base/names.h"

#define FILTERS_MOST 16

struct arena;
struct faults;

enum filter_operator {
	FILTER_EQ,
	FILTER_CONTAINS,
	FILTER_STARTS_WITH,
	FILTER_ENDS_WITH,
	FILTER_GT,
	FILTER_GTE,
	FILTER_LT,
	FILTER_LTE,
	FILTER_OPERATOR_N
};

extern const struct names filter_operator_names;

enum filter_kind {
	FILTER_TEXT,
	FILTER_NUMBER,
	FILTER_BOOLEAN,
	FILTER_WHEN,
	FILTER_KIND_N
};

/* A field that may be filtered on, and what its values are. */
struct filter_field {
	const char *name;
	enum filter_kind kind;
};

struct filter {
	size_t field; /* index into the fields */
	enum filter_operator operator;
	bool is_null;     /* the value is null: only with EQ */
	const char *text; /* the value as text, in any case but null */
	double number;    /* for FILTER_NUMBER */
	bool boolean;     /* for FILTER_BOOLEAN */
	int64_t when;     /* for FILTER_WHEN */
};

struct filters {
	struct filter list[FILTERS_MOST];
	size_t count;
};

/*
 * Reads them.  CONTAINS, STARTS_WITH and ENDS_WITH compare the field's text
 * whatever its kind; the others take a value of the field's kind, also as
 * a string.  INVALID: every fault is reported at /filters.
 */
enum outcome filter_read(struct arena *arena, const char *json,
    const struct filter_field *fields, size_t count, struct faults *faults,
    struct filters *filters) MUSTCHECK;

#endif
