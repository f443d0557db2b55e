#include "base/base.h"

#include "model/agent.h"

#include "base/arena.h"
#include "base/text.h"
#include "model/channel.h"
#include "model/pathway.h"
#include "model/tool.h"

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

static bool
is_there(const struct list *tools, const char *name)
{
	const struct tool *list = tools->items;
	size_t i;

	for (i = 0; i < tools->count; i++)
		if (tool_is_called(&list[i], name))
			return true;
	return false;
}

struct list
agent_tools(struct arena *arena, const struct list *tools, size_t offered,
    const struct pathway *pathway)
{
	const struct tool *offer = tools->items;
	size_t i, count, nodes = pathway != NULL ? pathway->nodes.count : 0;
	const struct node *node = nodes > 0 ? pathway->nodes.items : NULL;
	struct agent_tool *list =
	    arena_alloc(arena, (offered + nodes + 1) * sizeof(*list));

	for (count = 0; count < offered; count++)
		list[count] = (struct agent_tool){
			.name = offer[count].function,
			.function = tool_function(arena, &offer[count]),
		};
	for (i = 0; i < nodes; i++)
		if (node[i].tool != NULL && is_there(tools, node[i].tool))
			list[count++] = (struct agent_tool){
				.name = node[i].tool,
				.function = "{}",
				.is_hidden = true,
			};
	return (struct list){ list, count };
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
