#include "base/base.h"

#include "api/agent_assist.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/when.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/conversation_view.h"
#include "model/extraction.h"
#include "model/field.h"
#include "model/progress.h"
#include "model/transcript.h"
#include "model/work.h"
#include "store/conversation_search.h"
#include "store/transcript.h"
#include "store/work.h"

#define STEPS_MOST 50

/* What a model is asked for. */
struct assessment {
	const char *summary;
	const char *sentiment;
	const char *next_steps; /* JSON array of texts */
};

struct brief {
	const char *phone_number;
	struct conversation conversation;
	const char *agent_name;
	const char *collected; /* JSON object */
	struct assessment assessment;
	const char *note;
	const struct transcript *transcript;
};

#define ASSESSED_AT(member) FIELD_AT(struct assessment, member)
#define BRIEF_AT(member) FIELD_AT(struct brief, member)

/* clang-format off */
static const struct citation_variable questions[] = {
	{ "summary", "What this is about and where it stands, in at most three"
	    " sentences.", CITATION_STRING, NULL },
	{ "sentiment", "How the user feels at the end of it.",
	    CITATION_CATEGORY, "[\"positive\",\"neutral\",\"negative\"]" },
	{ "next_steps", "What a person who takes over now should do, in"
	    " order.", CITATION_ARRAY, NULL },
};

static const struct field assessment_fields[] = {
	{ "summary", FIELD_TEXT, FIELD_NULLABLE, ASSESSED_AT(summary) },
	{ "sentiment", FIELD_TEXT, FIELD_NULLABLE, ASSESSED_AT(sentiment),
	    .about = "positive, neutral or negative." },
	{ "next_steps", FIELD_TEXTS, FIELD_NULLABLE, ASSESSED_AT(next_steps),
	    0, STEPS_MOST },
};

static const struct schema assessment_schema =
    SCHEMA("Assessment", assessment_fields, struct assessment);

static const struct field brief_fields[] = {
	{ "phone_number", FIELD_TEXT, 0, BRIEF_AT(phone_number) },
	{ "conversation_id", FIELD_ID, 0, BRIEF_AT(conversation.id),
	    .about = "The newest with this user, or else of this number." },
	{ "channel", FIELD_NAME, 0, BRIEF_AT(conversation.pair.channel),
	    .names = &channel_names },
	{ "direction", FIELD_NAME, 0, BRIEF_AT(conversation.direction),
	    .names = &direction_names },
	{ "status", FIELD_NAME, 0, BRIEF_AT(conversation.progress),
	    .names = &progress_names },
	{ "user_id", FIELD_TEXT, 0, BRIEF_AT(conversation.pair.user) },
	{ "agent_name", FIELD_TEXT, FIELD_NULLABLE, BRIEF_AT(agent_name) },
	{ "created_at", FIELD_WHEN, 0, BRIEF_AT(conversation.created_at) },
	{ "updated_at", FIELD_WHEN, 0, BRIEF_AT(conversation.updated_at) },
	{ "assessment", FIELD_INLINE, 0, BRIEF_AT(assessment),
	    .schema = &assessment_schema },
	{ "collected_info", FIELD_OBJECT, 0, BRIEF_AT(collected),
	    .about = "The conversation's variables, and over them what was"
	             " extracted from it." },
	{ "outcome", FIELD_TEXT, FIELD_NULLABLE,
	    BRIEF_AT(conversation.disposition_tag) },
	{ "handoff_reason", FIELD_TEXT, FIELD_NULLABLE,
	    BRIEF_AT(conversation.human_handoff_reason) },
	{ "note", FIELD_TEXT, FIELD_NULLABLE, BRIEF_AT(note),
	    .about = "Why no model has assessed it." },
	{ "transcript", FIELD_STRUCT, FIELD_POINTER, BRIEF_AT(transcript),
	    .schema = &transcript_schema },
};
/* clang-format on */

const struct schema agent_assist_schema =
    SCHEMA("AgentAssist", brief_fields, struct brief);

/* What the model said; what is not there stays as it was. */
static void
take_assessment(struct call *call, const char *variables, struct brief *brief)
{
	const char *known = brief->assessment.summary;

	if (field_read_text(call->arena, &assessment_schema, variables,
		&brief->assessment) != OK)
		brief->note = "what the model said cannot be understood";
	if (known != NULL)
		brief->assessment.summary = known;
}

static enum outcome
finish(struct call *call, const struct work *works)
{
	struct brief *brief = call->answer;
	struct extraction_result result;

	if (works[0].state != WORK_DONE)
		brief->note = works[0].state == WORK_DEAD
				  ? works[0].reason
				  : "the model has not answered in time";
	else if (extraction_result_read(
		     call->arena, works[0].result, &result) != OK)
		brief->note = "the model's answer is gone";
	else if (result.status == EXTRACTION_ERROR)
		brief->note = result.error;
	else
		take_assessment(call, result.variables, brief);
	return OK;
}

/* The work of kind `analyse` that asks a model, and keeps nothing. */
static enum outcome
ask_model(struct call *call, const struct conversation *conversation)
{
	struct id *id = arena_alloc(call->arena, sizeof(*id));
	const struct citation_schema schema = {
		.description = "A person is about to take over from the agent"
			       " and must know how things stand.",
		.rules = { .variables = { questions, COUNT(questions) } },
	};
	const struct extraction_order order = {
		.schema_ids = "[]",
		.document = citation_write(call->arena, &schema),
	};
	struct work work = {
		.id = id_new(),
		.account_id = call->key.account_id,
		.subject_id = conversation->id,
		.kind = WORK_ANALYSE,
		.state = WORK_WAITING,
		.due = when_now(),
		.payload = extraction_order_write(call->arena, &order),
	};

	*id = work.id;
	call->await =
	    (struct await){ .works = id, .count = 1, .finish = finish };
	return work_insert(call->db, &work);
}

enum outcome
agent_assist(struct call *call)
{
	const struct id *account = &call->key.account_id;
	struct brief *brief = call->answer;
	struct conversation_found found;
	struct transcript *transcript;
	enum outcome rc = conversation_search_party(
	    call->db, call->arena, account, call->values[0], &found);

	if (rc == OK)
		rc = transcript_read(
		    call->db, call->arena, &found.conversation, &transcript);
	if (rc != OK)
		return call_missing(call, rc, CONVERSATION_NOT_FOUND, NULL,
		    "conversation with this number");
	call->settled = tx_repeat;
	*brief = (struct brief){
		.phone_number = call->values[0],
		.conversation = found.conversation,
		.agent_name = found.agent_name,
		.collected =
		    analysis_merge(call->arena, found.conversation.variables,
			found.conversation.citation_variables),
		.assessment.summary = found.conversation.summary,
		.transcript = transcript,
	};
	if (transcript->turns.count == 0)
		brief->note = "nothing was said yet";
	else if (!await_try(call))
		brief->note = "too many requests wait for a model";
	else
		return ask_model(call, &found.conversation);
	return OK;
}
