/*
 * What a reading kept out comes first, then what each node lacks, then what
 * only all of them together show.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/text.h"
#include "model/pathway.h"
#include "model/reason.h"
#include "model/tool.h"

#include <string.h>

struct check {
	const struct pathway *pathway;
	struct faults *faults;
	unsigned char *seen; /* for each node: how far it was looked at */
};

enum { UNSEEN, OPEN, DONE };

static void
complain(struct check *check, const struct node *node, const char *words)
{
	if (text_equal(node->id, node->name))
		(void)fault_add(check->faults, &reasons[INVALID_NODE],
		    node->field, "Node %s: %s", node->id, words);
	else
		(void)fault_add(check->faults, &reasons[INVALID_NODE],
		    node->field, "Node %s (%s): %s", node->id, node->name,
		    words);
}

static const struct node *
nodes_of(const struct check *check)
{
	return check->pathway->nodes.items;
}

/* Its edges first, then its routes; NULL: there are no more. */
static const struct node *
next_of(const struct node *node, size_t i)
{
	const struct edge *edges = node->edges.items;
	const struct route *routes = node->routes.items;

	if (i < node->edges.count)
		return edges[i].target;
	i -= node->edges.count;
	return i < node->routes.count ? routes[i].target : NULL;
}

static void
check_start(struct check *check)
{
	const struct node *nodes = nodes_of(check);
	size_t i, count = 0;

	for (i = 0; i < check->pathway->nodes.count; i++)
		if (nodes[i].is_start && ++count > 1)
			complain(check, &nodes[i],
			    "a pathway starts at one node, and another one has"
			    " isStart before it");
	if (count == 0)
		(void)fault_add(check->faults, &reasons[INVALID_NODE], "/nodes",
		    "No node has isStart: true");
}

static void
check_length(struct check *check, const struct node *node, const char *text,
    const char *what)
{
	if (text != NULL && text_length(text) > PATHWAY_TEMPLATE)
		complain(check, node,
		    arena_format(check->faults->arena,
			"its %s has more than %d characters", what,
			PATHWAY_TEMPLATE));
}

static void
check_texts(struct check *check, const struct node *node)
{
	check_length(check, node, node->text, "text");
	check_length(check, node, node->prompt, "prompt");
	check_length(check, node, node->condition, "condition");
	check_length(check, node, node->knowledge, "kb");
	check_length(check, node, node->global_label, "globalLabel");
	check_length(check, node, node->global_about, "globalDescription");
	if (node->call == NULL)
		return;
	check_length(check, node, node->call->url, "url");
	check_length(check, node, node->call->body, "body");
	check_length(check, node, node->call->headers, "headers");
}

/* As the places of a pathway name the user. */
static bool
is_user(const char *recipient)
{
	static const char *const places[] = { "{{phone_number}}", "{{from}}",
		"{{to}}" };
	size_t i;

	if (recipient == NULL)
		return true;
	for (i = 0; i < COUNT(places); i++)
		if (text_equal_nocase(recipient, places[i]))
			return true;
	return false;
}

static const char *
lack_of_url(const struct node *node, const char *words)
{
	const char *url = node->call->url;

	if (strncmp(url, "http://", 7) == 0 ||
	    strncmp(url, "https://", 8) == 0 || strncmp(url, "{{", 2) == 0)
		return NULL;
	return words;
}

/* What a node of its kind cannot do without; NULL: it has that. */
static const char *
lack_of(const struct node *node)
{
	switch (node->kind) {
	case NODE_SCHEDULING:
		if (node->call == NULL)
			return "a Scheduling node needs the url of a calendar"
			       " that answers with its slots";
		return lack_of_url(node, "the url of a Scheduling node begins"
					 " with https://");
	case NODE_WEBHOOK:
		if (node->call == NULL)
			return "a Webhook needs a url";
		return lack_of_url(
		    node, "the url of a Webhook begins with https://");
	case NODE_KNOWLEDGE:
		return node->knowledge == NULL
			   ? "a Knowledge Base needs its text in kb"
			   : NULL;
	case NODE_SMS:
		if (!is_user(node->recipient) && !node_sends(node))
			return "an SMS goes to the user, or to a number that"
			       " stands in the node as +15550001111: one from a"
			       " variable could be anybody's";
		return node->text == NULL ? "an SMS needs a message" : NULL;
	case NODE_TRANSFER_PATHWAY:
		return node->transfer_pathway == NULL
			   ? "a Transfer Pathway needs the id of a pathway"
			   : NULL;
	case NODE_TOOL:
		return node->tool == NULL
			   ? "a Custom Tool needs the name of its tool"
			   : NULL;
	default:
		return NULL;
	}
}

static void
check_node(struct check *check, const struct node *node)
{
	const struct node_rule *rule = &node_rules[node->kind];
	const char *lack = lack_of(node);

	check_texts(check, node);
	if (node->kind == NODE_UNKNOWN)
		complain(check, node,
		    arena_format(check->faults->arena, "its type %s is unknown",
			node->type));
	else if (rule->refused != NULL)
		complain(check, node,
		    arena_format(check->faults->arena, "%s: %s", node->type,
			rule->refused));
	if (lack != NULL)
		complain(check, node, lack);
	if (node->is_global && node->global_label == NULL)
		complain(check, node,
		    "a global node needs a globalLabel that says when it is"
		    " gone to");
}

/* Marks all that can be come to; the stack is in `list`. */
static void
reach(struct check *check, const struct node **list, const struct node *from)
{
	const struct node *nodes = nodes_of(check), *node, *next;
	size_t count = 0, i;

	if (check->seen[from - nodes] != UNSEEN)
		return;
	check->seen[from - nodes] = DONE;
	list[count++] = from;
	while (count > 0) {
		node = list[--count];
		for (i = 0; (next = next_of(node, i)) != NULL; i++) {
			if (check->seen[next - nodes] != UNSEEN)
				continue;
			check->seen[next - nodes] = DONE;
			list[count++] = next;
		}
	}
}

static void
check_reach(struct check *check)
{
	const struct pathway *pathway = check->pathway;
	const struct node *const *globals = pathway->globals.items;
	const struct node *nodes = nodes_of(check);
	const struct node **list = arena_alloc(check->faults->arena,
	    (pathway->nodes.count + 1) * sizeof(const struct node *));
	size_t i;

	if (pathway->start == NULL)
		return;
	reach(check, list, pathway->start);
	for (i = 0; i < pathway->globals.count; i++)
		reach(check, list, globals[i]);
	for (i = 0; i < pathway->nodes.count; i++)
		if (check->seen[i] == UNSEEN &&
		    pathway_find(pathway, nodes[i].id) == &nodes[i])
			complain(check, &nodes[i],
			    "no edge and no route leads to it from the start");
}

/* A loop in which nobody waits for the user would never end.  Depth first,
 * with the path in `list` and how far each of it was followed in `at`. */
static void
follow(struct check *check, const struct node **list, size_t *at,
    const struct node *from)
{
	const struct node *nodes = nodes_of(check), *next;
	size_t depth = 0;

	list[0] = from;
	at[0] = 0;
	check->seen[from - nodes] = OPEN;
	for (;;) {
		next = next_of(list[depth], at[depth]++);
		if (next == NULL) {
			check->seen[list[depth] - nodes] = DONE;
			if (depth-- == 0)
				return;
		} else if (!node_passes(next)) {
			continue;
		} else if (check->seen[next - nodes] == OPEN) {
			complain(check, next,
			    "it is in a loop that never waits for the user");
		} else if (check->seen[next - nodes] == UNSEEN) {
			check->seen[next - nodes] = OPEN;
			list[++depth] = next;
			at[depth] = 0;
		}
	}
}

static void
check_loops(struct check *check)
{
	const struct node *nodes = nodes_of(check);
	size_t i, count = check->pathway->nodes.count;
	struct arena *arena = check->faults->arena;
	const struct node **list =
	    arena_alloc(arena, (count + 1) * sizeof(const struct node *));
	size_t *at = arena_alloc(arena, (count + 1) * sizeof(*at));

	(void)memset(check->seen, UNSEEN, count);
	for (i = 0; i < count; i++)
		if (node_passes(&nodes[i]) && check->seen[i] == UNSEEN)
			follow(check, list, at, &nodes[i]);
}

void
pathway_check(const struct pathway *pathway, struct faults *faults)
{
	const struct pathway_fault *list = pathway->faults.items;
	const struct node *nodes = pathway->nodes.items;
	struct check check = {
		.pathway = pathway,
		.faults = faults,
		.seen = arena_alloc(faults->arena, pathway->nodes.count + 1),
	};
	size_t i;

	for (i = 0; i < pathway->faults.count; i++)
		(void)fault_add(faults, &reasons[INVALID_NODE], list[i].field,
		    "%s", list[i].message);
	if (pathway->global_prompt != NULL &&
	    text_length(pathway->global_prompt) > PATHWAY_TEMPLATE)
		(void)fault_add(faults, &reasons[INVALID_NODE], "/nodes",
		    "The global prompt has more than %d characters",
		    PATHWAY_TEMPLATE);
	check_start(&check);
	for (i = 0; i < pathway->nodes.count; i++)
		check_node(&check, &nodes[i]);
	check_reach(&check);
	check_loops(&check);
}
