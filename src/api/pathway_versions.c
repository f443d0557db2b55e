#include "base/base.h"

#include "api/pathway_versions.h"

#include "api/answer.h"
#include "api/call.h"
#include "api/pathways.h"
#include "api/routes.h"
#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/field.h"

#include <string.h>

#define NAME_MOST 255
#define WORD_MOST 255

/* A version in a list. */
struct version_head {
	struct pathway_version version;
	bool is_latest;
	bool is_production;
	bool is_staging;
	bool was_published;
};

struct version_shown {
	struct pathway_version version;
	struct pathway_graph graph;
	bool is_latest;
};

struct version_made {
	const char *status;
	const char *message;
	struct pathway_version data;
};

struct update_query {
	bool force;
};

struct one_shown {
	struct pathway_shown data;
};

#define AT PATHWAY_FIELD
#define HEAD_AT(member) FIELD_AT(struct version_head, member)
#define SHOWN_AT(member) FIELD_AT(struct version_shown, member)
#define MADE_AT(member) FIELD_AT(struct version_made, member)
#define VERSION_AT(member) FIELD_AT(struct pathway_version, member)

/* One field, by all its names; the first is in the documents. */
#define VERSION(name, other)                                                   \
	{ name, FIELD_TEXT, FIELD_REQUIRED | FIELD_OR_NUMBER, AT(version), 1,  \
		WORD_MOST, .about = "Its number, name or id." },               \
	{                                                                      \
		other, FIELD_TEXT, FIELD_ALIAS | FIELD_OR_NUMBER, AT(version), \
		    1, WORD_MOST                                               \
	}
#define PATHWAY(name, other)                                                   \
	{ name, FIELD_TEXT, FIELD_REQUIRED, AT(id), 1, 64 },                   \
	{                                                                      \
		other, FIELD_TEXT, FIELD_ALIAS, AT(id), 1, 64                  \
	}
#define ENVIRONMENT                                                            \
	{                                                                      \
		"environment", FIELD_NAME, 0, AT(environment),                 \
		    .names = &environment_names,                               \
		    .about = "production if not given."                        \
	}

static const char *const environment_words[] = {
	[PATHWAY_PRODUCTION] = "production",
	[PATHWAY_STAGING] = "staging",
};

static const struct names environment_names = NAMES(environment_words);

/* clang-format off */
static const struct field head_fields[] = {
	{ "id", FIELD_ID, 0, HEAD_AT(version.id) },
	{ "version_number", FIELD_INTEGER, 0, HEAD_AT(version.number) },
	{ "revision_number", FIELD_INTEGER, 0, HEAD_AT(version.revision) },
	{ "created_at", FIELD_WHEN, 0, HEAD_AT(version.created_at) },
	{ "name", FIELD_TEXT, FIELD_NULLABLE, HEAD_AT(version.name) },
	{ "is_latest", FIELD_BOOLEAN, 0, HEAD_AT(is_latest) },
	{ "is_production", FIELD_BOOLEAN, 0, HEAD_AT(is_production) },
	{ "is_staging", FIELD_BOOLEAN, 0, HEAD_AT(is_staging) },
	{ "is_prev_published", FIELD_BOOLEAN, 0, HEAD_AT(was_published),
	    .about = "It is or was in production, and stays as it is." },
};

static const struct field shown_fields[] = {
	{ "name", FIELD_TEXT, FIELD_NULLABLE, SHOWN_AT(version.name) },
	{ "nodes", FIELD_ARRAY, 0, SHOWN_AT(graph.nodes) },
	{ "edges", FIELD_ARRAY, 0, SHOWN_AT(graph.edges) },
	{ "version_number", FIELD_INTEGER, 0, SHOWN_AT(version.number) },
	{ "is_latest", FIELD_BOOLEAN, 0, SHOWN_AT(is_latest) },
};

static const struct field request_fields[] = {
	{ "name", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK, AT(name), 1,
	    NAME_MOST },
	PATHWAY_GRAPH_FIELDS(FIELD_REQUIRED),
};

static const struct field data_fields[] = {
	{ "created_at", FIELD_WHEN, 0, VERSION_AT(created_at) },
	{ "id", FIELD_ID, 0, VERSION_AT(id) },
	{ "name", FIELD_TEXT, 0, VERSION_AT(name) },
	{ "version_number", FIELD_INTEGER, 0, VERSION_AT(number) },
	{ "revision_number", FIELD_INTEGER, 0, VERSION_AT(revision) },
};

static const struct schema data_schema =
    SCHEMA("PathwayVersionData", data_fields, struct pathway_version);

static const struct field made_fields[] = {
	{ "status", FIELD_TEXT, 0, MADE_AT(status) },
	{ "message", FIELD_TEXT, 0, MADE_AT(message) },
	{ "data", FIELD_STRUCT, 0, MADE_AT(data), .schema = &data_schema },
};

static const struct field written_fields[] = {
	{ "status", FIELD_TEXT, 0, MADE_AT(status) },
	{ "message", FIELD_TEXT, 0, MADE_AT(message) },
	{ "version_number", FIELD_INTEGER, 0, MADE_AT(data.number) },
	{ "revision_number", FIELD_INTEGER, 0, MADE_AT(data.revision) },
};

static const struct field publish_fields[] = {
	VERSION("version_id", "version_number"),
	ENVIRONMENT,
};

static const struct field convo_version_fields[] = {
	PATHWAY("pathway_id", "id"),
	{ "name", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK, AT(name), 1,
	    NAME_MOST, .about = "Version and its number if not given." },
	PATHWAY_GRAPH_FIELDS(0),
	{ "source_version_id", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(source_version), 1, WORD_MOST,
	    .about = "What is not given is copied from this version; from the"
	             " draft if not given." },
};

static const struct field update_query_fields[] = {
	{ "force", FIELD_BOOLEAN, 0, FIELD_AT(struct update_query, force),
	    .about = "Write even over a newer revision." },
};

static const struct field update_fields[] = {
	PATHWAY("id", "pathway_id"),
	VERSION("version_number", "version_id"),
	{ "revision_number", FIELD_INTEGER, FIELD_NULLABLE, AT(revision),
	    .about = "The one that this was made from." },
	{ "name", FIELD_TEXT, FIELD_NULLABLE | FIELD_NOT_BLANK, AT(name), 1,
	    NAME_MOST },
	PATHWAY_GRAPH_FIELDS(0),
};

static const struct field convo_publish_fields[] = {
	PATHWAY("id", "pathway_id"),
	VERSION("version_number", "version_id"),
	ENVIRONMENT,
};

static const struct field one_request_fields[] = {
	PATHWAY("id", "pathway_id"),
	{ "version_number", FIELD_TEXT, FIELD_NULLABLE | FIELD_OR_NUMBER,
	    AT(version), 1, WORD_MOST, .about = "The draft if not given." },
};

static const struct field one_fields[] = {
	{ "data", FIELD_STRUCT, 0, FIELD_AT(struct one_shown, data),
	    .schema = &pathway_shown_schema },
};
/* clang-format on */

const struct schema pathway_version_head_schema =
    SCHEMA("PathwayVersionHead", head_fields, struct version_head);
const struct schema pathway_version_shown_schema =
    SCHEMA("PathwayVersion", shown_fields, struct version_shown);
const struct schema pathway_version_request_schema =
    SCHEMA("PathwayVersionRequest", request_fields, struct pathway_request);
const struct schema pathway_version_made_schema =
    SCHEMA("PathwayVersionMade", made_fields, struct version_made);
const struct schema pathway_version_written_schema =
    SCHEMA("PathwayVersionWritten", written_fields, struct version_made);
const struct schema pathway_publish_schema =
    SCHEMA("PathwayPublish", publish_fields, struct pathway_request);
const struct schema convo_version_request_schema =
    SCHEMA("ConvoVersionRequest", convo_version_fields, struct pathway_request);
const struct schema convo_update_query_schema =
    SCHEMA("ConvoUpdateQuery", update_query_fields, struct update_query);
const struct schema convo_update_schema =
    SCHEMA("ConvoUpdate", update_fields, struct pathway_request);
const struct schema convo_publish_schema =
    SCHEMA("ConvoPublish", convo_publish_fields, struct pathway_request);
const struct schema convo_one_request_schema =
    SCHEMA("ConvoOneRequest", one_request_fields, struct pathway_request);
const struct schema convo_one_schema =
    SCHEMA("ConvoOne", one_fields, struct one_shown);

/* --- Which is meant: in the path, or else in the body. */

struct target {
	const char *pathway, *pathway_field;
	const char *version, *version_field;
	struct pathway_head head;
	struct pathway_version found;
};

/* NULL: the path has no such value. */
static const char *
path_value(const struct call *call, size_t n)
{
	const char *brace = strchr(call->route->path, '{');
	size_t i;

	for (i = 0; brace != NULL && i < n; i++)
		brace = strchr(brace + 1, '{');
	return brace != NULL ? call->values[n] : NULL;
}

static struct target
target_of(struct call *call)
{
	const struct pathway_request *body = call->body;
	struct target target = { .pathway = path_value(call, 0),
		.version = path_value(call, 1) };

	if (target.pathway == NULL) {
		target.pathway = body->id;
		target.pathway_field =
		    call_gives(call, "pathway_id") ? "/pathway_id" : "/id";
	}
	if (target.version == NULL && body != NULL) {
		target.version = body->version;
		target.version_field = call_gives(call, "version_id")
					   ? "/version_id"
					   : "/version_number";
	}
	return target;
}

static enum outcome
find(struct call *call, struct target *target)
{
	enum outcome rc = pathways_find(
	    call, target->pathway, target->pathway_field, &target->head);

	if (target->version == NULL)
		target->version = "draft";
	if (rc == OK && target->version_field == NULL &&
	    text_equal(target->version, "0") && target->head.production > 0)
		target->version = "production";
	if (rc == OK)
		rc = pathways_find_version(call, &target->head, target->version,
		    target->version_field, &target->found);
	return rc;
}

static enum outcome
hold(struct call *call, struct target *target)
{
	enum outcome rc = pathways_hold(
	    call, target->pathway, target->pathway_field, &target->head);

	if (rc == OK)
		rc = pathways_find_version(call, &target->head, target->version,
		    target->version_field, &target->found);
	return rc;
}

/* --- Reading. */

enum outcome
pathway_versions_list(struct call *call)
{
	struct list *answer = call->answer;
	const struct pathway_version *versions;
	struct version_head *heads;
	struct pathway_head head;
	struct rows rows;
	size_t i;
	enum outcome rc = pathways_find(call, call->values[0], NULL, &head);

	if (rc == OK)
		rc = pathway_version_list(call->db, call->arena,
		    &call->key.account_id, head.id, &rows);
	if (rc != OK)
		return rc;
	versions = rows.list;
	heads = arena_alloc(call->arena, (rows.count + 1) * sizeof(*heads));
	for (i = 0; i < rows.count; i++)
		heads[i] = (struct version_head){
			.version = versions[i],
			.is_latest = versions[i].number == head.latest,
			.is_production = versions[i].number == head.production,
			.is_staging = versions[i].number == head.staging,
			.was_published = versions[i].published_at != 0,
		};
	*answer = (struct list){ heads, rows.count };
	return OK;
}

enum outcome
pathway_versions_show(struct call *call)
{
	struct version_shown *answer = call->answer;
	struct target target = target_of(call);
	enum outcome rc = find(call, &target);

	if (rc != OK)
		return rc;
	answer->version = target.found;
	if (answer->version.name == NULL)
		answer->version.name = target.head.name;
	answer->is_latest = target.found.number == target.head.latest;
	pathway_graph_split(call->arena, target.found.document, &answer->graph);
	return OK;
}

enum outcome
convo_versions_show(struct call *call)
{
	struct one_shown *answer = call->answer;
	struct target target = target_of(call);
	enum outcome rc = find(call, &target);

	if (rc != OK)
		return rc;
	answer->data.head = target.head;
	answer->data.version = target.found;
	pathways_show_convo(call, &answer->data);
	return OK;
}

/* --- Writing. */

/* What the transaction was to write. */
struct written {
	const char *pathway;
	struct pathway_version version;
};

static enum outcome
is_written(struct db *db, void *context)
{
	struct call *call = context;
	const struct written *written = call->witness;
	struct pathway_version found;
	enum outcome rc =
	    pathway_version_find(db, call->arena, &call->key.account_id,
		written->pathway, written->version.number, &found);

	if (rc == OK &&
	    (!id_equal(&found.id, &written->version.id) ||
		strcmp(found.document, written->version.document) != 0))
		return NOT_FOUND;
	return rc;
}

static void
settle(struct call *call, const struct target *target)
{
	struct written *written = arena_alloc(call->arena, sizeof(*written));

	*written = (struct written){ target->head.id, target->found };
	call->witness = written;
	call->settled = is_written;
}

/* From a document that was given, from another version, or from the draft. */
enum outcome
pathway_versions_create(struct call *call)
{
	const struct pathway_request *body = call->body;
	struct version_made *answer = call->answer;
	struct target target = target_of(call);
	struct pathway_version *version = &target.found;
	enum outcome rc;

	target.version =
	    body->source_version != NULL ? body->source_version : "draft";
	target.version_field = "/source_version_id";
	rc = hold(call, &target);
	if (rc != OK)
		return rc;
	version->name = body->name;
	version->document =
	    pathway_graph_join(call->arena, version->document, &body->graph);
	rc = pathway_version_insert(call->db, call->arena,
	    &call->key.account_id, &target.head, version);
	settle(call, &target);
	answer->status = PATHWAY_SUCCESS;
	answer->message = "Pathway version created successfully";
	answer->data = *version;
	return rc;
}

/* Is it one that may be written, and with this document? */
static enum outcome
check_write(struct call *call, const struct target *target)
{
	const struct pathway_version *version = &target->found;

	if (version->published_at != 0)
		return call_refuse(call, PATHWAY_VERSION_PUBLISHED,
		    target->version_field,
		    "version %lld is or was in production and stays as it is:"
		    " make a new one",
		    (long long)version->number);
	if (version->number == PATHWAY_DRAFT ||
	    version->number != target->head.staging)
		return OK;
	return pathway_graph_check(
	    call->arena, version->document, &call->faults);
}

static enum outcome
update(struct call *call, struct target *target)
{
	const struct pathway_request *body = call->body;
	struct version_made *answer = call->answer;
	struct pathway_version *version = &target->found;
	enum outcome rc;

	if (body->name != NULL && version->number != PATHWAY_DRAFT)
		version->name = body->name;
	version->document =
	    pathway_graph_join(call->arena, version->document, &body->graph);
	rc = check_write(call, target);
	if (rc == OK)
		rc = pathway_version_write(call->db, call->arena,
		    &call->key.account_id, target->head.id, version);
	settle(call, target);
	answer->status = PATHWAY_SUCCESS;
	answer->message = "Pathway version updated successfully";
	answer->data = *version;
	return rc;
}

enum outcome
pathway_versions_update(struct call *call)
{
	struct target target = target_of(call);
	enum outcome rc = hold(call, &target);

	return rc == OK ? update(call, &target) : rc;
}

enum outcome
convo_versions_update(struct call *call)
{
	const struct update_query *query = call->query;
	const struct pathway_request *body = call->body;
	struct target target = target_of(call);
	enum outcome rc = hold(call, &target);

	if (rc != OK)
		return rc;
	if (body->revision != 0 && !query->force &&
	    body->revision != target.found.revision)
		return call_refuse(call, PATHWAY_REVISION_CHANGED,
		    "/revision_number",
		    "it was changed meanwhile and is now at revision %lld",
		    (long long)target.found.revision);
	return update(call, &target);
}

enum outcome
pathway_versions_publish(struct call *call)
{
	const struct pathway_request *body = call->body;
	struct answer_message *answer = call->answer;
	struct target target = target_of(call);
	enum outcome rc = hold(call, &target);

	call->settled = tx_repeat;
	if (rc != OK)
		return rc;
	if (target.found.number == PATHWAY_DRAFT)
		return call_refuse(call, INVALID_PARAMETER,
		    target.version_field,
		    "the draft cannot be published: make a version of it");
	rc = pathway_graph_check(
	    call->arena, target.found.document, &call->faults);
	if (rc == OK)
		rc = pathway_graph_check_transfers(
		    call, target.head.id, target.found.number);
	if (rc != OK)
		return rc;
	answer->message = arena_format(call->arena,
	    "Version %lld published to %s", (long long)target.found.number,
	    names_text(&environment_names, body->environment));
	return pathway_publish(call->db, &call->key.account_id, &target.head,
	    (enum pathway_environment)body->environment, target.found.number);
}

enum outcome
pathway_versions_delete(struct call *call)
{
	struct pathway_status *answer = call->answer;
	struct target target = target_of(call);
	int64_t number;
	enum outcome rc = hold(call, &target);

	if (rc != OK)
		return rc;
	number = target.found.number;
	if (number == PATHWAY_DRAFT)
		return call_refuse(call, INVALID_PARAMETER, NULL,
		    "the draft cannot be archived");
	if (number == target.head.production || number == target.head.staging)
		return call_refuse(call, PATHWAY_VERSION_IN_USE, NULL,
		    "version %lld is in %s: publish another first",
		    (long long)number,
		    number == target.head.production ? "production"
						     : "staging");
	*answer = (struct pathway_status){ PATHWAY_SUCCESS,
		"Pathway version archived" };
	return pathway_version_archive(
	    call->db, &call->key.account_id, target.head.id, number);
}
