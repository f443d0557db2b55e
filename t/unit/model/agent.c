/*
 * Agents: one of an objective, and the tools of one.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/agent.h"
#include "model/channel.h"
#include "model/pathway.h"

#include "tap.h"

static void
test_objective(struct arena *arena)
{
	struct agent agent = agent_of_objective(arena, "Book a table.", 0.2);
	const struct node *node = agent.pathway->start;

	is_int((int64_t)agent.pathway->nodes.count, 1, "an objective is one node");
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
test_tools(void)
{
	static const struct agent_tool tools[] = {
		{ "look_up", "{}" },
		{ "Look_Up", "{}" },
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
	arena_free(arena);
	return done();
}
