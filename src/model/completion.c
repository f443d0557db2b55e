#include "base/base.h"

#include "model/completion.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "model/alternation.h"

#include <json-c/json.h>
#include <string.h>

#define NOT_FOUND_STATUS 404
#define REASON_MOST 300 /* bytes of what a server says */
#define BAD_GATEWAY 502

/* What a status means: the first row that fits, or else LLM_UNAVAILABLE.
 * Whoever is not known, has not paid or asks for what
 * is not there has a mistake in the configuration, not in the request. */
/* clang-format off */
static const struct {
	int64_t first, last;
	enum outcome outcome;
	const char *code;
} meanings[] = {
	{ 300, 399, AGAIN,   LLM_REFUSED },
	{ 401, 402, AGAIN,   LLM_REFUSED },
	{ 404, 405, AGAIN,   LLM_REFUSED },
	{ 408, 408, AGAIN,   LLM_TIMEOUT },
	{ 409, 409, AGAIN,   LLM_UNAVAILABLE },
	{ 425, 425, AGAIN,   LLM_UNAVAILABLE },
	{ 429, 429, AGAIN,   LLM_RATE_LIMITED },
	{ 400, 499, INVALID, LLM_REFUSED },
	{ 504, 504, AGAIN,   LLM_TIMEOUT },
};
/* clang-format on */

/* An answer that is being read. */
struct reading {
	struct arena *arena;
	const struct completion_reply *reply;
	const struct completion_request *request;
	struct completion_answer *answer;
	struct json_object *document;
	struct json_object *message; /* of the first choice */
};

static enum outcome judge(struct reading *reading);
static enum outcome read_choice(struct reading *reading);
static enum outcome read_calls(struct reading *reading);
static enum outcome check_end(struct reading *reading);

/* --- The request. */

static struct json_object *
response_format(const struct completion_request *request)
{
	struct json_object *format = json_object_new_object();
	struct json_object *schema = json_object_new_object();

	(void)json_object_object_add(schema, "name",
	    json_string(request->schema_name != NULL ? request->schema_name
						     : "answer"));
	(void)json_object_object_add(
	    schema, "strict", json_object_new_boolean(true));
	(void)json_object_object_add(
	    schema, "schema", json_raw(request->schema));
	(void)json_object_object_add(
	    format, "type", json_string("json_schema"));
	(void)json_object_object_add(format, "json_schema", schema);
	return format;
}

const char *
completion_write(struct arena *arena, const char *model,
    const struct completion_request *request,
    const struct completion_manner *manner)
{
	struct json_object *document = json_object_new_object();

	(void)json_object_object_add(document, "model", json_string(model));
	(void)json_object_object_add(document, "messages",
	    json_raw(manner->alternates
			 ? alternation_write(arena, request->messages)
			 : request->messages));
	if (request->tools != NULL)
		(void)json_object_object_add(
		    document, "tools", json_raw(request->tools));
	if (request->schema != NULL)
		(void)json_object_object_add(
		    document, "response_format", response_format(request));
	if (!manner->no_temperature)
		(void)json_object_object_add(
		    document, "temperature", json_number(request->temperature));
	if (request->most_tokens > 0)
		(void)json_object_object_add(document,
		    manner->newer_limit ? "max_completion_tokens"
					: "max_tokens",
		    json_object_new_int64(request->most_tokens));
	return json_finish(arena, document);
}

/* --- Parts of a document. */

/* The member of this name and type, NULL where there is none; so a member of
 * what is not there is not there either. */
static struct json_object *
member(struct json_object *object, const char *name, enum json_type type)
{
	struct json_object *value;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, name, &value) ||
	    !json_object_is_type(value, type))
		return NULL;
	return value;
}

static struct json_object *
parse(struct arena *arena, const char *text, size_t length)
{
	struct json_object *document;
	struct json_fault ignored;

	if (json_parse(arena, text, length, &document, &ignored) != OK)
		return NULL;
	return document;
}

/* How many bytes the first character has. */
static size_t
character_length(const char *text)
{
	size_t length = 1;

	while (((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	return length;
}

/* Without what is no text, and at most so many bytes of it. */
static const char *
clean(struct arena *arena, const char *text, size_t most)
{
	struct buf buf;
	size_t length;

	buf_init(&buf, arena, most);
	for (; *text != '\0'; text += length) {
		length = character_length(text);
		if (text_is_clean(text, length))
			buf_add(&buf, text, length);
	}
	return buf_text(&buf);
}

static const char *
one_line(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text), *c;

	for (c = copy; *c != '\0'; c++)
		*c = strchr("\t\r\n", *c) != NULL ? ' ' : *c;
	return clean(arena, text_trim(arena, copy), REASON_MOST);
}

/* --- What a server says of what went wrong. */

/* OpenAI has error.message; others have `error`, `message` or `detail`. */
static const char *
find_message(struct json_object *document)
{
	static const char *const names[] = { "error", "message", "detail" };
	const char *message = json_member_text(
	    member(document, "error", json_type_object), "message");
	size_t i;

	for (i = 0; message == NULL && i < COUNT(names); i++)
		message = json_member_text(document, names[i]);
	return message;
}

/* Servers quote the key that they do not know. */
static const char *
without(struct arena *arena, const char *text, const char *secret)
{
	const char *found;
	struct buf buf;

	buf_init(&buf, arena, COMPLETION_MOST);
	while (secret != NULL && secret[0] != '\0' &&
	       (found = strstr(text, secret)) != NULL) {
		buf_add(&buf, text, (size_t)(found - text));
		buf_add_text(&buf, "(hidden)");
		text = found + strlen(secret);
	}
	buf_add_text(&buf, text);
	return buf_text(&buf);
}

static enum outcome
say(struct reading *reading, enum outcome rc, const char *code,
    const char *reason)
{
	reading->answer->code = code;
	reason = without(reading->arena, reason, reading->reply->secret);
	reading->answer->reason = one_line(reading->arena, reason);
	return rc;
}

static enum outcome
judge_status(struct reading *reading, int64_t status)
{
	const char *message = find_message(reading->document);
	const char *code = LLM_UNAVAILABLE, *reason;
	enum outcome rc = AGAIN;
	size_t i;

	for (i = 0; i < COUNT(meanings); i++)
		if (status >= meanings[i].first && status <= meanings[i].last)
			break;
	if (i < COUNT(meanings)) {
		rc = meanings[i].outcome;
		code = meanings[i].code;
	}
	reason = arena_format(reading->arena,
	    "the model's server answered %lld%s%s", (long long)status,
	    message != NULL ? ": " : "", message != NULL ? message : "");
	return say(reading, rc, code, reason);
}

/* The words of the templates that models come with; servers pass them on. */
static bool
wants_alternation(struct json_object *document)
{
	const char *message = find_message(document);

	return message != NULL && strcasestr(message, "must alternate") != NULL;
}

bool
completion_adapt(struct arena *arena, const struct completion_reply *reply,
    struct completion_manner *manner)
{
	struct json_object *document, *error;
	const char *parameter, *code;

	if (reply->status < 400)
		return false;
	document = parse(arena, reply->body, reply->length);
	if (!manner->alternates && wants_alternation(document)) {
		manner->alternates = true;
		return true;
	}
	if (reply->status != 400)
		return false;
	error = member(document, "error", json_type_object);
	parameter = json_member_text(error, "param");
	code = json_member_text(error, "code");
	if (parameter == NULL || code == NULL ||
	    !text_starts(code, "unsupported"))
		return false;
	if (text_equal(parameter, "max_tokens") && !manner->newer_limit)
		manner->newer_limit = true;
	else if (text_equal(parameter, "temperature") &&
		 !manner->no_temperature)
		manner->no_temperature = true;
	else
		return false;
	return true;
}

/* Servers say so by the status alone, or by OpenAI's code. */
bool
completion_is_unknown(struct arena *arena, const struct completion_reply *reply)
{
	struct json_object *document, *error;
	const char *code;

	if (reply->status != 400)
		return reply->status == NOT_FOUND_STATUS;
	document = parse(arena, reply->body, reply->length);
	error = member(document, "error", json_type_object);
	code = json_member_text(error, "code");
	return code != NULL && text_equal(code, "model_not_found");
}

/* --- The answer. */

static enum outcome
broken(struct reading *reading, const char *reason)
{
	return say(reading, AGAIN, LLM_BROKEN_ANSWER, reason);
}

enum outcome
completion_read(struct arena *arena, const struct completion_reply *reply,
    const struct completion_request *request, struct completion_answer *answer)
{
	struct reading reading = {
		.arena = arena,
		.reply = reply,
		.request = request,
		.answer = answer,
		.document = parse(arena, reply->body, reply->length),
	};
	enum outcome rc;

	*answer = (struct completion_answer){ .text = "" };
	rc = judge(&reading);
	if (rc == OK)
		rc = read_choice(&reading);
	if (rc == OK)
		rc = read_calls(&reading);
	if (rc == OK)
		rc = check_end(&reading);
	if (rc == OK)
		return OK;
	*answer = (struct completion_answer){
		.text = "",
		.code = answer->code,
		.reason = answer->reason,
		.retry_after = reply->retry_after,
	};
	return rc;
}

/* Some servers answer 200 and then find that they cannot: the number of the
 * error is then a status. */
static enum outcome
judge(struct reading *reading)
{
	const struct completion_reply *reply = reading->reply;
	struct json_object *error =
	    member(reading->document, "error", json_type_object);
	struct json_object *code = member(error, "code", json_type_int);
	int64_t status = code != NULL ? json_object_get_int64(code) : 0;

	if (reply->status < 200 || reply->status > 299)
		return judge_status(reading, reply->status);
	if (error != NULL)
		return judge_status(reading,
		    status >= 300 && status <= 599 ? status : BAD_GATEWAY);
	if (reply->cut)
		return broken(reading, "the model's answer is too long");
	if (reading->document == NULL)
		return broken(reading, "the model's answer is no JSON");
	return OK;
}

/* A text, or a list of parts of which some are texts. */
static const char *
read_content(struct reading *reading)
{
	const char *text = json_member_text(reading->message, "content");
	struct json_object *parts =
	    member(reading->message, "content", json_type_array);
	struct json_object *part;
	struct buf buf;
	size_t i;

	if (text != NULL)
		return clean(reading->arena, text, COMPLETION_MOST);
	buf_init(&buf, reading->arena, COMPLETION_MOST);
	for (i = 0; parts != NULL && i < json_object_array_length(parts); i++) {
		part = json_object_array_get_idx(parts, i);
		text = json_member_text(part, "text");
		if (text != NULL)
			buf_add_text(&buf, text);
	}
	return clean(reading->arena, buf_text(&buf), COMPLETION_MOST);
}

static int64_t
read_count(struct json_object *usage, const char *name)
{
	struct json_object *count = member(usage, name, json_type_int);
	int64_t value = count != NULL ? json_object_get_int64(count) : 0;

	return value > 0 ? value : 0;
}

static enum outcome
read_choice(struct reading *reading)
{
	struct json_object *document = reading->document;
	struct json_object *choices =
	    member(document, "choices", json_type_array);
	struct json_object *choice =
	    choices != NULL ? json_object_array_get_idx(choices, 0) : NULL;
	struct json_object *usage = member(document, "usage", json_type_object);
	struct completion_answer *answer = reading->answer;
	const char *model = json_member_text(document, "model");
	const char *reason = json_member_text(choice, "finish_reason");

	reading->message = member(choice, "message", json_type_object);
	if (reading->message == NULL)
		return broken(reading, "the model's answer has no message");
	answer->text = read_content(reading);
	answer->model =
	    model != NULL ? clean(reading->arena, model, REASON_MOST) : NULL;
	answer->finish_reason = clean(
	    reading->arena, reason != NULL ? reason : "stop", REASON_MOST);
	answer->prompt_tokens = read_count(usage, "prompt_tokens");
	answer->completion_tokens = read_count(usage, "completion_tokens");
	return OK;
}

/* Arguments are JSON within a text.  Where a function has none, some servers
 * give no text, and others give the object itself. */
static const char *
read_arguments(struct arena *arena, struct json_object *function)
{
	const char *text = json_member_text(function, "arguments");
	struct json_object *object =
	    member(function, "arguments", json_type_object);

	if (object != NULL)
		return json_text(arena, object);
	if (text == NULL || text_is_blank(text))
		return "{}";
	object = parse(arena, text, strlen(text));
	return json_object_is_type(object, json_type_object) ? text : NULL;
}

/* One call in OpenAI's shape; NULL: it cannot be used.  One without an id is
 * given one, by which its result will be known. */
static struct json_object *
read_call(struct arena *arena, struct json_object *given, size_t number)
{
	struct json_object *function =
	    member(given, "function", json_type_object);
	const char *name = json_member_text(function, "name");
	const char *id = json_member_text(given, "id");
	const char *arguments = read_arguments(arena, function);
	struct json_object *call, *named;

	if (name == NULL || text_is_blank(name) || arguments == NULL)
		return NULL;
	if (id == NULL || id[0] == '\0')
		id = arena_format(arena, "call_%zu", number);
	named = json_object_new_object();
	(void)json_object_object_add(named, "name", json_string(name));
	(void)json_object_object_add(
	    named, "arguments", json_string(arguments));
	call = json_object_new_object();
	(void)json_object_object_add(call, "id", json_string(id));
	(void)json_object_object_add(call, "type", json_string("function"));
	(void)json_object_object_add(call, "function", named);
	return call;
}

static enum outcome
read_calls(struct reading *reading)
{
	struct json_object *given =
	    member(reading->message, "tool_calls", json_type_array);
	size_t i, count = given != NULL ? json_object_array_length(given) : 0;
	struct json_object *calls, *call;

	if (count == 0)
		return OK;
	if (count > COMPLETION_CALLS_MOST)
		return broken(reading, "the model calls too many tools");
	calls = json_own(reading->arena, json_object_new_array());
	for (i = 0; i < count; i++) {
		call = read_call(
		    reading->arena, json_object_array_get_idx(given, i), i + 1);
		if (call == NULL)
			return broken(reading,
			    "the model calls a tool without a name, or with"
			    " arguments that are no JSON object");
		(void)json_object_array_add(calls, call);
	}
	reading->answer->tool_calls = json_text(reading->arena, calls);
	return OK;
}

/* Did it say what it was asked for, to its end? */
static enum outcome
check_end(struct reading *reading)
{
	const struct completion_answer *answer = reading->answer;
	const char *refusal = json_member_text(reading->message, "refusal");
	bool calls = answer->tool_calls != NULL;
	bool cut = text_equal(answer->finish_reason, "length");

	if (refusal != NULL && !text_is_blank(refusal))
		return say(reading, INVALID, LLM_REFUSED,
		    arena_format(
			reading->arena, "the model refuses: %s", refusal));
	if (text_equal(answer->finish_reason, "content_filter"))
		return say(reading, INVALID, LLM_REFUSED,
		    "a filter of the model's server kept the answer back");
	if (cut && !calls && text_is_blank(answer->text))
		return broken(reading,
		    "the model used up its tokens before it said a word");
	if (reading->request->schema == NULL || calls)
		return OK;
	if (parse(reading->arena, answer->text, strlen(answer->text)) != NULL)
		return OK;
	return broken(reading,
	    cut ? "the model's answer was cut at its most tokens"
		: "the model's answer is not the JSON that it was asked for");
}
