#include "base/base.h"

#include "store/reference.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "db/stmt.h"
#include "model/agent_config.h"
#include "model/conversation.h"
#include "model/field.h"
#include "model/number.h"
#include "model/reason.h"
#include "store/pathway.h"
#include "store/pathway_version.h"

#include <json-c/json.h>
#include <string.h>

struct document {
	const char *text;
};

static const struct column document_columns[] = {
	COLUMN(TEXT, struct document, text),
};

static const struct stmt find_tool = {
	.sql = "SELECT id"
	       " FROM tool"
	       " WHERE account_id = ? AND (id = ? OR name = ?)"
	       " LIMIT 1",
	ROWS(document_columns, struct document),
};

static const struct stmt find_outcome = {
	.sql = "SELECT id"
	       " FROM outcome"
	       " WHERE account_id = ? AND (id = ? OR name = ?)"
	       " LIMIT 1",
	ROWS(document_columns, struct document),
};

static const struct stmt find_citation_schema = {
	.sql = "SELECT id"
	       " FROM citation_schema"
	       " WHERE account_id = ? AND (id = ? OR name = ?)"
	       " LIMIT 1",
	ROWS(document_columns, struct document),
};

enum list_kind { LIST_TOOLS, LIST_OUTCOMES, LIST_CITATION_SCHEMAS, LIST_N };

/* The lists of a config that refer to things. */
/* clang-format off */
static const struct {
	const struct stmt *find;
	enum reason_code reason;
	const char *thing;
} lists[] = {
	[LIST_TOOLS]            = { &find_tool, TOOL_NOT_FOUND, "tool" },
	[LIST_OUTCOMES]         = { &find_outcome, OUTCOME_NOT_FOUND,
	    "outcome" },
	[LIST_CITATION_SCHEMAS] = { &find_citation_schema,
	    CITATION_SCHEMA_NOT_FOUND, "citation schema" },
};
static_assert(COUNT(lists) == LIST_N, "a row for every list");
/* clang-format on */

/* One as a document has it; NULL: it says nothing. */
struct given_list {
	const char *path;
	const char *json;
};

static const struct position_fields config_fields = { "/pathway_id",
	"/pathway_version", "/start_node_id" };

/* What a check needs throughout. */
struct check {
	struct db *db;
	struct arena *arena;
	const struct id *account;
	struct faults *faults;
};

static enum outcome find_version(const struct check *check,
    const struct position *position, const struct pathway_head *head,
    struct pathway_version *version);
static enum outcome check_node(const struct check *check,
    const struct position *position, const struct pathway_version *version,
    const char *field);
static enum outcome check_lists(
    const struct check *check, const struct given_list given[LIST_N]);

enum outcome
reference_check_position(struct db *db, struct arena *arena,
    const struct id *account, const struct position *position,
    const struct position_fields *fields, struct faults *faults)
{
	struct check check = { db, arena, account, faults };
	struct pathway_head head;
	struct pathway_version version;
	enum outcome rc;

	if (position->pathway_id == NULL) {
		if (position->node_id == NULL &&
		    position->pathway_version == NULL)
			return OK;
		return fault_add(faults, &reasons[PATHWAY_NOT_FOUND],
		    fields->pathway, "a version or a node needs a pathway");
	}
	rc = pathway_head_find(db, arena, account, position->pathway_id, &head);
	if (rc == NOT_FOUND)
		return fault_add(faults, &reasons[PATHWAY_NOT_FOUND],
		    fields->pathway, "there is no pathway %s",
		    position->pathway_id);
	if (rc != OK)
		return rc;
	rc = find_version(&check, position, &head, &version);
	if (rc == NOT_FOUND && position->pathway_version == NULL &&
	    position->node_id == NULL)
		return OK;
	if (rc == NOT_FOUND)
		return fault_add(faults, &reasons[PATHWAY_VERSION_NOT_FOUND],
		    fields->version, "pathway %s has no version %s",
		    position->pathway_id,
		    position->pathway_version != NULL
			? position->pathway_version
			: "yet");
	if (rc != OK)
		return rc;
	return check_node(&check, position, &version, fields->node);
}

enum outcome
reference_check_config(struct db *db, struct arena *arena,
    const struct id *account, const struct number_config *given,
    const struct number_config *config, struct faults *faults)
{
	struct check check = { db, arena, account, faults };
	struct position position = { config->pathway_id,
		config->pathway_version, config->start_node_id };
	const struct given_list given_lists[LIST_N] = {
		[LIST_TOOLS] = { "/tools", given->tools },
		[LIST_OUTCOMES] = { "/disposition_ids",
		    given->disposition_ids },
		[LIST_CITATION_SCHEMAS] = { "/citation_schema_ids",
		    given->citation_schema_ids },
	};
	size_t before = faults->count;
	enum outcome rc = OK;

	if (given->pathway_id != NULL || given->pathway_version != NULL ||
	    given->start_node_id != NULL)
		rc = reference_check_position(
		    db, arena, account, &position, &config_fields, faults);
	if (rc == OK || rc == INVALID)
		rc = check_lists(&check, given_lists);
	return rc == OK && faults->count > before ? INVALID : rc;
}

enum outcome
reference_check_agent(struct db *db, struct arena *arena,
    const struct id *account, const struct agent_config *config,
    const char *path, struct faults *faults)
{
	struct check check = { db, arena, account, faults };
	struct position position = { config->pathway_id,
		config->pathway_version, config->start_node_id };
	const struct position_fields fields = {
		field_path(arena, path, "pathway_id"),
		field_path(arena, path, "pathway_version"),
		field_path(arena, path, "start_node_id"),
	};
	const struct given_list given[LIST_N] = {
		[LIST_TOOLS] = { field_path(arena, path, "tools"),
		    config->tools },
		[LIST_OUTCOMES] = { field_path(arena, path, "outcome_ids"),
		    config->outcome_ids },
		[LIST_CITATION_SCHEMAS] = { field_path(arena, path,
						"citation_schema_ids"),
		    config->citation_schema_ids },
	};
	size_t before = faults->count;
	enum outcome rc = reference_check_position(
	    db, arena, account, &position, &fields, faults);

	if (rc == OK || rc == INVALID)
		rc = check_lists(&check, given);
	return rc == OK && faults->count > before ? INVALID : rc;
}

static enum outcome
find_version(const struct check *check, const struct position *position,
    const struct pathway_head *head, struct pathway_version *version)
{
	int64_t number;
	enum outcome rc = pathway_version_resolve(check->db, check->arena,
	    check->account, head, position->pathway_version, &number);

	if (rc != OK)
		return rc;
	return pathway_version_find(
	    check->db, check->arena, check->account, head->id, number, version);
}

static bool
has_node(struct json_object *graph, const char *id)
{
	struct json_object *nodes, *node, *name;
	size_t i;

	if (!json_object_object_get_ex(graph, "nodes", &nodes) ||
	    !json_object_is_type(nodes, json_type_array))
		return false;
	for (i = 0; i < json_object_array_length(nodes); i++) {
		node = json_object_array_get_idx(nodes, i);
		if (json_object_object_get_ex(node, "id", &name) &&
		    json_object_is_type(name, json_type_string) &&
		    text_equal(json_object_get_string(name), id))
			return true;
	}
	return false;
}

static enum outcome
check_node(const struct check *check, const struct position *position,
    const struct pathway_version *version, const char *field)
{
	struct json_object *graph;
	struct json_fault ignored;

	if (position->node_id == NULL)
		return OK;
	if (json_parse(check->arena, version->document,
		strlen(version->document), &graph, &ignored) == OK &&
	    has_node(graph, position->node_id))
		return OK;
	return fault_add(check->faults, &reasons[INVALID_NODE], field,
	    "pathway %s has no node %s in this version", position->pathway_id,
	    position->node_id);
}

static enum outcome
check_list(
    const struct check *check, size_t list, const struct given_list *given)
{
	struct json_object *items, *item;
	struct json_fault ignored;
	struct document found;
	size_t i;
	const char *name;
	enum outcome rc = json_parse(
	    check->arena, given->json, strlen(given->json), &items, &ignored);

	for (i = 0; rc == OK && i < json_object_array_length(items); i++) {
		item = json_object_array_get_idx(items, i);
		if (!json_object_is_type(item, json_type_string))
			continue;
		name = json_object_get_string(item);
		rc = stmt_one(check->db, check->arena, lists[list].find,
		    VALUES(value_id(check->account), value_text(name),
			value_text(name)),
		    &found);
		if (rc != NOT_FOUND)
			continue;
		rc = OK;
		(void)fault_add(check->faults, &reasons[lists[list].reason],
		    arena_format(check->arena, "%s/%zu", given->path, i),
		    "there is no %s %s", lists[list].thing, name);
	}
	return rc;
}

static enum outcome
check_lists(const struct check *check, const struct given_list given[LIST_N])
{
	enum outcome rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < LIST_N; i++)
		if (given[i].json != NULL)
			rc = check_list(check, i, &given[i]);
	return rc;
}
