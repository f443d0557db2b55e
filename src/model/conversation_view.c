#include "base/base.h"

#include "model/conversation_view.h"

#include "base/arena.h"
#include "model/channel.h"
#include "model/field.h"
#include "model/progress.h"
#include "model/transcript.h"

struct conversation_sensitive {
	const char *summary;
	const char *initial_context;
	const char *custom_metadata; /* JSON object */
	const struct transcript *transcript;
	const char *recording_details; /* JSON object */
};

#define AT(member) FIELD_AT(struct conversation_view, member)
#define AGENT_AT(member) FIELD_AT(struct conversation_agent, member)
#define SENSITIVE_AT(member) FIELD_AT(struct conversation_sensitive, member)

/* clang-format off */
static const struct field agent_fields[] = {
	{ "id", FIELD_ID, 0, AGENT_AT(id) },
	{ "name", FIELD_TEXT, FIELD_NULLABLE, AGENT_AT(name) },
};

static const struct schema agent_schema =
    SCHEMA("ConversationAgent", agent_fields, struct conversation_agent);

static const struct field sensitive_fields[] = {
	{ "summary", FIELD_TEXT, FIELD_NULLABLE, SENSITIVE_AT(summary) },
	{ "initial_context", FIELD_TEXT, FIELD_NULLABLE,
	    SENSITIVE_AT(initial_context) },
	{ "custom_metadata", FIELD_OBJECT, FIELD_NULLABLE,
	    SENSITIVE_AT(custom_metadata) },
	{ "conversation", FIELD_STRUCT, FIELD_POINTER,
	    SENSITIVE_AT(transcript), .schema = &transcript_schema,
	    .about = "The transcript, where one conversation is asked for;"
	             " null in lists." },
	{ "recording_details", FIELD_OBJECT, FIELD_NULLABLE,
	    SENSITIVE_AT(recording_details),
	    .about = "Always null: nothing is recorded here." },
};

static const struct schema sensitive_schema = SCHEMA(
    "ConversationSensitive", sensitive_fields, struct conversation_sensitive);

static const struct field fields[] = {
	{ "id", FIELD_ID, 0, AT(conversation.id) },
	{ "organization_id", FIELD_ID, 0, AT(conversation.account_id),
	    .about = "The account." },
	{ "direction", FIELD_NAME, 0, AT(conversation.direction),
	    .names = &direction_names },
	{ "channel", FIELD_NAME, 0, AT(conversation.pair.channel),
	    .names = &channel_names },
	{ "status", FIELD_NAME, 0, AT(conversation.progress),
	    .names = &progress_names },
	{ "user_id", FIELD_TEXT, 0, AT(conversation.pair.user) },
	{ "agent_id", FIELD_ID, FIELD_NULLABLE, AT(conversation.agent_id) },
	{ "agent_version_id", FIELD_ID, FIELD_NULLABLE,
	    AT(conversation.agent_version_id) },
	{ "agent", FIELD_STRUCT, FIELD_POINTER, AT(agent),
	    .schema = &agent_schema },
	{ "agent_number", FIELD_TEXT, FIELD_NULLABLE, AT(agent_number),
	    .about = "Its number or address." },
	{ "web_widget_id", FIELD_ID, FIELD_NULLABLE, AT(none),
	    .about = "Always null: there are none here." },
	{ "trunk_id", FIELD_ID, FIELD_NULLABLE, AT(none),
	    .about = "Always null: there are none here." },
	{ "duration", FIELD_INTEGER, FIELD_POINTER, AT(duration),
	    .about = "Seconds, once it has ended." },
	{ "user_turn_count", FIELD_INTEGER, 0,
	    AT(conversation.user_turn_count) },
	{ "created_at", FIELD_WHEN, 0, AT(conversation.created_at) },
	{ "updated_at", FIELD_WHEN, 0, AT(conversation.updated_at) },
	{ "sensitive", FIELD_INLINE, FIELD_POINTER, AT(sensitive),
	    .schema = &sensitive_schema },
};
/* clang-format on */

const struct schema conversation_view_schema =
    SCHEMA("ConversationView", fields, struct conversation_view);

static const struct conversation_agent *
agent_of(struct arena *arena, const struct id *id, const char *name)
{
	struct conversation_agent *agent;

	if (id_is_none(id))
		return NULL;
	agent = arena_alloc(arena, sizeof(*agent));
	*agent = (struct conversation_agent){ *id, name };
	return agent;
}

static const struct conversation_sensitive *
sensitive_of(struct arena *arena, const struct conversation *conversation,
    const struct transcript *transcript)
{
	struct conversation_sensitive *sensitive =
	    arena_alloc(arena, sizeof(*sensitive));

	*sensitive = (struct conversation_sensitive){
		.summary = conversation->summary,
		.initial_context = conversation->initial_context,
		.custom_metadata = conversation->metadata,
		.transcript = transcript,
	};
	return sensitive;
}

static const int64_t *
duration_of(struct arena *arena, const struct conversation *conversation)
{
	int64_t *duration;

	if (conversation->is_active)
		return NULL;
	duration = arena_alloc(arena, sizeof(*duration));
	*duration = conversation->duration;
	return duration;
}

void
conversation_view_fill(struct arena *arena,
    const struct conversation *conversation, const char *agent_name,
    const struct transcript *transcript, bool sensitive,
    struct conversation_view *view)
{
	const char *number = conversation->pair.agent;

	*view = (struct conversation_view){
		.conversation = *conversation,
		.agent_number =
		    number != NULL && number[0] != '\0' ? number : NULL,
		.duration = duration_of(arena, conversation),
		.agent = agent_of(arena, &conversation->agent_id, agent_name),
	};
	if (sensitive)
		view->sensitive = sensitive_of(arena, conversation, transcript);
}
