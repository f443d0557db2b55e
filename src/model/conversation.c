#include "base/base.h"

#include "model/conversation.h"

#include "base/json.h"
#include "model/channel.h"
#include "model/field.h"

#include <json-c/json.h>
#include <string.h>

static const char *const status_words[] = {
	[CONVERSATION_OPEN] = "open",
	[CONVERSATION_ENDED] = "ended",
	[CONVERSATION_TIMEOUT] = "timeout",
	[CONVERSATION_BLACKLISTED] = "blacklisted",
	[CONVERSATION_INACTIVE] = "inactive",
};
static_assert(
    COUNT(status_words) == CONVERSATION_STATUS_N, "a word for every status");

static const char *const direction_words[] = {
	[DIRECTION_INBOUND] = "inbound",
	[DIRECTION_OUTBOUND] = "outbound",
};
static_assert(
    COUNT(direction_words) == DIRECTION_N, "a word for every direction");

const struct names direction_names = NAMES(direction_words);

const struct names conversation_status_names = NAMES(status_words);

#define AT(member) FIELD_AT(struct conversation, member)

/* clang-format off */
#define HANDOFF_FIELDS                                                         \
	{ "human_handoff_at", FIELD_WHEN, FIELD_NULLABLE,                      \
	    AT(human_handoff_at) },                                            \
	{ "human_handoff_reason", FIELD_TEXT, FIELD_NULLABLE,                  \
	    AT(human_handoff_reason) },                                        \
	{ "human_handoff_metadata", FIELD_OBJECT, FIELD_NULLABLE,              \
	    AT(human_handoff_metadata) }

static const struct field fields[] = {
	{ "id", FIELD_ID, 0, AT(id) },
	{ "created_at", FIELD_WHEN, 0, AT(created_at) },
	{ "updated_at", FIELD_WHEN, 0, AT(updated_at) },
	{ "user_id", FIELD_ID, 0, AT(account_id),
	    .about = "The account that owns it." },
	{ "user_number", FIELD_TEXT, 0, AT(pair.user) },
	{ "agent_number", FIELD_TEXT, 0, AT(pair.agent) },
	{ "variables", FIELD_OBJECT, FIELD_NULLABLE, AT(variables) },
	{ "current_node_id", FIELD_TEXT, FIELD_NULLABLE,
	    AT(position.node_id) },
	{ "curr_pathway_id", FIELD_TEXT, FIELD_NULLABLE,
	    AT(position.pathway_id) },
	{ "curr_pathway_version", FIELD_TEXT, FIELD_NULLABLE,
	    AT(position.pathway_version) },
	{ "timed_out_at", FIELD_WHEN, FIELD_NULLABLE, AT(timed_out_at) },
	{ "ended_at", FIELD_WHEN, FIELD_NULLABLE, AT(ended_at) },
	{ "is_active", FIELD_BOOLEAN, 0, AT(is_active) },
	{ "status", FIELD_NAME, 0, AT(status),
	    .names = &conversation_status_names },
	{ "effective_channel", FIELD_NAME, 0, AT(pair.channel),
	    .names = &channel_names },
	{ "message_count", FIELD_INTEGER, 0, AT(message_count) },
	{ "last_message", FIELD_TEXT, FIELD_NULLABLE, AT(last_message) },
	{ "last_message_at", FIELD_WHEN, FIELD_NULLABLE,
	    AT(last_message_at) },
	{ "objective", FIELD_TEXT, FIELD_NULLABLE, AT(objective),
	    .about = "This conversation's override of its number's." },
	{ "time_out", FIELD_NUMBER, FIELD_NULLABLE, AT(silence.time_out),
	    .about = "This conversation's override of its number's." },
	{ "timeout_message", FIELD_TEXT, FIELD_NULLABLE,
	    AT(silence.timeout_message) },
	{ "warning_time", FIELD_NUMBER, FIELD_NULLABLE,
	    AT(silence.warning_time) },
	{ "warning_message", FIELD_TEXT, FIELD_NULLABLE,
	    AT(silence.warning_message) },
	{ "pathway_tags", FIELD_ARRAY, FIELD_NULLABLE, AT(pathway_tags) },
	{ "summary", FIELD_TEXT, FIELD_NULLABLE, AT(summary) },
	{ "citation_variables", FIELD_OBJECT, FIELD_NULLABLE,
	    AT(citation_variables) },
	{ "disposition_tag", FIELD_TEXT, FIELD_NULLABLE,
	    AT(disposition_tag) },
	HANDOFF_FIELDS,
	{ "metadata", FIELD_OBJECT, FIELD_NULLABLE, AT(metadata) },
};

static const struct field state_fields[] = {
	{ "id", FIELD_ID, 0, AT(id) },
	{ "is_active", FIELD_BOOLEAN, 0, AT(is_active) },
	{ "status", FIELD_NAME, 0, AT(status),
	    .names = &conversation_status_names },
	{ "current_node_id", FIELD_TEXT, FIELD_NULLABLE,
	    AT(position.node_id) },
	HANDOFF_FIELDS,
	{ "updated_at", FIELD_WHEN, 0, AT(updated_at) },
};
/* clang-format on */

const struct schema conversation_schema =
    SCHEMA("Conversation", fields, struct conversation);

const struct schema conversation_state_schema =
    SCHEMA("ConversationState", state_fields, struct conversation);

void
conversation_redact(struct conversation *conversation)
{
	conversation->variables = NULL;
	conversation->metadata = NULL;
	conversation->objective = NULL;
	conversation->last_message = NULL;
	conversation->summary = NULL;
	conversation->citation_variables = NULL;
	conversation->disposition_logs = NULL;
	conversation->human_handoff_reason = NULL;
	conversation->human_handoff_metadata = NULL;
}

const char *
conversation_webhook(
    const struct conversation *conversation, const char *number)
{
	if (conversation->human_handoff_at != 0 &&
	    conversation->human_handoff_webhook != NULL)
		return conversation->human_handoff_webhook;
	return conversation->webhook != NULL ? conversation->webhook : number;
}

static struct json_object *
read_object(struct arena *arena, const char *text)
{
	struct json_object *object;
	struct json_fault ignored;

	if (text == NULL ||
	    json_parse(arena, text, strlen(text), &object, &ignored) != OK)
		return json_own(arena, json_object_new_object());
	return object;
}

/* Its metadata with what is known of the person under `name`. */
static const char *
with_handoff(struct arena *arena, const struct conversation *conversation,
    const char *name)
{
	struct json_object *metadata =
	    read_object(arena, conversation->metadata);
	struct json_object *handoff =
	    read_object(arena, conversation->human_handoff_metadata);

	(void)json_object_object_add(
	    handoff, "reason", json_string(conversation->human_handoff_reason));
	(void)json_object_object_add(metadata, name, json_object_get(handoff));
	return json_text(arena, metadata);
}

const char *
conversation_metadata(
    struct arena *arena, const struct conversation *conversation)
{
	if (conversation->human_handoff_at == 0)
		return conversation->metadata;
	return with_handoff(arena, conversation, "human_handoff");
}

void
conversation_hand_off(struct conversation *conversation, int64_t now,
    const char *reason, const char *metadata, const char *webhook)
{
	conversation->human_handoff_at = now;
	conversation->human_handoff_reason = reason;
	conversation->human_handoff_metadata = metadata;
	conversation->human_handoff_webhook = webhook;
	conversation->agent_streak = 0;
}

const char *
conversation_handoff_metadata(struct arena *arena,
    const struct conversation *conversation, const char *metadata,
    const char *actor)
{
	struct json_object *known =
	    read_object(arena, conversation->human_handoff_metadata);
	struct json_object *given = read_object(arena, metadata);

	json_object_object_foreach(given, name, value)
	{
		(void)json_object_object_add(
		    known, name, json_object_get(value));
	}
	(void)json_object_object_add(known, "source", json_string("api"));
	if (actor != NULL || !json_object_object_get_ex(known, "actor", NULL))
		(void)json_object_object_add(
		    known, "actor", json_string(actor));
	return json_text(arena, known);
}

void
conversation_note(struct arena *arena, struct conversation *conversation,
    const char *name, const char *value)
{
	struct json_object *handoff;

	if (conversation->human_handoff_at == 0 || value == NULL)
		return;
	handoff = read_object(arena, conversation->human_handoff_metadata);
	(void)json_object_object_add(handoff, name, json_string(value));
	conversation->human_handoff_metadata = json_text(arena, handoff);
}

void
conversation_take_back(struct arena *arena, struct conversation *conversation)
{
	if (conversation->human_handoff_at == 0)
		return;
	conversation->metadata =
	    with_handoff(arena, conversation, "last_human_handoff");
	conversation_hand_off(conversation, 0, NULL, NULL, NULL);
}

static const char *
text_of(struct json_object *object, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, name, &value) ||
	    json_object_is_type(value, json_type_null))
		return NULL;
	return json_object_get_string(value);
}

const char *
conversation_agent_handoff(struct arena *arena, const char *number)
{
	struct json_object *metadata = json_object_new_object();

	(void)json_object_object_add(metadata, "source", json_string("agent"));
	if (number != NULL)
		(void)json_object_object_add(
		    metadata, "transfer_number", json_string(number));
	return json_finish(arena, metadata);
}

const char *
conversation_transfer_number(
    struct arena *arena, const struct conversation *conversation)
{
	struct json_object *handoff;

	if (conversation->human_handoff_at != 0)
		return text_of(
		    read_object(arena, conversation->human_handoff_metadata),
		    "transfer_number");
	if (!json_object_object_get_ex(
		read_object(arena, conversation->metadata),
		"last_human_handoff", &handoff) ||
	    !json_object_is_type(handoff, json_type_object))
		return NULL;
	return text_of(handoff, "transfer_number");
}

struct position
position_read(struct arena *arena, const char *pathway_id, const char *object)
{
	struct json_object *read = read_object(arena, object);

	return (struct position){
		.pathway_id = pathway_id,
		.pathway_version = text_of(read, "version"),
		.node_id = text_of(read, "node_id"),
	};
}
