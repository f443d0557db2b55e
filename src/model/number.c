#include "base/base.h"

#include "model/number.h"

#include "model/agent.h"
#include "model/field.h"
#include "model/message.h"
#include "model/quiet.h"
#include "model/zone.h"

#include <string.h>

#define TEXT_MOST 20000 /* characters of a prompt */
#define DATA_MOST 65536 /* bytes of JSON */
#define REFERENCES_MOST 100
#define DEBOUNCE_MOST 60
#define SEGMENTS_MOST 50

static const struct text_rule hours_rule = { quiet_is_hours,
	"two times of day, such as 21:00-08:00" };

/* clang-format off */
static const struct field phone_number_fields[] = {
	{ "phone_number", FIELD_PHONE, 0,
	    FIELD_AT(struct phone_number, number) },
	{ "carrier_id", FIELD_ID, 0,
	    FIELD_AT(struct phone_number, carrier_id) },
	{ "channels", FIELD_TEXTS, 0,
	    FIELD_AT(struct phone_number, channels) },
	{ "label", FIELD_TEXT, FIELD_NULLABLE,
	    FIELD_AT(struct phone_number, label) },
	{ "inbound_agent_version_id", FIELD_ID, FIELD_NULLABLE,
	    FIELD_AT(struct phone_number, inbound_agent_version_id),
	    .about = "The version of an agent that answers its calls." },
	{ "outbound_agent_version_id", FIELD_ID, FIELD_NULLABLE,
	    FIELD_AT(struct phone_number, outbound_agent_version_id),
	    .about = "The version of an agent that calls in its name." },
	{ "created_at", FIELD_WHEN, 0,
	    FIELD_AT(struct phone_number, created_at) },
};

#define AT(member) FIELD_AT(struct number_config, member)

static const struct field config_fields[] = {
	{ "webhook", FIELD_URL, FIELD_NULLABLE, AT(webhook),
	    .about = "Where messages and statuses are posted." },
	{ "request_data", FIELD_OBJECT, FIELD_OR_ARRAY, AT(request_data),
	    .most = DATA_MOST,
	    .about = "Variables of every conversation: {{name}}." },
	{ "silence", FIELD_INLINE, 0, AT(silence),
	    .schema = &silence_schema },
	{ "timeout_action", FIELD_NAME, FIELD_NULLABLE, AT(timeout_action),
	    .names = &timeout_action_names,
	    .about = "send_sms sends timeout_message and ends; end ends in"
	             " silence; null sends where there is a message." },
	{ "messaging_service_sid", FIELD_TEXT, FIELD_NULLABLE,
	    AT(messaging_service_sid), 1, 64,
	    .about = "Twilio's Messaging Service (MG...)." },
	{ "objective", FIELD_TEXT, FIELD_NULLABLE, AT(objective),
	    0, TEXT_MOST, .about = "What the agent is to do." },
	{ "prompt", FIELD_TEXT, FIELD_NULLABLE | FIELD_ALIAS,
	    AT(objective), 0, TEXT_MOST,
	    .about = "Another name for objective." },
	{ "tools", FIELD_TEXTS, FIELD_OBJECTS, AT(tools),
	    .most = REFERENCES_MOST,
	    .about = "Tools of the agent: ids, names or definitions." },
	{ "temperature", FIELD_NUMBER, 0, AT(temperature), 0, 2,
	    .about = "The model's temperature." },
	{ "pathway_id", FIELD_TEXT, FIELD_NULLABLE, AT(pathway_id), 1, 64 },
	{ "pathway_version", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(pathway_version), 1, 64 },
	{ "start_node_id", FIELD_TEXT, FIELD_NULLABLE, AT(start_node_id),
	    1, 255 },
	{ "restart_after_end_call", FIELD_BOOLEAN, 0,
	    AT(restart_after_end_call),
	    .about = "Does a text after the end open a new conversation?" },
	{ "timezone", FIELD_TEXT, FIELD_NULLABLE, AT(timezone), 1, 64,
	    .rule = &zone_rule, .about = "For variables of time." },
	{ "summary_prompt", FIELD_TEXT, FIELD_NULLABLE, AT(summary_prompt),
	    0, TEXT_MOST, .about = "Makes a summary at the end." },
	{ "disposition_ids", FIELD_TEXTS, FIELD_NULLABLE,
	    AT(disposition_ids), .most = REFERENCES_MOST,
	    .about = "Outcomes to judge at the end." },
	{ "outcome_ids", FIELD_TEXTS, FIELD_NULLABLE | FIELD_ALIAS,
	    AT(disposition_ids), .most = REFERENCES_MOST,
	    .about = "Another name for disposition_ids." },
	{ "citation_schema_ids", FIELD_TEXTS, FIELD_NULLABLE,
	    AT(citation_schema_ids), .most = REFERENCES_MOST,
	    .about = "Citation schemas to extract at the end." },
	{ "ignore_keywords", FIELD_TEXTS, FIELD_NULLABLE,
	    AT(ignore_keywords), .most = REFERENCES_MOST,
	    .about = "A text with one of these is not answered." },
	{ "debounce", FIELD_NUMBER, 0, AT(debounce), 0, DEBOUNCE_MOST,
	    .about = "Seconds to wait for a further text before the agent"
	             " answers; 0: none." },
	{ "debounce_max", FIELD_NUMBER, 0, AT(debounce_max), 0,
	    DEBOUNCE_MOST, .about = "The longest such wait of a burst." },
	{ "quiet_hours", FIELD_TEXT, FIELD_NULLABLE, AT(quiet_hours),
	    11, 11, .rule = &hours_rule,
	    .about = "When nothing but replies is sent, in the user's zone"
	             " (the variable timezone, else the number's):"
	             " 21:00-08:00." },
	{ "max_segments", FIELD_INTEGER, FIELD_NULLABLE, AT(max_segments),
	    1, SEGMENTS_MOST, .about = "The longest text, in segments." },
	{ "help_message", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK,
	    AT(help_message), 1, MESSAGE_MOST,
	    .about = "The answer to HELP." },
	{ "human_mode", FIELD_BOOLEAN, 0, AT(human_mode),
	    .about = "People answer on this number, and no agent." },
	{ "sends_per_second", FIELD_NUMBER, FIELD_NULLABLE | FIELD_ABOVE_LEAST,
	    AT(sends_per_second), 0, 1000,
	    .about = "The most that leave in a second; replies go first." },
	{ "daily_messages", FIELD_INTEGER, FIELD_NULLABLE,
	    AT(daily_messages), 1, 10000,
	    .about = "The most that one user is sent in 24 hours." },
	{ "loop_guard", FIELD_INTEGER, FIELD_NULLABLE, AT(loop_guard),
	    1, 1000, .about = "After so many messages of the agent without a"
	    " pause of a minute, a person takes over." },
};
/* clang-format on */

const struct schema phone_number_schema =
    SCHEMA("PhoneNumber", phone_number_fields, struct phone_number);

const struct schema number_config_schema =
    SCHEMA("NumberConfig", config_fields, struct number_config);

void
number_config_init(struct number_config *config)
{
	(void)memset(config, 0, sizeof(*config));
	config->request_data = "[]";
	config->tools = "[]";
	config->objective = AGENT_OBJECTIVE;
	config->restart_after_end_call = true;
	config->debounce = 1;
	config->debounce_max = 10;
	config->loop_guard = 20;
}

enum outcome
number_config_check(const struct number_config *config,
    const struct silence *asked, struct faults *faults)
{
	return silence_check(&config->silence, asked, faults);
}
