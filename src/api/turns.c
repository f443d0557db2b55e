#include "base/base.h"

#include "api/turns.h"

#include "api/call.h"
#include "base/arena.h"
#include "base/id.h"
#include "db/stmt.h"
#include "model/conversation.h"
#include "model/event_log.h"
#include "model/field.h"
#include "model/page.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/turns.h"

struct turns_query {
	int64_t page, size;
};

#define AT(member) FIELD_AT(struct turns_query, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "page", FIELD_INTEGER, 0, AT(page), 1, PAGE_MOST,
	    .about = "Counted from 1." },
	{ "pageSize", FIELD_INTEGER, 0, AT(size), 1, PAGE_SIZE_MOST,
	    .about = "25 if not given." },
};
/* clang-format on */

const struct schema turns_query_schema =
    SCHEMA("TurnsQuery", query_fields, struct turns_query);

struct events_query {
	int64_t version; /* of the format: there is one */
	int64_t after;
	int64_t limit;
};

#define EVENTS_MOST 1000
#define EVENTS_TURNS 20 /* read at once */
#define EVENTS_AT(member) FIELD_AT(struct events_query, member)

/* clang-format off */
static const struct field events_fields[] = {
	{ "v", FIELD_INTEGER, 0, EVENTS_AT(version), 1, 2,
	    .about = "Of the format; it is 2 whatever is given." },
	{ "after", FIELD_INTEGER, 0, EVENTS_AT(after), 0, INT32_MAX,
	    .about = "Only the events after this sequence number." },
	{ "limit", FIELD_INTEGER, 0, EVENTS_AT(limit), 1, EVENTS_MOST,
	    .about = "1000 if not given; fewer where they are large." },
};
/* clang-format on */

const struct schema events_query_schema =
    SCHEMA("EventsQuery", events_fields, struct events_query);

static const char thing[] = "conversation";

static enum outcome
find(struct call *call, struct conversation *conversation)
{
	struct id id;
	enum outcome rc =
	    call_path_id(call, 0, CONVERSATION_NOT_FOUND, thing, &id);

	if (rc == OK)
		rc = conversation_find(call->db, call->arena,
		    &call->key.account_id, &id, conversation);
	return call_missing(call, rc, CONVERSATION_NOT_FOUND, NULL, thing);
}

enum outcome
turns_show(struct call *call)
{
	const struct turns_query *query = call->query;
	struct conversation conversation;
	enum outcome rc = find(call, &conversation);

	if (rc != OK)
		return rc;
	return turns_list(call->db, call->arena, &call->key.account_id,
	    &conversation.id, query->page > 0 ? query->page : 1,
	    query->size > 0 ? query->size : PAGE_SIZE, call->answer);
}

/* Some turns, and where they ended.  NOT_FOUND: there are no more. */
static enum outcome
take_some(struct call *call, struct event_log *log, struct id *last)
{
	struct arena *arena = arena_new();
	const struct turn_record *records;
	struct rows rows;
	size_t i;
	enum outcome rc =
	    turns_list_done(call->db, arena, &call->key.account_id,
		&log->conversation_id, last, EVENTS_TURNS, &rows);

	if (rc == OK && rows.count == 0)
		rc = NOT_FOUND;
	records = rc == OK ? rows.list : NULL;
	for (i = 0; rc == OK && i < rows.count; i++) {
		event_log_take(log, &records[i]);
		*last = records[i].id;
	}
	arena_free(arena);
	return rc;
}

enum outcome
events_show(struct call *call)
{
	const struct events_query *query = call->query;
	struct list *answer = call->answer;
	struct event_log *log = arena_alloc(call->arena, sizeof(*log));
	struct conversation conversation;
	struct id last = { { 0 } };
	struct rows messages;
	enum outcome rc = find(call, &conversation);

	if (rc == OK)
		rc = message_list(call->db, call->arena, &call->key.account_id,
		    &conversation.id, &conversation.pair, &messages);
	if (rc != OK)
		return rc;
	event_log_init(log, call->arena, &conversation.id,
	    (struct list){ messages.list, messages.count }, query->after,
	    (size_t)(query->limit > 0 ? query->limit : EVENTS_MOST));
	while (rc == OK && log->count < log->most)
		rc = take_some(call, log, &last);
	if (rc != OK && rc != NOT_FOUND)
		return rc;
	event_log_end(log);
	*answer = (struct list){ log->entries, log->count };
	return OK;
}
