/*
 * What the lists of agents and of their versions have in common: bounds of
 * their times, and the place behind which they go on.  Newest first.
 */
#ifndef PARLEY_STORE_AGENT_SPAN_H
#define PARLEY_STORE_AGENT_SPAN_H

#include "base/base.h"
#include "base/names.h"
#include "model/cursor.h"

struct schema;

/* A boolean that may be left open. */
enum either { EITHER, EITHER_FALSE, EITHER_TRUE, EITHER_N };

extern const struct names either_names;

/* 0: no bound.  Clients see milliseconds: the whole one is meant. */
struct agent_span {
	int64_t created_after, created_before;
	int64_t updated_after, updated_before;
};

extern const struct schema agent_span_schema;

#define AGENT_SPAN_END(when)                                                   \
	((when) != 0 && (when) % 1000 == 0 ? (when) + 999 : (when))

#define AGENT_SPAN_SQL                                                         \
	" AND (? IS NULL OR created_at >= ?)"                                  \
	" AND (? IS NULL OR created_at <= ?)"                                  \
	" AND (? IS NULL OR updated_at >= ?)"                                  \
	" AND (? IS NULL OR updated_at <= ?)"                                  \
	" AND (? IS NULL OR created_at < ? OR (created_at = ? AND id < ?))"    \
	" ORDER BY created_at DESC, id DESC"                                   \
	" LIMIT ?"

#define AGENT_SPAN_VALUES(span, behind, limit)                                 \
	value_when((span)->created_after), value_when((span)->created_after),  \
	    value_when(AGENT_SPAN_END((span)->created_before)),                \
	    value_when(AGENT_SPAN_END((span)->created_before)),                \
	    value_when((span)->updated_after),                                 \
	    value_when((span)->updated_after),                                 \
	    value_when(AGENT_SPAN_END((span)->updated_before)),                \
	    value_when(AGENT_SPAN_END((span)->updated_before)),                \
	    value_when((behind)->created_at),                                  \
	    value_when((behind)->created_at),                                  \
	    value_when((behind)->created_at), value_id(&(behind)->id),         \
	    value_integer(limit)

#endif
