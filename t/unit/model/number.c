/*
 * Numbers: what a new one starts with, what its settings may be.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/field.h"
#include "model/number.h"

#include "tap.h"

#include <json-c/json.h>
#include <string.h>

/* What clients know by these names, in the order of their documents. */
static const char *const names[] = { "webhook", "request_data", "time_out",
	"timeout_message", "warning_time", "warning_message", "timeout_action",
	"messaging_service_sid", "objective", "tools", "temperature",
	"pathway_id", "pathway_version", "start_node_id",
	"restart_after_end_call", "timezone", "summary_prompt",
	"disposition_ids", "citation_schema_ids" };

/* clang-format off */
static const struct {
	const char *json;
	const char *path; /* NULL: it is fine */
} settings[] = {
	{ "{\"quiet_hours\":\"21:00-08:00\"}", NULL },
	{ "{\"quiet_hours\":\"00:00-23:59\"}", NULL },
	{ "{\"quiet_hours\":null}", NULL },
	{ "{\"quiet_hours\":\"24:00-08:00\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"21:60-08:00\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"21:00-08:99\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"21:00-29:00\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"21.00-08.00\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"21:00 08:00\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"9:00-8:00\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"2a:00-08:00\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"\xc3\xa4:00-08:00\"}", "/quiet_hours" },
	{ "{\"quiet_hours\":\"21:00-08:0\xc3\xa4\"}", "/quiet_hours" },
	{ "{\"timezone\":\"Europe/Berlin\"}", NULL },
	{ "{\"timezone\":\"Europe/Atlantis\"}", "/timezone" },
	{ "{\"timezone\":\"../../etc/passwd\"}", "/timezone" },
	{ "{\"temperature\":0}", NULL },
	{ "{\"temperature\":2}", NULL },
	{ "{\"temperature\":2.1}", "/temperature" },
	{ "{\"temperature\":-0.1}", "/temperature" },
	{ "{\"time_out\":0}", "/time_out" },
	{ "{\"time_out\":2592000}", NULL },
	{ "{\"time_out\":2592001}", "/time_out" },
	{ "{\"warning_message\":\" \"}", "/warning_message" },
	{ "{\"timeout_action\":\"send_sms\"}", NULL },
	{ "{\"timeout_action\":null}", NULL },
	{ "{\"timeout_action\":\"stop\"}", "/timeout_action" },
	{ "{\"pathway_version\":3}", NULL },
	{ "{\"pathway_version\":\"3\"}", NULL },
	{ "{\"tools\":[\"a\",{\"name\":\"b\"}]}", NULL },
	{ "{\"tools\":null}", "/tools" },
	{ "{\"disposition_ids\":null}", NULL },
	{ "{\"outcome_ids\":[\"\"]}", "/outcome_ids/0" },
	{ "{\"request_data\":[]}", NULL },
	{ "{\"request_data\":{\"a\":1}}", NULL },
	{ "{\"request_data\":\"a\"}", "/request_data" },
	{ "{\"webhook\":\"https://example.com/\"}", NULL },
	{ "{\"webhook\":\"http://example.com/\"}", "/webhook" },
	{ "{\"debounce\":0}", NULL },
	{ "{\"debounce\":61}", "/debounce" },
	{ "{\"max_segments\":51}", "/max_segments" },
	{ "{\"max_segments\":1}", NULL },
	{ "{\"restart_after_end_call\":null}", "/restart_after_end_call" },
};
/* clang-format on */

static enum outcome
read_config(struct arena *arena, const char *json, struct faults *faults,
    struct number_config *config)
{
	struct reader reader = { .arena = arena, .faults = faults };
	struct json_object *document;
	struct json_fault fault;

	faults_init(faults, arena);
	if (json_parse(arena, json, strlen(json), &document, &fault) != OK)
		return FAULT;
	return field_read(&reader, &number_config_schema, document, "", config);
}

static void
test_settings(struct arena *arena)
{
	struct number_config config;
	struct faults faults;
	bool bad;
	size_t i;

	for (i = 0; i < COUNT(settings); i++) {
		bad = settings[i].path != NULL;
		number_config_init(&config);
		is_int(read_config(arena, settings[i].json, &faults, &config),
		    bad ? INVALID : OK, "%s is %s", settings[i].json,
		    bad ? "refused" : "fine");
		is_int((int64_t)faults.count, bad, "with its fault, or none");
		if (faults.count > 0)
			is_text(faults.list[0].field,
			    bad ? settings[i].path : "none", "at its place");
	}
}

static void
test_start(struct arena *arena)
{
	struct json_object *document;
	struct number_config config;
	size_t i;

	number_config_init(&config);
	document =
	    json_own(arena, field_write(arena, &number_config_schema, &config));
	for (i = 0; i < COUNT(names); i++)
		ok(json_object_object_get_ex(document, names[i], NULL),
		    "a number has %s", names[i]);
	ok(!json_object_object_get_ex(document, "prompt", NULL),
	    "another name for a setting is not shown");
	is_text(config.objective, "Chat with the user",
	    "a new number has something to do");
	is_text(config.tools, "[]", "and no tools");
	ok(config.restart_after_end_call, "and talks again after an end");
	ok(config.debounce > 0 && config.debounce <= config.debounce_max,
	    "and waits for a burst of texts");
	ok(config.silence.time_out == 0 && config.webhook == NULL,
	    "and nothing else is set");
}

static void
test_check(struct arena *arena)
{
	struct number_config config;
	struct faults faults;

	number_config_init(&config);
	faults_init(&faults, arena);
	is_int(number_config_check(&config, &config.silence, &faults), OK,
	    "a new number is right");
	config.silence.time_out = 60;
	config.silence.warning_time = 60;
	is_int(number_config_check(&config, &config.silence, &faults), INVALID,
	    "a warning that comes with the end is not");
	is_int((int64_t)faults.count, 1, "for one reason");
	is_text(faults.list[0].reason->code, "INVALID_TIMEOUT_CONFIG",
	    "which has its code");
}

static void
test_alias(struct arena *arena)
{
	struct number_config config;
	struct faults faults;

	number_config_init(&config);
	is_int(read_config(arena, "{\"prompt\":\"Sell\",\"outcome_ids\":[]}",
		   &faults, &config),
	    OK, "other names are read");
	is_text(config.objective, "Sell", "prompt is the objective");
	is_text(config.disposition_ids, "[]", "outcome_ids the dispositions");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_settings(arena);
	test_start(arena);
	test_check(arena);
	test_alias(arena);
	arena_free(arena);
	return done();
}
