/*
 * Traces that are read again: the walks in them, and what cannot be read.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/prompt.h"
#include "model/recording.h"

#include <json-c/json.h>

#include "tap.h"

static const char trace[] =
    "[{\"note\":\"before\"},"
    "{\"at\":\"x\",\"begin\":\"p1\",\"version\":\"2\",\"state\":{\"node\":\"a\","
    "\"entered\":true,\"previous\":null,\"returns\":[]},\"first_seq\":3,"
    "\"last_seq\":5,\"channel\":\"sms\",\"max_segments\":4,\"tool_calls\":0,"
    "\"tools\":[\"look_up\"],\"variables\":{\"name\":\"Ada\"}},"
    "{\"event\":\"texted\"},"
    "{\"action\":\"ask_model\",\"ask\":1,\"purpose\":\"choose\","
    "\"messages\":[1],\"choices\":[{\"label\":\"on\",\"node_id\":\"b\"}]},"
    "{\"event\":\"model_answered\",\"ask\":1,\"text\":\"{}\"},"
    "{\"event\":\"model_answered\",\"ask\":9,\"text\":\"to nothing\"},"
    "{\"action\":\"move\",\"name\":\"b\",\"text\":\"B\"},"
    "{\"action\":\"tag\",\"name\":\"t\"},"
    "{\"action\":\"set_variables\",\"variables\":{\"x\":1}},"
    "{\"action\":\"call_url\",\"ask\":2,\"name\":\"B\",\"arguments\":{\"u\":1}},"
    "{\"event\":\"url_answered\",\"ask\":2,\"status\":200,\"text\":\"[\","
    "\"shortened\":true},"
    "{\"action\":\"transfer\",\"name\":\"p2\"},"
    "{\"begin\":\"\",\"state\":{},\"variables\":{}},"
    "{\"event\":\"opened\"},{\"action\":\"wait\"},"
    "{\"begin\":\"p3\",\"state\":{},\"variables\":{}},"
    "{\"left_out\":2}]";

static void
test_walks(struct arena *arena)
{
	struct list walks = recording_read(arena, trace);
	const struct recording *walk = walks.items;

	is_int((int64_t)walks.count, 3, "each walk of a turn is read");
	is_text(walk[0].pathway, "p1", "with its pathway");
	is_text(walk[0].version, "2", "the version of it");
	is_text(walk[0].state.node, "a", "where it began");
	is_int(walk[0].event, EVENT_TEXTED, "by what");
	is_int(walk[0].first_seq * 10 + walk[0].last_seq, 35,
	    "what it saw of the messages");
	is_text(json_text(arena, walk[0].variables), "{\"name\":\"Ada\"}",
	    "of the variables");
	is_int(walk[0].agent.max_segments, 4, "what a message may have");
	is_int(walk[0].agent.tool_calls, 0, "how often it may call tools");
	ok(agent_find_tool(&walk[0].agent, "look_up") != NULL,
	    "and the tools that there were");
	is_text(json_text(arena, walk[0].set), "{\"x\":1}", "what it set");
	is_int((int64_t)walk[0].deed_count, 2, "and what it did");
	is_text(walk[0].deeds[0].name, "b", "it came to a node");
	is_text(walk[0].deeds[1].name, "p2", "and led to another pathway");
	ok(walk[1].pathway == NULL, "an objective has no pathway");
	is_int(walk[1].event, EVENT_OPENED, "and its own event");
	is_int((int64_t)walk[1].deed_count, 1, "and deeds");
	ok(walk[0].fault == NULL && walk[1].fault == NULL,
	    "they can be taken again");
	ok(walk[2].fault != NULL, "one that was recorded in part cannot");
}

static void
test_asks(struct arena *arena)
{
	const struct recording *walk = recording_read(arena, trace).items;
	const struct recording_ask *asks = walk->asks;

	is_int((int64_t)walk->ask_count, 2, "who was asked is read");
	is_int(asks[0].purpose, PURPOSE_CHOOSE, "a model, for what");
	is_text(asks[0].node, "a", "where");
	is_text(asks[0].event.text, "{}", "what it answered");
	ok(asks[0].answered && asks[0].is_whole, "as a whole");
	is_text(asks[1].node, "b", "another one elsewhere");
	is_int(asks[1].event.status, 200, "with its answer");
	ok(asks[1].answered && !asks[1].is_whole, "which was cut");
}

static void
test_broken(struct arena *arena)
{
	static const char *const broken[] = {
		"", "{}", "[]", "[1,null,[]]",
		"[{\"event\":\"texted\"},{\"action\":\"say\"}]",
		"[{\"begin\":\"p\"}]",
		"[{\"begin\":\"p\",\"state\":{},\"variables\":{}}]",
		"[{\"begin\":\"p\",\"state\":1,\"variables\":[]}]",
		"[{\"event\":\"texted\"},{\"event\":\"?\"},{\"action\":\"?\"}]"
	};
	struct list walks;
	size_t i;

	for (i = 0; i < COUNT(broken); i++) {
		walks = recording_read(arena, broken[i]);
		ok(walks.count == 1 &&
			((const struct recording *)walks.items)->fault != NULL,
		    "%s says why it cannot be taken again", broken[i]);
	}
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_walks(arena);
	test_asks(arena);
	test_broken(arena);
	arena_free(arena);
	return done();
}
