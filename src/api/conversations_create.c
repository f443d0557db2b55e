#include "base/base.h"

#include "api/conversations_create.h"

#include "api/agent_config.h"
#include "api/call.h"
#include "api/conversation_email.h"
#include "api/conversation_opening.h"
#include "api/conversation_telephone.h"
#include "api/conversation_text.h"
#include "api/conversation_webrtc.h"
#include "api/sms_overrides.h"
#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "model/agent_config.h"
#include "model/builtin.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/template.h"
#include "model/variables.h"
#include "model/work.h"
#include "store/agent_version.h"
#include "store/conversation.h"
#include "store/work.h"

#define CONTEXT_MOST 20000
#define SUBJECT_MOST 500

/* To add a channel, write its file and add its row. */
static const struct opening_channel *const channels[CHANNEL_N] = {
	[CHANNEL_TEXT] = &conversation_text,
	[CHANNEL_TELEPHONE] = &conversation_telephone,
	[CHANNEL_EMAIL] = &conversation_email,
	[CHANNEL_WEBRTC] = &conversation_webrtc,
};

static const char *const channel_words[] = {
	[CHANNEL_TEXT - CHANNEL_MESSAGING_N] = "text",
	[CHANNEL_EMAIL - CHANNEL_MESSAGING_N] = "email",
	[CHANNEL_TELEPHONE - CHANNEL_MESSAGING_N] = "telephone",
	[CHANNEL_WEBRTC - CHANNEL_MESSAGING_N] = "webrtc",
};
static_assert(COUNT(channel_words) == CHANNEL_N - CHANNEL_MESSAGING_N,
    "a word for every channel that begins here");

static const struct names begun_names = NAMES(channel_words);

#define AT(member) FIELD_AT(struct conversation_create, member)
#define OPENED_AT(member) FIELD_AT(struct conversation_opened, member)

/* clang-format off */
static const struct field create_fields[] = {
	{ "id", FIELD_ID, 0, AT(id),
	    .about = "The client's own UUID. If a conversation with it exists"
	             " it is returned unchanged, whatever else is sent." },
	{ "conversation_id", FIELD_ID, FIELD_ALIAS, AT(id) },
	{ "channel", FIELD_NAME, FIELD_REQUIRED, AT(channel),
	    .names = &begun_names },
	{ "user_id", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    AT(user_id), 1, 255,
	    .about = "Who it is with, in the client's words; on telephone the"
	             " E.164 number to call." },
	{ "agent_id", FIELD_ID, FIELD_NULLABLE, AT(agent_id),
	    .about = "One of agent_id, agent_version_id and agent_config says"
	             " who answers." },
	{ "agent_version_id", FIELD_ID, FIELD_NULLABLE, AT(agent_version_id) },
	{ "agent_config", FIELD_OBJECT, FIELD_NULLABLE, AT(agent_config),
	    .most = AGENT_CONFIG_MOST,
	    .about = "As GET /v1/agent-config-schema describes it." },
	{ "version", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER, AT(version),
	    1, 20, .about = "Only with agent_id: the number of a published"
	                    " version, or latest." },
	{ "agent_number", FIELD_PHONE, FIELD_NULLABLE, AT(agent_number),
	    .about = "On telephone: the number that calls." },
	{ "to_address", FIELD_TEXT, FIELD_NULLABLE, AT(to_address), 1, 254,
	    .about = "On email: the recipient." },
	{ "from_address", FIELD_TEXT, FIELD_NULLABLE, AT(from_address), 1, 254,
	    .about = "On email: one of the account's addresses." },
	{ "subject", FIELD_TEXT, FIELD_NULLABLE, AT(subject), 1, SUBJECT_MOST,
	    .about = "On email; else the agent's default_subject." },
	{ "initial_context", FIELD_TEXT, FIELD_NULLABLE, AT(initial_context),
	    0, CONTEXT_MOST,
	    .about = "Put before the agent's instructions are followed: what"
	             " is known of this conversation." },
	{ "custom_metadata", FIELD_OBJECT, FIELD_NULLABLE, AT(custom_metadata),
	    .most = DATA_MOST },
};

static const struct field opened_fields[] = {
	{ "conversation", FIELD_STRUCT, 0, OPENED_AT(conversation),
	    .schema = &conversation_view_schema },
	{ "starting_message", FIELD_TEXT, FIELD_NULLABLE,
	    OPENED_AT(starting_message),
	    .about = "The agent's first words, on text." },
	{ "token", FIELD_TEXT, FIELD_SPARSE, OPENED_AT(token),
	    .about = "On webrtc: to join the room with. Joining dispatches the"
	             " agent that channel_properties.webrtc.agent_name names;"
	             " its metadata is {\"conversation_id\"}, by which it reads"
	             " GET /v1/conversations/{conversation_id} and the"
	             " agent's version. It speaks in the room, and not by"
	             " POST .../messages." },
	{ "url", FIELD_TEXT, FIELD_SPARSE, OPENED_AT(url) },
	{ "room_name", FIELD_TEXT, FIELD_SPARSE, OPENED_AT(room_name) },
	{ "expires_at", FIELD_WHEN, FIELD_SPARSE, OPENED_AT(expires_at) },
	{ "workflow_id", FIELD_ID, FIELD_SPARSE, OPENED_AT(workflow_id),
	    .about = "On telephone: the work that places the call." },
};
/* clang-format on */

const struct schema conversation_create_schema =
    SCHEMA("ConversationCreate", create_fields, struct conversation_create);
const struct schema conversation_opened_schema =
    SCHEMA("ConversationOpened", opened_fields, struct conversation_opened);

/* --- Which agent. */

/* One that is named in two ways, or a version of none: said at the field. */
static enum outcome
check_reference(struct call *call, const struct conversation_create *body)
{
	static const char one[] =
	    "exactly one of agent_id, agent_version_id and agent_config says"
	    " who answers";
	int count = !id_is_none(&body->agent_id) +
		    !id_is_none(&body->agent_version_id) +
		    (body->agent_config != NULL);

	if (count > 1)
		return call_refuse(call, INVALID_PARAMETER,
		    id_is_none(&body->agent_version_id) ? "/agent_config"
							: "/agent_version_id",
		    one);
	if (body->version != NULL && id_is_none(&body->agent_id))
		return call_refuse(call, INVALID_PARAMETER, "/version",
		    "version is a version of agent_id, which is not given");
	if (count == 0 && (channels[body->channel]->choose_agent == NULL ||
			      body->agent_number == NULL))
		return call_refuse(
		    call, MISSING_REQUIRED_FIELDS, "/agent_id", one);
	return OK;
}

static enum outcome
refuse_draft(struct call *call, const char *field)
{
	return call_refuse(call, INVALID_PARAMETER, field,
	    "this version is a draft: POST /v1/agents/{agent_id}/versions/"
	    "{version}/publish first");
}

static enum outcome
find_numbered(struct call *call, const struct conversation_create *body,
    struct agent_version *version)
{
	const struct id *account = &call->key.account_id;
	int64_t number;
	enum outcome rc;

	if (body->version == NULL || text_equal(body->version, "latest")) {
		rc = agent_version_find_published(
		    call->db, call->arena, account, &body->agent_id, version);
		return call_missing(call, rc, AGENT_NOT_FOUND, "/agent_id",
		    "agent with a published version");
	}
	if (text_to_integer(body->version, &number) != OK)
		return call_refuse(call, INVALID_PARAMETER, "/version",
		    "version must be a number or latest, not \"%s\"",
		    body->version);
	rc = agent_version_find_number(
	    call->db, call->arena, account, &body->agent_id, number, version);
	if (rc == OK && version->published_at == 0)
		return refuse_draft(call, "/version");
	return call_missing(
	    call, rc, AGENT_NOT_FOUND, "/version", "agent with this version");
}

static enum outcome
find_version(struct call *call, const struct conversation_create *body,
    struct agent_version *version)
{
	enum outcome rc;

	if (!id_is_none(&body->agent_id))
		return find_numbered(call, body, version);
	rc = agent_version_find(call->db, call->arena, &call->key.account_id,
	    &body->agent_version_id, version);
	if (rc == OK && version->published_at == 0)
		return refuse_draft(call, "/agent_version_id");
	return call_missing(call, rc, AGENT_NOT_FOUND, "/agent_version_id",
	    "version of an agent");
}

/* One whose agent is not to be talked with. */
static enum outcome
refuse_inactive(struct call *call, const struct conversation_create *body)
{
	return call_refuse(call, INVALID_PARAMETER,
	    id_is_none(&body->agent_id) ? "/agent_version_id" : "/agent_id",
	    "the agent is not active, or was deleted: PUT"
	    " /v1/agents/{agent_id} {\"active\":true} lets it talk again");
}

/* It is kept as a version of no agent, so that every conversation refers to
 * one. */
static enum outcome
keep_config(struct call *call, const struct conversation_create *body,
    struct agent_version *version)
{
	struct agent_config ignored;
	enum outcome rc = agent_config_accept(
	    call, "/agent_config", body->agent_config, &ignored);

	if (rc != OK)
		return rc;
	*version = (struct agent_version){ .config = body->agent_config };
	return agent_version_insert(call->db, &call->key.account_id, version);
}

static enum outcome
choose_agent(struct call *call, struct opening *opening)
{
	const struct conversation_create *body = opening->body;
	struct conversation *conversation = &opening->thread.conversation;
	struct agent_version version;
	enum outcome rc;

	if (channels[body->channel] == NULL)
		return call_refuse(call, NOT_IMPLEMENTED, "/channel",
		    "this server does not begin conversations on %s",
		    names_text(&channel_names, body->channel));
	rc = check_reference(call, body);
	if (rc != OK)
		return rc;
	if (body->agent_config != NULL)
		rc = keep_config(call, body, &version);
	else if (id_is_none(&body->agent_id) &&
		 id_is_none(&body->agent_version_id))
		return channels[body->channel]->choose_agent(call, opening);
	else
		rc = find_version(call, body, &version);
	if (rc == OK && body->agent_config == NULL && !version.is_active)
		return refuse_inactive(call, body);
	if (rc == OK) {
		conversation->agent_id = version.agent_id;
		conversation->agent_version_id = version.id;
	}
	return rc;
}

/* --- The conversation. */

static void
begin(struct call *call, struct opening *opening)
{
	const struct conversation_create *body = opening->body;

	opening->thread = (struct thread){ .is_new = true };
	opening->thread.conversation = (struct conversation){
		.id = id_is_none(&body->id) ? id_new() : body->id,
		.account_id = call->key.account_id,
		.pair = { body->channel, body->user_id, "" },
		.status = CONVERSATION_OPEN,
		.is_active = true,
		.direction = DIRECTION_OUTBOUND,
		.initial_context = body->initial_context,
		.metadata = body->custom_metadata,
		.subject = body->subject,
	};
}

void
opening_view(struct call *call, struct opening *opening)
{
	conversation_view_fill(call->arena, &opening->thread.conversation,
	    opening->agent_name, NULL,
	    (call->scopes & CONVERSATION_SENSITIVE) != 0,
	    &opening->answer->conversation);
}

const char *
opening_greeting(struct call *call, struct opening *opening)
{
	const struct conversation *conversation = &opening->thread.conversation;
	const struct number_config *config = &opening->conduct.config;
	const char *words = opening->conduct.agent->starting_message;
	const struct facts facts = {
		.channel = conversation->pair.channel,
		.user = conversation->pair.user,
		.agent = conversation->pair.agent,
		.id = id_text(call->arena, &conversation->id),
		.timezone = config->timezone,
		.now = when_now(),
	};

	if (words == NULL || text_is_blank(words))
		return NULL;
	return template_fill(call->arena, words,
	    builtin_variables(call->arena, &facts,
		variables_read(call->arena, config->request_data,
		    conversation->variables)),
	    NULL);
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	struct conversation ignored;

	return conversation_find(
	    db, call->arena, &call->key.account_id, call->witness, &ignored);
}

static enum outcome
open_new(struct call *call, struct opening *opening)
{
	const struct opening_channel *channel =
	    channels[opening->body->channel];
	struct conversation *conversation = &opening->thread.conversation;
	struct id *id;
	enum outcome rc;

	begin(call, opening);
	rc = choose_agent(call, opening);
	if (rc == OK)
		rc = conduct_find(
		    call->db, call->arena, conversation, &opening->conduct);
	if (rc != OK)
		return rc;
	conversation->webhook = opening->conduct.config.webhook;
	opening->thread.webhook = conversation->webhook;
	rc = channel->open(call, opening);
	if (rc != OK)
		return rc;
	id = arena_alloc(call->arena, sizeof(*id));
	*id = conversation->id;
	call->witness = id;
	call->settled = is_there;
	opening_view(call, opening);
	return OK;
}

/* The conversation that an earlier request under the same key began. */
static enum outcome
find_resumed(struct call *call, struct opening *opening)
{
	const struct id *account = &call->key.account_id;
	struct work work;
	enum outcome rc =
	    work_find(call->db, call->arena, account, &call->resumed[0], &work);

	if (rc == OK)
		rc = conversation_find(call->db, call->arena, account,
		    &work.subject_id, &opening->thread.conversation);
	return call_missing(
	    call, rc, CONVERSATION_NOT_FOUND, NULL, "conversation");
}

/* The client repeats a request, or takes one for it. */
static enum outcome
show_again(struct call *call, struct opening *opening)
{
	const struct opening_channel *channel =
	    channels[opening->thread.conversation.pair.channel];
	enum outcome rc = OK;

	if (channel != NULL && channel->show != NULL)
		rc = channel->show(call, opening);
	opening_view(call, opening);
	return rc;
}

static int
status_of(const struct opening *opening)
{
	const struct opening_channel *channel =
	    channels[opening->thread.conversation.pair.channel];

	return channel != NULL ? channel->status : 0;
}

enum outcome
conversations_create(struct call *call)
{
	struct conversation_create *body =
	    arena_alloc(call->arena, sizeof(*body));
	struct opening *opening = arena_alloc(call->arena, sizeof(*opening));
	enum outcome rc = NOT_FOUND;

	*body = *(const struct conversation_create *)call->body;
	body->channel += CHANNEL_MESSAGING_N;
	*opening = (struct opening){ .body = body, .answer = call->answer };
	*opening->answer = (struct conversation_opened){ 0 };
	if (call->resumed != NULL)
		rc = find_resumed(call, opening);
	else if (!id_is_none(&body->id))
		rc = conversation_find(call->db, call->arena,
		    &call->key.account_id, &body->id,
		    &opening->thread.conversation);
	if (rc == OK)
		rc = show_again(call, opening);
	else if (rc == NOT_FOUND)
		rc = open_new(call, opening);
	if (rc == OK)
		call->status = status_of(opening);
	return rc;
}
