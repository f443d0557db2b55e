/*
 * The document of a pathway in its two parts, as requests and answers have
 * them: what a client pushed comes back member for member.
 */
#ifndef PARLEY_API_PATHWAY_GRAPH_H
#define PARLEY_API_PATHWAY_GRAPH_H

#include "base/base.h"

struct arena;
struct call;
struct faults;

struct pathway_graph {
	const char *nodes; /* JSON arrays; NULL: not given */
	const char *edges;
};

/* The parts of a document; empty where it has none. */
void pathway_graph_split(
    struct arena *arena, const char *document, struct pathway_graph *graph);

/* The document with the parts that are given in place of its own. */
const char *pathway_graph_join(struct arena *arena, const char *document,
    const struct pathway_graph *given);

/* The edges with each label and description within `data` too.  Bland's
 * client sends them beside `data` and reads them within. */
const char *pathway_graph_labels(struct arena *arena, const char *edges);

/* Can it be published?  INVALID, with a fault for each reason why not. */
enum outcome pathway_graph_check(
    struct arena *arena, const char *document, struct faults *faults) MUSTCHECK;

/* Are the pathways there that the nodes of this version lead to?  INVALID,
 * with a fault for each that is not; a call may have had faults before. */
enum outcome pathway_graph_check_transfers(
    struct call *call, const char *pathway_id, int64_t number) MUSTCHECK;

#endif
