#include "base/base.h"

#include "store/agent_span.h"

#include "model/field.h"

static const char *const either_words[] = {
	[EITHER] = "",
	[EITHER_FALSE] = "false",
	[EITHER_TRUE] = "true",
};
static_assert(COUNT(either_words) == EITHER_N, "a word for either");

const struct names either_names = NAMES(either_words);

#define AT(member) FIELD_AT(struct agent_span, member)

/* clang-format off */
static const struct field fields[] = {
	{ "created_after", FIELD_WHEN, 0, AT(created_after),
	    .about = "This moment and later, as below." },
	{ "created_before", FIELD_WHEN, 0, AT(created_before),
	    .about = "This moment and earlier, as below." },
	{ "updated_after", FIELD_WHEN, 0, AT(updated_after) },
	{ "updated_before", FIELD_WHEN, 0, AT(updated_before) },
};
/* clang-format on */

const struct schema agent_span_schema =
    SCHEMA("AgentSpan", fields, struct agent_span);
