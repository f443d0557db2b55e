#include "base/base.h"

#include "model/turn_record.h"

static const char *const outcome_words[] = {
	[TURN_DONE] = "done",
	[TURN_DISCARDED] = "discarded",
	[TURN_FAILED] = "failed",
};
static_assert(
    COUNT(outcome_words) == TURN_OUTCOME_N, "a word for every outcome");

const struct names turn_outcome_names = NAMES(outcome_words);

#define AT(member) FIELD_AT(struct turn_record, member)

/* clang-format off */
static const struct field fields[] = {
	{ "id", FIELD_ID, 0, AT(id) },
	{ "conversation_id", FIELD_ID, 0, AT(conversation_id) },
	{ "workflow_id", FIELD_ID, 0, AT(work_id) },
	{ "event", FIELD_TEXT, 0, AT(event),
	    .about = "What it answers: texted, opened or resumed." },
	{ "outcome", FIELD_NAME, 0, AT(outcome),
	    .names = &turn_outcome_names,
	    .about = "A turn is discarded when something happened before it"
	             " was over, and taken again." },
	{ "reason", FIELD_TEXT, FIELD_NULLABLE, AT(reason) },
	{ "seen", FIELD_INTEGER, 0, AT(user_seq),
	    .about = "The number of the user's last message that it saw." },
	{ "started_at", FIELD_WHEN, 0, AT(started_at) },
	{ "ended_at", FIELD_WHEN, 0, AT(ended_at) },
	{ "trace", FIELD_ARRAY, 0, AT(trace),
	    .about = "What came in and what was done, in order: prompts,"
	             " answers, tools, tokens, reasons." },
};
/* clang-format on */

const struct schema turn_record_schema =
    SCHEMA("Turn", fields, struct turn_record);
