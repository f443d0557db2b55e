#include "base/base.h"

#include "api/tools.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/json.h"
#include "db/stmt.h"
#include "model/page.h"
#include "model/tool.h"
#include "store/tool.h"

#include <json-c/json.h>
#include <string.h>

#define LIMIT 50
#define LIMIT_MOST 1000
#define LEGACY_MOST 1000 /* of the list that has no pages */
#define SUCCESS "success"

static const char thing[] = "tool";

struct tools_query {
	int64_t page;
	int64_t limit;
};

struct tool_answer {
	const char *status;
	const char *data;
	const char *errors; /* none */
};

struct legacy_answer {
	const char *status;
	const char *tool_id;
	const char *tool;
	const char *tools;
	const char *message;
};

#define QUERY_AT(member) FIELD_AT(struct tools_query, member)
#define ANSWER_AT(member) FIELD_AT(struct tool_answer, member)
#define LEGACY_AT(member) FIELD_AT(struct legacy_answer, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "page", FIELD_INTEGER, 0, QUERY_AT(page), 1, PAGE_MOST,
	    .about = "Counted from 1." },
	{ "limit", FIELD_INTEGER, 0, QUERY_AT(limit), 1, LIMIT_MOST,
	    .about = "50 if not given." },
};

static const struct field answer_fields[] = {
	{ "status", FIELD_TEXT, 0, ANSWER_AT(status) },
	{ "data", FIELD_OBJECT, 0, ANSWER_AT(data),
	    .about = "id, of what was written; else the definition as it was"
	             " given, with id and created_at; of a list tools, and"
	             " pagination: page, limit, hasMore, nextPage." },
	{ "errors", FIELD_ARRAY, FIELD_NULLABLE, ANSWER_AT(errors) },
};

static const struct field made_fields[] = {
	{ "status", FIELD_TEXT, 0, LEGACY_AT(status) },
	{ "tool_id", FIELD_TEXT, 0, LEGACY_AT(tool_id) },
};

static const struct field shown_fields[] = {
	{ "status", FIELD_TEXT, 0, LEGACY_AT(status) },
	{ "tool", FIELD_OBJECT, 0, LEGACY_AT(tool),
	    .about = "tool_id, label, public, and as tool the definition as it"
	             " was given." },
};

static const struct field list_fields[] = {
	{ "status", FIELD_TEXT, 0, LEGACY_AT(status) },
	{ "tools", FIELD_ARRAY, 0, LEGACY_AT(tools),
	    .about = "At most 1000, the newest first." },
};

static const struct field deleted_fields[] = {
	{ "status", FIELD_TEXT, 0, LEGACY_AT(status) },
	{ "message", FIELD_TEXT, 0, LEGACY_AT(message) },
};
/* clang-format on */

const struct schema tools_query_schema =
    SCHEMA("ToolsQuery", query_fields, struct tools_query);
const struct schema tool_answer_schema =
    SCHEMA("ToolAnswer", answer_fields, struct tool_answer);
const struct schema legacy_tool_made_schema =
    SCHEMA("LegacyToolMade", made_fields, struct legacy_answer);
const struct schema legacy_tool_answer_schema =
    SCHEMA("LegacyToolAnswer", shown_fields, struct legacy_answer);
const struct schema legacy_tools_schema =
    SCHEMA("LegacyTools", list_fields, struct legacy_answer);
const struct schema legacy_tool_deleted_schema =
    SCHEMA("LegacyToolDeleted", deleted_fields, struct legacy_answer);

/* --- What both ways have in common. */

/* Is this a definition that can be kept?  Then `tool` has its name and its
 * text. */
static enum outcome
read_definition(
    struct call *call, struct json_object *document, struct tool *tool)
{
	struct reader reader = {
		.arena = call->arena,
		.faults = &call->faults,
		.net_allow = call->server->config->net_allow,
	};

	/* Clients send back what /v1/tools/{tool_id} showed them. */
	json_object_object_del(document, "tool");
	tool->document = json_text(call->arena, document);
	if (strlen(tool->document) > TOOL_DOCUMENT_MOST)
		return call_refuse(call, INVALID_PARAMETER, NULL,
		    "a tool must be at most %d bytes of JSON",
		    TOOL_DOCUMENT_MOST);
	return tool_read(&reader, document, "", tool);
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct call *call = context;
	const struct tool *made = call->witness;
	struct tool ignored;

	return tool_find(
	    db, call->arena, &call->key.account_id, made->id, &ignored);
}

static enum outcome
create(struct call *call, struct tool *tool)
{
	enum outcome rc = read_definition(call, call->document, tool);

	if (rc == OK)
		rc = tool_insert(
		    call->db, call->arena, &call->key.account_id, tool);
	call->witness = tool;
	call->settled = is_there;
	return rc;
}

/* The stored definition with what was given laid over it. */
static struct json_object *
merged(struct call *call, const struct tool *tool)
{
	struct json_object *document;
	struct json_fault ignored;

	if (json_parse(call->arena, tool->document, strlen(tool->document),
		&document, &ignored) != OK ||
	    !json_object_is_type(document, json_type_object))
		return call->document;
	json_object_object_foreach(call->document, name, value)
	{
		(void)json_object_object_add(
		    document, name, json_object_get(value));
	}
	return document;
}

static enum outcome
is_written(struct db *db, void *context)
{
	struct call *call = context;
	const struct tool *made = call->witness;
	struct tool found;
	enum outcome rc =
	    tool_find(db, call->arena, &call->key.account_id, made->id, &found);

	if (rc == OK && strcmp(found.document, made->document) != 0)
		return NOT_FOUND;
	return rc;
}

static enum outcome
update(struct call *call, bool whole, struct tool *tool)
{
	enum outcome rc = tool_hold(call->db, call->arena,
	    &call->key.account_id, call->values[0], tool);

	if (rc == OK)
		rc = read_definition(
		    call, whole ? call->document : merged(call, tool), tool);
	if (rc == OK)
		rc = tool_update(call->db, &call->key.account_id, tool);
	call->witness = tool;
	call->settled = is_written;
	return call_missing(call, rc, TOOL_NOT_FOUND, NULL, thing);
}

static enum outcome
find(struct call *call, struct tool *tool)
{
	enum outcome rc = tool_find(call->db, call->arena,
	    &call->key.account_id, call->values[0], tool);

	return call_missing(call, rc, TOOL_NOT_FOUND, NULL, thing);
}

static enum outcome delete (struct call *call) {
	enum outcome rc = tool_delete(
	    call->db, call->arena, &call->key.account_id, call->values[0]);

	return call_missing(call, rc, TOOL_NOT_FOUND, NULL, thing);
}

typedef const char *showing(struct arena *arena, const struct tool *tool);

static struct json_object *
array_of(struct call *call, const struct rows *rows, size_t most, showing *show)
{
	struct json_object *array = json_object_new_array();
	const struct tool *tools = rows->list;
	size_t i;

	for (i = 0; i < rows->count && i < most; i++)
		(void)json_object_array_add(
		    array, json_raw(show(call->arena, &tools[i])));
	return array;
}

/* --- /v2/tools */

static void
add(struct json_object *object, const char *name, struct json_object *value)
{
	(void)json_object_object_add(object, name, value);
}

static void
answer_id(struct call *call, const struct tool *tool)
{
	struct tool_answer *answer = call->answer;
	struct json_object *data =
	    json_own(call->arena, json_object_new_object());

	add(data, "id", json_string(tool->id));
	answer->status = SUCCESS;
	answer->data = json_text(call->arena, data);
}

enum outcome
tools_create(struct call *call)
{
	struct tool *tool = arena_alloc(call->arena, sizeof(*tool));
	enum outcome rc = create(call, tool);

	if (rc == OK)
		answer_id(call, tool);
	return rc;
}

enum outcome
tools_update(struct call *call)
{
	struct tool *tool = arena_alloc(call->arena, sizeof(*tool));
	enum outcome rc = update(call, false, tool);

	if (rc == OK)
		answer_id(call, tool);
	return rc;
}

static struct json_object *
pagination_of(int64_t page, int64_t limit, bool more)
{
	struct json_object *pagination = json_object_new_object();

	add(pagination, "page", json_object_new_int64(page));
	add(pagination, "limit", json_object_new_int64(limit));
	add(pagination, "hasMore", json_object_new_boolean(more));
	add(pagination, "nextPage",
	    more ? json_object_new_int64(page + 1) : NULL);
	return pagination;
}

/* One row more than a page shows that there is another page. */
enum outcome
tools_list(struct call *call)
{
	const struct tools_query *query = call->query;
	struct tool_answer *answer = call->answer;
	int64_t page = query->page > 0 ? query->page : 1;
	int64_t limit = query->limit > 0 ? query->limit : LIMIT;
	struct json_object *data;
	struct rows rows;
	enum outcome rc = tool_list(call->db, call->arena,
	    &call->key.account_id, limit + 1, (page - 1) * limit, &rows);

	if (rc != OK)
		return rc;
	data = json_own(call->arena, json_object_new_object());
	add(data, "tools", array_of(call, &rows, (size_t)limit, tool_show));
	add(data, "pagination",
	    pagination_of(page, limit, rows.count > (size_t)limit));
	answer->status = SUCCESS;
	answer->data = json_text(call->arena, data);
	return OK;
}

enum outcome
tools_show(struct call *call)
{
	struct tool_answer *answer = call->answer;
	struct tool tool;
	enum outcome rc = find(call, &tool);

	if (rc != OK)
		return rc;
	answer->status = SUCCESS;
	answer->data = tool_show(call->arena, &tool);
	return OK;
}

enum outcome
tools_delete(struct call *call)
{
	struct tool_answer *answer = call->answer;

	answer->status = SUCCESS;
	answer->data = "{\"message\":\"Tool has been deleted.\"}";
	return delete (call);
}

/* --- /v1/tools */

static enum outcome
answer_made(struct call *call, enum outcome rc, const struct tool *tool)
{
	struct legacy_answer *answer = call->answer;

	answer->status = SUCCESS;
	answer->tool_id = tool->id;
	return rc;
}

enum outcome
legacy_tools_create(struct call *call)
{
	struct tool *tool = arena_alloc(call->arena, sizeof(*tool));

	return answer_made(call, create(call, tool), tool);
}

enum outcome
legacy_tools_update(struct call *call)
{
	struct tool *tool = arena_alloc(call->arena, sizeof(*tool));

	return answer_made(call, update(call, false, tool), tool);
}

enum outcome
legacy_tools_replace(struct call *call)
{
	struct tool *tool = arena_alloc(call->arena, sizeof(*tool));

	return answer_made(call, update(call, true, tool), tool);
}

enum outcome
legacy_tools_list(struct call *call)
{
	struct legacy_answer *answer = call->answer;
	struct rows rows;
	enum outcome rc = tool_list(call->db, call->arena,
	    &call->key.account_id, LEGACY_MOST, 0, &rows);

	if (rc != OK)
		return rc;
	answer->status = SUCCESS;
	answer->tools = json_text(call->arena,
	    json_own(call->arena,
		array_of(call, &rows, LEGACY_MOST, tool_show_legacy)));
	return OK;
}

enum outcome
legacy_tools_show(struct call *call)
{
	struct legacy_answer *answer = call->answer;
	struct tool tool;
	enum outcome rc = find(call, &tool);

	if (rc != OK)
		return rc;
	answer->status = SUCCESS;
	answer->tool = tool_show_legacy(call->arena, &tool);
	return OK;
}

enum outcome
legacy_tools_delete(struct call *call)
{
	struct legacy_answer *answer = call->answer;

	answer->status = SUCCESS;
	answer->message = "Tool has been deleted.";
	return delete (call);
}
