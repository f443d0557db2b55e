#include "base/base.h"

#include "model/work.h"

#include "model/field.h"

static const char *const kind_words[] = {
	[WORK_TURN] = "turn",
	[WORK_SEND] = "send",
	[WORK_SILENCE] = "silence",
	[WORK_CLOSE] = "close",
	[WORK_DELIVER] = "deliver",
	[WORK_DIAL] = "dial",
	[WORK_PURGE] = "purge",
	[WORK_ANALYSE] = "analyse",
	[WORK_CHAT] = "chat",
	[WORK_MAIL] = "mail",
	[WORK_RECEIVE] = "receive",
};
static_assert(COUNT(kind_words) == WORK_KIND_N, "a word for every kind");

static const char *const state_words[] = {
	[WORK_WAITING] = "waiting",
	[WORK_RUNNING] = "running",
	[WORK_DONE] = "done",
	[WORK_DEAD] = "dead",
};
static_assert(COUNT(state_words) == WORK_STATE_N, "a word for every state");

const struct names work_kind_names = NAMES(kind_words);
const struct names work_state_names = NAMES(state_words);

#define AT(member) FIELD_AT(struct work, member)
#define ATTEMPT_AT(member) FIELD_AT(struct work_attempt, member)

/* clang-format off */
static const struct field attempt_fields[] = {
	{ "attempt", FIELD_INTEGER, 0, ATTEMPT_AT(attempt) },
	{ "outcome", FIELD_TEXT, 0, ATTEMPT_AT(outcome),
	    .about = "again, or dead: it was given up." },
	{ "reason", FIELD_TEXT, FIELD_NULLABLE, ATTEMPT_AT(reason) },
	{ "finished_at", FIELD_WHEN, 0, ATTEMPT_AT(finished_at) },
};

static const struct schema attempt_schema =
    SCHEMA("WorkflowAttempt", attempt_fields, struct work_attempt);

static const struct field fields[] = {
	{ "id", FIELD_ID, 0, AT(id) },
	{ "workflow_id", FIELD_ID, 0, AT(id), .about = "The same." },
	{ "conversation_id", FIELD_ID, 0, AT(subject_id) },
	{ "kind", FIELD_NAME, 0, AT(kind), .names = &work_kind_names },
	{ "state", FIELD_NAME, 0, AT(state), .names = &work_state_names },
	{ "due", FIELD_WHEN, 0, AT(due),
	    .about = "When it will be, or was, taken up." },
	{ "attempts", FIELD_INTEGER, 0, AT(attempt),
	    .about = "How often it was taken up." },
	{ "reason", FIELD_TEXT, FIELD_NULLABLE, AT(reason),
	    .about = "Why it is to be tried again, or was given up." },
	{ "attempt_log", FIELD_LIST, 0, AT(attempt_log),
	    .schema = &attempt_schema,
	    .about = "How each try ended that it was not done by." },
	{ "result", FIELD_OBJECT, FIELD_NULLABLE, AT(result),
	    .about = "What came of it." },
	{ "created_at", FIELD_WHEN, 0, AT(created_at) },
	{ "updated_at", FIELD_WHEN, 0, AT(updated_at) },
};
/* clang-format on */

const struct schema workflow_schema = SCHEMA("Workflow", fields, struct work);
