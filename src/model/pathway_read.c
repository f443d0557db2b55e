#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/pathway_node.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define FAULTS_MOST 100

#define NAMED(...)                                                             \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}

/* An edge that was read, and where it begins. */
struct read_edge {
	size_t source; /* among the nodes */
	struct edge edge;
};

struct reading {
	struct pathway_reading base;
	struct pathway *pathway;
	struct node *nodes;
	struct json_object **documents; /* of the nodes */
	const char **fields;
};

static const char *
place(struct arena *arena, const char *array, size_t i)
{
	return arena_format(arena, "/%s/%zu", array, i);
}

/* A node that is none: it holds the prompt of all others. */
static bool
take_global(struct reading *reading, struct json_object *item)
{
	struct arena *arena = reading->base.arena;
	struct json_object *config =
	    pathway_member(arena, item, "globalConfig", json_type_object);
	const char *prompt = pathway_text(arena, config, NAMED("globalPrompt"));

	if (prompt != NULL)
		reading->pathway->global_prompt = prompt;
	return config != NULL;
}

/* Older documents have it in one of the nodes, or all of them. */
static void
find_older_prompt(struct reading *reading)
{
	struct pathway *pathway = reading->pathway;
	struct arena *arena = reading->base.arena;
	size_t i;

	for (i = 0; i < pathway->nodes.count; i++)
		if (pathway->global_prompt == NULL)
			pathway->global_prompt = pathway_text(arena,
			    pathway_member(arena, reading->documents[i], "data",
				json_type_object),
			    NAMED("globalPrompt"));
}

static int
compare_ids(const void *a, const void *b)
{
	const struct node *const *one = a, *const *other = b;

	return strcmp((*one)->id, (*other)->id);
}

/* The first of those that have the same id stays. */
static void
index_nodes(struct reading *reading)
{
	struct arena *arena = reading->base.arena;
	size_t i, kept = 0, count = reading->pathway->nodes.count;
	const struct node **list =
	    arena_alloc(arena, (count + 1) * sizeof(const struct node *));

	for (i = 0; i < count; i++)
		list[i] = &reading->nodes[i];
	if (count > 0)
		qsort(list, count, sizeof(const struct node *), compare_ids);
	for (i = 0; i < count; i++) {
		if (kept == 0 || !text_equal(list[kept - 1]->id, list[i]->id)) {
			list[kept++] = list[i];
			continue;
		}
		if (list[i] < list[kept - 1])
			list[kept - 1] = list[i];
		pathway_fault_add(&reading->base,
		    reading->fields[list[i] - reading->nodes],
		    "Node %s: another node has the same id", list[i]->id);
	}
	reading->pathway->index = (struct list){ list, kept };
}

static void
read_nodes(struct reading *reading, struct json_object *all)
{
	struct arena *arena = reading->base.arena;
	size_t i, total = json_object_array_length(all), count = 0;
	struct json_object *item;
	const char *id;

	for (i = 0; i < total && count < PATHWAY_NODES; i++) {
		item = json_object_array_get_idx(all, i);
		if (take_global(reading, item))
			continue;
		id = pathway_text(arena, item, NAMED("id"));
		if (id == NULL) {
			pathway_fault_add(&reading->base,
			    place(arena, "nodes", i), "The node has no id");
			continue;
		}
		reading->documents[count] = item;
		reading->fields[count] = place(arena, "nodes", i);
		reading->nodes[count].id = id;
		pathway_node_read(&reading->base, item, reading->fields[count],
		    &reading->nodes[count]);
		reading->nodes[count].field = reading->fields[count];
		count++;
	}
	if (i < total)
		pathway_fault_add(&reading->base, place(arena, "nodes", i),
		    "A pathway has at most %d nodes", PATHWAY_NODES);
	reading->pathway->nodes = (struct list){ reading->nodes, count };
}

static void
mark_nodes(struct reading *reading)
{
	struct pathway *pathway = reading->pathway;
	const struct node **globals = arena_alloc(reading->base.arena,
	    (pathway->nodes.count + 1) * sizeof(const struct node *));
	size_t i;

	for (i = 0; i < pathway->nodes.count; i++) {
		if (reading->nodes[i].is_global)
			globals[pathway->globals.count++] = &reading->nodes[i];
		if (reading->nodes[i].is_start && pathway->start == NULL)
			pathway->start = &reading->nodes[i];
	}
	pathway->globals.items = globals;
}

/* Where it leads; NULL, with a fault: nowhere. */
static const struct node *
find_end(struct reading *reading, const char *id, const char *end,
    const char *what, const char *field)
{
	const struct node *node =
	    id != NULL ? pathway_find(reading->pathway, id) : NULL;

	if (node == NULL)
		pathway_fault_add(&reading->base, field, "%s: its %s %s%s",
		    what, end, id != NULL ? id : "is missing",
		    id != NULL ? " is no node" : "");
	return node;
}

static struct list
read_rules(struct reading *reading, struct json_object *data, const char *edge,
    const char *field)
{
	struct arena *arena = reading->base.arena;
	struct json_object *all =
	    pathway_member(arena, data, "conditions", json_type_array);
	size_t i, kept = 0,
		  count = all != NULL ? json_object_array_length(all) : 0;
	struct rule *list = arena_alloc(arena, (count + 1) * sizeof(*list));

	for (i = 0; i < count; i++)
		if (rule_read(arena, json_object_array_get_idx(all, i),
			&list[kept]) == OK)
			kept++;
		else
			pathway_fault_add(&reading->base, field,
			    "Edge %s: a condition is [variable, operator,"
			    " value] or {\"keywords\": [...]}",
			    edge);
	return (struct list){ list, kept };
}

static bool
read_edge(struct reading *reading, struct json_object *item, size_t i,
    struct read_edge *read)
{
	struct arena *arena = reading->base.arena;
	struct json_object *data =
	    pathway_member(arena, item, "data", json_type_object);
	const char *field = place(arena, "edges", i), *label, *what;
	const struct node *source, *target;
	struct edge *edge = &read->edge;

	edge->id = pathway_text(arena, item, NAMED("id"));
	if (edge->id == NULL)
		edge->id = arena_format(arena, "edge-%zu", i);
	what = arena_format(arena, "Edge %s", edge->id);
	source = find_end(reading, pathway_text(arena, item, NAMED("source")),
	    "source", what, field);
	target = find_end(reading, pathway_text(arena, item, NAMED("target")),
	    "target", what, field);
	if (source == NULL || target == NULL)
		return false;
	read->source = (size_t)(source - reading->nodes);
	edge->target = target;
	label = pathway_text(arena, data, NAMED("label", "name"));
	if (label == NULL)
		label = pathway_text(arena, item, NAMED("label", "name"));
	edge->label = label != NULL ? label : "";
	edge->about = pathway_text(arena, data, NAMED("description", "prompt"));
	if (edge->about == NULL)
		edge->about =
		    pathway_text(arena, item, NAMED("description", "prompt"));
	edge->always = pathway_flag(
	    data, "alwaysPick", pathway_flag(item, "alwaysPick", false));
	edge->rules = read_rules(reading, data, edge->id, field);
	return true;
}

/* Gives each node its own, in the order of the document. */
static void
deal_edges(struct reading *reading, const struct read_edge *list, size_t count)
{
	struct edge *edges =
	    arena_alloc(reading->base.arena, (count + 1) * sizeof(*edges));
	struct list *own;
	size_t i;

	for (i = 0; i < count; i++)
		reading->nodes[list[i].source].edges.count++;
	for (i = 0; i < reading->pathway->nodes.count; i++) {
		reading->nodes[i].edges.items = edges;
		edges += reading->nodes[i].edges.count;
		reading->nodes[i].edges.count = 0;
	}
	for (i = 0; i < count; i++) {
		own = &reading->nodes[list[i].source].edges;
		((struct edge *)own->items)[own->count++] = list[i].edge;
	}
}

static void
read_edges(struct reading *reading, struct json_object *all)
{
	struct arena *arena = reading->base.arena;
	size_t i, total = json_object_array_length(all), count = 0;
	size_t most = total < PATHWAY_EDGES ? total : PATHWAY_EDGES;
	struct read_edge *list = arena_alloc(arena, (most + 1) * sizeof(*list));

	for (i = 0; i < most; i++)
		if (read_edge(reading, json_object_array_get_idx(all, i), i,
			&list[count]))
			count++;
	if (total > most)
		pathway_fault_add(&reading->base, place(arena, "edges", most),
		    "A pathway has at most %d edges", PATHWAY_EDGES);
	deal_edges(reading, list, count);
}

/* [variable, operator, value, {id, name}] */
static void
read_routes(struct reading *reading, size_t at)
{
	struct arena *arena = reading->base.arena;
	struct node *node = &reading->nodes[at];
	struct json_object *data = pathway_member(
	    arena, reading->documents[at], "data", json_type_object);
	struct json_object *all =
	    pathway_member(arena, data, "responsePathways", json_type_array);
	size_t i, count = all != NULL ? json_object_array_length(all) : 0;
	struct route *list = arena_alloc(arena, (count + 1) * sizeof(*list));
	struct json_object *item, *end;
	const char *what, *field;

	node->routes.items = list;
	for (i = 0; i < count; i++) {
		struct route *read = &list[node->routes.count];

		item = json_object_array_get_idx(all, i);
		field = arena_format(arena, "%s/data/responsePathways/%zu",
		    reading->fields[at], i);
		what = arena_format(arena, "Node %s, route %zu", node->id, i);
		if (!json_object_is_type(item, json_type_array) ||
		    rule_read(arena, item, &read->rule) != OK) {
			pathway_fault_add(&reading->base, field,
			    "%s is not [variable, operator, value, {id}]",
			    what);
			continue;
		}
		end = json_object_array_get_idx(item, 3);
		read->target = find_end(reading,
		    json_object_is_type(end, json_type_string)
			? json_object_get_string(end)
			: pathway_text(arena, end, NAMED("id")),
		    "target", what, field);
		if (read->target != NULL)
			node->routes.count++;
	}
}

enum outcome
pathway_read(
    struct arena *arena, struct json_object *document, struct pathway **pathway)
{
	struct json_object *nodes = json_object_object_get(document, "nodes");
	struct json_object *edges = json_object_object_get(document, "edges");
	struct reading reading = {
		.base = { .arena = arena, .fault_most = FAULTS_MOST },
		.pathway = arena_alloc(arena, sizeof(struct pathway)),
	};
	size_t i, count;

	if (!json_object_is_type(nodes, json_type_array) ||
	    !json_object_is_type(edges, json_type_array))
		return INVALID;
	count = json_object_array_length(nodes);
	count = (count < PATHWAY_NODES ? count : PATHWAY_NODES) + 1;
	reading.base.faults =
	    arena_alloc(arena, FAULTS_MOST * sizeof(*reading.base.faults));
	reading.nodes = arena_alloc(arena, count * sizeof(struct node));
	reading.documents =
	    arena_alloc(arena, count * sizeof(struct json_object *));
	reading.fields = arena_alloc(arena, count * sizeof(const char *));
	(void)take_global(&reading, document);
	read_nodes(&reading, nodes);
	find_older_prompt(&reading);
	index_nodes(&reading);
	mark_nodes(&reading);
	read_edges(&reading, edges);
	for (i = 0; i < reading.pathway->nodes.count; i++)
		read_routes(&reading, i);
	reading.pathway->faults =
	    (struct list){ reading.base.faults, reading.base.fault_count };
	*pathway = reading.pathway;
	return OK;
}
