/*
 * The versions of a pathway: snapshots, what is published of them, and what
 * is written to them.
 *
 * A version that was in production once stays as it was, for conversations
 * may be in it; one in staging may be written, but stays one that can run.
 */
#ifndef PARLEY_API_PATHWAY_VERSIONS_H
#define PARLEY_API_PATHWAY_VERSIONS_H

#include "base/base.h"

struct call;
struct schema;

extern const struct schema pathway_version_head_schema;
extern const struct schema pathway_version_shown_schema;
extern const struct schema pathway_version_request_schema;
extern const struct schema pathway_version_made_schema;
extern const struct schema pathway_version_written_schema;
extern const struct schema pathway_publish_schema;
extern const struct schema convo_version_request_schema;
extern const struct schema convo_update_query_schema;
extern const struct schema convo_update_schema;
extern const struct schema convo_publish_schema;
extern const struct schema convo_one_request_schema;
extern const struct schema convo_one_schema;

/* GET /v1/pathway/{id}/versions */
enum outcome pathway_versions_list(struct call *call);

/* GET, POST and DELETE /v1/pathway/{id}/version/{version}.  To read, 0 is
 * the version in production, if there is one; to write, the draft. */
enum outcome pathway_versions_show(struct call *call);
enum outcome pathway_versions_update(struct call *call);
enum outcome pathway_versions_delete(struct call *call);

/* POST /v1/pathway/{id}/version, /v1/convo_pathway/create-version */
enum outcome pathway_versions_create(struct call *call);

/* POST /v1/pathway/{id}/publish, /v1/convo_pathway/publish: refuses what
 * cannot run, with every fault of it. */
enum outcome pathway_versions_publish(struct call *call);

/* POST /v1/convo_pathway/update: one that names the revision that it has
 * changed is refused when there is a newer one. */
enum outcome convo_versions_update(struct call *call);

/* POST /v1/convo_pathway/get_one */
enum outcome convo_versions_show(struct call *call);

#endif
