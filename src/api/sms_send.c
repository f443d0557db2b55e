#include "base/base.h"

#include "api/sms_send.h"

#include "api/call.h"
#include "api/sms_overrides.h"
#include "api/sms_sending.h"
#include "base/arena.h"
#include "base/text.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/field.h"
#include "store/number.h"
#include "store/reference.h"

#include <json-c/json.h>

#define VARIABLES_MOST 4096

struct send_request {
	const char *user_number;
	const char *agent_number;
	const char *agent_message; /* NULL: the agent finds the words */
	int channel;               /* enum channel */
	struct position position;
	const char *request_data; /* JSON object */
	bool new_conversation;
	struct conversation overrides;
	struct send_template template;

	/* What we have none of. */
	const char *persona_id, *persona_version, *persona_settings;
};

struct send_answer {
	const char *status;
	const char *message;
	struct id conversation_id;
	struct id message_id;
	struct id work_id;
};

#define AT(member) FIELD_AT(struct send_request, member)
#define ANSWER_AT(member) FIELD_AT(struct send_answer, member)
#define MISTAKEN (FIELD_ALIAS | FIELD_MISTAKEN)

/* clang-format off */
static const struct field request_fields[] = {
	{ "phone_number", FIELD_PHONE, MISTAKEN, AT(user_number),
	    .about = "Taken for user_number." },
	{ "to", FIELD_PHONE, MISTAKEN, AT(user_number),
	    .about = "Taken for user_number." },
	{ "user_number", FIELD_PHONE, FIELD_REQUIRED, AT(user_number),
	    .about = "Who is sent it." },
	{ "from", FIELD_PHONE, MISTAKEN, AT(agent_number),
	    .about = "Taken for agent_number." },
	{ "agent_number", FIELD_PHONE, 0, AT(agent_number),
	    .about = "The account's number that sends it. It may be left out"
	             " where the account has only one on the channel." },
	{ "message", FIELD_TEXT, MISTAKEN | FIELD_NULLABLE | FIELD_NOT_BLANK,
	    AT(agent_message), 1, MESSAGE_MOST,
	    .about = "Taken for agent_message." },
	{ "agent_message", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    AT(agent_message), 1, MESSAGE_MOST,
	    .about = "The words. Without them the agent takes its turn." },
	{ "channel", FIELD_NAME, 0, AT(channel),
	    .names = &messaging_channel_names,
	    .about = "If not given: sms, or the only channel of the"
	             " number." },
	{ "new_conversation", FIELD_BOOLEAN, 0, AT(new_conversation),
	    .about = "Archive the pair's active conversation first." },
	{ "request_data", FIELD_OBJECT, FIELD_NULLABLE, AT(request_data),
	    .most = DATA_MOST,
	    .about = "Variables; those given replace those of their names." },
	{ "pathway_id", FIELD_TEXT, FIELD_NULLABLE, AT(position.pathway_id),
	    1, 64, .about = "Wins over the number's." },
	{ "pathway_version", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(position.pathway_version), 1, 64,
	    .about = "Of pathway_id, else of the conversation's pathway, else"
	             " of the number's." },
	{ "start_node_id", FIELD_TEXT, FIELD_NULLABLE, AT(position.node_id),
	    1, 255, .about = "Where the agent goes on." },
	{ "content_sid", FIELD_TEXT, FIELD_NULLABLE, AT(template.sid), 0, 64,
	    .about = "A content template of Twilio's, HX...: it is sent, and"
	             " agent_message, if given, is what the history shows." },
	{ "content_variables", FIELD_OBJECT, FIELD_NULLABLE,
	    AT(template.variables), .most = VARIABLES_MOST,
	    .about = "What is filled into the template: texts, by \"1\","
	             " \"2\" ..." },
	{ "overrides", FIELD_INLINE, 0, AT(overrides),
	    .schema = &overrides_schema },
	{ "persona_id", FIELD_TEXT, FIELD_NULLABLE, AT(persona_id), 0, 64,
	    .about = "There are no personas: it is refused." },
	{ "persona_version", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(persona_version), 0, 64, .about = "The same." },
	{ "persona_settings", FIELD_OBJECT, FIELD_NULLABLE,
	    AT(persona_settings), .about = "The same." },
};

static const struct field answer_fields[] = {
	{ "status", FIELD_TEXT, 0, ANSWER_AT(status),
	    .about = "processing" },
	{ "message", FIELD_TEXT, 0, ANSWER_AT(message) },
	{ "conversation_id", FIELD_ID, 0, ANSWER_AT(conversation_id) },
	{ "message_id", FIELD_ID, FIELD_NULLABLE, ANSWER_AT(message_id),
	    .about = "null where the agent has yet to find the words." },
	{ "workflow_id", FIELD_ID, 0, ANSWER_AT(work_id),
	    .about = "The work that sends it, or the agent's turn." },
};

/* What is refused when it is given. */
static const struct {
	size_t offset;
	const char *field;
	enum reason_code reason;
	const char *why;
} refused[] = {
	{ offsetof(struct send_request, persona_id), "/persona_id",
	    PERSONA_NOT_FOUND, "there is no such persona, for there are none:"
	    " give objective or pathway_id" },
	{ offsetof(struct send_request, persona_version), "/persona_version",
	    PERSONA_NOT_FOUND, "there are no personas: give objective or"
	    " pathway_id and pathway_version" },
	{ offsetof(struct send_request, persona_settings),
	    "/persona_settings", PERSONA_NOT_FOUND, "there are no personas:"
	    " give pathway_id, pathway_version and start_node_id beside"
	    " user_number" },
};
/* clang-format on */

const struct schema send_request_schema =
    SCHEMA("SendRequest", request_fields, struct send_request);
const struct schema send_answer_schema =
    SCHEMA("SendAnswer", answer_fields, struct send_answer);

static const struct position_fields position_fields = { "/pathway_id",
	"/pathway_version", "/start_node_id" };

static enum outcome find_number(
    struct call *call, struct pair *pair, struct number_config *config);
static enum outcome change(struct call *call, struct sending *sending);

static enum outcome
check_refused(struct call *call)
{
	const char *body = call->body;
	size_t i;
	enum outcome rc = OK;

	for (i = 0; i < COUNT(refused); i++)
		if (*(const char *const *)(const void *)(body +
							 refused[i].offset) !=
		    NULL)
			rc = call_refuse(call, refused[i].reason,
			    refused[i].field, "%s", refused[i].why);
	return rc;
}

/* Twilio takes nothing but texts, and says so only when it is too late. */
static enum outcome
check_variables(struct call *call)
{
	struct json_object *variables;
	enum outcome rc = OK;

	if (!json_object_object_get_ex(
		call->document, "content_variables", &variables))
		return OK;
	json_object_object_foreach(variables, name, value)
	{
		if (!json_object_is_type(value, json_type_string))
			rc = call_refuse(call, INVALID_PARAMETER,
			    arena_format(
				call->arena, "/content_variables/%s", name),
			    "must be a text");
	}
	return rc;
}

static enum outcome
check_template(struct call *call)
{
	const struct send_request *body = call->body;
	const struct send_template *template = &body->template;

	if (template->sid != NULL && !send_template_is_sid(template->sid))
		return call_refuse(call, INVALID_PARAMETER, "/content_sid",
		    "content_sid must be HX and 32 hexadecimal digits");
	if (template->variables == NULL)
		return OK;
	if (template->sid == NULL)
		return call_refuse(call, INVALID_PARAMETER,
		    "/content_variables",
		    "content_variables are filled into a content_sid, which"
		    " is missing");
	return check_variables(call);
}

/* What the history shows of a template, whose words are the carrier's. */
static const char *
words_of(struct call *call)
{
	const struct send_request *body = call->body;
	const struct send_template *template = &body->template;

	if (body->agent_message != NULL || template->sid == NULL)
		return body->agent_message;
	return arena_format(call->arena, "[%s%s%s]", template->sid,
	    template->variables != NULL ? " " : "",
	    template->variables != NULL ? template->variables : "");
}

static enum outcome
say(struct call *call, struct sending *sending, const char *words)
{
	const struct send_request *body = call->body;
	struct send_answer *answer = call->answer;
	struct message message;
	enum outcome rc;

	if (words == NULL)
		return sending_ask(call, sending, "opened", &answer->work_id);
	rc = sending_say_template(
	    call, sending, words, &body->template, &message);
	answer->message_id = message.id;
	answer->work_id = message.work_id;
	return rc;
}

/* Seven round trips within BEGIN and COMMIT to send given words: the config,
 * the pair, who opted out, the work, the conversation, the message, and of
 * a new conversation the count.  A webhook, a limit for the day, references
 * and an archived conversation each add theirs. */
enum outcome
sms_send(struct call *call)
{
	const struct send_request *body = call->body;
	struct send_answer *answer = call->answer;
	struct pair pair = { body->channel, body->user_number,
		body->agent_number };
	const char *words = words_of(call);
	struct sending sending;
	enum outcome rc = check_refused(call);

	*answer = (struct send_answer){
		.status = "processing",
		.message = "SMS accepted for delivery",
	};
	if (rc == OK)
		rc = check_template(call);
	if (rc == OK)
		rc = find_number(call, &pair, &sending.config);
	if (rc == OK)
		rc = thread_open(call->db, call->arena, &call->key.account_id,
		    &pair, body->new_conversation, &sending.thread);
	if (rc != OK)
		return rc;
	sending.thread.webhook = sending.config.webhook;
	if (sending.thread.is_new)
		sending.thread.conversation.direction = DIRECTION_OUTBOUND;
	rc = change(call, &sending);
	if (rc == OK)
		rc = sending_check(call, &sending, body->agent_message,
		    "/agent_message", "/user_number");
	if (rc == OK && words == NULL)
		rc = sending_check_agent(call, &sending);
	answer->conversation_id = sending.thread.conversation.id;
	return rc == OK ? say(call, &sending, words) : rc;
}

/* The account's only number on the channel. */
static enum outcome
find_only_number(struct call *call, struct pair *pair)
{
	const char *channel = channel_title((enum channel)pair->channel);
	struct number_place only;
	enum outcome rc = number_find_only(call->db, call->arena,
	    &call->key.account_id, NULL, pair->channel, &only);

	if (rc == CONFLICT || rc == NOT_FOUND)
		return call_refuse(call, MISSING_REQUIRED_FIELDS,
		    "/agent_number",
		    rc == CONFLICT ? "agent_number is required: the account"
				     " has several numbers for %s"
				   : "agent_number is required: the account"
				     " has no number for %s yet",
		    channel);
	if (rc != OK)
		return rc;
	pair->agent = only.number;
	call_warn(call, "/agent_number",
	    arena_format(call->arena,
		"agent_number is not given; %s is taken, the account's only"
		" number for %s",
		only.number, channel));
	return OK;
}

/* Of a number that is not for SMS, its only channel. */
static enum outcome
find_channel(struct call *call, struct pair *pair)
{
	struct number_place only;
	enum outcome rc = number_find_only(call->db, call->arena,
	    &call->key.account_id, pair->agent, -1, &only);

	if (rc == CONFLICT)
		return NOT_FOUND;
	if (rc == OK)
		pair->channel = only.channel;
	return rc;
}

static enum outcome
find_number(struct call *call, struct pair *pair, struct number_config *config)
{
	const struct id *account = &call->key.account_id;
	enum outcome rc = OK;

	if (pair->agent == NULL)
		rc = find_only_number(call, pair);
	if (rc == OK)
		rc = number_config_find(call->db, call->arena, account,
		    pair->agent, pair->channel, config);
	if (rc == NOT_FOUND && !call_gives(call, "channel")) {
		rc = find_channel(call, pair);
		if (rc == OK)
			rc = number_config_find(call->db, call->arena, account,
			    pair->agent, pair->channel, config);
	}
	if (rc == OK && text_equal(pair->agent, pair->user))
		return call_refuse(call, INVALID_PARAMETER, "/user_number",
		    "user_number must not be the agent's own number");
	return call_missing(call, rc, INBOUND_NUMBER_NOT_FOUND, "/agent_number",
	    "number on this channel");
}

/* Changes what the request gives, and nothing else.  A version or a node
 * alone is meant of the number's pathway where the conversation has none. */
static enum outcome
change(struct call *call, struct sending *sending)
{
	const struct send_request *body = call->body;
	struct conversation *conversation = &sending->thread.conversation;
	struct position given = body->position;
	enum outcome rc;

	call_read_over(call, &overrides_schema, conversation);
	rc = overrides_check_silence(call, conversation,
	    &body->overrides.silence, &sending->config.silence);
	if (rc == OK)
		rc =
		    overrides_variables(call, conversation, body->request_data);
	if (given.pathway_id == NULL &&
	    conversation->position.pathway_id == NULL &&
	    (given.pathway_version != NULL || given.node_id != NULL)) {
		given.pathway_id = sending->config.pathway_id;
		if (given.pathway_version == NULL)
			given.pathway_version = sending->config.pathway_version;
	}
	if (rc == OK)
		rc = overrides_position(
		    call, conversation, &given, &position_fields);
	return rc == OK ? overrides_check(call, &body->overrides) : rc;
}
