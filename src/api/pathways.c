#include "base/base.h"

#include "api/pathways.h"

#include "api/call.h"
#include "api/routes.h"
#include "base/arena.h"
#include "base/text.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/field.h"
#include "model/page.h"
#include "store/pathway_folder.h"

#define NAME_MOST 255
#define DESCRIPTION_MOST 10000
#define LIMIT_MOST 100 /* of those with their documents */

struct pathways_query {
	int64_t page;
	int64_t limit;
};

struct delete_query {
	bool force;
};

struct pathway_made {
	const char *status;
	const char *pathway_id;
	const char *name;
};

struct pathway_written {
	const char *status;
	const char *message;
	struct pathway_shown data;
};

#define AT PATHWAY_FIELD
#define QUERY_AT(member) FIELD_AT(struct pathways_query, member)
#define MADE_AT(member) FIELD_AT(struct pathway_made, member)
#define STATUS_AT(member) FIELD_AT(struct pathway_status, member)
#define HEAD_AT(member) FIELD_AT(struct pathway_head, member)
#define SHOWN_AT(member) FIELD_AT(struct pathway_shown, member)
#define WRITTEN_AT(member) FIELD_AT(struct pathway_written, member)

#define REQUEST_FIELDS                                                         \
	{ "description", FIELD_TEXT, FIELD_NULLABLE, AT(description), 0,       \
		DESCRIPTION_MOST },                                            \
	    { "folder_id", FIELD_ID, FIELD_NULLABLE, AT(folder_id) },          \
	    PATHWAY_GRAPH_FIELDS(0)

#define PLAIN_FIELDS                                                           \
	{ "name", FIELD_TEXT, 0, SHOWN_AT(head.name) },                        \
	    { "description", FIELD_TEXT, FIELD_NULLABLE,                       \
		    SHOWN_AT(head.description) },                              \
	    { "nodes", FIELD_ARRAY, 0, SHOWN_AT(graph.nodes) },                \
	{                                                                      \
		"edges", FIELD_ARRAY, 0, SHOWN_AT(graph.edges)                 \
	}

/* clang-format off */
static const struct field query_fields[] = {
	{ "page", FIELD_INTEGER, 0, QUERY_AT(page), 1, PAGE_MOST,
	    .about = "Counted from 1." },
	{ "limit", FIELD_INTEGER, 0, QUERY_AT(limit), 1, PATHWAY_LIST_MOST,
	    .about = "All that are allowed if not given: 1000, and 100 with"
	             " nodes and edges." },
};

static const struct field delete_fields[] = {
	{ "force", FIELD_BOOLEAN, 0, FIELD_AT(struct delete_query, force),
	    .about = "Delete it even if numbers or conversations are in it;"
	             " their agent goes on by its objective." },
};

static const struct field create_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK, AT(name), 1,
	    NAME_MOST },
	REQUEST_FIELDS,
};

static const struct field patch_fields[] = {
	{ "name", FIELD_TEXT, FIELD_NOT_BLANK, AT(name), 1, NAME_MOST },
	REQUEST_FIELDS,
};

static const struct field duplicate_fields[] = {
	{ "pathwayID", FIELD_TEXT, FIELD_REQUIRED, AT(id), 1, 64 },
	{ "pathway_id", FIELD_TEXT, FIELD_ALIAS, AT(id), 1, 64 },
	{ "id", FIELD_TEXT, FIELD_ALIAS, AT(id), 1, 64 },
	{ "name", FIELD_TEXT, FIELD_NOT_BLANK, AT(name), 1, NAME_MOST,
	    .about = "Copy of the other's if not given." },
};

static const struct field made_fields[] = {
	{ "status", FIELD_TEXT, 0, MADE_AT(status) },
	{ "pathway_id", FIELD_TEXT, 0, MADE_AT(pathway_id) },
};

static const struct field duplicated_fields[] = {
	{ "status", FIELD_TEXT, 0, MADE_AT(status) },
	{ "id", FIELD_TEXT, 0, MADE_AT(pathway_id) },
	{ "pathway_id", FIELD_TEXT, 0, MADE_AT(pathway_id) },
	{ "name", FIELD_TEXT, 0, MADE_AT(name) },
};

static const struct field status_fields[] = {
	{ "status", FIELD_TEXT, 0, STATUS_AT(status) },
	{ "message", FIELD_TEXT, 0, STATUS_AT(message) },
};

static const struct field head_fields[] = {
	{ "id", FIELD_TEXT, 0, HEAD_AT(id) },
	{ "name", FIELD_TEXT, 0, HEAD_AT(name) },
	{ "description", FIELD_TEXT, FIELD_NULLABLE, HEAD_AT(description) },
	{ "folder_id", FIELD_ID, FIELD_NULLABLE, HEAD_AT(folder_id) },
	{ "production_version_number", FIELD_INTEGER, FIELD_NULLABLE,
	    HEAD_AT(production), .about = "New conversations follow it." },
	{ "staging_version_number", FIELD_INTEGER, FIELD_NULLABLE,
	    HEAD_AT(staging) },
	{ "latest_version_number", FIELD_INTEGER, FIELD_NULLABLE,
	    HEAD_AT(latest) },
	{ "published_at", FIELD_WHEN, FIELD_NULLABLE, HEAD_AT(published_at),
	    .about = "When something was last put into production." },
	{ "created_at", FIELD_WHEN, 0, HEAD_AT(created_at) },
	{ "updated_at", FIELD_WHEN, 0, HEAD_AT(updated_at) },
};

static const struct field shown_fields[] = {
	{ "head", FIELD_INLINE, 0, SHOWN_AT(head),
	    .schema = &pathway_head_schema },
	{ "version_number", FIELD_INTEGER, 0, SHOWN_AT(version.number),
	    .about = "0: the draft." },
	{ "revision_number", FIELD_INTEGER, 0, SHOWN_AT(version.revision),
	    .about = "How often this version was written." },
	{ "nodes", FIELD_ARRAY, 0, SHOWN_AT(graph.nodes) },
	{ "edges", FIELD_ARRAY, 0, SHOWN_AT(graph.edges) },
};

static const struct field plain_fields[] = { PLAIN_FIELDS };

static const struct field data_fields[] = {
	{ "pathway_id", FIELD_TEXT, 0, SHOWN_AT(head.id) },
	PLAIN_FIELDS,
};

static const struct schema data_schema =
    SCHEMA("PathwayData", data_fields, struct pathway_shown);

static const struct field written_fields[] = {
	{ "status", FIELD_TEXT, 0, WRITTEN_AT(status) },
	{ "message", FIELD_TEXT, 0, WRITTEN_AT(message) },
	{ "pathway_data", FIELD_STRUCT, 0, WRITTEN_AT(data),
	    .schema = &data_schema },
};
/* clang-format on */

const struct schema pathways_query_schema =
    SCHEMA("PathwaysQuery", query_fields, struct pathways_query);
const struct schema pathway_delete_query_schema =
    SCHEMA("PathwayDeleteQuery", delete_fields, struct delete_query);
const struct schema pathway_create_schema =
    SCHEMA("PathwayRequest", create_fields, struct pathway_request);
const struct schema pathway_patch_schema =
    SCHEMA("PathwayPatch", patch_fields, struct pathway_request);
const struct schema pathway_duplicate_schema =
    SCHEMA("PathwayDuplicate", duplicate_fields, struct pathway_request);
const struct schema pathway_made_schema =
    SCHEMA("PathwayMade", made_fields, struct pathway_made);
const struct schema pathway_duplicated_schema =
    SCHEMA("PathwayDuplicated", duplicated_fields, struct pathway_made);
const struct schema pathway_status_schema =
    SCHEMA("PathwayStatus", status_fields, struct pathway_status);
const struct schema pathway_head_schema =
    SCHEMA("PathwayHead", head_fields, struct pathway_head);
const struct schema pathway_shown_schema =
    SCHEMA("PathwayShown", shown_fields, struct pathway_shown);
const struct schema pathway_plain_schema =
    SCHEMA("Pathway", plain_fields, struct pathway_shown);
const struct schema pathway_written_schema =
    SCHEMA("PathwayWritten", written_fields, struct pathway_written);

/* --- Finding. */

static enum outcome
missing(struct call *call, enum outcome rc, const char *field)
{
	return call_missing(call, rc, PATHWAY_NOT_FOUND, field, "pathway");
}

enum outcome
pathways_hold(struct call *call, const char *id, const char *field,
    struct pathway_head *head)
{
	return missing(call,
	    pathway_hold(
		call->db, call->arena, &call->key.account_id, id, head),
	    field);
}

enum outcome
pathways_find(struct call *call, const char *id, const char *field,
    struct pathway_head *head)
{
	return missing(call,
	    pathway_head_find(
		call->db, call->arena, &call->key.account_id, id, head),
	    field);
}

enum outcome
pathways_find_version(struct call *call, const struct pathway_head *head,
    const char *word, const char *field, struct pathway_version *version)
{
	int64_t number = PATHWAY_DRAFT;
	enum outcome rc = OK;

	if (!text_equal(word, "0") && !text_equal(word, "draft"))
		rc = pathway_version_resolve(call->db, call->arena,
		    &call->key.account_id, head, word, &number);
	if (rc == OK)
		rc = pathway_version_find(call->db, call->arena,
		    &call->key.account_id, head->id, number, version);
	if (rc != NOT_FOUND)
		return rc;
	return call_refuse(call, PATHWAY_VERSION_NOT_FOUND, field,
	    "pathway %s has no version %s", head->id, word);
}

/* --- Showing. */

static enum outcome
load_draft(struct call *call, struct pathway_shown *shown)
{
	enum outcome rc =
	    pathway_version_find(call->db, call->arena, &call->key.account_id,
		shown->head.id, PATHWAY_DRAFT, &shown->version);

	if (rc == OK)
		pathway_graph_split(
		    call->arena, shown->version.document, &shown->graph);
	return rc;
}

void
pathways_show_convo(struct call *call, struct pathway_shown *shown)
{
	pathway_graph_split(
	    call->arena, shown->version.document, &shown->graph);
	shown->graph.edges =
	    pathway_graph_labels(call->arena, shown->graph.edges);
}

/* One row more than a page shows that there is another page. */
static enum outcome
list_heads(struct call *call, int64_t most, struct rows *rows)
{
	const struct pathways_query *query = call->query;
	int64_t page = query->page > 0 ? query->page : 1;
	int64_t limit = query->limit > 0 ? query->limit : most;
	enum outcome rc;

	if (limit > most)
		return call_refuse(call, INVALID_PARAMETER, "/limit",
		    "limit must be at most %lld here", (long long)most);
	rc = pathway_list(call->db, call->arena, &call->key.account_id,
	    limit + 1, (page - 1) * limit, rows);
	if (rc != OK || rows->count <= (size_t)limit)
		return rc;
	rows->count = (size_t)limit;
	response_header(&call->response, "Link",
	    arena_format(call->arena, "<%s?page=%lld&limit=%lld>; rel=\"next\"",
		call->route->path, (long long)page + 1, (long long)limit));
	return OK;
}

enum outcome
pathways_list(struct call *call)
{
	struct list *answer = call->answer;
	const struct pathway_head *heads;
	struct pathway_shown *all;
	struct rows rows;
	size_t i;
	enum outcome rc = list_heads(call, LIMIT_MOST, &rows);

	if (rc != OK)
		return rc;
	heads = rows.list;
	all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
	for (i = 0; rc == OK && i < rows.count; i++) {
		all[i].head = heads[i];
		rc = load_draft(call, &all[i]);
	}
	*answer = (struct list){ all, rows.count };
	return rc;
}

enum outcome
convo_pathways_list(struct call *call)
{
	struct list *answer = call->answer;
	struct rows rows;
	enum outcome rc = list_heads(call, PATHWAY_LIST_MOST, &rows);

	if (rc == OK)
		*answer = (struct list){ rows.list, rows.count };
	return rc;
}

enum outcome
pathways_show(struct call *call)
{
	struct pathway_shown *answer = call->answer;
	enum outcome rc =
	    pathways_find(call, call->values[0], NULL, &answer->head);

	return rc == OK ? load_draft(call, answer) : rc;
}

enum outcome
convo_pathways_show(struct call *call)
{
	struct pathway_shown *answer = call->answer;
	enum outcome rc = pathways_show(call);

	if (rc == OK)
		pathways_show_convo(call, answer);
	return rc;
}

/* --- Writing. */

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct pathway_head *made = call->witness;
	struct pathway_head ignored;

	return pathway_head_find(
	    db, call->arena, &call->key.account_id, made->id, &ignored);
}

static enum outcome
check_folder(struct call *call, const struct id *folder)
{
	struct pathway_folder ignored;

	if (id_is_none(folder))
		return OK;
	return call_missing(call,
	    pathway_folder_find(
		call->db, call->arena, &call->key.account_id, folder, &ignored),
	    PATHWAY_FOLDER_NOT_FOUND, "/folder_id", "folder");
}

/* A new pathway with this draft. */
static enum outcome
insert(struct call *call, struct pathway_head *head, const char *document)
{
	struct pathway_version draft = { .document = document };
	struct pathway_made *answer = call->answer;
	enum outcome rc =
	    pathway_insert(call->db, call->arena, &call->key.account_id, head);

	if (rc == OK)
		rc = pathway_version_write(call->db, call->arena,
		    &call->key.account_id, head->id, &draft);
	call->witness = head;
	call->settled = is_there;
	*answer =
	    (struct pathway_made){ PATHWAY_SUCCESS, head->id, head->name };
	return rc;
}

enum outcome
pathways_create(struct call *call)
{
	const struct pathway_request *body = call->body;
	struct pathway_head *head = arena_alloc(call->arena, sizeof(*head));
	enum outcome rc = check_folder(call, &body->folder_id);

	*head = (struct pathway_head){ .name = body->name,
		.description = body->description,
		.folder_id = body->folder_id };
	if (rc != OK)
		return rc;
	return insert(call, head,
	    pathway_graph_join(call->arena, PATHWAY_EMPTY, &body->graph));
}

enum outcome
pathways_duplicate(struct call *call)
{
	const struct pathway_request *body = call->body;
	struct pathway_head *head = arena_alloc(call->arena, sizeof(*head));
	struct pathway_version draft;
	enum outcome rc = pathways_find(call, body->id, "/pathwayID", head);

	if (rc == OK)
		rc = pathways_find_version(call, head, "draft", NULL, &draft);
	if (rc != OK)
		return rc;
	head->name = body->name != NULL
			 ? body->name
			 : arena_format(call->arena, "Copy of %s", head->name);
	head->production = head->staging = head->latest = 0;
	if (text_length(head->name) > NAME_MOST)
		return call_refuse(call, INVALID_PARAMETER, "/name",
		    "the name of a copy would be too long: give one");
	return insert(call, head, draft.document);
}

enum outcome
pathways_update(struct call *call)
{
	const struct pathway_request *body = call->body;
	struct pathway_written *answer = call->answer;
	struct pathway_head *head = &answer->data.head;
	struct pathway_version *draft = &answer->data.version;
	struct pathway_request whole = { .name = NULL };
	enum outcome rc = pathways_hold(call, call->values[0], NULL, head);

	call->settled = tx_repeat;
	if (rc == OK)
		rc = check_folder(call, &body->folder_id);
	if (rc != OK)
		return rc;
	whole.name = head->name;
	whole.description = head->description;
	whole.folder_id = head->folder_id;
	call_read_over(call, &pathway_patch_schema, &whole);
	head->name = whole.name;
	head->description = whole.description;
	head->folder_id = whole.folder_id;
	rc = pathway_update(call->db, &call->key.account_id, head);
	if (rc == OK)
		rc = load_draft(call, &answer->data);
	if (rc == OK &&
	    (body->graph.nodes != NULL || body->graph.edges != NULL)) {
		draft->document = pathway_graph_join(
		    call->arena, draft->document, &body->graph);
		rc = pathway_version_write(call->db, call->arena,
		    &call->key.account_id, head->id, draft);
		pathway_graph_split(
		    call->arena, draft->document, &answer->data.graph);
	}
	answer->status = PATHWAY_SUCCESS;
	answer->message = "Pathway updated successfully";
	return rc;
}

/* Not while somebody is in it, unless that is wanted. */
static enum outcome
refuse_used(struct call *call, const char *id)
{
	struct pathway_users users;
	enum outcome rc = pathway_find_users(
	    call->db, call->arena, &call->key.account_id, id, &users);

	if (rc != OK || (users.numbers == NULL && users.conversations == 0))
		return rc;
	return call_refuse(call, PATHWAY_IN_USE, NULL,
	    "it is in use (numbers: %s; active conversations: %lld): change"
	    " that first, or say ?force=true and they go on by their objective",
	    users.numbers != NULL ? users.numbers : "none",
	    (long long)users.conversations);
}

enum outcome
pathways_delete(struct call *call)
{
	const struct delete_query *query = call->query;
	struct pathway_status *answer = call->answer;
	struct pathway_head head;
	enum outcome rc = pathways_hold(call, call->values[0], NULL, &head);

	if (rc == OK && !query->force)
		rc = refuse_used(call, head.id);
	if (rc != OK)
		return rc;
	*answer = (struct pathway_status){ PATHWAY_SUCCESS, "Pathway deleted" };
	return pathway_delete(call->db, &call->key.account_id, head.id);
}
