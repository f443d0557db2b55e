#include "base/base.h"

#include "model/transcript.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/names.h"
#include "base/text.h"
#include "base/when.h"
#include "model/mail_delivery.h"
#include "model/message.h"
#include "model/turn.h"
#include "model/turn_record.h"

#include <json-c/json.h>
#include <string.h>

enum turn_type { TYPE_MESSAGE, TYPE_TOOL_CALL, TYPE_TOOL_RESULT, TYPE_N };

static const char *const type_words[] = {
	[TYPE_MESSAGE] = "message",
	[TYPE_TOOL_CALL] = "tool_call",
	[TYPE_TOOL_RESULT] = "tool_result",
};
static_assert(COUNT(type_words) == TYPE_N, "a word for every type");

static const char *const role_words[] = {
	[SENDER_USER] = "user",
	[SENDER_AGENT] = "agent",
	[SENDER_HUMAN] = "human",
};
static_assert(COUNT(role_words) == SENDER_N, "a word for every sender");

static const struct names type_names = NAMES(type_words);
static const struct names role_names = NAMES(role_words);

struct tool_call {
	const char *id;
	const char *name;
	const char *arguments; /* JSON object */
};

struct tool_result {
	const char *id;
	const char *name;
	const char *output;
	bool is_error;
	int64_t latency; /* milliseconds */
};

struct transcript_turn {
	int type; /* enum turn_type */
	int64_t created_at;
	int64_t user_seq; /* of a call or result: what was said before it */
	const struct message *message;
	const struct mail_course *mail;
	const struct tool_call *call;
	const struct tool_result *result;
};

#define AT(member) FIELD_AT(struct transcript_turn, member)
#define MESSAGE_AT(member) FIELD_AT(struct message, member)
#define CALL_AT(member) FIELD_AT(struct tool_call, member)
#define RESULT_AT(member) FIELD_AT(struct tool_result, member)

/* clang-format off */
static const struct field message_fields[] = {
	{ "id", FIELD_ID, 0, MESSAGE_AT(id) },
	{ "role", FIELD_NAME, 0, MESSAGE_AT(sender), .names = &role_names,
	    .about = "human: a person in the agent's place." },
	{ "text", FIELD_TEXT, 0, MESSAGE_AT(text) },
	{ "status", FIELD_NAME, FIELD_NULLABLE, MESSAGE_AT(status),
	    .names = &message_status_names,
	    .about = "What is known of its way to the user." },
	{ "error_code", FIELD_TEXT, FIELD_NULLABLE, MESSAGE_AT(error_code) },
};

static const struct field call_fields[] = {
	{ "call_id", FIELD_TEXT, 0, CALL_AT(id) },
	{ "name", FIELD_TEXT, FIELD_NULLABLE, CALL_AT(name) },
	{ "arguments", FIELD_OBJECT, FIELD_NULLABLE | FIELD_OR_TEXT,
	    CALL_AT(arguments), .about = "A text where they were cut." },
};

static const struct field result_fields[] = {
	{ "call_id", FIELD_TEXT, 0, RESULT_AT(id) },
	{ "name", FIELD_TEXT, FIELD_NULLABLE, RESULT_AT(name) },
	{ "output", FIELD_TEXT, FIELD_NULLABLE, RESULT_AT(output),
	    .about = "As it came; of an error, why there is none." },
	{ "is_error", FIELD_BOOLEAN, 0, RESULT_AT(is_error) },
	{ "latency", FIELD_INTEGER, 0, RESULT_AT(latency),
	    .about = "Milliseconds." },
};

static const struct schema message_part =
    SCHEMA("TranscriptMessage", message_fields, struct message);
static const struct schema call_part =
    SCHEMA("TranscriptCall", call_fields, struct tool_call);
static const struct schema result_part =
    SCHEMA("TranscriptResult", result_fields, struct tool_result);

static const struct field turn_fields[] = {
	{ "type", FIELD_NAME, 0, AT(type), .names = &type_names },
	{ "message", FIELD_INLINE, FIELD_POINTER, AT(message),
	    .schema = &message_part },
	{ "mail", FIELD_INLINE, FIELD_POINTER, AT(mail),
	    .schema = &mail_course_schema },
	{ "call", FIELD_INLINE, FIELD_POINTER, AT(call),
	    .schema = &call_part },
	{ "result", FIELD_INLINE, FIELD_POINTER, AT(result),
	    .schema = &result_part },
	{ "created_at", FIELD_WHEN, 0, AT(created_at) },
};

const struct schema transcript_turn_schema =
    SCHEMA("TranscriptTurn", turn_fields, struct transcript_turn);

static const struct field fields[] = {
	{ "turns", FIELD_LIST, 0, FIELD_AT(struct transcript, turns),
	    .schema = &transcript_turn_schema },
};
/* clang-format on */

const struct schema transcript_schema =
    SCHEMA("Transcript", fields, struct transcript);

/* The calls of the turns, as they are collected. */
struct calls {
	struct arena *arena;
	struct transcript_turn *list;
	size_t count;
	size_t first; /* of the turn that is read */
	const struct turn_record *record;
};

static struct json_object *
read_trace(struct arena *arena, const char *text)
{
	struct json_object *trace;
	struct json_fault ignored;

	if (json_parse(arena, text, strlen(text), &trace, &ignored) == OK &&
	    json_object_is_type(trace, json_type_array))
		return trace;
	return json_own(arena, json_object_new_array());
}

static int64_t
integer_of(struct json_object *entry, const char *name)
{
	struct json_object *value;

	if (!json_object_object_get_ex(entry, name, &value))
		return 0;
	return json_object_get_int64(value);
}

/* Is it what the trace calls that? */
static bool
is_entry(struct json_object *entry, const char *what, const char *word)
{
	const char *text = json_member_text(entry, what);

	return text != NULL && text_equal(text, word);
}

static const char *
call_id(const struct calls *calls, struct json_object *entry)
{
	return arena_format(calls->arena, "%s-%lld",
	    id_text(calls->arena, &calls->record->id),
	    (long long)integer_of(entry, "ask"));
}

static struct transcript_turn *
add(struct calls *calls, struct json_object *entry, enum turn_type type)
{
	struct transcript_turn *turn = &calls->list[calls->count++];
	const char *at = json_member_text(entry, "at");

	*turn = (struct transcript_turn){
		.type = type,
		.user_seq = calls->record->user_seq,
		.created_at = calls->record->started_at,
	};
	if (at != NULL && when_parse(at, &turn->created_at) != OK)
		turn->created_at = calls->record->started_at;
	return turn;
}

static void
add_call(struct calls *calls, struct json_object *entry)
{
	struct tool_call *call = arena_alloc(calls->arena, sizeof(*call));
	struct json_object *arguments;

	call->id = call_id(calls, entry);
	call->name = json_member_text(entry, "name");
	if (json_object_object_get_ex(entry, "arguments", &arguments))
		call->arguments = json_text(calls->arena, arguments);
	add(calls, entry, TYPE_TOOL_CALL)->call = call;
}

/* The name of the tool that the turn called under this id. */
static const char *
name_of(const struct calls *calls, const char *id)
{
	size_t i;

	for (i = calls->first; i < calls->count; i++)
		if (calls->list[i].call != NULL &&
		    text_equal(calls->list[i].call->id, id))
			return calls->list[i].call->name;
	return NULL;
}

static void
add_result(struct calls *calls, struct json_object *entry)
{
	struct tool_result *result = arena_alloc(calls->arena, sizeof(*result));
	const char *fault = json_member_text(entry, "fault");

	result->id = call_id(calls, entry);
	result->name = name_of(calls, result->id);
	result->output =
	    fault != NULL ? fault : json_member_text(entry, "text");
	result->is_error = fault != NULL;
	result->latency = integer_of(entry, "elapsed") / 1000;
	add(calls, entry, TYPE_TOOL_RESULT)->result = result;
}

static void
add_entries(struct calls *calls, struct json_object *trace)
{
	const char *called = names_text(&turn_action_names, ACTION_CALL_TOOL);
	const char *answered =
	    names_text(&turn_event_names, EVENT_TOOL_ANSWERED);
	struct json_object *entry;
	size_t i;

	calls->first = calls->count;
	for (i = 0; i < json_object_array_length(trace); i++) {
		entry = json_object_array_get_idx(trace, i);
		if (is_entry(entry, "action", called))
			add_call(calls, entry);
		else if (is_entry(entry, "event", answered))
			add_result(calls, entry);
	}
}

static struct calls
read_calls(struct arena *arena, const struct list *records)
{
	const struct turn_record *list = records->items;
	struct json_object **traces = arena_alloc(
	    arena, (records->count + 1) * sizeof(struct json_object *));
	struct calls calls = { .arena = arena };
	size_t i, most = 0;

	for (i = 0; i < records->count; i++) {
		traces[i] = read_trace(arena, list[i].trace);
		most += json_object_array_length(traces[i]);
	}
	calls.list = arena_alloc(arena, (most + 1) * sizeof(*calls.list));
	for (i = 0; i < records->count; i++) {
		calls.record = &list[i];
		add_entries(&calls, traces[i]);
	}
	return calls;
}

/* The clock of a trace is coarser than that of messages, so a call also
 * comes behind what its turn had seen. */
static bool
is_before(const struct transcript_turn *call, const struct message *message)
{
	return call->user_seq < message->seq &&
	       call->created_at <= message->created_at;
}

struct transcript *
transcript_new(struct arena *arena, const struct list *messages,
    const struct list *records)
{
	const struct message *said = messages->items;
	const struct calls calls = read_calls(arena, records);
	struct transcript *transcript = arena_alloc(arena, sizeof(*transcript));
	struct transcript_turn *turns = arena_alloc(
	    arena, (messages->count + calls.count + 1) * sizeof(*turns));
	size_t i, next = 0, count = 0;

	for (i = 0; i < messages->count; i++) {
		while (next < calls.count &&
		       is_before(&calls.list[next], &said[i]))
			turns[count++] = calls.list[next++];
		turns[count++] = (struct transcript_turn){
			.type = TYPE_MESSAGE,
			.created_at = said[i].created_at,
			.message = &said[i],
		};
	}
	while (next < calls.count)
		turns[count++] = calls.list[next++];
	transcript->turns = (struct list){ turns, count };
	return transcript;
}

void
transcript_add_mails(struct transcript *transcript, const struct list *courses)
{
	struct transcript_turn *turns =
	    (struct transcript_turn *)transcript->turns.items;
	const struct mail_course *mails = courses->items;
	size_t i, next = 0;

	for (i = 0; i < transcript->turns.count; i++) {
		if (turns[i].message == NULL)
			continue;
		while (next < courses->count &&
		       mails[next].seq < turns[i].message->seq)
			next++;
		if (next < courses->count &&
		    mails[next].seq == turns[i].message->seq)
			turns[i].mail = &mails[next];
	}
}
