#include "base/base.h"

#include "model/event_log.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/message.h"
#include "model/trace.h"
#include "model/turn_record.h"

#include <json-c/json.h>
#include <string.h>

#define AT(member) FIELD_AT(struct event_log_entry, member)

/* clang-format off */
static const struct field fields[] = {
	{ "conversation_id", FIELD_ID, 0, AT(conversation_id) },
	{ "sequence", FIELD_INTEGER, 0, AT(sequence) },
	{ "event_type", FIELD_TEXT, 0, AT(event_type),
	    .about = "node.transition, transcript.user, webhook.result, ..." },
	{ "node_id", FIELD_TEXT, FIELD_NULLABLE, AT(node_id) },
	{ "operation_id", FIELD_TEXT, FIELD_NULLABLE, AT(operation_id),
	    .about = "The same in all events of one operation." },
	{ "payload", FIELD_OBJECT, 0, AT(payload) },
	{ "created_at", FIELD_TEXT, 0, AT(created_at) },
};
/* clang-format on */

const struct schema event_log_schema =
    SCHEMA("PathwayEvent", fields, struct event_log_entry);

typedef void adder(struct event_log *log, struct json_object *entry);

static adder add_say, add_send, add_move, add_tag, add_ask, add_variables,
    add_transfer, add_hand_off;

/* A row for each action that is an event. */
static const struct {
	const char *word;
	adder *add;
} actions[] = {
	{ "say", add_say },
	{ "send", add_send },
	{ "move", add_move },
	{ "tag", add_tag },
	{ "ask_model", add_ask },
	{ "call_tool", add_ask },
	{ "call_url", add_ask },
	{ "set_variables", add_variables },
	{ "transfer", add_transfer },
	{ "hand_off", add_hand_off },
};

/* Once there is too much, nothing that follows is there: there is no gap. */
static void
add(struct event_log *log, const char *type, const char *node,
    const char *operation, struct json_object *payload, const char *at)
{
	const char *text;

	if (++log->sequence > log->after && log->count < log->most) {
		text = json_text(log->arena, payload);
		log->size += strlen(text);
		log->entries[log->count++] = (struct event_log_entry){
			.conversation_id = log->conversation_id,
			.sequence = log->sequence,
			.event_type = type,
			.node_id = node,
			.operation_id = operation,
			.payload = text,
			.created_at = arena_text(log->arena, at),
		};
		if (log->size > EVENT_LOG_BYTES)
			log->most = log->count;
	}
	(void)json_object_put(payload);
}

/* Where it stands now, beyond the turn that says so. */
static void
stand(struct event_log *log, const char *node)
{
	log->node = node != NULL ? arena_text(log->arena, node) : NULL;
}

/* A payload of members of the entry, under the names that they have there or
 * another; ended by NULL. */
static struct json_object *
pick(struct json_object *entry, const char *const *names)
{
	struct json_object *payload = json_object_new_object(), *value;

	for (; names[0] != NULL; names += 2)
		if (json_object_object_get_ex(entry, names[0], &value))
			(void)json_object_object_add(
			    payload, names[1], json_object_get(value));
	return payload;
}

#define PICK(...)                                                              \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}

static const char *
operation_id(const struct event_log *log, int64_t ask)
{
	return arena_format(log->arena, "%s-%lld",
	    id_text(log->arena, &log->record->id), (long long)ask);
}

/* --- Actions. */

static void
add_say(struct event_log *log, struct json_object *entry)
{
	add(log, "transcript.assistant", log->node, NULL,
	    pick(entry, PICK("text", "text", "reason", "reason")),
	    json_member_text(entry, "at"));
}

static void
add_send(struct event_log *log, struct json_object *entry)
{
	add(log, "sms.invoke", log->node, NULL,
	    pick(entry, PICK("name", "to", "text", "message")),
	    json_member_text(entry, "at"));
}

static void
add_move(struct event_log *log, struct json_object *entry)
{
	struct json_object *payload =
	    pick(entry, PICK("name", "to_node_id", "text", "to_node_name",
			    "reason", "reason"));

	(void)json_object_object_add(
	    payload, "from_node_id", json_string(log->node));
	stand(log, json_member_text(entry, "name"));
	add(log, "node.transition", log->node, NULL, payload,
	    json_member_text(entry, "at"));
}

static void
add_tag(struct event_log *log, struct json_object *entry)
{
	add(log, "node.tag", log->node, NULL,
	    pick(entry, PICK("name", "name", "text", "color")),
	    json_member_text(entry, "at"));
}

/* A model that writes or chooses is one event, once it has. */
static void
add_ask(struct event_log *log, struct json_object *entry)
{
	struct event_log_operation operation = {
		.ask =
		    json_object_get_int64(json_object_object_get(entry, "ask")),
		.node = log->node,
		.purpose = json_member_text(entry, "purpose"),
	};
	const char *kind = json_member_text(entry, "action");

	if (operation.purpose == NULL)
		operation.word =
		    text_equal(kind, "call_url") ? "webhook" : "tool";
	else if (text_equal(operation.purpose, "extract"))
		operation.word = "var_extraction";
	if (log->open_count < EVENT_LOG_OPEN)
		log->open[log->open_count++] = operation;
	if (operation.word != NULL)
		add(log, arena_format(log->arena, "%s.invoke", operation.word),
		    log->node, operation_id(log, operation.ask),
		    pick(entry, PICK("name", "name", "arguments", "request",
				    "reason", "reason")),
		    json_member_text(entry, "at"));
}

/* What an answer set: of each variable whether there was something. */
static void
add_variables(struct event_log *log, struct json_object *entry)
{
	struct json_object *payload =
	    pick(entry, PICK("variables", "variables", "reason", "reason"));
	struct json_object *outcomes, *variables;

	if (log->last.word == NULL || !text_equal(log->last.word, "webhook") ||
	    !json_object_object_get_ex(entry, "variables", &variables)) {
		(void)json_object_put(payload);
		return;
	}
	outcomes = json_object_new_object();
	json_object_object_foreach(variables, name, value)(void)
	    json_object_object_add(
		outcomes, name, json_string(value != NULL ? "set" : "empty"));
	(void)json_object_object_add(payload, "outcomes", outcomes);
	add(log, "webhook.mapping", log->last.node,
	    operation_id(log, log->last.ask), payload,
	    json_member_text(entry, "at"));
	log->last.word = NULL;
}

static void
add_transfer(struct event_log *log, struct json_object *entry)
{
	log->transfers = true;
	add(log, "transfer_pathway.invoke", log->node, NULL,
	    pick(entry, PICK("name", "pathway_id", "arguments", "to")),
	    json_member_text(entry, "at"));
}

static void
add_hand_off(struct event_log *log, struct json_object *entry)
{
	add(log, "transfer_call.invoke", log->node, NULL,
	    pick(entry, PICK("name", "number", "text", "reason")),
	    json_member_text(entry, "at"));
}

/* --- Events, and where walks begin. */

static void
add_model(struct event_log *log, struct json_object *entry,
    const struct event_log_operation *operation)
{
	struct json_object *payload =
	    pick(entry, PICK("text", "answer", "tool_calls", "tool_calls",
			    "fault", "error", "model", "model", "prompt_tokens",
			    "prompt_tokens", "completion_tokens",
			    "completion_tokens", "elapsed", "elapsed"));

	(void)json_object_object_add(
	    payload, "purpose", json_string(operation->purpose));
	add(log, "llm.action", operation->node,
	    operation_id(log, operation->ask), payload,
	    json_member_text(entry, "at"));
}

static void
add_answer(struct event_log *log, struct json_object *entry)
{
	int64_t ask =
	    json_object_get_int64(json_object_object_get(entry, "ask"));
	struct event_log_operation operation;
	size_t i = 0;

	while (i < log->open_count && log->open[i].ask != ask)
		i++;
	if (ask == 0 || i == log->open_count)
		return;
	operation = log->open[i];
	log->open[i] = log->open[--log->open_count];
	log->last = operation;
	if (operation.word == NULL) {
		add_model(log, entry, &operation);
		return;
	}
	add(log,
	    arena_format(log->arena, "%s.%s", operation.word,
		json_member_text(entry, "fault") != NULL ? "error" : "result"),
	    operation.node, operation_id(log, ask),
	    pick(entry,
		PICK("status", "status", "text", "result", "variables",
		    "variables", "fault", "error", "elapsed", "elapsed")),
	    json_member_text(entry, "at"));
}

static void
add_messages(struct event_log *log, int64_t until)
{
	const struct message *list = log->messages.items;
	struct json_object *payload;

	for (; log->message < log->messages.count &&
	       list[log->message].seq <= until;
	     log->message++) {
		const struct message *message = &list[log->message];

		if (message->sender != SENDER_USER)
			continue;
		payload = json_object_new_object();
		(void)json_object_object_add(
		    payload, "text", json_string(message->text));
		add(log, "transcript.user", log->node, NULL, payload,
		    when_text(log->arena, message->created_at));
	}
}

static void
add_beginning(struct event_log *log, struct json_object *entry)
{
	struct json_object *state = json_object_object_get(entry, "state");
	struct json_object *payload = pick(
	    entry, PICK("begin", "pathway_id", "version", "pathway_version"));

	log->open_count = 0;
	log->last.word = NULL;
	stand(log, json_member_text(state, "node"));
	(void)json_object_object_add(
	    payload, "node_id", json_string(log->node));
	if (log->transfers)
		add(log, "transfer_pathway.result", log->node, NULL, payload,
		    json_member_text(entry, "at"));
	else if (log->began)
		(void)json_object_put(payload);
	else {
		(void)json_object_object_add(payload, "variables",
		    json_object_get(
			json_object_object_get(entry, "variables")));
		add(log, "conversation.init", log->node, NULL, payload,
		    json_member_text(entry, "at"));
	}
	log->began = true;
	log->transfers = false;
	add_messages(log, log->record->user_seq);
}

static void
add_entry(struct event_log *log, struct json_object *entry)
{
	const char *action = json_member_text(entry, "action");
	size_t i;

	if (json_member_text(entry, "at") == NULL)
		return;
	if (json_member_text(entry, "begin") != NULL)
		add_beginning(log, entry);
	else if (json_member_text(entry, "event") != NULL)
		add_answer(log, entry);
	for (i = 0; action != NULL && i < COUNT(actions); i++)
		if (text_equal(actions[i].word, action))
			actions[i].add(log, entry);
}

/* --- The whole. */

void
event_log_init(struct event_log *log, struct arena *arena,
    const struct id *conversation, struct list messages, int64_t after,
    size_t most)
{
	*log = (struct event_log){
		.arena = arena,
		.conversation_id = *conversation,
		.messages = messages,
		.after = after,
		.entries =
		    arena_alloc(arena, (most + 1) * sizeof(*log->entries)),
		.most = most,
	};
}

void
event_log_take(struct event_log *log, const struct turn_record *record)
{
	struct arena *arena = arena_new(); /* of the trace, which is large */
	struct json_object *entries;
	struct json_fault ignored;
	size_t i, count = 0;

	if (json_parse(arena, record->trace, strlen(record->trace), &entries,
		&ignored) == OK &&
	    json_object_is_type(entries, json_type_array))
		count = json_object_array_length(entries);
	log->record = record;
	log->open_count = 0;
	log->last.word = NULL;
	for (i = 0; i < count; i++)
		add_entry(log, json_object_array_get_idx(entries, i));
	add_messages(log, record->user_seq);
	arena_free(arena);
	if (log->transfers)
		add(log, "transfer_pathway.error", log->node, NULL,
		    json_object_new_object(),
		    when_text(log->arena, record->ended_at));
	log->transfers = false;
}

void
event_log_end(struct event_log *log)
{
	add_messages(log, INT64_MAX);
}
