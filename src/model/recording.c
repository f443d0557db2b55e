#include "base/base.h"

#include "model/recording.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/channel.h"
#include "model/prompt.h"
#include "model/trace.h"
#include "model/variables.h"

#include <json-c/json.h>
#include <string.h>

/* A trace on its way through. */
struct reading {
	struct arena *arena;
	struct recording *walks;
	struct recording_ask *asks; /* of all walks */
	struct recording_deed *deeds;
	size_t walk_count, ask_count, deed_count;
	struct recording *walk; /* that goes on; NULL: none began yet */
	const char *node;       /* where it stands */
};

static int64_t
integer_of(struct json_object *entry, const char *name)
{
	return json_object_get_int64(json_object_object_get(entry, name));
}

/* What was JSON when it was recorded stands there as a tree. */
static const char *
json_of(struct arena *arena, struct json_object *entry, const char *name)
{
	struct json_object *value = json_object_object_get(entry, name);

	if (value == NULL)
		return NULL;
	return json_object_is_type(value, json_type_string)
		   ? json_object_get_string(value)
		   : json_text(arena, value);
}

static struct list
read_tools(struct arena *arena, struct json_object *names)
{
	size_t i, count = json_object_is_type(names, json_type_array)
			      ? json_object_array_length(names)
			      : 0;
	struct agent_tool *list =
	    arena_alloc(arena, (count + 1) * sizeof(*list));
	struct json_object *function;

	for (i = 0; i < count; i++) {
		list[i].name =
		    json_object_get_string(json_object_array_get_idx(names, i));
		function = json_own(arena, json_object_new_object());
		(void)json_object_object_add(
		    function, "name", json_string(list[i].name));
		list[i].function = json_text(arena, function);
	}
	return (struct list){ list, count };
}

static struct agent
read_agent(struct arena *arena, struct json_object *entry)
{
	struct agent agent = agent_of_objective(arena, "", 0);
	const char *channel = json_member_text(entry, "channel");

	if (channel != NULL &&
	    names_find(&channel_names, channel, &agent.channel) != OK)
		agent.channel = CHANNEL_SMS;
	agent.max_segments = integer_of(entry, "max_segments");
	if (json_object_object_get_ex(entry, "tool_calls", NULL))
		agent.tool_calls = integer_of(entry, "tool_calls");
	agent.tools = read_tools(arena, json_object_object_get(entry, "tools"));
	return agent;
}

/* What all walks have together stands in two arrays, of which each has its
 * part. */
static void
begin(struct reading *reading, struct json_object *entry)
{
	struct arena *arena = reading->arena;
	struct recording *walk = &reading->walks[reading->walk_count++];
	const char *pathway = json_member_text(entry, "begin");
	const char *state = json_of(arena, entry, "state");

	*walk = (struct recording){
		.pathway =
		    text_equal(pathway, TRACE_OBJECTIVE) ? NULL : pathway,
		.version = json_member_text(entry, "version"),
		.event = EVENT_N,
		.variables = json_object_object_get(entry, "variables"),
		.first_seq = integer_of(entry, "first_seq"),
		.last_seq = integer_of(entry, "last_seq"),
		.agent = read_agent(arena, entry),
		.asks = &reading->asks[reading->ask_count],
		.deeds = &reading->deeds[reading->deed_count],
		.set = json_own(arena, json_object_new_object()),
	};
	if (!json_object_is_type(walk->variables, json_type_object) ||
	    state == NULL || turn_state_read(arena, state, &walk->state) != OK)
		walk->fault = "its beginning was recorded in part";
	reading->walk = walk;
	reading->node = walk->state.node;
}

static struct recording_ask *
find_ask(struct recording *walk, int64_t ask)
{
	size_t i;

	for (i = 0; i < walk->ask_count; i++)
		if (walk->asks[i].ask == ask)
			return &walk->asks[i];
	return NULL;
}

/* The first one begins the walk; the others are answers. */
static void
read_event(struct reading *reading, struct json_object *entry)
{
	struct recording *walk = reading->walk;
	struct turn_event event = { .ask = integer_of(entry, "ask") };
	struct recording_ask *ask = find_ask(walk, event.ask);

	if (names_find(&turn_event_names, json_member_text(entry, "event"),
		&event.kind) != OK)
		return;
	if (walk->event == EVENT_N)
		walk->event = event.kind;
	if (ask == NULL)
		return;
	event.text = json_member_text(entry, "text");
	event.tool_calls = json_of(reading->arena, entry, "tool_calls");
	event.variables = json_object_object_get(entry, "variables");
	event.status = integer_of(entry, "status");
	event.fault = json_member_text(entry, "fault");
	ask->event = event;
	ask->answered = true;
	ask->is_whole = !json_object_get_boolean(
	    json_object_object_get(entry, "shortened"));
}

static void
read_ask(struct reading *reading, struct json_object *entry, int kind)
{
	struct recording *walk = reading->walk;
	struct recording_ask ask = {
		.kind = kind,
		.node = reading->node,
		.purpose = PURPOSE_N,
		.name = json_member_text(entry, "name"),
		.arguments = json_object_object_get(entry, "arguments"),
		.messages = json_object_object_get(entry, "messages"),
		.choices = json_object_object_get(entry, "choices"),
		.ask = integer_of(entry, "ask"),
	};
	const char *purpose = json_member_text(entry, "purpose");

	if (purpose != NULL &&
	    names_find(&purpose_names, purpose, &ask.purpose) != OK)
		ask.purpose = PURPOSE_N;
	walk->asks[walk->ask_count++] = ask;
	reading->ask_count++;
}

static void
read_action(struct reading *reading, struct json_object *entry)
{
	struct recording *walk = reading->walk;
	struct recording_deed deed = { .name = json_member_text(entry, "name"),
		.text = json_member_text(entry, "text") };
	struct json_object *set = json_object_object_get(entry, "variables");

	if (names_find(&turn_action_names, json_member_text(entry, "action"),
		&deed.kind) != OK)
		return;
	if (json_object_object_get(entry, "ask") != NULL)
		read_ask(reading, entry, deed.kind);
	else if (deed.kind == ACTION_SET_VARIABLES &&
		 json_object_is_type(set, json_type_object))
		variables_set(walk->set, set);
	else if (recording_keeps(deed.kind)) {
		walk->deeds[walk->deed_count++] = deed;
		reading->deed_count++;
	}
	if (deed.kind == ACTION_MOVE)
		reading->node = deed.name;
}

bool
recording_keeps(int kind)
{
	return kind != ACTION_TAG && kind != ACTION_SET_VARIABLES;
}

static void
read_entry(struct reading *reading, struct json_object *entry)
{
	if (json_member_text(entry, "begin") != NULL)
		begin(reading, entry);
	else if (reading->walk == NULL)
		return;
	else if (json_member_text(entry, "event") != NULL)
		read_event(reading, entry);
	else if (json_member_text(entry, "action") != NULL)
		read_action(reading, entry);
	else if (integer_of(entry, "left_out") > 0)
		reading->walk->fault = "it was recorded in part";
}

/* An array; one without entries where there is none. */
static struct json_object *
parse(struct arena *arena, const char *trace)
{
	struct json_object *entries;
	struct json_fault ignored;

	if (json_parse(arena, trace, strlen(trace), &entries, &ignored) == OK &&
	    json_object_is_type(entries, json_type_array))
		return entries;
	return json_own(arena, json_object_new_array());
}

static size_t
count_walks(struct json_object *entries)
{
	size_t i, count = 0;

	for (i = 0; i < json_object_array_length(entries); i++)
		count += json_member_text(json_object_array_get_idx(entries, i),
			     "begin") != NULL;
	return count;
}

struct list
recording_read(struct arena *arena, const char *trace)
{
	struct json_object *entries = parse(arena, trace);
	size_t i, count = json_object_array_length(entries);
	size_t walks = count_walks(entries);
	struct reading reading = {
		.arena = arena,
		.walks =
		    arena_alloc(arena, (walks + 1) * sizeof(struct recording)),
		.asks = arena_alloc(
		    arena, (count + 1) * sizeof(struct recording_ask)),
		.deeds = arena_alloc(
		    arena, (count + 1) * sizeof(struct recording_deed)),
	};

	for (i = 0; i < count; i++)
		read_entry(&reading, json_object_array_get_idx(entries, i));
	for (i = 0; i < walks; i++)
		if (reading.walks[i].event == EVENT_N)
			reading.walks[i].fault = "its first event is missing";
	if (walks > 0)
		return (struct list){ reading.walks, walks };
	reading.walks[0] = (struct recording){
		.fault = "it was recorded without its beginning",
	};
	return (struct list){ reading.walks, 1 };
}
