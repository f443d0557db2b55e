/*
 * Pathways: finding nodes, and the one of an objective.
 */
#include "base/base.h"

#include "base/arena.h"
#include "model/pathway.h"

#include "tap.h"

static void
test_find(struct arena *arena)
{
	static const struct node nodes[] = { { .id = "a" }, { .id = "b" },
		{ .id = "c" } };
	static const struct node *const index[] = { &nodes[0], &nodes[1],
		&nodes[2] };
	const struct pathway pathway = { .index = { index, COUNT(index) } };
	const struct pathway *objective =
	    pathway_of_objective(arena, "Sell.", 0.5);
	size_t i;

	for (i = 0; i < COUNT(nodes); i++)
		ok(pathway_find(&pathway, nodes[i].id) == &nodes[i],
		    "%s is found", nodes[i].id);
	ok(pathway_find(&pathway, "") == NULL, "nothing is not");
	ok(pathway_find(&pathway, "d") == NULL, "nor is what is not there");
	ok(pathway_find(objective, "objective") == objective->start,
	    "an objective's node is found");
	is_text(objective->start->prompt, "Sell.", "it has the prompt");
	ok(objective->start->is_free, "and may end as the model likes");
}

static void
test_passes(void)
{
	static const struct {
		struct node node;
		bool passes;
	} cases[] = {
		{ { .kind = NODE_DEFAULT }, false },
		{ { .kind = NODE_DEFAULT, .skips = true }, true },
		{ { .kind = NODE_WEBHOOK }, true },
		{ { .kind = NODE_TOOL }, true },
		{ { .kind = NODE_SMS }, true },
		{ { .kind = NODE_WAIT }, false },
		{ { .kind = NODE_END }, false },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		ok(node_passes(&cases[i].node) == cases[i].passes, "%s%s %s",
		    names_text(&node_kind_names, cases[i].node.kind),
		    cases[i].node.skips ? " that skips" : "",
		    cases[i].passes ? "goes on" : "waits");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_find(arena);
	test_passes();
	arena_free(arena);
	return done();
}
