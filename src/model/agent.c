#include "base/base.h"

#include "model/agent.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/channel.h"
#include "model/pathway.h"

struct agent
agent_of_objective(
    struct arena *arena, const char *objective, double temperature)
{
	return (struct agent){
		.pathway = pathway_of_objective(arena, objective, temperature),
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
