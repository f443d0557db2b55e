/*
 * The log of events that traces are shown as.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/event_log.h"
#include "model/message.h"
#include "model/turn_record.h"

#include <json-c/json.h>

#include "tap.h"

#define T "\"at\":\"T\","

static const struct message messages[] = {
	{ .seq = 1, .sender = SENDER_USER, .text = "Hi" },
	{ .seq = 2, .sender = SENDER_AGENT, .text = "Hello" },
	{ .seq = 3, .sender = SENDER_USER, .text = "Later" },
};

static const struct turn_record record = {
	.user_seq = 1,
	.trace =
	    "[{" T
	    "\"begin\":\"p\",\"version\":\"1\",\"state\":{\"node\":null},"
	    "\"variables\":{\"x\":1}},{" T "\"event\":\"texted\"},"
	    "{" T "\"action\":\"move\",\"reason\":\"r\",\"name\":\"a\","
	    "\"text\":\"A\"},"
	    "{" T "\"action\":\"tag\",\"name\":\"t\",\"text\":\"#fff\"},"
	    "{" T "\"action\":\"ask_model\",\"ask\":1,\"purpose\":\"extract\","
	    "\"reason\":\"v\"},"
	    "{" T "\"action\":\"ask_model\",\"ask\":2,\"purpose\":\"choose\"},"
	    "{" T "\"event\":\"model_answered\",\"ask\":1,\"text\":\"{}\"},"
	    "{" T "\"event\":\"model_answered\",\"ask\":2,\"text\":\"c\","
	    "\"model\":\"m\"},"
	    "{" T "\"action\":\"call_url\",\"ask\":3,\"name\":\"A\","
	    "\"arguments\":{\"url\":\"u\"}},"
	    "{" T "\"event\":\"url_answered\",\"ask\":3,\"status\":200,"
	    "\"text\":\"b\"},"
	    "{" T "\"action\":\"set_variables\",\"variables\":{\"y\":2,"
	    "\"z\":null}},"
	    "{" T "\"action\":\"call_tool\",\"ask\":4,\"name\":\"book\","
	    "\"arguments\":{}},"
	    "{" T "\"event\":\"tool_answered\",\"ask\":4,\"fault\":\"f\"},"
	    "{" T "\"action\":\"say\",\"text\":\"Hello\",\"reason\":\"s\"},"
	    "{" T "\"action\":\"transfer\",\"name\":\"q\",\"arguments\":{}},"
	    "{" T "\"begin\":\"q\",\"state\":{\"node\":\"b\"}},"
	    "{" T "\"action\":\"hand_off\",\"text\":\"why\"}]",
};

static const char *const wanted[] = {
	"1 conversation.init - - {\"pathway_id\":\"p\",\"pathway_version\":"
	"\"1\",\"node_id\":null,\"variables\":{\"x\":1}}",
	"2 transcript.user - - {\"text\":\"Hi\"}",
	"3 node.transition a - {\"to_node_id\":\"a\",\"to_node_name\":\"A\","
	"\"reason\":\"r\",\"from_node_id\":null}",
	"4 node.tag a - {\"name\":\"t\",\"color\":\"#fff\"}",
	"5 var_extraction.invoke a 1 {\"reason\":\"v\"}",
	"6 var_extraction.result a 1 {\"result\":\"{}\"}",
	"7 llm.action a 2 {\"answer\":\"c\",\"model\":\"m\",\"purpose\":"
	"\"choose\"}",
	"8 webhook.invoke a 3 {\"name\":\"A\",\"request\":{\"url\":\"u\"}}",
	"9 webhook.result a 3 {\"status\":200,\"result\":\"b\"}",
	"10 webhook.mapping a 3 {\"variables\":{\"y\":2,\"z\":null},"
	"\"outcomes\":{\"y\":\"set\",\"z\":\"empty\"}}",
	"11 tool.invoke a 4 {\"name\":\"book\",\"request\":{}}",
	"12 tool.error a 4 {\"error\":\"f\"}",
	"13 transcript.assistant a - {\"text\":\"Hello\",\"reason\":\"s\"}",
	"14 transfer_pathway.invoke a - {\"pathway_id\":\"q\",\"to\":{}}",
	"15 transfer_pathway.result b - {\"pathway_id\":\"q\",\"node_id\":"
	"\"b\"}",
	"16 transfer_call.invoke b - {\"reason\":\"why\"}",
	"17 transcript.user b - {\"text\":\"Later\"}",
};

static const char *
line_of(struct arena *arena, const struct event_log_entry *entry)
{
	const char *operation = entry->operation_id;

	if (operation != NULL)
		operation = strrchr(operation, '-') + 1;
	return arena_format(arena, "%lld %s %s %s %s",
	    (long long)entry->sequence, entry->event_type,
	    entry->node_id != NULL ? entry->node_id : "-",
	    operation != NULL ? operation : "-", entry->payload);
}

static struct event_log *
make(struct arena *arena, int64_t after, size_t most)
{
	static const struct id conversation = { { 1 } };
	struct event_log *log = arena_alloc(arena, sizeof(*log));

	event_log_init(log, arena, &conversation,
	    (struct list){ messages, COUNT(messages) }, after, most);
	event_log_take(log, &record);
	event_log_end(log);
	return log;
}

static void
test_whole(struct arena *arena)
{
	const struct event_log *log = make(arena, 0, 100);
	size_t i;

	is_int((int64_t)log->count, COUNT(wanted), "a trace is a log");
	for (i = 0; i < COUNT(wanted) && i < log->count; i++)
		is_text(line_of(arena, &log->entries[i]), wanted[i],
		    "event %zu", i + 1);
	is_text(log->entries[0].created_at, "T", "with its time");
}

static void
test_part(struct arena *arena)
{
	const struct event_log *log = make(arena, 3, 2);
	struct event_log broken;
	const struct turn_record odd = { .trace =
					     "[1,null,{},{\"at\":1},"
					     "{" T "\"event\":\"x\",\"ask\":1},"
					     "{" T "\"action\":\"say\"}]" };

	is_int((int64_t)log->count, 2, "a part of it");
	is_text(line_of(arena, &log->entries[0]), wanted[3],
	    "is numbered as in the whole");
	event_log_init(&broken, arena, &(const struct id){ { 1 } },
	    (struct list){ NULL, 0 }, 0, 9);
	event_log_take(&broken, &(const struct turn_record){ .trace = "?" });
	event_log_take(&broken, &odd);
	is_int((int64_t)broken.count, 1, "what is no event is passed over");
}

static void
test_long(struct arena *arena)
{
	struct turn_record large = { .trace = NULL };
	char *text = arena_alloc(arena, 60001);
	struct event_log log;
	int i;

	memset(text, 'x', 60000);
	large.trace = arena_format(
	    arena, "[{" T "\"action\":\"say\",\"text\":\"%s\"}]", text);
	event_log_init(&log, arena, &(const struct id){ { 1 } },
	    (struct list){ NULL, 0 }, 0, 1000);
	for (i = 0; i < 200; i++)
		event_log_take(&log, &large);
	ok(log.count < 80 && log.count == log.most,
	    "it ends where there is too much");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_whole(arena);
	test_part(arena);
	test_long(arena);
	arena_free(arena);
	return done();
}
