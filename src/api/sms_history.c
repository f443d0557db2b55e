#include "base/base.h"

#include "api/sms_history.h"

#include "api/call.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/field.h"
#include "model/message.h"
#include "store/conversation.h"
#include "store/message.h"
#include "store/number.h"

struct pair_request {
	const char *to, *from;
	int channel;
};

struct cleared {
	const char *status;
	int64_t count;
};

struct history {
	struct list messages;
};

#define AT(member) FIELD_AT(struct pair_request, member)

/* clang-format off */
static const struct field pair_fields[] = {
	{ "to", FIELD_PHONE, FIELD_REQUIRED, AT(to) },
	{ "from", FIELD_PHONE, FIELD_REQUIRED, AT(from),
	    .about = "One of the two is the account's." },
	{ "channel", FIELD_NAME, 0, AT(channel),
	    .names = &messaging_channel_names,
	    .about = "sms if not given." },
};

static const struct field cleared_fields[] = {
	{ "status", FIELD_TEXT, 0, FIELD_AT(struct cleared, status) },
	{ "count", FIELD_INTEGER, 0, FIELD_AT(struct cleared, count) },
};

static const struct field history_fields[] = {
	{ "messages", FIELD_LIST, 0, FIELD_AT(struct history, messages),
	    .schema = &message_schema },
};
/* clang-format on */

const struct schema pair_request_schema =
    SCHEMA("PairRequest", pair_fields, struct pair_request);
const struct schema cleared_schema =
    SCHEMA("Cleared", cleared_fields, struct cleared);
const struct schema history_schema =
    SCHEMA("History", history_fields, struct history);

/* Which of the two is ours? */
static enum outcome
find_pair(struct call *call, struct pair *pair)
{
	const struct pair_request *body = call->body;
	const struct id *account = &call->key.account_id;
	struct silence ignored;
	enum outcome rc;

	*pair = (struct pair){ body->channel, body->to, body->from };
	rc = number_silence_find(call->db, call->arena, account, pair->agent,
	    pair->channel, &ignored);
	if (rc != NOT_FOUND)
		return rc;
	*pair = (struct pair){ body->channel, body->from, body->to };
	rc = number_silence_find(call->db, call->arena, account, pair->agent,
	    pair->channel, &ignored);
	return call_missing(call, rc, INBOUND_NUMBER_NOT_FOUND, "/from",
	    "number on this channel");
}

static enum outcome
clear(struct call *call, struct conversation *conversation, int64_t *count)
{
	int64_t more = 0;
	enum outcome rc =
	    message_count_after(call->db, call->arena, &call->key.account_id,
		&conversation->id, conversation->cleared_seq, &more);

	if (rc != OK || conversation->cleared_seq == conversation->last_seq)
		return rc;
	*count += more;
	conversation->cleared_seq = conversation->last_seq;
	conversation->updated_at = when_now();
	return conversation_save(call->db, conversation);
}

enum outcome
sms_clear(struct call *call)
{
	struct cleared *answer = call->answer;
	struct conversation *conversations;
	struct pair pair;
	struct rows rows = { 0 };
	size_t i;
	enum outcome rc = find_pair(call, &pair);

	if (rc == OK)
		rc = conversation_lock_pair(
		    call->db, call->arena, &call->key.account_id, &pair, &rows);
	conversations = rows.list;
	for (i = 0; rc == OK && i < rows.count; i++)
		rc = clear(call, &conversations[i], &answer->count);
	answer->status = "success";
	return rc;
}

enum outcome
sms_messages_get(struct call *call)
{
	struct history *answer = call->answer;
	struct pair pair;
	struct rows rows;
	enum outcome rc = find_pair(call, &pair);

	if (rc == OK)
		rc = message_list_pair(
		    call->db, call->arena, &call->key.account_id, &pair, &rows);
	if (rc != OK)
		return rc;
	answer->messages.items = rows.list;
	answer->messages.count = rows.count;
	return OK;
}
