#include "base/base.h"

#include "model/agent.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/channel.h"

static const char *const kind_words[] = {
	[NODE_DEFAULT] = "Default",
};
static_assert(COUNT(kind_words) == NODE_KIND_N, "a word for every kind");

const struct names node_kind_names = NAMES(kind_words);

struct agent
agent_of_objective(
    struct arena *arena, const char *objective, double temperature)
{
	struct node *node = arena_alloc(arena, sizeof(*node));

	*node = (struct node){
		.id = "objective",
		.kind = NODE_DEFAULT,
		.prompt = objective,
		.temperature = temperature,
	};
	return (struct agent){
		.nodes = { node, 1 },
		.channel = CHANNEL_SMS,
		.tool_calls = AGENT_TOOL_CALLS,
	};
}

const struct agent_tool *
agent_find_tool(const struct agent *agent, const char *name)
{
	const struct agent_tool *tools = agent->tools.items;
	size_t i;

	for (i = 0; i < agent->tools.count; i++)
		if (text_equal(tools[i].name, name))
			return &tools[i];
	return NULL;
}
