/*
 * Reading a graph: its edges, its global prompt and what is kept out of it.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/pathway.h"

#include "tap.h"

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &tree, &fault) != OK)
		printf("# %s: %s\n", fault.what, text);
	return tree;
}

static struct pathway *
read(struct arena *arena, const char *text)
{
	struct pathway *pathway = NULL;

	if (pathway_read(arena, parse(arena, text), &pathway) != OK)
		printf("# it is no pathway: %s\n", text);
	return pathway;
}

static const char graph[] =
    "{\"nodes\":[{\"id\":\"a\",\"data\":{\"isStart\":true,\"text\":\"A\"}},"
    "{\"id\":7,\"type\":\"webhook\",\"data\":{\"url\":\"https://x\","
    "\"responsePathways\":[[\"n\",\"==\",\"1\",{\"id\":\"a\"}],"
    "[\"n\",\"==\",\"2\",\"a\"],[\"n\",\"?\",\"2\",\"a\"],"
    "[\"n\",\"==\",\"2\",{\"id\":\"z\"}]]}},"
    "{\"id\":\"g\",\"data\":{\"isGlobal\":true}},"
    "{\"globalConfig\":{\"globalPrompt\":\"All\"},\"position\":{}}],"
    "\"edges\":[{\"id\":\"2\",\"source\":\"a\",\"target\":\"g\","
    "\"label\":\"two\"},{\"source\":\"7\",\"target\":\"a\"},"
    "{\"id\":\"1\",\"source\":\"a\",\"target\":7,"
    "\"data\":{\"label\":\"one\",\"alwaysPick\":true}},"
    "{\"id\":\"0\",\"source\":\"z\",\"target\":\"a\"}]}";

static void
test_graph(struct arena *arena)
{
	const struct pathway *pathway = read(arena, graph);
	const struct node *start = pathway->start;
	const struct edge *edges = start->edges.items;
	const struct node *call = pathway_find(pathway, "7");
	const struct route *routes = call->routes.items;

	is_int((int64_t)pathway->nodes.count, 3, "a pseudo-node is no node");
	is_text(pathway->global_prompt, "All", "but the prompt of all");
	is_text(start->id, "a", "the start is known");
	is_int((int64_t)pathway->globals.count, 1, "and the global nodes");
	is_int((int64_t)start->edges.count, 2, "a node has its own edges");
	is_text(edges[0].label, "two", "in the order of the document");
	is_text(edges[1].label, "one", "whichever place their labels have");
	ok(edges[1].always && !edges[0].always, "one is always picked");
	ok(edges[1].target == call, "an id may be a number");
	is_int((int64_t)call->routes.count, 2, "routes are read");
	ok(routes[0].target == start && routes[1].target == start,
	    "with either form of their targets");
	is_int((int64_t)pathway->faults.count, 3,
	    "what leads nowhere and what is none is kept out");
}

static void
test_none(struct arena *arena)
{
	static const char *const none[] = { "{}", "[]", "7", "null",
		"{\"nodes\":[]}", "{\"nodes\":[],\"edges\":{}}",
		"{\"nodes\":null,\"edges\":[]}" };
	struct pathway *pathway;
	size_t i;

	for (i = 0; i < COUNT(none); i++)
		is_int(pathway_read(arena, parse(arena, none[i]), &pathway),
		    INVALID, "it is no graph: %s", none[i]);
	pathway = read(arena, "{\"nodes\":[],\"edges\":[]}");
	ok(pathway->start == NULL && pathway_find(pathway, "a") == NULL,
	    "an empty one is one");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_graph(arena);
	test_none(arena);
	arena_free(arena);
	return done();
}
