/*
 * Traces: what they show, and that they keep their bounds.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/agent.h"
#include "model/channel.h"
#include "model/template.h"
#include "model/trace.h"
#include "model/turn.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "tap.h"

#define MEGABYTE ((size_t)1 << 20)
#define NOW INT64_C(1795000000250000) /* 2026-11-18T11:06:40.250Z */

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &tree, &fault) != OK)
		printf("# %s: %.200s\n", fault.what, text);
	return tree;
}

static char *
repeat(const char *part, size_t bytes)
{
	size_t length = strlen(part), i;
	char *text = malloc(bytes + 1);

	for (i = 0; i < bytes; i++)
		text[i] = part[i % length];
	text[bytes] = '\0';
	return text;
}

static void
test_entries(struct arena *arena)
{
	const struct turn_event answered = { .kind = EVENT_MODEL_ANSWERED,
		.ask = 1,
		.text = "Hi {{SECRET.key}}" };
	const struct turn_event result = { .kind = EVENT_TOOL_ANSWERED,
		.ask = 2,
		.variables = parse(arena, "{\"slot\":1}"),
		.fault = "it timed out" };
	const struct trace_cost cost = { "gpt", "stop", 12, 3, 4500 };
	const struct turn_action ask = { .kind = ACTION_ASK_MODEL,
		.reason = "the user wrote",
		.ask = 1,
		.question = { .messages = "[{\"role\":\"user\"}]",
		    .tools = "[]",
		    .temperature = 0.7 } };
	const struct turn_action call = { .kind = ACTION_CALL_TOOL,
		.reason = "the model called book",
		.ask = 2,
		.name = "book",
		.arguments = "{\"day\":\"{{SECRET.key}}\"}" };
	const struct turn_action say = { .kind = ACTION_SAY,
		.reason = "its answer",
		.text = "Hi",
		.cut = true };
	struct trace trace;

	trace_init(&trace, arena);
	is_text(trace_text(&trace), "[]", "a new trace is empty");
	trace_action(&trace, NOW, &ask);
	trace_event(&trace, NOW + WHEN_SECOND, &answered, &cost);
	trace_action(&trace, NOW, &call);
	trace_event(&trace, NOW, &result, NULL);
	trace_action(&trace, NOW, &say);
	trace_note(&trace, NOW, "thrown away");
	is_text(trace_text(&trace),
	    "[{\"at\":\"2026-11-18T11:06:40.250Z\",\"action\":\"ask_model\","
	    "\"reason\":\"the user wrote\",\"ask\":1,\"purpose\":\"reply\","
	    "\"messages\":[{\"role\":\"user\"}],\"tools\":[],"
	    "\"temperature\":0.7},"
	    "{\"at\":\"2026-11-18T11:06:41.250Z\","
	    "\"event\":\"model_answered\",\"ask\":1,"
	    "\"text\":\"Hi {{SECRET.key}}\",\"model\":\"gpt\","
	    "\"finish_reason\":\"stop\",\"prompt_tokens\":12,"
	    "\"completion_tokens\":3,\"elapsed\":4500},"
	    "{\"at\":\"2026-11-18T11:06:40.250Z\",\"action\":\"call_tool\","
	    "\"reason\":\"the model called book\",\"ask\":2,"
	    "\"name\":\"book\",\"arguments\":{\"day\":\"{{SECRET.key}}\"}},"
	    "{\"at\":\"2026-11-18T11:06:40.250Z\","
	    "\"event\":\"tool_answered\",\"ask\":2,"
	    "\"variables\":{\"slot\":1},\"fault\":\"it timed out\"},"
	    "{\"at\":\"2026-11-18T11:06:40.250Z\",\"action\":\"say\","
	    "\"reason\":\"its answer\",\"text\":\"Hi\",\"cut\":true},"
	    "{\"at\":\"2026-11-18T11:06:40.250Z\",\"note\":\"thrown away\"}]",
	    "a trace tells events and actions in order, with all they had");
}

static void
test_beginning(struct arena *arena)
{
	const struct agent_tool tool = { .name = "book", .function = "{}" };
	const struct agent agent = {
		.channel = CHANNEL_SMS, .max_segments = 2, .tools = { &tool, 1 }
	};
	const struct turn_state state = { .node = "a", .entered = true };
	const struct trace_beginning beginning = { .pathway = "p",
		.version = "3",
		.state = &state,
		.variables = parse(arena, "{\"name\":\"Ada\"}"),
		.first_seq = 1,
		.last_seq = 4,
		.agent = &agent };
	const struct trace_beginning objective = { .state = &state,
		.variables = beginning.variables,
		.agent = &agent };
	struct trace trace;

	trace_init(&trace, arena);
	trace_begin(&trace, NOW, &beginning);
	(void)json_object_object_add(
	    beginning.variables, "name", json_object_new_string("Bob"));
	is_text(trace_text(&trace),
	    "[{\"at\":\"2026-11-18T11:06:40.250Z\",\"begin\":\"p\","
	    "\"version\":\"3\",\"state\":{\"node\":\"a\",\"entered\":true,"
	    "\"previous\":null,\"returns\":[]},\"first_seq\":1,"
	    "\"last_seq\":4,\"channel\":\"sms\",\"max_segments\":2,"
	    "\"tool_calls\":0,"
	    "\"tools\":[\"book\"],\"variables\":{\"name\":\"Ada\"}}]",
	    "a beginning has all that the walk has, as it was then");
	trace_init(&trace, arena);
	trace_begin(&trace, NOW, &objective);
	ok(strstr(trace_text(&trace), "\"begin\":\"\"") != NULL,
	    "an objective is in no pathway");
}

static const struct {
	const char *part, *name;
} values[] = {
	{ "x", "letters" },
	{ "\"", "quotes" },
	{ "\\\n", "what is escaped" },
	{ "\xf0\x9f\x98\x80", "long characters" },
	{ "[", "brackets" },
};

static void
test_value(struct arena *arena)
{
	struct turn_event event = { .kind = EVENT_MODEL_ANSWERED };
	struct json_object *tree, *text = NULL;
	struct trace trace;
	char *value;
	size_t i;

	for (i = 0; i < COUNT(values); i++) {
		value = repeat(values[i].part, MEGABYTE);
		event.text = event.tool_calls = value;
		trace_init(&trace, arena);
		trace_event(&trace, NOW, &event, NULL);
		tree = parse(arena, trace_text(&trace));
		ok(template_find(tree, "0.text", &text) == OK &&
			strlen(json_text(arena, text)) <= TRACE_VALUE &&
			strlen(json_text(arena, text)) > TRACE_VALUE / 2,
		    "a megabyte of %s is cut to what a value may have",
		    values[i].name);
		ok(strncmp(json_object_get_string(text), value,
		       strlen(json_object_get_string(text))) == 0,
		    "to its beginning");
		ok(template_find(tree, "0.shortened", &text) == OK,
		    "and it is said so");
		free(value);
	}
}

static void
test_whole(struct arena *arena)
{
	char *value = repeat("x", MEGABYTE);
	const struct turn_event large = { .kind = EVENT_TOOL_ANSWERED,
		.text = value };
	const struct turn_action small = { .kind = ACTION_WAIT,
		.reason = "for the user" };
	struct json_object *tree, *found = NULL;
	struct trace trace;
	int i;

	trace_init(&trace, arena);
	for (i = 0; i < 10; i++) {
		trace_event(&trace, NOW, &large, NULL);
		trace_action(&trace, NOW, &small);
	}
	is_int(trace.left_out, 0, "where room is short values are cut more");
	ok(strlen(trace_text(&trace)) <= TRACE_MOST, "to keep the bound");
	is_int(
	    (int64_t)json_object_array_length(parse(arena, trace_text(&trace))),
	    20, "and nothing else is lost");
	for (i = 0; i < 5000; i++)
		trace_action(&trace, NOW, &small);
	ok(trace.left_out > 0, "at last entries are left out");
	ok(strlen(trace_text(&trace)) <= TRACE_MOST, "to keep the bound");
	is_text(trace_text(&trace), trace_text(&trace),
	    "it can be written more than once");
	tree = parse(arena, trace_text(&trace));
	is_int(template_find(tree,
		   arena_format(arena, "%zu.left_out",
		       json_object_array_length(tree) - 1),
		   &found),
	    OK, "the last entry says");
	is_int(json_object_get_int64(found), trace.left_out, "how many");
	free(value);
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_entries(arena);
	test_beginning(arena);
	test_value(arena);
	test_whole(arena);
	arena_free(arena);
	return done();
}
