#include "base/base.h"

#include "model/pathway_node.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <string.h>

#define INSTRUCTIONS "bland-prompt" /* of extractVars: not a variable */
#define TEMPERATURE_MOST 2.0

/* Other spellings of types. */
/* clang-format off */
static const struct {
	const char *word;
	enum node_kind kind;
} spellings[] = {
	{ "Transfer Node",     NODE_TRANSFER_CALL },
	{ "Human Handoff",     NODE_HAND_OFF },
	{ "Knowledge",         NODE_KNOWLEDGE },
	{ "Tool",              NODE_TOOL },
	{ "Vector DB",         NODE_VECTOR },
};

/* What other servers call their own models by: no server of ours has them. */
static const char *const tiers[] = { "base", "enhanced", "turbo", "smart",
	"fast", NULL };

static const char *const extract_types[] = {
	"string", "integer", "boolean", "number", NULL,
};

static const struct {
	const char *member;
	const char *answer;
} example_members[] = {
	[EXAMPLE_DIALOGUE]  = { "dialogueExamples",  "Assistant Response" },
	[EXAMPLE_CONDITION] = { "conditionExamples", "Condition Achieved" },
	[EXAMPLE_PATHWAY]   = { "pathwayExamples",   "Chosen Pathway" },
};
static_assert(COUNT(example_members) == EXAMPLE_N, "a row for every kind");

static const char schedule_rules[] =
    "Offer only times that stand in the variable " PATHWAY_SLOTS ", a few at a"
    " time and in words that people use; if there are none, say so. Before"
    " anything is settled, read the one time back with its date, and ask the"
    " user to confirm it.";

static const char chosen_about[] =
    "The one of " PATHWAY_SLOTS ", exactly as it stands there, that the agent"
    " has read back and the user has then explicitly confirmed; null before"
    " that.";

/* Texts of `data`, under all the names that they have been seen with. */
#define NAMED(...) (const char *const[]) { __VA_ARGS__, NULL }

static const struct {
	size_t offset;
	const char *const *names;
} texts[] = {
	{ offsetof(struct node, name), NAMED("name") },
	{ offsetof(struct node, text), NAMED("text") },
	{ offsetof(struct node, prompt), NAMED("prompt") },
	{ offsetof(struct node, knowledge), NAMED("kb") },
	{ offsetof(struct node, condition), NAMED("condition") },
	{ offsetof(struct node, global_label), NAMED("globalLabel") },
	{ offsetof(struct node, global_about), NAMED("globalDescription") },
	{ offsetof(struct node, recipient),
	    NAMED("recipient", "to", "toNumber", "smsTo") },
	{ offsetof(struct node, transfer_number),
	    NAMED("transferNumber", "transfer_number") },
	{ offsetof(struct node, transfer_pathway),
	    NAMED("transferPathwayId", "pathwayId", "pathway_id",
		"targetPathwayId") },
	{ offsetof(struct node, transfer_version),
	    NAMED("transferPathwayVersion", "pathwayVersion",
		"pathway_version", "version") },
	{ offsetof(struct node, transfer_node),
	    NAMED("transferNodeId", "startNodeId", "start_node_id") },
};
/* clang-format on */

void
pathway_fault_add(
    struct pathway_reading *reading, const char *field, const char *format, ...)
{
	va_list values;

	if (reading->fault_count == reading->fault_most)
		return;
	va_start(values, format);
	reading->faults[reading->fault_count++] = (struct pathway_fault){
		.field = field,
		.message = arena_format_values(reading->arena, format, values),
	};
	va_end(values);
}

static const char *
text_of(struct arena *arena, struct json_object *value)
{
	switch ((int)json_object_get_type(value)) {
	case json_type_string:
		if (text_is_blank(json_object_get_string(value)))
			return NULL;
		return arena_text(arena, json_object_get_string(value));
	case json_type_int:
	case json_type_double:
	case json_type_boolean:
		return json_text(arena, value);
	default:
		return NULL;
	}
}

const char *
pathway_text(
    struct arena *arena, struct json_object *object, const char *const *names)
{
	const char *text = NULL;

	if (!json_object_is_type(object, json_type_object))
		return NULL;
	for (; text == NULL && *names != NULL; names++)
		text = text_of(arena, json_object_object_get(object, *names));
	return text;
}

bool
pathway_flag(struct json_object *object, const char *name, bool otherwise)
{
	struct json_object *value = NULL;
	bool flag = otherwise;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, name, &value))
		return otherwise;
	if (json_object_is_type(value, json_type_boolean))
		return json_object_get_boolean(value) != 0;
	if (json_object_is_type(value, json_type_string) &&
	    text_to_boolean(json_object_get_string(value), &flag) != OK)
		return otherwise;
	return flag;
}

struct json_object *
pathway_member(
    struct arena *arena, struct json_object *object, const char *name, int type)
{
	struct json_object *value = NULL;
	struct json_fault ignored;
	const char *text;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, name, &value))
		return NULL;
	if (json_object_is_type(value, json_type_string)) {
		text = json_object_get_string(value);
		if (json_parse(arena, text, strlen(text), &value, &ignored) !=
		    OK)
			return NULL;
	}
	return json_object_is_type(value, (enum json_type)type) ? value : NULL;
}

static int
kind_of(const char *type)
{
	size_t i;
	int kind;

	if (type == NULL)
		return NODE_DEFAULT;
	for (kind = 0; kind < NODE_UNKNOWN; kind++)
		if (text_equal_nocase(names_text(&node_kind_names, kind), type))
			return kind;
	for (i = 0; i < COUNT(spellings); i++)
		if (text_equal_nocase(spellings[i].word, type))
			return (int)spellings[i].kind;
	return NODE_UNKNOWN;
}

static const char *
extract_type(const char *word)
{
	const char *const *type;

	for (type = extract_types; word != NULL && *type != NULL; type++)
		if (text_equal_nocase(*type, word))
			return *type;
	return extract_types[0];
}

/* [name, type, what it is], or the same as an object. */
static bool
read_extract(
    struct arena *arena, struct json_object *item, struct extract *extract)
{
	const char *type;

	if (json_object_is_type(item, json_type_array)) {
		extract->name =
		    text_of(arena, json_object_array_get_idx(item, 0));
		type = text_of(arena, json_object_array_get_idx(item, 1));
		extract->about =
		    text_of(arena, json_object_array_get_idx(item, 2));
	} else {
		extract->name = pathway_text(arena, item, NAMED("name"));
		type = pathway_text(arena, item, NAMED("type"));
		extract->about =
		    pathway_text(arena, item, NAMED("description"));
	}
	extract->type = extract_type(type);
	if (extract->about == NULL)
		extract->about = "";
	return extract->name != NULL;
}

static void
read_extracts(struct pathway_reading *reading, struct json_object *data,
    const char *field, struct node *node)
{
	struct json_object *all = pathway_member(
	    reading->arena, data, "extractVars", json_type_array);
	size_t i, count = all != NULL ? json_object_array_length(all) : 0;
	struct extract *list =
	    arena_alloc(reading->arena, (count + 1) * sizeof(*list));

	node->extracts.items = list;
	for (i = 0; i < count; i++) {
		struct extract *read = &list[node->extracts.count];

		if (!read_extract(reading->arena,
			json_object_array_get_idx(all, i), read))
			pathway_fault_add(reading,
			    arena_format(reading->arena,
				"%s/data/extractVars/%zu", field, i),
			    "an item of extractVars is [name, type,"
			    " description]");
		else if (text_equal_nocase(read->name, INSTRUCTIONS))
			node->extract_hint = read->about;
		else
			node->extracts.count++;
	}
}

/* An array of messages, that array within a text, or a text. */
static const char *
read_conversation(struct arena *arena, struct json_object *example)
{
	struct json_object *messages = pathway_member(
	    arena, example, "Conversation History", json_type_array);

	if (messages != NULL)
		return json_text(arena, messages);
	return pathway_text(arena, example, NAMED("Conversation History"));
}

static void
read_examples(struct arena *arena, struct json_object *data, int kind,
    struct list *examples)
{
	struct json_object *all = pathway_member(
	    arena, data, example_members[kind].member, json_type_array);
	size_t i, count = all != NULL ? json_object_array_length(all) : 0;
	struct example *list = arena_alloc(arena, (count + 1) * sizeof(*list));
	struct json_object *item;

	*examples = (struct list){ list, 0 };
	for (i = 0; i < count; i++) {
		struct example *read = &list[examples->count];

		item = json_object_array_get_idx(all, i);
		if (!json_object_is_type(item, json_type_object))
			continue;
		read->conversation = read_conversation(arena, item);
		read->answer = pathway_text(
		    arena, item, NAMED(example_members[kind].answer));
		if (read->conversation != NULL && read->answer != NULL)
			examples->count++;
	}
}

static const char *
model_of(struct arena *arena, struct json_object *options)
{
	const char *name = pathway_text(arena, options, NAMED("modelName"));
	const char *const *tier;

	for (tier = tiers; name != NULL && *tier != NULL; tier++)
		if (text_equal_nocase(*tier, name))
			return NULL;
	return name;
}

static void
read_options(struct arena *arena, struct json_object *data, struct node *node)
{
	struct json_object *options =
	    pathway_member(arena, data, "modelOptions", json_type_object);
	const char *temperature = pathway_text(
	    arena, options, NAMED("newTemperature", "temperature"));
	double number;

	node->temperature = PATHWAY_TEMPERATURE;
	if (temperature != NULL && text_to_number(temperature, &number) == OK &&
	    number >= 0)
		node->temperature =
		    number < TEMPERATURE_MOST ? number : TEMPERATURE_MOST;
	node->model = model_of(arena, options);
	node->skips = pathway_flag(options, "skipUserResponse", false);
}

static void
read_tool(struct arena *arena, struct json_object *data, struct node *node)
{
	struct json_object *tool =
	    pathway_member(arena, data, "tool", json_type_object);
	struct json_object *arguments =
	    pathway_member(arena, data, "arguments", json_type_object);

	if (arguments == NULL)
		arguments =
		    pathway_member(arena, data, "input", json_type_object);
	node->tool = pathway_text(arena, tool, NAMED("name"));
	if (node->tool == NULL)
		node->tool = pathway_text(
		    arena, data, NAMED("toolName", "tool_name", "tool"));
	node->arguments =
	    arguments != NULL ? json_text(arena, arguments) : "{}";
}

/* What has something else for its words than other nodes. */
static void
read_words(struct arena *arena, struct json_object *data, struct node *node)
{
	const char *message = pathway_text(
	    arena, data, NAMED("message", "smsMessage", "smsBody"));

	if (node->kind == NODE_SMS && message != NULL)
		node->text = message;
	if (node->kind == NODE_TOOL)
		read_tool(arena, data, node);
}

/* Of a Scheduling node: only what the calendar has is offered, and nothing is
 * settled that was not read back.  The list of variables has room for one. */
static void
read_schedule(struct pathway_reading *reading, struct json_object *data,
    const char *field, struct node *node)
{
	struct extract *extracts = (struct extract *)node->extracts.items;

	node->call = pathway_schedule_read(reading, data, field, node->name);
	node->prompt = arena_format(reading->arena, "%s\n\n%s",
	    node->prompt != NULL ? node->prompt
				 : "Agree on an appointment with the user.",
	    schedule_rules);
	extracts[node->extracts.count++] = (struct extract){
		.name = PATHWAY_CHOSEN,
		.type = extract_types[0],
		.about = chosen_about,
	};
}

void
pathway_node_read(struct pathway_reading *reading, struct json_object *document,
    const char *field, struct node *node)
{
	struct arena *arena = reading->arena;
	struct json_object *data =
	    pathway_member(arena, document, "data", json_type_object);
	struct json_object *tag =
	    pathway_member(arena, data, "tag", json_type_object);
	size_t i;
	int kind;

	node->type = pathway_text(arena, document, NAMED("type"));
	node->kind = kind_of(node->type);
	for (i = 0; i < COUNT(texts); i++)
		*(const char **)((char *)node + texts[i].offset) =
		    pathway_text(arena, data, texts[i].names);
	if (node->name == NULL)
		node->name = node->id;
	node->is_start = pathway_flag(data, "isStart", false);
	node->is_global = pathway_flag(data, "isGlobal", false);
	node->returns = pathway_flag(data, "enableGlobalAutoReturn", true);
	node->tag = pathway_text(arena, tag, NAMED("name"));
	node->tag_color = pathway_text(arena, tag, NAMED("color"));
	read_options(arena, data, node);
	read_extracts(reading, data, field, node);
	for (kind = 0; kind < EXAMPLE_N; kind++)
		read_examples(arena, data, kind, &node->examples[kind]);
	read_words(arena, data, node);
	if (node->kind == NODE_WEBHOOK)
		node->call =
		    pathway_webhook_read(reading, data, field, node->name);
	if (node->kind == NODE_SCHEDULING)
		read_schedule(reading, data, field, node);
}
