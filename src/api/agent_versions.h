/*
 * /v1/agents/{agent_id}/versions: what an agent is to do, in versions.
 *
 * One begins as a draft, which may be written, and is published once; from
 * then on it never changes.  In a path "latest" is the one of the highest
 * number; who asks for it is to work on it, so where that one is published
 * (or there is none) a draft is made from it.
 */
#ifndef PARLEY_API_AGENT_VERSIONS_H
#define PARLEY_API_AGENT_VERSIONS_H

#include "base/base.h"
#include "model/field.h"

struct arena;
struct call;
struct rows;

extern const struct schema agent_versions_query_schema;
extern const struct schema agent_version_request_schema;
extern const struct schema agent_version_update_schema;
extern const struct schema agent_version_schema;
extern const struct schema agent_version_head_schema;
extern const struct schema agent_publish_schema;

enum outcome agent_versions_list(struct call *call);
enum outcome agent_versions_create(struct call *call);
enum outcome agent_versions_show(struct call *call);
enum outcome agent_versions_update(struct call *call);
enum outcome agent_versions_publish(struct call *call);

/* Rows of struct agent_version as they are shown. */
struct list agent_versions_shown(struct arena *arena, const struct rows *rows);

#endif
