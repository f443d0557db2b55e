#include "base/base.h"

#include "api/conversations_read.h"

#include "api/call.h"
#include "api/paging.h"
#include "base/arena.h"
#include "base/json.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation_view.h"
#include "model/field.h"
#include "model/progress.h"
#include "model/transcript.h"
#include "store/conversation_search.h"
#include "store/transcript.h"

#include <json-c/json.h>
#include <string.h>

#define TEXT_MOST 255
#define METADATA_MOST 16384

struct listing {
	struct conversation_search search;
	const struct id *widget;
	struct paging paging;
};

#define AT(member) FIELD_AT(struct listing, member)
#define IF_GIVEN FIELD_POINTER

/* clang-format off */
static const struct field search_fields[] = {
	{ "direction", FIELD_NAME, IF_GIVEN, AT(search.direction),
	    .names = &direction_names },
	{ "channel", FIELD_NAME, IF_GIVEN, AT(search.channel),
	    .names = &channel_names },
	{ "status", FIELD_NAME, IF_GIVEN, AT(search.progress),
	    .names = &progress_names },
	{ "user_id", FIELD_TEXT, 0, AT(search.user), 0, TEXT_MOST,
	    .about = "A piece of it, in any case." },
	{ "agent_id", FIELD_ID, IF_GIVEN, AT(search.agent_id) },
	{ "agent_version_id", FIELD_ID, IF_GIVEN,
	    AT(search.agent_version_id) },
	{ "web_widget_id", FIELD_ID, IF_GIVEN, AT(widget),
	    .about = "There are none here: nothing is found." },
	{ "agent_number", FIELD_TEXT, 0, AT(search.number), 0, TEXT_MOST,
	    .about = "A piece of the agent's number or address, in any"
	             " case." },
	{ "duration_above", FIELD_INTEGER, IF_GIVEN,
	    AT(search.duration_above), .about = "Seconds, or as many." },
	{ "duration_below", FIELD_INTEGER, IF_GIVEN,
	    AT(search.duration_below), .about = "Seconds, or as many." },
	{ "user_turn_count_above", FIELD_INTEGER, IF_GIVEN,
	    AT(search.turns_above), .about = "Or as many." },
	{ "user_turn_count_below", FIELD_INTEGER, IF_GIVEN,
	    AT(search.turns_below), .about = "Or as many." },
	{ "custom_metadata", FIELD_TEXT, 0, AT(search.metadata),
	    0, METADATA_MOST,
	    .about = "A JSON object that theirs contains; needs"
	             " conversations:read_sensitive." },
	{ "created_after", FIELD_WHEN, IF_GIVEN, AT(search.after),
	    .about = "Or then." },
	{ "created_before", FIELD_WHEN, IF_GIVEN, AT(search.before),
	    .about = "Or then." },
	{ "paging", FIELD_INLINE, 0, AT(paging), .schema = &paging_schema },
};
/* clang-format on */

const struct schema conversations_search_schema =
    SCHEMA("ConversationsSearch", search_fields, struct listing);

static bool
is_sensitive(const struct call *call)
{
	return key_allows(call->scopes, CONVERSATION_SENSITIVE);
}

/* What a key may not read it may not search either. */
static enum outcome
read_metadata(struct call *call, const char **metadata)
{
	struct json_object *document;
	struct json_fault fault;

	if (!is_sensitive(call))
		return call_refuse(call, FORBIDDEN, "/custom_metadata",
		    "a filter on custom_metadata needs the scope %s",
		    key_scopes_text(call->arena, CONVERSATION_SENSITIVE));
	if (json_parse(call->arena, *metadata, strlen(*metadata), &document,
		&fault) != OK)
		return call_refuse(call, INVALID_PARAMETER, "/custom_metadata",
		    "custom_metadata must be a JSON object: line %zu, column"
		    " %zu: %s",
		    fault.line, fault.column, fault.what);
	if (!json_object_is_type(document, json_type_object))
		return call_refuse(call, INVALID_PARAMETER, "/custom_metadata",
		    "custom_metadata must be a JSON object");
	*metadata = json_text(call->arena, document);
	return OK;
}

/* An empty filter is as good as none. */
static enum outcome
read_search(struct call *call, struct conversation_search *search)
{
	const struct listing *given = call->query;
	enum outcome rc;

	*search = given->search;
	rc =
	    paging_begin(call, &given->paging, &search->limit, &search->cursor);
	if (search->metadata != NULL && search->metadata[0] == '\0')
		search->metadata = NULL;
	if (search->metadata != NULL &&
	    read_metadata(call, &search->metadata) != OK)
		rc = INVALID;
	return rc;
}

static struct rows
view_all(struct call *call, const struct rows *rows)
{
	const struct conversation_found *found = rows->list;
	struct conversation_view *views =
	    arena_alloc(call->arena, (rows->count + 1) * sizeof(*views));
	size_t i;

	for (i = 0; i < rows->count; i++)
		conversation_view_fill(call->arena, &found[i].conversation,
		    found[i].agent_name, NULL, is_sensitive(call), &views[i]);
	return (struct rows){ views, rows->count };
}

static struct cursor
place_of(const struct rows *rows, size_t index)
{
	const struct conversation_view *views = rows->list;

	return (struct cursor){ views[index].conversation.created_at,
		views[index].conversation.id };
}

enum outcome
conversations_list(struct call *call)
{
	const struct listing *given = call->query;
	struct list *answer = call->answer;
	struct conversation_search search;
	struct rows rows, views;
	int64_t limit;
	enum outcome rc = read_search(call, &search);

	*answer = (struct list){ NULL, 0 };
	if (rc != OK || given->widget != NULL)
		return rc;
	limit = search.limit++;
	rc = conversation_search(
	    call->db, call->arena, &call->key.account_id, &search, &rows);
	if (rc != OK)
		return rc;
	views = view_all(call, &rows);
	paging_end(call, &views, limit, place_of, answer);
	return OK;
}

enum outcome
conversations_show(struct call *call)
{
	struct transcript *transcript = NULL;
	struct conversation_found found;
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CONVERSATION_NOT_FOUND, "conversation", &id);

	if (rc == OK)
		rc = conversation_search_id(
		    call->db, call->arena, &call->key.account_id, &id, &found);
	if (rc == OK && is_sensitive(call))
		rc = transcript_read(
		    call->db, call->arena, &found.conversation, &transcript);
	if (rc != OK)
		return call_missing(
		    call, rc, CONVERSATION_NOT_FOUND, NULL, "conversation");
	conversation_view_fill(call->arena, &found.conversation,
	    found.agent_name, transcript, is_sensitive(call), call->answer);
	return OK;
}
