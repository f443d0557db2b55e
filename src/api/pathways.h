/*
 * Pathways as the two families of routes have them: /v1/pathway, which is
 * documented, and /v1/convo_pathway, which Bland's client calls.  What is
 * written here goes to the draft.
 */
#ifndef PARLEY_API_PATHWAYS_H
#define PARLEY_API_PATHWAYS_H

#include "api/pathway_graph.h"
#include "base/id.h"
#include "store/pathway.h"
#include "store/pathway_version.h"

struct call;
struct schema;

/* What any of the requests can have.  Words for versions are numbers, names,
 * ids, or those of pathway_version_resolve. */
struct pathway_request {
	const char *id;
	const char *name;
	const char *description;
	struct id folder_id;
	struct pathway_graph graph;
	const char *version;
	const char *source_version;
	int64_t revision; /* 0: not asked */
	int environment;  /* enum pathway_environment */
};

/* A pathway with one of its versions, as it is shown. */
struct pathway_shown {
	struct pathway_head head;
	struct pathway_version version;
	struct pathway_graph graph;
};

/* {"status": "success", "message": "..."} */
struct pathway_status {
	const char *status;
	const char *message;
};

#define PATHWAY_SUCCESS "success"
#define PATHWAY_FIELD(member) FIELD_AT(struct pathway_request, member)
#define PATHWAY_GRAPH_FIELDS(flags)                                            \
	{ "nodes", FIELD_ARRAY, (flags), PATHWAY_FIELD(graph.nodes),           \
		.about = "Kept as they are, what is not understood too." },    \
	{                                                                      \
		"edges", FIELD_ARRAY, (flags), PATHWAY_FIELD(graph.edges)      \
	}

extern const struct schema pathways_query_schema;
extern const struct schema pathway_delete_query_schema;
extern const struct schema pathway_create_schema;
extern const struct schema pathway_patch_schema;
extern const struct schema pathway_duplicate_schema;
extern const struct schema pathway_made_schema;
extern const struct schema pathway_duplicated_schema;
extern const struct schema pathway_status_schema;
extern const struct schema pathway_head_schema;  /* without its graph */
extern const struct schema pathway_shown_schema; /* all of it */
extern const struct schema pathway_plain_schema; /* as it is documented */
extern const struct schema pathway_written_schema;

/* GET /v1/pathway, GET /v1/convo_pathway */
enum outcome pathways_list(struct call *call);
enum outcome convo_pathways_list(struct call *call);

/* POST /v1/pathway/create and its like; duplicate copies the draft. */
enum outcome pathways_create(struct call *call);
enum outcome pathways_duplicate(struct call *call);

/* GET, POST and DELETE of one. */
enum outcome pathways_show(struct call *call);
enum outcome convo_pathways_show(struct call *call);
enum outcome pathways_update(struct call *call);
enum outcome pathways_delete(struct call *call);

/* Holds a pathway for what is to be written; `field` is where the request
 * names it.  Refuses when it is not there. */
enum outcome pathways_hold(struct call *call, const char *id, const char *field,
    struct pathway_head *head) MUSTCHECK;

/* The same to read it. */
enum outcome pathways_find(struct call *call, const char *id, const char *field,
    struct pathway_head *head) MUSTCHECK;

/* A version of it, by what a request calls it; PATHWAY_DRAFT is there even
 * before it is written. */
enum outcome pathways_find_version(struct call *call,
    const struct pathway_head *head, const char *word, const char *field,
    struct pathway_version *version) MUSTCHECK;

/* Fills the graph from the version, labelled for Bland's client. */
void pathways_show_convo(struct call *call, struct pathway_shown *shown);

#endif
