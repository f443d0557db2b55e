/*
 * Agents: one of an objective, and the tools of one.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/agent.h"
#include "model/channel.h"
#include "model/pathway.h"
#include "model/tool.h"

#include "tap.h"

static void
test_objective(struct arena *arena)
{
	struct agent agent = agent_of_objective(arena, "Book a table.", 0.2);
	const struct node *node = agent.pathway->start;

	is_int(
	    (int64_t)agent.pathway->nodes.count, 1, "an objective is one node");
	is_text(names_text(&node_kind_names, node->kind), "Default",
	    "of the default kind");
	is_text(node->prompt, "Book a table.", "whose prompt it is");
	ok(node->temperature > 0.19 && node->temperature < 0.21,
	    "with its temperature");
	is_int(agent.tool_calls, 3, "it may call three tools a turn");
	is_int((int64_t)agent.tools.count, 0, "but has none yet");
	is_int(agent.channel, CHANNEL_SMS, "and writes texts");
}

static void
test_node_tools(struct arena *arena)
{
	static const struct tool known[] = {
		{ .name = "Look up", .function = "Look_up" },
		{ .name = "Book", .function = "Book", .id = "TL-1" },
	};
	static const struct node nodes[] = { { .tool = "TL-1" },
		{ .tool = NULL }, { .tool = "gone" }, { .tool = "Look up" } };
	const struct pathway pathway = { .nodes = { nodes, COUNT(nodes) } };
	const struct list tools = { known, COUNT(known) };
	struct list list = agent_tools(arena, &tools, 1, &pathway);
	const struct agent_tool *found = list.items;

	is_int((int64_t)list.count, 3, "what is offered, and what nodes call");
	is_text(found[0].name, "Look_up", "the model calls by a function");
	ok(!found[0].is_hidden, "that it is told of");
	is_text(found[1].name, "TL-1", "a node by the id");
	is_text(found[2].name, "Look up", "or by the name");
	ok(found[1].is_hidden && found[2].is_hidden, "unknown to the model");
	is_int((int64_t)agent_tools(arena, &tools, 2, NULL).count, 2,
	    "without a pathway there are only those that are offered");
}

static void
test_tools(void)
{
	static const struct agent_tool tools[] = {
		{ "look_up", "{}", false },
		{ "Look_Up", "{}", false },
	};
	struct agent agent = { .tools = { tools, COUNT(tools) } };

	ok(agent_find_tool(&agent, "look_up") == &tools[0],
	    "a tool is found by its name");
	ok(agent_find_tool(&agent, "Look_Up") == &tools[1], "as it is written");
	ok(agent_find_tool(&agent, "look_up2") == NULL, "and by no other");
	ok(agent_find_tool(&agent, "") == NULL, "nor by none");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_objective(arena);
	test_tools();
	test_node_tools(arena);
	arena_free(arena);
	return done();
}
