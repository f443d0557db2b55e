/*
 * What was said, and the tools between it.
 */
#include "base/base.h"

#include "model/transcript.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "model/message.h"
#include "model/turn_record.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "tap.h"

#define NINE INT64_C(1795251600000000) /* 2026-11-21T09:00:00Z */
#define AT(second) "\"at\":\"2026-11-21T09:00:" second "Z\","

/* Said at 9:00:00.0005, 9:00:05, 9:00:07 and 9:00:09. */
static const struct message messages[] = {
	{ .seq = 1,
	    .sender = SENDER_USER,
	    .text = "one",
	    .created_at = NINE + 500 },
	{ .seq = 2,
	    .sender = SENDER_AGENT,
	    .text = "two",
	    .status = MESSAGE_DELIVERED,
	    .created_at = NINE + 5 * WHEN_SECOND },
	{ .seq = 3,
	    .sender = SENDER_USER,
	    .text = "three",
	    .created_at = NINE + 7 * WHEN_SECOND },
	{ .seq = 4,
	    .sender = SENDER_HUMAN,
	    .text = "four",
	    .created_at = NINE + 9 * WHEN_SECOND },
};

#define FIRST                                                                                                    \
	"[{" AT("00.000") "\"event\":\"texted\"},{" AT(                                                          \
	    "00.000") "\"action\":\"call_tool\",\"ask\":2,\"name\":\"look\","                                    \
		      "\"arguments\":{\"a\":1}},{" AT(                                                           \
			  "00.100") "\"action\":\"call_tool\",\"ask\":3,\"name\":\"book\","                      \
				    "\"arguments\":\"{\\\"b\\\":\"},{" AT(                                       \
					"02.000") "\"event\":\"tool_answered\",\"ask\":3,\"fault\":\"no room\"," \
						  "\"elapsed\":1900999},{" AT(                                   \
						      "03.000") "\"event\":\"tool_answered\",\"ask\":2,\"text\":\"[7]\"}]"
#define SECOND                                                                 \
	"[{" AT("08.000") "\"action\":\"call_tool\",\"ask\":1,"                \
			  "\"name\":\"late\",\"arguments\":{}}]"

static const struct turn_record records[] = {
	{ .id = { { 1 } }, .user_seq = 1, .started_at = NINE, .trace = FIRST },
	{ .id = { { 2 } },
	    .user_seq = 1,
	    .started_at = NINE,
	    .trace = "no trace" },
	{ .id = { { 3 } }, .user_seq = 3, .started_at = NINE, .trace = SECOND },
};

static struct json_object *
turns_of(struct arena *arena, const struct list *said, const struct list *turns)
{
	struct transcript *transcript = transcript_new(arena, said, turns);
	struct json_object *list;

	if (!json_object_object_get_ex(
		json_own(
		    arena, field_write(arena, &transcript_schema, transcript)),
		"turns", &list))
		abort();
	return list;
}

/* "user one, look, book ..." */
static const char *
order_of(struct arena *arena, struct json_object *list)
{
	const char *text = "", *names[] = { "type", "text", "name" };
	struct json_object *value;
	size_t i, j;

	for (i = 0; i < json_object_array_length(list); i++)
		for (j = 0; j < COUNT(names); j++)
			if (json_object_object_get_ex(
				json_object_array_get_idx(list, i), names[j],
				&value))
				text = arena_format(arena, "%s%s%s", text,
				    text[0] != '\0' ? " " : "",
				    json_object_get_string(value));
	return text;
}

static const char *
turn_text(struct arena *arena, struct json_object *list, size_t i)
{
	return json_text(arena, json_object_array_get_idx(list, i));
}

static void
test_order(struct arena *arena)
{
	const struct list said = { messages, COUNT(messages) };
	const struct list turns = { records, COUNT(records) };
	const struct list none = { NULL, 0 };

	is_text(order_of(arena, turns_of(arena, &said, &turns)),
	    "message one tool_call look tool_call book tool_result book"
	    " tool_result look message two message three tool_call late"
	    " message four",
	    "tools stand where they were used, never before what their turn"
	    " had seen");
	is_text(order_of(arena, turns_of(arena, &none, &turns)),
	    "tool_call look tool_call book tool_result book tool_result look"
	    " tool_call late",
	    "also where nothing was said");
	is_text(order_of(arena, turns_of(arena, &none, &none)), "",
	    "of nothing there is nothing");
}

static void
test_turns(struct arena *arena)
{
	const struct list said = { messages, COUNT(messages) };
	const struct list turns = { records, COUNT(records) };
	struct json_object *list = turns_of(arena, &said, &turns);

#define CALL_ID(n) "\"call_id\":\"01000000-0000-0000-0000-000000000000-" n "\","
#define TIME(second) "\"created_at\":\"2026-11-21T09:00:" second "Z\"}"
	is_text(turn_text(arena, list, 1),
	    "{\"type\":\"tool_call\"," CALL_ID(
		"2") "\"name\":\"look\","
		     "\"arguments\":{\"a\":1}," TIME("00.000"),
	    "a call");
	is_text(turn_text(arena, list, 2),
	    "{\"type\":\"tool_call\"," CALL_ID(
		"3") "\"name\":\"book\","
		     "\"arguments\":\"{\\\"b\\\":\"," TIME("00.100"),
	    "a call whose arguments were cut");
	is_text(turn_text(arena, list, 3),
	    "{\"type\":\"tool_result\"," CALL_ID(
		"3") "\"name\":\"book\","
		     "\"output\":\"no room\",\"is_error\":true,\"latency\":1900," TIME(
			 "02.000"),
	    "an error has its call's id");
	is_text(turn_text(arena, list, 4),
	    "{\"type\":\"tool_result\"," CALL_ID(
		"2") "\"name\":\"look\","
		     "\"output\":\"[7]\",\"is_error\":false,\"latency\":0," TIME(
			 "03.000"),
	    "and so has a result");
	is_text(turn_text(arena, list, 5),
	    "{\"type\":\"message\",\"id\":null,\"role\":\"agent\","
	    "\"text\":\"two\",\"status\":\"delivered\",\"error_code\":null," TIME(
		"05.000"),
	    "a message");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_order(arena);
	test_turns(arena);
	arena_free(arena);
	return done();
}
