#include "base/base.h"

#include "model/trace.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "model/agent.h"
#include "model/channel.h"
#include "model/prompt.h"
#include "model/turn.h"
#include "model/words.h"

#include <json-c/json.h>
#include <string.h>

#define BRIEF ((size_t)512)   /* of a value where there is little room */
#define RESERVE ((size_t)128) /* for the last entry, and the brackets */

/* As text: a tree takes several times as much, and turns wait long. */
struct trace_entry {
	struct trace_entry *next;
	const char *text;
};

static struct json_object *new_entry(
    int64_t now, const char *what, const char *word);
static void add_text(
    struct json_object *entry, const char *name, const char *text);
static void add_json(
    struct json_object *entry, const char *name, const char *text);
static void add_integer(
    struct json_object *entry, const char *name, int64_t integer);
static void add_tree(
    struct json_object *entry, const char *name, struct json_object *tree);
static void add_agent(struct json_object *entry, const struct agent *agent);
static void add_cost(struct json_object *entry, const struct trace_cost *cost);
static void add_entry(struct trace *trace, struct json_object *entry);
static void append(struct trace *trace, const char *text);
static size_t fit_members(
    struct arena *arena, struct json_object *entry, size_t most);
static struct json_object *shorten(
    struct arena *arena, struct json_object *value, size_t most);
static size_t length_of(struct arena *arena, struct json_object *value);

void
trace_init(struct trace *trace, struct arena *arena)
{
	*trace = (struct trace){ .arena = arena };
}

void
trace_begin(
    struct trace *trace, int64_t now, const struct trace_beginning *beginning)
{
	struct json_object *entry = new_entry(now, "begin",
	    beginning->pathway != NULL ? beginning->pathway : TRACE_OBJECTIVE);
	struct json_object *variables = NULL;

	/* Nodes keep the text that they were printed as: not the turn's. */
	(void)json_object_deep_copy(beginning->variables, &variables, NULL);
	add_text(entry, "version", beginning->version);
	add_json(
	    entry, "state", turn_state_write(trace->arena, beginning->state));
	add_integer(entry, "first_seq", beginning->first_seq);
	add_integer(entry, "last_seq", beginning->last_seq);
	add_agent(entry, beginning->agent);
	(void)json_object_object_add(entry, "variables", variables);
	add_entry(trace, entry);
}

void
trace_event(struct trace *trace, int64_t now, const struct turn_event *event,
    const struct trace_cost *cost)
{
	struct json_object *entry =
	    new_entry(now, "event", names_text(&turn_event_names, event->kind));

	add_integer(entry, "ask", event->ask);
	add_text(entry, "text", event->text);
	add_json(entry, "tool_calls", event->tool_calls);
	add_tree(entry, "variables", event->variables);
	add_integer(entry, "status", event->status);
	add_text(entry, "fault", event->fault);
	if (cost != NULL)
		add_cost(entry, cost);
	add_entry(trace, entry);
}

void
trace_action(struct trace *trace, int64_t now, const struct turn_action *action)
{
	struct json_object *entry = new_entry(
	    now, "action", names_text(&turn_action_names, action->kind));

	add_text(entry, "reason", action->reason);
	add_integer(entry, "ask", action->ask);
	add_text(entry, "text", action->text);
	if (action->cut)
		(void)json_object_object_add(
		    entry, "cut", json_object_new_boolean(true));
	add_text(entry, "name", action->name);
	add_json(entry, "arguments", action->arguments);
	if (action->kind == ACTION_ASK_MODEL) {
		add_text(entry, "purpose",
		    names_text(&purpose_names, action->purpose));
		add_json(entry, "messages", action->question.messages);
		add_json(entry, "tools", action->question.tools);
		add_json(entry, "choices", action->question.choices);
		add_text(entry, "schema_name", action->question.schema_name);
		(void)json_object_object_add(entry, "temperature",
		    json_number(action->question.temperature));
	}
	if (action->kind != ACTION_CALL_URL)
		add_tree(entry, "variables", action->variables);
	add_entry(trace, entry);
}

void
trace_note(struct trace *trace, int64_t now, const char *words)
{
	add_entry(trace, new_entry(now, "note", words));
}

const char *
trace_text(const struct trace *trace)
{
	const struct trace_entry *entry;
	struct json_object *all = json_object_new_array(), *last;

	for (entry = trace->first; entry != NULL; entry = entry->next)
		(void)json_object_array_add(all, json_raw(entry->text));
	if (trace->left_out > 0) {
		last = json_object_new_object();
		add_integer(last, "left_out", trace->left_out);
		(void)json_object_array_add(all, last);
	}
	return json_finish(trace->arena, all);
}

static struct json_object *
new_entry(int64_t now, const char *what, const char *word)
{
	struct json_object *entry = json_object_new_object();
	char at[WHEN_TEXT];

	when_write(now, at);
	add_text(entry, "at", at);
	add_text(entry, what, word);
	return entry;
}

static void
add_text(struct json_object *entry, const char *name, const char *text)
{
	if (text != NULL)
		(void)json_object_object_add(entry, name, json_string(text));
}

/* A tree where it is one, so that it can be read; else the text. */
static void
add_json(struct json_object *entry, const char *name, const char *text)
{
	struct json_fault ignored;

	if (text != NULL && json_check(text, strlen(text), &ignored) == OK)
		(void)json_object_object_add(entry, name, json_raw(text));
	else
		add_text(entry, name, text);
}

static void
add_integer(struct json_object *entry, const char *name, int64_t integer)
{
	if (integer != 0)
		(void)json_object_object_add(
		    entry, name, json_object_new_int64(integer));
}

static void
add_tree(struct json_object *entry, const char *name, struct json_object *tree)
{
	if (tree != NULL)
		(void)json_object_object_add(
		    entry, name, json_object_get(tree));
}

static void
add_agent(struct json_object *entry, const struct agent *agent)
{
	const struct agent_tool *tools = agent->tools.items;
	struct json_object *names = json_object_new_array();
	size_t i;

	for (i = 0; i < agent->tools.count; i++)
		(void)json_object_array_add(names, json_string(tools[i].name));
	add_text(entry, "channel", names_text(&channel_names, agent->channel));
	add_integer(entry, "max_segments", agent->max_segments);
	(void)json_object_object_add(
	    entry, "tool_calls", json_object_new_int64(agent->tool_calls));
	(void)json_object_object_add(entry, "tools", names);
}

static void
add_cost(struct json_object *entry, const struct trace_cost *cost)
{
	add_text(entry, "model", cost->model);
	add_text(entry, "finish_reason", cost->finish_reason);
	add_integer(entry, "prompt_tokens", cost->prompt_tokens);
	add_integer(entry, "completion_tokens", cost->completion_tokens);
	add_integer(entry, "elapsed", cost->elapsed);
}

/* Where there is no room for an entry, what it says at length is cut first,
 * so that the decisions and their reasons outlast the prompts. */
static void
add_entry(struct trace *trace, struct json_object *entry)
{
	struct arena *own = arena_new();
	size_t room = TRACE_MOST - RESERVE - trace->length;
	size_t length = fit_members(own, entry, TRACE_VALUE) + 1;

	if (length > room)
		length = fit_members(own, entry, BRIEF) + 1;
	if (length > room) {
		(void)json_own(own, entry);
		trace->left_out++;
	} else {
		trace->length += length;
		append(trace, json_finish(trace->arena, entry));
	}
	arena_free(own);
}

static void
append(struct trace *trace, const char *text)
{
	struct trace_entry *entry = arena_alloc(trace->arena, sizeof(*entry));

	entry->text = text;
	if (trace->last != NULL)
		trace->last->next = entry;
	else
		trace->first = entry;
	trace->last = entry;
}

/* The bytes of the entry then. */
static size_t
fit_members(struct arena *arena, struct json_object *entry, size_t most)
{
	bool is_whole = true;

	json_object_object_foreach(entry, name, value)
	{
		if (length_of(arena, value) <= most)
			continue;
		(void)json_object_object_add(
		    entry, name, shorten(arena, value, most));
		is_whole = false;
	}
	if (!is_whole)
		(void)json_object_object_add(
		    entry, "shortened", json_object_new_boolean(true));
	return length_of(arena, entry);
}

/* The beginning, as a text that has at most so many bytes as JSON.  What is
 * no text is shown by its JSON. */
static struct json_object *
shorten(struct arena *arena, struct json_object *value, size_t most)
{
	const char *text = json_object_is_type(value, json_type_string)
			       ? json_object_get_string(value)
			       : json_text(arena, value);
	size_t keep = most, length;

	for (;;) {
		text = words_cut(arena, text, keep);
		length = length_of(
		    arena, json_own(arena, json_object_new_string(text)));
		if (length <= most)
			return json_string(text);
		keep = keep * (most - 1) / length;
	}
}

static size_t
length_of(struct arena *arena, struct json_object *value)
{
	return strlen(json_text(arena, value));
}
