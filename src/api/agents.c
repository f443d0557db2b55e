#include "base/base.h"

#include "api/agents.h"

#include "api/agent_versions.h"
#include "api/call.h"
#include "api/paging.h"
#include "base/arena.h"
#include "base/json.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/field.h"
#include "model/number.h"
#include "store/agent.h"
#include "store/agent_version.h"
#include "store/number.h"

#include <json-c/json.h>
#include <string.h>

#define NAME_MOST 255
#define DESCRIPTION_MOST 10000
#define METADATA_MOST 65536 /* bytes */
#define FILTER_MOST 4096    /* characters */

struct agents_query {
	struct agent_filter filter;
	struct paging paging;
};

struct agent_shown {
	struct agent_head head;
	struct id organization_id;
};

struct agent_detail {
	struct agent_shown shown;
	struct list versions;
	struct list phone_numbers;
	struct agent_stats stats;
};

#define QUERY_AT(member) FIELD_AT(struct agents_query, member)
#define AT(member) FIELD_AT(struct agent_head, member)
#define SHOWN_AT(member) FIELD_AT(struct agent_shown, member)
#define STATS_AT(member) FIELD_AT(struct agent_stats, member)
#define DETAIL_AT(member) FIELD_AT(struct agent_detail, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "name", FIELD_TEXT, 0, QUERY_AT(filter.name), 1, NAME_MOST,
	    .about = "A part of the name, in any case." },
	{ "active", FIELD_NAME, 0, QUERY_AT(filter.active),
	    .names = &either_names },
	{ "is_demo", FIELD_NAME, 0, QUERY_AT(filter.is_demo),
	    .names = &either_names },
	{ "metadata", FIELD_TEXT, 0, QUERY_AT(filter.metadata), 1,
	    FILTER_MOST,
	    .about = "A JSON object that the metadata contains." },
	{ "span", FIELD_INLINE, 0, QUERY_AT(filter.span),
	    .schema = &agent_span_schema },
	{ "paging", FIELD_INLINE, 0, QUERY_AT(paging),
	    .schema = &paging_schema },
};

#define REQUEST_FIELDS(required)                                              \
	{ "name", FIELD_TEXT, (required) | FIELD_NOT_BLANK, AT(name),         \
	    1, NAME_MOST },                                                   \
	{ "description", FIELD_TEXT, FIELD_NULLABLE, AT(description),         \
	    0, DESCRIPTION_MOST },                                            \
	{ "active", FIELD_BOOLEAN, FIELD_OR_DEFAULT, AT(active),              \
	    .about = "true if not given." },                                  \
	{ "is_demo", FIELD_BOOLEAN, FIELD_OR_DEFAULT, AT(is_demo),            \
	    .about = "false if not given." },                                 \
	{ "metadata", FIELD_OBJECT, FIELD_NULLABLE, AT(metadata),             \
	    .most = METADATA_MOST, .about = "The client's own." }

static const struct field request_fields[] = {
	REQUEST_FIELDS(FIELD_REQUIRED)
};

static const struct field patch_fields[] = { REQUEST_FIELDS(0) };

static const struct field shown_fields[] = {
	{ "id", FIELD_ID, 0, SHOWN_AT(head.id) },
	{ "organization_id", FIELD_ID, 0, SHOWN_AT(organization_id) },
	{ "name", FIELD_TEXT, 0, SHOWN_AT(head.name) },
	{ "description", FIELD_TEXT, FIELD_NULLABLE,
	    SHOWN_AT(head.description) },
	{ "active", FIELD_BOOLEAN, 0, SHOWN_AT(head.active) },
	{ "is_demo", FIELD_BOOLEAN, 0, SHOWN_AT(head.is_demo) },
	{ "metadata", FIELD_OBJECT, FIELD_NULLABLE,
	    SHOWN_AT(head.metadata) },
	{ "latest_version", FIELD_INTEGER, FIELD_NULLABLE,
	    SHOWN_AT(head.last_version),
	    .about = "The highest number of a version; null: it has none." },
	{ "created_at", FIELD_WHEN, 0, SHOWN_AT(head.created_at) },
	{ "updated_at", FIELD_WHEN, 0, SHOWN_AT(head.updated_at) },
};

static const struct field stats_fields[] = {
	{ "total", FIELD_INTEGER, 0, STATS_AT(conversations),
	    .about = "Counted up to 10000." },
	{ "active", FIELD_INTEGER, 0, STATS_AT(active_conversations),
	    .about = "Of them those that have not ended, counted so too." },
};

static const struct schema stats_schema =
    SCHEMA("AgentStats", stats_fields, struct agent_stats);

static const struct field detail_fields[] = {
	{ "agent", FIELD_INLINE, 0, DETAIL_AT(shown),
	    .schema = &agent_schema },
	{ "versions", FIELD_LIST, 0, DETAIL_AT(versions),
	    .schema = &agent_version_head_schema,
	    .about = "The newest 100, without their configs." },
	{ "phone_numbers", FIELD_LIST, 0, DETAIL_AT(phone_numbers),
	    .schema = &phone_number_schema,
	    .about = "Those that a version of it is assigned to." },
	{ "conversation_stats", FIELD_STRUCT, 0, DETAIL_AT(stats),
	    .schema = &stats_schema },
};
/* clang-format on */

const struct schema agents_query_schema =
    SCHEMA("AgentsQuery", query_fields, struct agents_query);
const struct schema agent_request_schema =
    SCHEMA("AgentRequest", request_fields, struct agent_head);
const struct schema agent_patch_schema =
    SCHEMA("AgentPatch", patch_fields, struct agent_head);
const struct schema agent_schema =
    SCHEMA("Agent", shown_fields, struct agent_shown);
const struct schema agent_detail_schema =
    SCHEMA("AgentDetail", detail_fields, struct agent_detail);

static enum outcome
missing(struct call *call, enum outcome rc)
{
	return call_missing(call, rc, AGENT_NOT_FOUND, NULL, "agent");
}

enum outcome
agents_find(struct call *call, bool is_held, struct agent_head *agent)
{
	struct id id;
	enum outcome rc = call_path_id(call, 0, AGENT_NOT_FOUND, "agent", &id);

	if (rc != OK)
		return rc;
	return missing(
	    call, (is_held ? agent_hold : agent_find)(call->db, call->arena,
		      &call->key.account_id, &id, agent));
}

/* A filter that is no object can be contained in nothing. */
static enum outcome
check_metadata(struct call *call, const char *text)
{
	struct json_object *document;
	struct json_fault ignored;

	if (text == NULL ||
	    (json_parse(call->arena, text, strlen(text), &document, &ignored) ==
		    OK &&
		json_object_is_type(document, json_type_object)))
		return OK;
	return call_refuse(call, INVALID_PARAMETER, "/metadata",
	    "metadata must be a JSON object, such as {\"team\":\"a\"}");
}

static struct cursor
place_of(const struct rows *rows, size_t index)
{
	const struct agent_shown *shown = rows->list;

	return (struct cursor){ shown[index].head.created_at,
		shown[index].head.id };
}

/* Rows of the store as they are shown. */
static struct rows
show_all(struct call *call, const struct rows *rows)
{
	const struct agent_head *heads = rows->list;
	struct agent_shown *shown =
	    arena_alloc(call->arena, rows->count * sizeof(*shown) + 1);
	size_t i;

	for (i = 0; i < rows->count; i++)
		shown[i] =
		    (struct agent_shown){ heads[i], call->key.account_id };
	return (struct rows){ shown, rows->count };
}

enum outcome
agents_list(struct call *call)
{
	const struct agents_query *query = call->query;
	struct cursor behind;
	struct rows rows, shown;
	int64_t limit;
	enum outcome rc = paging_begin(call, &query->paging, &limit, &behind);

	if (rc == OK)
		rc = check_metadata(call, query->filter.metadata);
	if (rc == OK)
		rc = agent_list(call->db, call->arena, &call->key.account_id,
		    &query->filter, &behind, limit + 1, &rows);
	if (rc != OK)
		return rc;
	shown = show_all(call, &rows);
	paging_end(call, &shown, limit, place_of, call->answer);
	return OK;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct agent_head *made = call->witness;
	struct agent_head ignored;

	return agent_find(
	    db, call->arena, &call->key.account_id, &made->id, &ignored);
}

enum outcome
agents_create(struct call *call)
{
	struct agent_shown *answer = call->answer;

	*answer = (struct agent_shown){ .head.active = true,
		.organization_id = call->key.account_id };
	call_read_over(call, &agent_request_schema, &answer->head);
	call->witness = &answer->head;
	call->settled = is_there;
	return agent_insert(call->db, &call->key.account_id, &answer->head);
}

/* What stands around the agent itself. */
static enum outcome
add_detail(struct call *call, struct agent_detail *detail)
{
	const struct id *account = &call->key.account_id;
	const struct id *agent = &detail->shown.head.id;
	struct rows rows;
	enum outcome rc =
	    agent_version_heads(call->db, call->arena, account, agent, &rows);

	if (rc != OK)
		return rc;
	detail->versions = agent_versions_shown(call->arena, &rows);
	rc = number_list_of_agent(call->db, call->arena, account, agent, &rows);
	if (rc != OK)
		return rc;
	detail->phone_numbers = (struct list){ rows.list, rows.count };
	return agent_count(
	    call->db, call->arena, account, agent, &detail->stats);
}

enum outcome
agents_show(struct call *call)
{
	struct agent_detail *answer = call->answer;
	enum outcome rc = agents_find(call, false, &answer->shown.head);

	answer->shown.organization_id = call->key.account_id;
	return rc == OK ? add_detail(call, answer) : rc;
}

enum outcome
agents_update(struct call *call)
{
	struct agent_shown *answer = call->answer;
	enum outcome rc = agents_find(call, true, &answer->head);

	call->settled = tx_repeat;
	if (rc != OK)
		return rc;
	answer->organization_id = call->key.account_id;
	call_read_over(call, &agent_patch_schema, &answer->head);
	return agent_update(call->db, &call->key.account_id, &answer->head);
}

enum outcome
agents_delete(struct call *call)
{
	const struct id *account = &call->key.account_id;
	struct agent_head agent;
	struct agent_users users;
	enum outcome rc = agents_find(call, true, &agent);

	if (rc == OK)
		rc = agent_find_users(
		    call->db, call->arena, account, &agent.id, &users);
	if (rc == OK && (users.numbers != NULL || users.conversations != NULL))
		return call_refuse(call, AGENT_IN_USE, NULL,
		    "it is in use (phone numbers: %s; active conversations:"
		    " %s): unassign those and end these first",
		    users.numbers != NULL ? users.numbers : "none",
		    users.conversations != NULL ? users.conversations : "none");
	return rc == OK ? agent_delete(call->db, account, &agent.id) : rc;
}
