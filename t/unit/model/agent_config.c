/*
 * Agents' configs: their defaults, what is refused and where, and what holds
 * on each channel.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/agent_config.h"
#include "model/field.h"

#include "tap.h"

#include <json-c/json.h>
#include <string.h>

/* clang-format off */
static const struct {
	const char *json;
	const char *path; /* NULL: it is fine */
} documents[] = {
	{ "{}", NULL },
	{ "{\"type\":\"static_prompt\"}", NULL },
	{ "{\"type\":\"other\"}", "/config/type" },
	{ "{\"type\":null,\"instructions\":null,\"temperature\":null,"
	  "\"tools\":null,\"variables\":null,\"debounce\":null,"
	  "\"voice\":null,\"max_tool_steps\":null,"
	  "\"channel_overrides\":null,\"channel_properties\":null}", NULL },
	{ "{\"temperature\":2}", NULL },
	{ "{\"temperature\":2.1}", "/config/temperature" },
	{ "{\"instructions\":7}", "/config/instructions" },
	{ "{\"tools\":[\"a\",{\"name\":\"b\"}]}", NULL },
	{ "{\"tools\":[7]}", "/config/tools/0" },
	{ "{\"variables\":[]}", "/config/variables" },
	{ "{\"timezone\":\"Mars/North\"}", "/config/timezone" },
	{ "{\"time_out\":60,\"warning_time\":30}", NULL },
	{ "{\"time_out\":60,\"warning_time\":60}", "/config/warning_time" },
	{ "{\"timeout_action\":\"end\"}", NULL },
	{ "{\"timeout_action\":\"stop\"}", "/config/timeout_action" },
	{ "{\"pathway_id\":\"p\",\"pathway_version\":3,"
	  "\"start_node_id\":\"a\"}", NULL },
	{ "{\"pathway_version\":3}", "/config/pathway_version" },
	{ "{\"start_node_id\":\"a\"}", "/config/start_node_id" },
	{ "{\"disposition_ids\":[\"a\"]}", NULL },
	{ "{\"outcome_ids\":\"a\"}", "/config/outcome_ids" },
	{ "{\"webhook\":\"https://example.com/\"}", NULL },
	{ "{\"webhook\":\"ftp://example.com/\"}", "/config/webhook" },
	{ "{\"voice\":{\"speed\":9}}", "/config/voice/speed" },
	{ "{\"max_tool_steps\":0}", "/config/max_tool_steps" },
	{ "{\"channel_overrides\":{\"sms\":null,\"text\":{}}}", NULL },
	{ "{\"channel_overrides\":{\"text\":{\"instructions_mode\":"
	  "\"join\"}}}", "/config/channel_overrides/text/instructions_mode" },
	{ "{\"channel_overrides\":[]}", "/config/channel_overrides" },
	{ "{\"channel_properties\":{\"sms\":{\"enabled\":1}}}",
	    "/config/channel_properties/sms/enabled" },
	{ "{\"channel_properties\":{\"text\":{\"body_template\":\"Hi\"}}}",
	    "/config/channel_properties/text/body_template" },
	{ "{\"channel_properties\":{\"email\":{\"body_format\":\"rtf\"}}}",
	    "/config/channel_properties/email/body_format" },
	{ "{\"channel_properties\":{\"email\":{\"default_subject\":"
	  "\"a\\r\\nBcc: b\"}}}",
	    "/config/channel_properties/email/default_subject" },
	{ "{\"channel_properties\":{\"email\":{\"from_display_name\":"
	  "\"a\\nb\"}}}",
	    "/config/channel_properties/email/from_display_name" },
	{ "{\"channel_properties\":{\"email\":{\"template_wrapper\":"
	  "\"<p>\"}}}",
	    "/config/channel_properties/email/template_wrapper" },
	{ "{\"channel_properties\":{\"email\":{\"template_wrapper\":"
	  "\"<p>{{body}}</p>\"}}}", NULL },
	{ "{\"channel_properties\":{\"telephone\":{\"transfer_number\":"
	  "\"911\"}}}",
	    "/config/channel_properties/telephone/transfer_number" },
	{ "{\"channel_properties\":{\"telephone\":{\"ring_timeout\":601}}}",
	    "/config/channel_properties/telephone/ring_timeout" },
};
/* clang-format on */

static const char full[] =
    "{\"instructions\":\"Sell.\",\"starting_message\":\"Hello\","
    "\"disposition_ids\":[\"o\"],\"pathway_version\":3,\"extra\":{},"
    "\"webhook\":\"http://127.0.0.1:8080/hook\",\"max_tool_steps\":5,"
    "\"voice\":{\"id\":\"Joanna\"},"
    "\"channel_overrides\":{\"email\":{\"instructions\":\"Be formal.\"},"
    "\"telephone\":{\"instructions\":\"Be brief.\","
    "\"instructions_mode\":\"replace\",\"starting_message\":\"Hi\","
    "\"max_tool_steps\":1},\"sms\":{\"starting_message\":\"Yo\"}},"
    "\"channel_properties\":{\"email\":{\"enabled\":false,"
    "\"quote_history\":true,\"cc_reply_policy\":\"never\"},"
    "\"webrtc\":{\"agent_name\":\"ada\"}}}";

static enum outcome
parse(struct arena *arena, const char *json, struct faults *faults,
    struct faults *warnings, struct agent_config *config)
{
	struct reader reader = { arena, faults, warnings, NULL };
	struct json_object *document;
	struct json_fault fault;

	faults_init(faults, arena);
	faults_init(warnings, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	return agent_config_parse(&reader, document, "/config", config);
}

static void
test_documents(struct arena *arena)
{
	struct agent_config config;
	struct faults faults, warnings;
	bool bad;
	size_t i;

	for (i = 0; i < COUNT(documents); i++) {
		bad = documents[i].path != NULL;
		is_int(parse(arena, documents[i].json, &faults, &warnings,
			   &config),
		    bad ? INVALID : OK, "%s is %s", documents[i].json,
		    bad ? "refused" : "fine");
		is_int((int64_t)faults.count, bad, "with its fault, or none");
		if (faults.count > 0)
			is_text(faults.list[0].field,
			    bad ? documents[i].path : "none", "at its place");
	}
}

/* What a document says that says nothing, or null. */
static void
test_defaults(struct arena *arena, const char *json)
{
	struct agent_config config;
	const struct agent_email *email = &config.properties.email;
	const struct agent_delivery *delivery;
	struct faults faults, warnings;
	int channel;

	is_int(parse(arena, json, &faults, &warnings, &config), OK, "%s", json);
	is_text(config.instructions, AGENT_OBJECTIVE, "it has something to do");
	is_int(config.max_tool_steps, AGENT_TOOL_CALLS, "and may use tools");
	is_text(config.tools, "[]", "but has none");
	ok(config.voice.speed == 1 && config.debounce == 1,
	    "it speaks and waits as usual");
	for (channel = 0; channel < CHANNEL_N; channel++) {
		delivery = agent_config_delivery(&config, channel);
		ok(delivery->enabled, "it talks on every channel");
		is_text(delivery->body_template, "{{agent_response}}",
		    "in its own words");
	}
	is_text(email->subject_template, "Re: {{subject}}", "it replies");
	ok(email->body_format == BODY_MULTIPART &&
		email->include_unsubscribe_footer && !email->quote_history &&
		email->cc_reply_policy == CC_CONDITIONAL,
	    "as mails are by default");
	is_int(config.properties.telephone.ring_timeout, 30, "it lets ring");
}

static void
test_channels(struct arena *arena)
{
	struct agent_config config, on;
	struct faults faults, warnings;

	is_int(parse(arena, "{\"pathway_version\":3}", &faults, &warnings,
		   &config),
	    INVALID, "a version without a pathway is refused");
	is_int(agent_config_read(arena, full, &config), OK,
	    "but what is stored is read all the same");
	is_text(config.outcome_ids, "[\"o\"]", "by either name");
	is_text(config.voice.voice_id, "Joanna", "in structs too");
	is_text(config.webhook, "http://127.0.0.1:8080/hook",
	    "with an address that the operator allowed then");
	on = agent_config_for(arena, &config, CHANNEL_TEXT);
	is_text(on.instructions, "Sell.", "a channel without its own has all");
	is_text(on.starting_message, "Hello", "of the agent's");
	on = agent_config_for(arena, &config, CHANNEL_EMAIL);
	is_text(
	    on.instructions, "Sell.\n\nBe formal.", "instructions are added");
	is_text(on.starting_message, "Hello", "and what it leaves out stays");
	is_int(on.max_tool_steps, 5, "as it is");
	ok(!agent_config_delivery(&on, CHANNEL_EMAIL)->enabled &&
		on.properties.email.quote_history &&
		on.properties.email.cc_reply_policy == CC_NEVER,
	    "delivery is as it says");
	on = agent_config_for(arena, &config, CHANNEL_TELEPHONE);
	is_text(on.instructions, "Be brief.", "or replaced");
	is_text(on.starting_message, "Hi", "with other first words");
	is_int(on.max_tool_steps, 1, "and steps");
	on = agent_config_for(arena, &config, CHANNEL_WHATSAPP);
	is_text(on.starting_message, "Yo", "messages are all like SMS");
	is_int(agent_config_read(arena, "[]", &config), INVALID,
	    "an array is no config");
}

static void
test_unknown(struct arena *arena)
{
	struct agent_config config;
	struct faults faults, warnings;

	is_int(parse(arena, "{\"instruction\":\"a\",\"voice\":{\"sped\":1}}",
		   &faults, &warnings, &config),
	    OK, "unknown fields are taken");
	is_int((int64_t)warnings.count, 2, "and warned about");
	is_text(warnings.list[0].field, "/config/voice/sped", "each");
	is_text(warnings.list[1].field, "/config/instruction", "at its place");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_documents(arena);
	test_defaults(arena, documents[0].json);
	test_defaults(arena, documents[3].json);
	test_channels(arena);
	test_unknown(arena);
	arena_free(arena);
	return done();
}
