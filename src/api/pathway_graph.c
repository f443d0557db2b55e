#include "base/base.h"

#include "api/pathway_graph.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/pathway.h"
#include "model/reason.h"
#include "store/pathway.h"
#include "store/pathway_cache.h"

#include <json-c/json.h>
#include <string.h>

#define EMPTY "[]"

/* NULL: it is no object, which only a row that we did not write can be. */
static struct json_object *
parse(struct arena *arena, const char *document)
{
	struct json_object *tree;
	struct json_fault ignored;

	if (json_parse(arena, document, strlen(document), &tree, &ignored) !=
		OK ||
	    !json_object_is_type(tree, json_type_object))
		return NULL;
	return tree;
}

static const char *
part(struct arena *arena, struct json_object *tree, const char *name)
{
	struct json_object *array;

	if (tree == NULL || !json_object_object_get_ex(tree, name, &array) ||
	    !json_object_is_type(array, json_type_array))
		return EMPTY;
	return json_text(arena, array);
}

/* The tree is many times as large as its text, so it goes at once. */
void
pathway_graph_split(
    struct arena *arena, const char *document, struct pathway_graph *graph)
{
	struct arena *scratch = arena_new();
	struct json_object *tree = parse(scratch, document);

	graph->nodes = part(arena, tree, "nodes");
	graph->edges = part(arena, tree, "edges");
	arena_free(scratch);
}

const char *
pathway_graph_join(struct arena *arena, const char *document,
    const struct pathway_graph *given)
{
	struct pathway_graph whole = *given;

	if (given->nodes == NULL || given->edges == NULL)
		pathway_graph_split(arena, document, &whole);
	return arena_format(arena, "{\"nodes\":%s,\"edges\":%s}",
	    given->nodes != NULL ? given->nodes : whole.nodes,
	    given->edges != NULL ? given->edges : whole.edges);
}

/* Puts a member of the edge into its data, unless one is there. */
static void
put_within(struct json_object *edge, struct json_object *data, const char *name)
{
	struct json_object *value;

	if (json_object_object_get_ex(edge, name, &value) &&
	    json_object_is_type(value, json_type_string) &&
	    !json_object_object_get_ex(data, name, NULL))
		(void)json_object_object_add(
		    data, name, json_object_get(value));
}

static void
label_edge(struct json_object *edge)
{
	struct json_object *data;

	if (!json_object_is_type(edge, json_type_object))
		return;
	if (json_object_object_get_ex(edge, "data", &data)) {
		if (!json_object_is_type(data, json_type_object))
			return;
	} else if (json_object_object_get_ex(edge, "label", NULL) ||
		   json_object_object_get_ex(edge, "description", NULL)) {
		data = json_object_new_object();
		(void)json_object_object_add(edge, "data", data);
	} else
		return;
	put_within(edge, data, "label");
	put_within(edge, data, "description");
}

const char *
pathway_graph_labels(struct arena *arena, const char *edges)
{
	struct arena *scratch = arena_new();
	struct json_object *tree;
	struct json_fault ignored;
	size_t i;

	if (json_parse(scratch, edges, strlen(edges), &tree, &ignored) == OK) {
		for (i = 0; i < json_object_array_length(tree); i++)
			label_edge(json_object_array_get_idx(tree, i));
		edges = json_text(arena, tree);
	}
	arena_free(scratch);
	return edges;
}

enum outcome
pathway_graph_check(
    struct arena *arena, const char *document, struct faults *faults)
{
	struct json_object *tree = parse(arena, document);
	struct pathway *pathway;
	size_t before = faults->count;

	if (tree == NULL || pathway_read(arena, tree, &pathway) != OK)
		return fault_add(faults, &reasons[INVALID_NODE], "/nodes",
		    "the version has no nodes and edges");
	pathway_check(pathway, faults);
	return faults->count > before ? INVALID : OK;
}

/* Where a node leads to another pathway that one has to be there, unless a
 * variable names it. */
static enum outcome
check_transfer(struct call *call, const struct node *node)
{
	const char *id = node->transfer_pathway;
	struct pathway_head ignored;
	enum outcome rc;

	if (node->kind != NODE_TRANSFER_PATHWAY || id == NULL ||
	    strstr(id, "{{") != NULL)
		return OK;
	rc = pathway_head_find(
	    call->db, call->arena, &call->key.account_id, id, &ignored);
	if (rc != NOT_FOUND)
		return rc;
	(void)fault_add(&call->faults, &reasons[INVALID_NODE], node->field,
	    "Node %s (%s): there is no pathway %s to transfer to", node->id,
	    node->name, id);
	return OK;
}

enum outcome
pathway_graph_check_transfers(
    struct call *call, const char *pathway_id, int64_t number)
{
	const struct pathway *pathway;
	const struct node *nodes;
	size_t i;
	enum outcome rc = pathway_load(call->db, call->arena,
	    &call->key.account_id, pathway_id, number, &pathway);

	if (rc != OK)
		return rc;
	nodes = pathway->nodes.items;
	for (i = 0; rc == OK && i < pathway->nodes.count; i++)
		rc = check_transfer(call, &nodes[i]);
	return rc == OK && call->faults.count > 0 ? INVALID : rc;
}
