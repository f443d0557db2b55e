#include "base/base.h"

#include "model/webhook.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/text.h"
#include "model/channel.h"
#include "model/conversation.h"
#include "model/message.h"

#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_PREFIX "whsec_"
#define SECRET_BYTES 32
#define INDEX_MOST UINT64_C(4294967294) /* 2^32 - 2: ECMA-262, 6.1.7 */
#define INDEX_DIGITS 10
#define ROLE_MOST 16 /* bytes, with what stands around a line */

static const char *const kind_words[] = {
	[WEBHOOK_MESSAGE] = "message",
	[WEBHOOK_STATUS] = "status",
};
static_assert(COUNT(kind_words) == WEBHOOK_KIND_N, "a word for every kind");

static const char *const send_type_words[] = {
	[SEND_SPAWN] = "spawn",
	[SEND_RESEND] = "resend",
	[SEND_CREATE] = "create",
};
static_assert(COUNT(send_type_words) == SEND_TYPE_N, "a word for every type");

static const char *const state_words[] = {
	[DELIVERY_PENDING] = "pending",
	[DELIVERY_DELIVERED] = "delivered",
	[DELIVERY_FAILED] = "failed",
};
static_assert(COUNT(state_words) == DELIVERY_STATE_N, "a word for every state");

const struct names webhook_kind_names = NAMES(kind_words);
const struct names send_type_names = NAMES(send_type_words);
const struct names delivery_state_names = NAMES(state_words);

/* As models know them; a person speaks for the agent. */
static const char *const roles[] = {
	[SENDER_USER] = "user",
	[SENDER_AGENT] = "assistant",
	[SENDER_HUMAN] = "assistant",
};
static_assert(COUNT(roles) == SENDER_N, "a role for every sender");

/* A line of chat_history. */
struct line {
	const char *role;
	const char *content;
};

/* What both documents are written from. */
struct webhook {
	int kind;
	struct conversation conversation;
	struct list history; /* struct line */

	/* Of a status. */
	const char *status;
	const char *status_reason;
	const char *transcript;
	const char *citations;
	const char *dispositions;

	/* Of a message. */
	struct message message;
};

/* A member whose name is an array index. */
struct member {
	uint64_t index;
	const char *name;
	struct json_object *value;
};

#define AT(member) FIELD_AT(struct webhook, member)
#define ATTEMPT_AT(member) FIELD_AT(struct delivery_attempt, member)
#define DELIVERY_AT(member) FIELD_AT(struct delivery, member)
#define SECRET_AT(member) FIELD_AT(struct webhook_secret, member)

/* clang-format off */
#define WHERE_FIELDS                                                      \
	{ "phone_number", FIELD_TEXT, 0, AT(conversation.pair.user) },    \
	{ "agent_number", FIELD_TEXT, 0, AT(conversation.pair.agent) },   \
	{ "channel", FIELD_NAME, 0, AT(conversation.pair.channel),        \
	    .names = &channel_names },                                    \
	{ "pathway_id", FIELD_TEXT, FIELD_NULLABLE,                       \
	    AT(conversation.position.pathway_id) },                       \
	{ "pathway_version", FIELD_TEXT, FIELD_NULLABLE,                  \
	    AT(conversation.position.pathway_version) }

#define STATE_FIELDS                                                      \
	{ "variables", FIELD_OBJECT, 0, AT(conversation.variables) },     \
	{ "metadata", FIELD_OBJECT, 0, AT(conversation.metadata) },       \
	{ "pathway_tags", FIELD_ARRAY, 0, AT(conversation.pathway_tags) }

static const struct field status_fields[] = {
	{ "type", FIELD_NAME, 0, AT(kind), .names = &webhook_kind_names },
	{ "status", FIELD_TEXT, 0, AT(status) },
	{ "status_reason", FIELD_TEXT, FIELD_NULLABLE, AT(status_reason) },
	{ "conversation_id", FIELD_ID, 0, AT(conversation.id) },
	WHERE_FIELDS,
	{ "message_count", FIELD_INTEGER, 0,
	    AT(conversation.message_count) },
	STATE_FIELDS,
	{ "concatenated_transcript", FIELD_TEXT, 0, AT(transcript) },
	{ "summary", FIELD_TEXT, FIELD_NULLABLE, AT(conversation.summary) },
	{ "citations", FIELD_OBJECT, FIELD_NULLABLE, AT(citations) },
	{ "dispositions", FIELD_ARRAY, 0, AT(dispositions) },
};

static const struct field line_fields[] = {
	{ "role", FIELD_TEXT, 0, FIELD_AT(struct line, role) },
	{ "content", FIELD_TEXT, 0, FIELD_AT(struct line, content) },
};

static const struct schema line_schema =
    SCHEMA("WebhookLine", line_fields, struct line);

/* `status` would be taken for the conversation's. */
static const struct field message_fields[] = {
	{ "type", FIELD_NAME, 0, AT(kind), .names = &webhook_kind_names },
	{ "conversation_id", FIELD_ID, 0, AT(conversation.id) },
	{ "message_id", FIELD_ID, 0, AT(message.id) },
	WHERE_FIELDS,
	{ "message", FIELD_TEXT, 0, AT(message.text) },
	{ "sender", FIELD_NAME, 0, AT(message.sender),
	    .names = &sender_names },
	{ "chat_history", FIELD_LIST, 0, AT(history),
	    .schema = &line_schema },
	STATE_FIELDS,
	{ "created_at", FIELD_WHEN, 0, AT(message.created_at) },
	{ "message_status", FIELD_NAME, FIELD_NULLABLE, AT(message.status),
	    .names = &message_status_names },
	{ "error_code", FIELD_TEXT, FIELD_NULLABLE, AT(message.error_code) },
};

static const struct field attempt_fields[] = {
	{ "sent_at", FIELD_WHEN, 0, ATTEMPT_AT(sent_at) },
	{ "response_code", FIELD_INTEGER, FIELD_NULLABLE,
	    ATTEMPT_AT(response_code), .about = "null: there was no answer." },
	{ "response_time", FIELD_TEXT, 0, ATTEMPT_AT(took) },
	{ "send_type", FIELD_NAME, 0, ATTEMPT_AT(send_type),
	    .names = &send_type_names },
	{ "error_message", FIELD_TEXT, FIELD_NULLABLE,
	    ATTEMPT_AT(error_message) },
};

static const struct schema attempt_schema =
    SCHEMA("DeliveryAttempt", attempt_fields, struct delivery_attempt);

static const struct field delivery_fields[] = {
	{ "id", FIELD_ID, 0, DELIVERY_AT(id) },
	{ "conversation_id", FIELD_ID, 0, DELIVERY_AT(conversation_id) },
	{ "url", FIELD_TEXT, 0, DELIVERY_AT(url) },
	{ "type", FIELD_NAME, 0, DELIVERY_AT(kind),
	    .names = &webhook_kind_names },
	{ "state", FIELD_NAME, 0, DELIVERY_AT(state),
	    .names = &delivery_state_names },
	{ "payload", FIELD_OBJECT, FIELD_NULLABLE, DELIVERY_AT(document),
	    .about = "null for a key that may not read conversations." },
	{ "workflow_id", FIELD_ID, 0, DELIVERY_AT(work_id) },
	{ "created_at", FIELD_WHEN, 0, DELIVERY_AT(created_at) },
	{ "delivered_at", FIELD_WHEN, FIELD_NULLABLE,
	    DELIVERY_AT(delivered_at) },
	{ "attempts", FIELD_LIST, 0, DELIVERY_AT(attempts),
	    .schema = &attempt_schema },
};

static const struct field log_fields[] = {
	{ "conversation_id", FIELD_ID, 0, DELIVERY_AT(conversation_id) },
	{ "url", FIELD_TEXT, 0, DELIVERY_AT(url) },
	{ "payload", FIELD_OBJECT, FIELD_NULLABLE, DELIVERY_AT(document) },
	{ "created_at", FIELD_WHEN, 0, DELIVERY_AT(created_at) },
	{ "user_id", FIELD_ID, 0, DELIVERY_AT(account_id),
	    .about = "The account that owns it." },
	{ "metadata", FIELD_LIST, 0, DELIVERY_AT(attempts),
	    .schema = &attempt_schema },
};

#define SECRET_FIELDS                                                     \
	{ "id", FIELD_ID, 0, SECRET_AT(id) },                             \
	{ "created_at", FIELD_WHEN, 0, SECRET_AT(created_at) },           \
	{ "expires_at", FIELD_WHEN, FIELD_NULLABLE,                       \
	    SECRET_AT(expires_at),                                        \
	    .about = "null: until another takes its place." }

static const struct field secret_fields[] = { SECRET_FIELDS };

static const struct field secret_created_fields[] = {
	SECRET_FIELDS,
	{ "secret", FIELD_TEXT, 0, SECRET_AT(secret),
	    .about = "The whole secret. It is shown this once." },
};
/* clang-format on */

static const struct schema status_schema =
    SCHEMA("StatusWebhook", status_fields, struct webhook);
static const struct schema message_schema_out =
    SCHEMA("MessageWebhook", message_fields, struct webhook);

const struct schema delivery_schema =
    SCHEMA("Delivery", delivery_fields, struct delivery);
const struct schema delivery_log_schema =
    SCHEMA("DeliveryLog", log_fields, struct delivery);
const struct schema webhook_secret_schema =
    SCHEMA("WebhookSecret", secret_fields, struct webhook_secret);
const struct schema webhook_secret_created_schema = SCHEMA(
    "WebhookSecretCreated", secret_created_fields, struct webhook_secret);

static struct webhook webhook_of(struct arena *arena, enum webhook_kind kind,
    const struct conversation *conversation);
static struct list latest(const struct list *messages);
static const char *write_transcript(
    struct arena *arena, const struct list *messages);
static struct list write_history(
    struct arena *arena, const struct list *messages);
static struct json_object *normal(
    struct arena *arena, struct json_object *value);

/* The documents. */

/* What was never set is as empty as what was emptied. */
static const char *
normal_or(struct arena *arena, const char *json, const char *otherwise)
{
	const char *text = json != NULL ? webhook_normal(arena, json) : NULL;

	return text != NULL ? text : otherwise;
}

static const char *
write_status(struct arena *arena, const struct conversation *conversation,
    const struct list *messages, const char *status, const char *reason)
{
	struct webhook webhook =
	    webhook_of(arena, WEBHOOK_STATUS, conversation);

	webhook.status = status;
	webhook.status_reason = reason;
	webhook.transcript = write_transcript(arena, messages);
	webhook.dispositions =
	    normal_or(arena, conversation->disposition_logs, "[]");
	if (conversation->citation_variables != NULL)
		webhook.citations =
		    webhook_normal(arena, conversation->citation_variables);
	return field_write_text(arena, &status_schema, &webhook);
}

const char *
webhook_status_text(struct arena *arena,
    const struct conversation *conversation, const struct list *messages,
    const char *reason)
{
	return write_status(arena, conversation, messages,
	    names_text(&conversation_status_names, conversation->status),
	    reason);
}

const char *
webhook_handoff_text(struct arena *arena,
    const struct conversation *conversation, const struct list *messages,
    const char *reason)
{
	return write_status(arena, conversation, messages,
	    conversation->human_handoff_at != 0 ? "human_handoff"
						: "human_handoff_ended",
	    reason);
}

const char *
webhook_message_text(struct arena *arena,
    const struct conversation *conversation, const struct list *messages,
    const struct message *message)
{
	struct webhook webhook =
	    webhook_of(arena, WEBHOOK_MESSAGE, conversation);

	webhook.message = *message;
	webhook.history = write_history(arena, messages);
	return field_write_text(arena, &message_schema_out, &webhook);
}

enum webhook_kind
webhook_kind_of(const char *document)
{
	return text_starts(document, "{\"type\":\"status\"") ? WEBHOOK_STATUS
							     : WEBHOOK_MESSAGE;
}

static struct webhook
webhook_of(struct arena *arena, enum webhook_kind kind,
    const struct conversation *conversation)
{
	struct webhook webhook = {
		.kind = (int)kind,
		.conversation = *conversation,
	};
	struct conversation *copy = &webhook.conversation;

	copy->variables = normal_or(arena, conversation->variables, "{}");
	copy->metadata =
	    normal_or(arena, conversation_metadata(arena, conversation), "{}");
	copy->pathway_tags = normal_or(arena, conversation->pathway_tags, "[]");
	return webhook;
}

static size_t
line_length(const struct message *message)
{
	return strlen(message->text) + ROLE_MOST;
}

/* Those at the end that fit. */
static struct list
latest(const struct list *messages)
{
	const struct message *list = messages->items;
	size_t first = messages->count, room = WEBHOOK_HISTORY_MOST;

	while (first > 0 && line_length(&list[first - 1]) <= room)
		room -= line_length(&list[--first]);
	return (struct list){
		.items = first < messages->count ? &list[first] : NULL,
		.count = messages->count - first,
	};
}

/* Clients know "role: text", a space, a line feed and a space. */
static const char *
write_transcript(struct arena *arena, const struct list *messages)
{
	struct list some = latest(messages);
	const struct message *list = some.items;
	struct buf buf;
	size_t i;

	buf_init(&buf, arena, WEBHOOK_HISTORY_MOST);
	for (i = 0; i < some.count; i++) {
		buf_add_text(&buf, roles[list[i].sender]);
		buf_add_text(&buf, ": ");
		buf_add_text(&buf, list[i].text);
		buf_add_text(&buf, " \n ");
	}
	assert(buf_ok(&buf));
	return buf_text(&buf);
}

static struct list
write_history(struct arena *arena, const struct list *messages)
{
	struct list some = latest(messages);
	const struct message *list = some.items;
	struct line *lines = arena_alloc(arena, some.count * sizeof(*lines));
	size_t i;

	for (i = 0; i < some.count; i++)
		lines[i] = (struct line){
			.role = roles[list[i].sender],
			.content = list[i].text,
		};
	return (struct list){ lines, some.count };
}

/* What JSON.parse makes of a document, and JSON.stringify of that. */

const char *
webhook_normal(struct arena *arena, const char *json)
{
	struct json_object *tree;
	struct json_fault ignored;

	if (json_parse(arena, json, strlen(json), &tree, &ignored) != OK)
		return NULL;
	return json_text(arena, json_own(arena, normal(arena, tree)));
}

/* Is this name an array index (ECMA-262, 6.1.7)?  Such members come first,
 * in the order of their numbers. */
static bool
is_index(const char *name, uint64_t *index)
{
	size_t length = strlen(name), i;
	uint64_t value = 0;

	if (length == 0 || length > INDEX_DIGITS ||
	    (name[0] == '0' && length > 1))
		return false;
	for (i = 0; i < length; i++) {
		if (name[i] < '0' || name[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(name[i] - '0');
	}
	*index = value;
	return value <= INDEX_MOST;
}

static int
compare_members(const void *a, const void *b)
{
	uint64_t one = ((const struct member *)a)->index;
	uint64_t other = ((const struct member *)b)->index;

	return (one > other) - (one < other);
}

/* The members whose names are array indices, in their order. */
static struct list
find_indices(struct arena *arena, struct json_object *object)
{
	size_t count = 0, most = (size_t)json_object_object_length(object);
	struct member *members = arena_alloc(arena, most * sizeof(*members));

	json_object_object_foreach(object, name, value)
	{
		members[count].name = name;
		members[count].value = value;
		if (is_index(name, &members[count].index))
			count++;
	}
	qsort(members, count, sizeof(*members), compare_members);
	return (struct list){ members, count };
}

static struct json_object *
normal_object(struct arena *arena, struct json_object *object)
{
	struct json_object *made = json_object_new_object();
	struct list indices = find_indices(arena, object);
	const struct member *members = indices.items;
	uint64_t ignored;
	size_t i;

	for (i = 0; i < indices.count; i++)
		(void)json_object_object_add(
		    made, members[i].name, normal(arena, members[i].value));
	json_object_object_foreach(object, name, value)
	{
		if (!is_index(name, &ignored))
			(void)json_object_object_add(
			    made, name, normal(arena, value));
	}
	return made;
}

static struct json_object *
normal_array(struct arena *arena, struct json_object *array)
{
	size_t i, count = json_object_array_length(array);
	struct json_object *made = json_object_new_array_ext((int)count + 1);

	for (i = 0; i < count; i++)
		(void)json_object_array_add(
		    made, normal(arena, json_object_array_get_idx(array, i)));
	return made;
}

/* A new tree; as deep as json_parse lets a document be. */
static struct json_object *
normal(struct arena *arena, struct json_object *value)
{
	double number;

	switch (json_object_get_type(value)) {
	case json_type_object:
		return normal_object(arena, value);
	case json_type_array:
		return normal_array(arena, value);
	case json_type_int:
	case json_type_double:
		number = json_object_get_double(value);
		return isfinite(number) ? json_number(number) : NULL;
	case json_type_null:
	case json_type_boolean:
	case json_type_string:
		break;
	}
	return json_object_get(value);
}

/* Secrets and signatures. */

void
webhook_secret_make(struct arena *arena, struct webhook_secret *secret)
{
	unsigned char bytes[SECRET_BYTES];

	secret_random(bytes, sizeof(bytes));
	secret->id = id_new();
	secret->secret = arena_format(arena, SECRET_PREFIX "%s",
	    secret_base64(arena, bytes, sizeof(bytes)));
	secret_wipe(bytes, sizeof(bytes));
}

enum outcome
webhook_sign(struct arena *arena, const char *secret, const char *id,
    int64_t timestamp, const char *body, const char **signature)
{
	unsigned char digest[SECRET_DIGEST], *key;
	const char *what;
	size_t length;

	if (!text_starts(secret, SECRET_PREFIX) ||
	    secret_unbase64(
		arena, secret + strlen(SECRET_PREFIX), &key, &length) != OK)
		return INVALID;
	what =
	    arena_format(arena, "%s.%lld.%s", id, (long long)timestamp, body);
	secret_hmac(key, length, what, strlen(what), digest);
	secret_wipe(key, length);
	*signature = arena_format(
	    arena, "v1,%s", secret_base64(arena, digest, sizeof(digest)));
	return OK;
}

const char *
webhook_sign_body(struct arena *arena, const char *secret, const char *body)
{
	unsigned char digest[SECRET_DIGEST];

	secret_hmac(secret, strlen(secret), body, strlen(body), digest);
	return secret_hex(arena, digest, sizeof(digest));
}
