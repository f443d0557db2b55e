#include "base/base.h"

#include "model/agent_config.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/field.h"
#include "model/message.h"
#include "model/reason.h"
#include "model/zone.h"

#include <json-c/json.h>
#include <string.h>

#define NAME_MOST 255
#define TEXT_MOST 20000 /* characters of a prompt */
#define LINE_MOST 255   /* characters of a header's text */
#define PAGE_MOST 65536 /* characters of a page that mails stand in */
#define DATA_MOST 65536 /* bytes of JSON */
#define REFERENCES_MOST 100
#define DEBOUNCE_MOST 60
#define TOOL_STEPS_MOST 20
#define RING_MOST 600    /* seconds, as Twilio allows */
#define CALL_MOST 14400  /* seconds, as Twilio allows */
#define NO_INPUT_MOST 60 /* seconds */
#define RETRIES_MOST 10  /* calls */
#define RETRY_DELAY_MOST 86400

#define RESPONSE "{{agent_response}}"
#define BODY "{{body}}"

static const char *const kind_words[] = {
	[AGENT_STATIC_PROMPT] = "static_prompt",
};
static_assert(COUNT(kind_words) == AGENT_KIND_N, "a word for every kind");

static const char *const mode_words[] = {
	[INSTRUCTIONS_APPEND] = "append",
	[INSTRUCTIONS_REPLACE] = "replace",
};
static_assert(
    COUNT(mode_words) == INSTRUCTIONS_MODE_N, "a word for every mode");

static const char *const format_words[] = {
	[BODY_MULTIPART] = "multipart",
	[BODY_HTML] = "html",
	[BODY_PLAINTEXT] = "plaintext",
};
static_assert(COUNT(format_words) == BODY_FORMAT_N, "a word for every format");

static const char *const cc_words[] = {
	[CC_CONDITIONAL] = "conditional",
	[CC_NEVER] = "never",
	[CC_ALWAYS] = "always",
};
static_assert(COUNT(cc_words) == CC_POLICY_N, "a word for every policy");

const struct names agent_kind_names = NAMES(kind_words);
const struct names instructions_mode_names = NAMES(mode_words);
const struct names body_format_names = NAMES(format_words);
const struct names cc_policy_names = NAMES(cc_words);

static bool has_response(const char *text);
static bool has_body(const char *text);
static bool is_line(const char *text);

static const struct text_rule response_rule = { has_response,
	"text with the place " RESPONSE };
static const struct text_rule body_rule = { has_body,
	"text with the place " BODY };
static const struct text_rule line_rule = { is_line,
	"one line: it becomes a header" };

/* null stands for the default. */
#define SET FIELD_OR_DEFAULT
#define AT(member) FIELD_AT(struct agent_config, member)
#define OVERRIDE(member) FIELD_AT(struct agent_override, member)
#define DELIVERY(member) FIELD_AT(struct agent_delivery, member)
#define EMAIL(member) FIELD_AT(struct agent_email, member)
#define PHONE(member) FIELD_AT(struct agent_telephone, member)
#define VOICE(member) FIELD_AT(struct agent_voice, member)
#define KEY_OF(channel) FIELD_AT(struct agent_overrides, of[channel])
#define WAY_OF(member) FIELD_AT(struct agent_properties, member)

/* clang-format off */
static const struct field override_fields[] = {
	{ "instructions", FIELD_TEXT, FIELD_NULLABLE, OVERRIDE(instructions),
	    0, TEXT_MOST, .about = "Further instructions on this channel, or"
	    " other ones, by instructions_mode." },
	{ "instructions_mode", FIELD_NAME, SET, OVERRIDE(instructions_mode),
	    .names = &instructions_mode_names,
	    .about = "append adds them to the agent's, replace leaves those"
	    " out." },
	{ "starting_message", FIELD_TEXT, FIELD_NULLABLE,
	    OVERRIDE(starting_message), 0, MESSAGE_MOST,
	    .about = "What the agent says first on this channel." },
	{ "max_tool_steps", FIELD_INTEGER, FIELD_NULLABLE,
	    OVERRIDE(max_tool_steps), 1, TOOL_STEPS_MOST,
	    .about = "Calls of tools in one turn on this channel." },
};

static const struct schema override_schema =
    SCHEMA("AgentChannelOverride", override_fields, struct agent_override);

static const struct field overrides_fields[] = {
	{ "telephone", FIELD_STRUCT, SET, KEY_OF(CHANNEL_TELEPHONE),
	    .schema = &override_schema },
	{ "webrtc", FIELD_STRUCT, SET, KEY_OF(CHANNEL_WEBRTC),
	    .schema = &override_schema },
	{ "sms", FIELD_STRUCT, SET, KEY_OF(CHANNEL_SMS),
	    .schema = &override_schema },
	{ "email", FIELD_STRUCT, SET, KEY_OF(CHANNEL_EMAIL),
	    .schema = &override_schema },
	{ "text", FIELD_STRUCT, SET, KEY_OF(CHANNEL_TEXT),
	    .schema = &override_schema },
};

static const struct schema overrides_schema =
    SCHEMA("AgentChannelOverrides", overrides_fields, struct agent_overrides);

static const struct field delivery_fields[] = {
	{ "enabled", FIELD_BOOLEAN, SET, DELIVERY(enabled),
	    .about = "May it be talked with on this channel?" },
	{ "body_template", FIELD_TEXT, SET, DELIVERY(body_template),
	    1, TEXT_MOST, .rule = &response_rule,
	    .about = "What is sent, with the agent's words in it." },
};

static const struct schema delivery_schema =
    SCHEMA("AgentDelivery", delivery_fields, struct agent_delivery);

static const struct field email_fields[] = {
	{ "delivery", FIELD_INLINE, 0, EMAIL(delivery),
	    .schema = &delivery_schema },
	{ "body_format", FIELD_NAME, SET, EMAIL(body_format),
	    .names = &body_format_names },
	{ "subject_template", FIELD_TEXT, SET, EMAIL(subject_template),
	    1, LINE_MOST, .rule = &line_rule,
	    .about = "A reply's subject: {{subject}} is the thread's." },
	{ "default_subject", FIELD_TEXT, FIELD_NULLABLE,
	    EMAIL(default_subject), 0, LINE_MOST, .rule = &line_rule,
	    .about = "Of a first mail that is given none." },
	{ "from_display_name", FIELD_TEXT, FIELD_NULLABLE,
	    EMAIL(from_display_name), 0, LINE_MOST, .rule = &line_rule },
	{ "signature", FIELD_TEXT, FIELD_NULLABLE, EMAIL(signature),
	    0, TEXT_MOST, .about = "Markdown below every mail." },
	{ "template_wrapper", FIELD_TEXT, FIELD_NULLABLE,
	    EMAIL(template_wrapper), 1, PAGE_MOST, .rule = &body_rule,
	    .about = "HTML around every mail." },
	{ "include_unsubscribe_footer", FIELD_BOOLEAN, SET,
	    EMAIL(include_unsubscribe_footer) },
	{ "quote_history", FIELD_BOOLEAN, SET, EMAIL(quote_history),
	    .about = "Is what is replied to quoted below the reply?" },
	{ "cc_reply_policy", FIELD_NAME, SET, EMAIL(cc_reply_policy),
	    .names = &cc_policy_names,
	    .about = "Are those in copy sent the replies too?" },
};

static const struct schema email_schema =
    SCHEMA("AgentEmail", email_fields, struct agent_email);

static const struct field telephone_fields[] = {
	{ "delivery", FIELD_INLINE, 0, PHONE(delivery),
	    .schema = &delivery_schema },
	{ "transfer_number", FIELD_PHONE, FIELD_NULLABLE,
	    PHONE(transfer_number),
	    .about = "Where a caller is put through who asks for a person." },
	{ "ring_timeout", FIELD_INTEGER, SET, PHONE(ring_timeout),
	    5, RING_MOST, .about = "Seconds until nobody has answered." },
	{ "max_duration", FIELD_INTEGER, SET, PHONE(max_duration),
	    10, CALL_MOST, .about = "Seconds until a call is ended." },
	{ "no_input_timeout", FIELD_INTEGER, SET, PHONE(no_input_timeout),
	    1, NO_INPUT_MOST,
	    .about = "Seconds of silence until no_input_message." },
	{ "no_input_message", FIELD_TEXT, FIELD_NULLABLE,
	    PHONE(no_input_message), 0, MESSAGE_MOST,
	    .about = "Said to a caller who says nothing." },
	{ "no_input_retries", FIELD_INTEGER, SET, PHONE(no_input_retries),
	    0, RETRIES_MOST,
	    .about = "How often that is said before the call is ended." },
	{ "retries", FIELD_INTEGER, SET, PHONE(retries), 0, RETRIES_MOST,
	    .about = "Further calls where a line is busy or nobody"
	    " answers." },
	{ "retry_delay", FIELD_INTEGER, SET, PHONE(retry_delay),
	    1, RETRY_DELAY_MOST, .about = "Seconds before each of them." },
};

static const struct schema telephone_schema =
    SCHEMA("AgentTelephone", telephone_fields, struct agent_telephone);

static const struct field webrtc_fields[] = {
	{ "delivery", FIELD_INLINE, 0,
	    FIELD_AT(struct agent_webrtc, delivery),
	    .schema = &delivery_schema },
	{ "agent_name", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct agent_webrtc, agent_name), 1, NAME_MOST,
	    .about = "The LiveKit agent that is dispatched to the room." },
};

static const struct schema webrtc_schema =
    SCHEMA("AgentWebrtc", webrtc_fields, struct agent_webrtc);

static const struct field properties_fields[] = {
	{ "telephone", FIELD_STRUCT, SET, WAY_OF(telephone),
	    .schema = &telephone_schema },
	{ "webrtc", FIELD_STRUCT, SET, WAY_OF(webrtc),
	    .schema = &webrtc_schema },
	{ "sms", FIELD_STRUCT, SET, WAY_OF(sms), .schema = &delivery_schema },
	{ "email", FIELD_STRUCT, SET, WAY_OF(email),
	    .schema = &email_schema },
	{ "text", FIELD_STRUCT, SET, WAY_OF(text),
	    .schema = &delivery_schema },
};

static const struct schema properties_schema = SCHEMA(
    "AgentChannelProperties", properties_fields, struct agent_properties);

static const struct field voice_fields[] = {
	{ "provider", FIELD_TEXT, FIELD_NULLABLE, VOICE(provider),
	    1, NAME_MOST },
	{ "voice_id", FIELD_TEXT, FIELD_NULLABLE, VOICE(voice_id),
	    1, NAME_MOST, .about = "Its name at the provider." },
	{ "id", FIELD_TEXT, FIELD_NULLABLE | FIELD_ALIAS, VOICE(voice_id),
	    1, NAME_MOST, .about = "Another name for voice_id." },
	{ "language", FIELD_TEXT, FIELD_NULLABLE, VOICE(language),
	    2, 35, .about = "What it speaks, by BCP 47: en-US." },
	{ "speed", FIELD_NUMBER, SET, VOICE(speed), 0.25, 4 },
};

static const struct schema voice_schema =
    SCHEMA("AgentVoice", voice_fields, struct agent_voice);

static const struct field fields[] = {
	{ "type", FIELD_NAME, SET, AT(kind), .names = &agent_kind_names },
	{ "name", FIELD_TEXT, FIELD_NULLABLE, AT(name), 0, NAME_MOST },
	{ "instructions", FIELD_TEXT, SET, AT(instructions), 0, TEXT_MOST,
	    .about = "What the agent is to do." },
	{ "model", FIELD_TEXT, FIELD_NULLABLE, AT(model), 1, NAME_MOST,
	    .about = "The language model; null: the account's." },
	{ "temperature", FIELD_NUMBER, SET, AT(temperature), 0, 2 },
	{ "tools", FIELD_TEXTS, SET | FIELD_OBJECTS, AT(tools),
	    .most = REFERENCES_MOST,
	    .about = "Tools of the agent: ids, names or definitions." },
	{ "pathway_id", FIELD_TEXT, FIELD_NULLABLE, AT(pathway_id), 1, 64,
	    .about = "The pathway that it walks, in place of instructions." },
	{ "pathway_version", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(pathway_version), 1, 64 },
	{ "start_node_id", FIELD_TEXT, FIELD_NULLABLE, AT(start_node_id),
	    1, 255 },
	{ "starting_message", FIELD_TEXT, FIELD_NULLABLE,
	    AT(starting_message), 0, MESSAGE_MOST,
	    .about = "What the agent says first." },
	{ "variables", FIELD_OBJECT, SET, AT(variables), .most = DATA_MOST,
	    .about = "Variables of every conversation: {{name}}." },
	{ "timezone", FIELD_TEXT, FIELD_NULLABLE, AT(timezone), 1, 64,
	    .rule = &zone_rule, .about = "For variables of time." },
	{ "silence", FIELD_INLINE, 0, AT(silence),
	    .schema = &silence_schema },
	{ "timeout_action", FIELD_NAME, FIELD_NULLABLE, AT(timeout_action),
	    .names = &timeout_action_names,
	    .about = "send_sms sends timeout_message and ends; end ends in"
	    " silence; null sends where there is a message." },
	{ "summary_prompt", FIELD_TEXT, FIELD_NULLABLE, AT(summary_prompt),
	    0, TEXT_MOST, .about = "Makes a summary at the end." },
	{ "outcome_ids", FIELD_TEXTS, FIELD_NULLABLE, AT(outcome_ids),
	    .most = REFERENCES_MOST,
	    .about = "Outcomes to judge at the end." },
	{ "disposition_ids", FIELD_TEXTS, FIELD_NULLABLE | FIELD_ALIAS,
	    AT(outcome_ids), .most = REFERENCES_MOST,
	    .about = "Another name for outcome_ids." },
	{ "citation_schema_ids", FIELD_TEXTS, FIELD_NULLABLE,
	    AT(citation_schema_ids), .most = REFERENCES_MOST,
	    .about = "Citation schemas to extract at the end." },
	{ "webhook", FIELD_URL, FIELD_NULLABLE, AT(webhook),
	    .about = "Where messages and statuses are posted." },
	{ "debounce", FIELD_NUMBER, SET, AT(debounce), 0, DEBOUNCE_MOST,
	    .about = "Seconds to wait for a further text before the agent"
	    " answers; 0: none." },
	{ "voice", FIELD_STRUCT, SET, AT(voice), .schema = &voice_schema },
	{ "max_tool_steps", FIELD_INTEGER, SET, AT(max_tool_steps),
	    1, TOOL_STEPS_MOST, .about = "Calls of tools in one turn." },
	{ "channel_overrides", FIELD_STRUCT, SET, AT(overrides),
	    .schema = &overrides_schema,
	    .about = "What the model is told otherwise on a channel." },
	{ "channel_properties", FIELD_STRUCT, SET, AT(properties),
	    .schema = &properties_schema,
	    .about = "How the agent's words are delivered on a channel." },
};
/* clang-format on */

const struct schema agent_config_schema =
    SCHEMA("AgentConfig", fields, struct agent_config);

static bool
has_response(const char *text)
{
	return strstr(text, RESPONSE) != NULL;
}

static bool
has_body(const char *text)
{
	return strstr(text, BODY) != NULL;
}

static bool
is_line(const char *text)
{
	return text[strcspn(text, "\r\n")] == '\0';
}

void
agent_config_init(struct agent_config *config)
{
	static const struct agent_delivery delivery = { true, RESPONSE };

	*config = (struct agent_config){
		.instructions = AGENT_OBJECTIVE,
		.tools = "[]",
		.variables = "{}",
		.debounce = 1,
		.voice = { .speed = 1 },
		.max_tool_steps = AGENT_TOOL_CALLS,
		.properties = {
			.sms = delivery,
			.text = delivery,
			.email = {
				.delivery = delivery,
				.subject_template = "Re: {{subject}}",
				.include_unsubscribe_footer = true,
			},
			.telephone = {
				.delivery = delivery,
				.ring_timeout = 30,
				.max_duration = CALL_MOST,
				.no_input_timeout = 5,
				.no_input_retries = 2,
				.retry_delay = 60,
			},
			.webrtc = { .delivery = delivery },
		},
	};
}

/* The same faults, of a document that stands at `path`. */
static void
add_below(struct reader *reader, const char *path, const struct faults *faults)
{
	size_t i;

	for (i = 0; i < faults->count; i++)
		(void)fault_add(reader->faults, faults->list[i].reason,
		    arena_format(
			reader->arena, "%s%s", path, faults->list[i].field),
		    "%s", faults->list[i].message);
}

enum outcome
agent_config_check(
    const struct agent_config *config, struct reader *reader, const char *path)
{
	struct faults faults;
	enum outcome rc;

	faults_init(&faults, reader->arena);
	rc = silence_check(&config->silence, &config->silence, &faults);
	if (config->pathway_id == NULL &&
	    (config->pathway_version != NULL || config->start_node_id != NULL))
		rc = fault_add(&faults, &reasons[INVALID_PARAMETER],
		    config->pathway_version != NULL ? "/pathway_version"
						    : "/start_node_id",
		    "a version or a node needs a pathway_id");
	add_below(reader, path, &faults);
	return rc;
}

enum outcome
agent_config_parse(struct reader *reader, struct json_object *document,
    const char *path, struct agent_config *config)
{
	struct agent_config read;
	enum outcome rc;

	agent_config_init(&read);
	rc = field_read(reader, &agent_config_schema, document, path, &read);
	if (rc == OK)
		rc = agent_config_check(&read, reader, path);
	if (rc == OK)
		*config = read;
	return rc;
}

/* Which networks may be called was looked at when it was written, and is
 * looked at again whenever one is. */
static const char everywhere[] = "0.0.0.0/0, ::/0";

enum outcome
agent_config_read(
    struct arena *arena, const char *text, struct agent_config *config)
{
	struct faults faults;
	struct reader reader = {
		.arena = arena,
		.faults = &faults,
		.net_allow = everywhere,
	};
	struct json_object *document;
	struct json_fault fault;
	enum outcome ignored;

	faults_init(&faults, arena);
	if (json_parse(arena, text, strlen(text), &document, &fault) != OK ||
	    !json_object_is_type(document, json_type_object))
		return INVALID;
	agent_config_init(config);
	ignored =
	    field_read(&reader, &agent_config_schema, document, "", config);
	(void)ignored;
	return OK;
}

struct agent_config
agent_config_for(struct arena *arena, const struct agent_config *config,
    enum channel channel)
{
	struct agent_config made = *config;
	const struct agent_override *own =
	    &config->overrides
		 .of[channel_has_pairs(channel) ? CHANNEL_SMS : channel];

	if (own->instructions != NULL)
		made.instructions =
		    own->instructions_mode == INSTRUCTIONS_REPLACE
			? own->instructions
			: arena_format(arena, "%s\n\n%s", config->instructions,
			      own->instructions);
	if (own->starting_message != NULL)
		made.starting_message = own->starting_message;
	if (own->max_tool_steps > 0)
		made.max_tool_steps = own->max_tool_steps;
	return made;
}

const struct agent_delivery *
agent_config_delivery(const struct agent_config *config, enum channel channel)
{
	const struct agent_properties *properties = &config->properties;

	switch (channel) {
	case CHANNEL_TEXT:
		return &properties->text;
	case CHANNEL_EMAIL:
		return &properties->email.delivery;
	case CHANNEL_TELEPHONE:
		return &properties->telephone.delivery;
	case CHANNEL_WEBRTC:
		return &properties->webrtc.delivery;
	case CHANNEL_SMS:
	case CHANNEL_WHATSAPP:
	case CHANNEL_IMESSAGE:
	case CHANNEL_N:
		break;
	}
	return &properties->sms;
}
