#include "base/base.h"

#include "api/sms_conversations.h"

#include "api/answer.h"
#include "api/call.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/analysis.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/message.h"
#include "model/page.h"
#include "model/progress.h"
#include "store/conversation.h"
#include "store/conversation_list.h"
#include "store/disposition.h"
#include "store/mail.h"
#include "store/message.h"
#include "store/number.h"
#include "store/phone_call.h"
#include "store/thread.h"
#include "store/turns.h"
#include "store/webhook.h"
#include "store/work.h"

#include <json-c/json.h>
#include <string.h>

#define FILTERS_TEXT_MOST 16384
#define MESSAGES_MOST 100
#define SENSITIVE                                                              \
	(SCOPE(CONVERSATIONS_READ_SENSITIVE) | SCOPE(CONVERSATIONS_MANAGE))

struct conversations_query {
	int64_t page, size;
	int sort;
	int direction;
	const char *filters;
};

struct conversation_detail {
	struct conversation conversation;
	struct list messages;
	struct list disposition_logs; /* struct finding */
};

struct conversation_patch {
	bool is_active;
};

struct conversation_patched {
	const char *message;
	struct conversation conversation;
};

struct messages_delete {
	const char *message_ids; /* JSON array of texts */
};

struct messages_deleted {
	const char *message;
	int64_t deleted_count;
};

static const char *const direction_words[] = { "desc", "asc" };
static const struct names order_names = NAMES(direction_words);

#define QUERY_AT(member) FIELD_AT(struct conversations_query, member)

/* clang-format off */
static const struct field query_fields[] = {
	{ "page", FIELD_INTEGER, 0, QUERY_AT(page), 1, PAGE_MOST,
	    .about = "Counted from 1." },
	{ "pageSize", FIELD_INTEGER, 0, QUERY_AT(size), 1, PAGE_SIZE_MOST,
	    .about = "25 if not given." },
	{ "sortBy", FIELD_NAME, 0, QUERY_AT(sort),
	    .names = &conversation_sort_names },
	{ "sortDir", FIELD_NAME, 0, QUERY_AT(direction),
	    .names = &order_names },
	{ "filters", FIELD_TEXT, 0, QUERY_AT(filters), 0, FILTERS_TEXT_MOST,
	    .about = "A JSON array of {field, operator, value}, all of which"
	             " must hold." },
};

static const struct field detail_fields[] = {
	{ "conversation", FIELD_INLINE, 0,
	    FIELD_AT(struct conversation_detail, conversation),
	    .schema = &conversation_schema },
	{ "messages", FIELD_LIST, 0,
	    FIELD_AT(struct conversation_detail, messages),
	    .schema = &message_schema },
	{ "disposition_logs", FIELD_LIST, 0,
	    FIELD_AT(struct conversation_detail, disposition_logs),
	    .schema = &disposition_log_schema,
	    .about = "What came of its outcomes." },
};

static const struct field patch_fields[] = {
	{ "is_active", FIELD_BOOLEAN, FIELD_REQUIRED,
	    FIELD_AT(struct conversation_patch, is_active),
	    .about = "false archives it: the next text opens a new one." },
};

static const struct field patched_fields[] = {
	{ "message", FIELD_TEXT, 0,
	    FIELD_AT(struct conversation_patched, message) },
	{ "conversation", FIELD_STRUCT, 0,
	    FIELD_AT(struct conversation_patched, conversation),
	    .schema = &conversation_state_schema },
};

static const struct field delete_fields[] = {
	{ "message_ids", FIELD_TEXTS, FIELD_REQUIRED | FIELD_NUMBERS,
	    FIELD_AT(struct messages_delete, message_ids), 1, MESSAGES_MOST },
};

static const struct field deleted_fields[] = {
	{ "message", FIELD_TEXT, 0,
	    FIELD_AT(struct messages_deleted, message) },
	{ "deleted_count", FIELD_INTEGER, 0,
	    FIELD_AT(struct messages_deleted, deleted_count) },
};
/* clang-format on */

const struct schema conversations_query_schema =
    SCHEMA("ConversationsQuery", query_fields, struct conversations_query);
const struct schema conversation_detail_schema =
    SCHEMA("ConversationDetail", detail_fields, struct conversation_detail);
const struct schema conversation_patch_schema =
    SCHEMA("ConversationPatch", patch_fields, struct conversation_patch);
const struct schema conversation_patched_schema =
    SCHEMA("ConversationPatched", patched_fields, struct conversation_patched);
const struct schema messages_delete_schema =
    SCHEMA("MessagesDelete", delete_fields, struct messages_delete);
const struct schema messages_deleted_schema =
    SCHEMA("MessagesDeleted", deleted_fields, struct messages_deleted);

static const char thing[] = "conversation";

/* What a key may not read it may not search either. */
static enum outcome
check_filters(struct call *call, const struct filters *filters)
{
	const char *name;
	size_t i;

	for (i = 0; i < filters->count; i++) {
		name = conversation_filter_fields[filters->list[i].field].name;
		if (text_equal(name, "variables"))
			return call_refuse(call, FORBIDDEN, "/filters",
			    "a filter on variables needs the scope %s",
			    key_scopes_text(call->arena, SENSITIVE));
	}
	return OK;
}

static enum outcome
read_query(struct call *call, struct conversation_query *query)
{
	const struct conversations_query *given = call->query;

	*query = (struct conversation_query){
		.sort = given->sort,
		.ascending = given->direction == 1,
		.page = given->page > 0 ? given->page : 1,
		.size = given->size > 0 ? given->size : PAGE_SIZE,
	};
	if (given->filters == NULL || given->filters[0] == '\0')
		return OK;
	return filter_read(call->arena, given->filters,
	    conversation_filter_fields, conversation_filter_count,
	    &call->faults, &query->filters);
}

enum outcome
sms_conversations_list(struct call *call)
{
	bool sensitive = key_allows(call->scopes, SENSITIVE);
	struct conversation_query query;
	struct conversation *conversations;
	struct page *answer = call->answer;
	size_t i;
	enum outcome rc = read_query(call, &query);

	if (rc == OK && !sensitive)
		rc = check_filters(call, &query.filters);
	if (rc == OK)
		rc = conversation_list(call->db, call->arena,
		    &call->key.account_id, &query, answer);
	if (rc != OK || sensitive)
		return rc;
	conversations = (void *)(uintptr_t)answer->list.items;
	for (i = 0; i < answer->list.count; i++)
		conversation_redact(&conversations[i]);
	return OK;
}

static enum outcome
path_conversation(struct call *call, struct id *id)
{
	return call_path_id(call, 0, CONVERSATION_NOT_FOUND, thing, id);
}

/* The conversation in the path, locked. */
static enum outcome
lock(struct call *call, struct conversation *conversation)
{
	struct id id;
	enum outcome rc = path_conversation(call, &id);

	if (rc == OK)
		rc = conversation_lock(call->db, call->arena,
		    &call->key.account_id, &id, conversation);
	return call_missing(call, rc, CONVERSATION_NOT_FOUND, NULL, thing);
}

enum outcome
sms_conversation_show(struct call *call)
{
	struct conversation_detail *answer = call->answer;
	struct message *messages;
	struct rows rows, logs;
	struct id id;
	enum outcome rc = path_conversation(call, &id);

	if (rc == OK)
		rc = conversation_find(call->db, call->arena,
		    &call->key.account_id, &id, &answer->conversation);
	if (rc == OK)
		rc = message_list(call->db, call->arena, &call->key.account_id,
		    &id, &answer->conversation.pair, &rows);
	if (rc == OK)
		rc = disposition_log_list(
		    call->db, call->arena, &call->key.account_id, &id, &logs);
	if (rc != OK)
		return call_missing(
		    call, rc, CONVERSATION_NOT_FOUND, NULL, thing);
	answer->messages.items = messages = rows.list;
	answer->messages.count = rows.count;
	answer->disposition_logs = (struct list){ logs.list, logs.count };
	if (rows.count > 0)
		answer->conversation.last_message =
		    messages[rows.count - 1].text;
	return OK;
}

/* An ended conversation may become active again, unless its pair has
 * another that is. */
static enum outcome
reopen(struct call *call, struct conversation *conversation)
{
	enum outcome rc;

	if (!channel_has_pairs((enum channel)conversation->pair.channel))
		return call_refuse(call, CONVERSATION_HAS_ENDED, "/is_active",
		    "one that ended on this channel stays so: create another");
	conversation->is_active = true;
	conversation->status = CONVERSATION_OPEN;
	conversation->progress = PROGRESS_IN_PROGRESS;
	conversation->ended_by_client = false;
	conversation->ended_at = conversation->timed_out_at = 0;
	conversation->updated_at = when_now();
	rc = conversation_save(call->db, conversation);
	if (rc == CONFLICT)
		return call_refuse(call, CONVERSATION_ALREADY_ACTIVE,
		    "/is_active", "the pair has another active conversation");
	return rc;
}

enum outcome
sms_conversation_patch(struct call *call)
{
	const struct conversation_patch *body = call->body;
	struct conversation_patched *answer = call->answer;
	struct conversation *conversation = &answer->conversation;
	struct id ignored;
	enum outcome rc = lock(call, conversation);

	answer->message = "Conversation updated successfully";
	call->settled = tx_repeat;
	if (rc != OK || conversation->is_active == body->is_active)
		return rc;
	if (body->is_active)
		return reopen(call, conversation);
	conversation->ended_by_client = true;
	return thread_end(call->db, call->arena, conversation,
	    CONVERSATION_INACTIVE, "is_active was set to false", &ignored);
}

enum outcome
sms_conversation_delete(struct call *call)
{
	const struct id *account = &call->key.account_id;
	struct answer_message *answer = call->answer;
	struct conversation conversation;
	enum outcome rc = lock(call, &conversation);

	answer->message = "Conversation deleted successfully";
	if (rc == OK)
		rc = message_delete_all(call->db, account, &conversation.id);
	if (rc == OK)
		rc = mail_delete_all(call->db, account, &conversation.id);
	if (rc == OK)
		rc = webhook_delete_all(call->db, account, &conversation.id);
	if (rc == OK)
		rc = turns_delete_all(call->db, account, &conversation.id);
	if (rc == OK)
		rc =
		    disposition_log_delete(call->db, account, &conversation.id);
	if (rc == OK)
		rc = phone_call_delete(call->db, account, &conversation.id);
	if (rc == OK)
		rc = work_delete_subject(call->db, account, &conversation.id);
	if (rc == OK)
		rc = conversation_delete(call->db, &conversation);
	if (rc == OK)
		rc =
		    number_count_add(call->db, account, conversation.pair.agent,
			conversation.pair.channel, &conversation.id, -1);
	return rc;
}

/* Ids that name no message of the conversation are passed over. */
static enum outcome
delete_each(
    struct call *call, const struct conversation *conversation, int64_t *count)
{
	const struct messages_delete *body = call->body;
	struct json_object *list;
	struct json_fault ignored;
	struct id id;
	const char *text;
	size_t i;
	enum outcome rc = json_parse(call->arena, body->message_ids,
	    strlen(body->message_ids), &list, &ignored);

	assert(rc == OK);
	for (i = 0; rc == OK && i < json_object_array_length(list); i++) {
		text =
		    json_object_get_string(json_object_array_get_idx(list, i));
		if (id_parse(text, &id) != OK)
			continue;
		rc = message_mark_deleted(
		    call->db, &call->key.account_id, &conversation->id, &id);
		if (rc == OK)
			++*count;
		else if (rc == NOT_FOUND)
			rc = OK;
	}
	return rc;
}

enum outcome
sms_messages_delete(struct call *call)
{
	struct messages_deleted *answer = call->answer;
	struct conversation conversation;
	enum outcome rc = lock(call, &conversation);

	if (rc == OK)
		rc = delete_each(call, &conversation, &answer->deleted_count);
	if (rc == OK && answer->deleted_count > 0) {
		conversation.message_count -= answer->deleted_count;
		conversation.updated_at = when_now();
		rc = conversation_save(call->db, &conversation);
	}
	answer->message =
	    arena_format(call->arena, "%lld messages marked as deleted",
		(long long)answer->deleted_count);
	return rc;
}
