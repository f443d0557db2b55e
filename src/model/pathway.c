#include "base/base.h"

#include "model/pathway.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/phone.h"

#include <json-c/json.h>
#include <string.h>

static const char *const kind_words[] = {
	[NODE_DEFAULT] = "Default",
	[NODE_END] = "End Call",
	[NODE_TRANSFER_CALL] = "Transfer Call",
	[NODE_HAND_OFF] = "Transfer to Human",
	[NODE_WEBHOOK] = "Webhook",
	[NODE_KNOWLEDGE] = "Knowledge Base",
	[NODE_SMS] = "SMS",
	[NODE_WAIT] = "Wait for Response",
	[NODE_TRANSFER_PATHWAY] = "Transfer Pathway",
	[NODE_TOOL] = "Custom Tool",
	[NODE_SCHEDULING] = "Scheduling",
	[NODE_CODE] = "Custom Code",
	[NODE_BUTTON] = "Press Button",
	[NODE_VECTOR] = "Vector Knowledge Base",
	[NODE_CONNECT] = "Amazon Connect",
	[NODE_UNKNOWN] = "unknown",
};
static_assert(COUNT(kind_words) == NODE_KIND_N, "a word for every kind");

const struct names node_kind_names = NAMES(kind_words);

/* clang-format off */
const struct node_rule node_rules[NODE_KIND_N] = {
	[NODE_WEBHOOK] = { .passes = true },
	[NODE_SMS]     = { .passes = true },
	[NODE_TOOL]    = { .passes = true },
	[NODE_CODE] = { .refused = "code of a pathway is not run here: call"
	    " it by a Webhook node" },
	[NODE_BUTTON] = { .refused = "there are no keys to press in a text"
	    " conversation" },
	[NODE_VECTOR] = { .refused = "only a Knowledge Base node with its"
	    " text in kb can be used" },
	[NODE_CONNECT] = { .refused = "calls cannot be given to Amazon"
	    " Connect" },
	[NODE_UNKNOWN] = { .refused = "its type is unknown" },
};
/* clang-format on */

struct pathway *
pathway_of_objective(
    struct arena *arena, const char *objective, double temperature)
{
	struct pathway *pathway = arena_alloc(arena, sizeof(*pathway));
	struct node *node = arena_alloc(arena, sizeof(*node));
	const struct node **index = arena_alloc(arena, sizeof(*index));

	*node = (struct node){
		.field = "/nodes/0",
		.id = "objective",
		.name = "objective",
		.kind = NODE_DEFAULT,
		.prompt = objective,
		.temperature = temperature,
		.is_start = true,
		.is_free = true,
	};
	*index = node;
	*pathway = (struct pathway){
		.nodes = { node, 1 },
		.index = { index, 1 },
		.start = node,
	};
	return pathway;
}

const struct node *
pathway_find(const struct pathway *pathway, const char *id)
{
	const struct node *const *list = pathway->index.items;
	size_t low = 0, high = pathway->index.count, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(id, list[middle]->id);
		if (order == 0)
			return list[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *
pathway_tools(struct arena *arena, const struct pathway *pathway)
{
	struct json_object *names = json_own(arena, json_object_new_array());
	const struct node *nodes = pathway->nodes.items;
	size_t i;

	for (i = 0; i < pathway->nodes.count; i++)
		if (nodes[i].tool != NULL)
			(void)json_object_array_add(
			    names, json_string(nodes[i].tool));
	return json_text(arena, names);
}

/* To who stands in the pathway, and to nobody whom a variable names: that
 * could be anybody, at any price. */
bool
node_sends(const struct node *node)
{
	return node->kind == NODE_SMS && node->recipient != NULL &&
	       phone_is_e164(node->recipient);
}

bool
node_passes(const struct node *node)
{
	return node->skips || node_rules[node->kind].passes;
}
