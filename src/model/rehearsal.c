#include "base/base.h"

#include "model/rehearsal.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/agent.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/prompt_choice.h"
#include "model/recording.h"
#include "model/turn.h"
#include "model/turn_record.h"
#include "model/variables.h"

#include <json-c/json.h>
#include <string.h>

#define DEEDS_MOST (TURN_STEPS + TURN_SAYINGS + 2) /* of a walk */
#define PENDING_MOST 32

/* What is asked and not answered yet. */
struct pending {
	struct turn_action action;
	const char *node; /* where it was asked */
};

/* A walk as it is taken again. */
struct walk {
	struct rehearsal *rehearsal;
	struct recording *recording;
	struct agent agent;
	struct turn turn;
	const char *node; /* where it stands */
	struct pending pending[PENDING_MOST];
	size_t pending_count;
	struct recording_deed deeds[DEEDS_MOST];
	size_t deed_count;
	struct json_object *set; /* the variables that it set */
	struct rehearsal_need need;
};

static const char *const outcome_words[] = {
	[REHEARSAL_SAME] = "same",
	[REHEARSAL_PARTED] = "parted",
	[REHEARSAL_UNKNOWN] = "unknown",
};
static_assert(
    COUNT(outcome_words) == REHEARSAL_OUTCOME_N, "a word for every outcome");

const struct names rehearsal_outcome_names = NAMES(outcome_words);

#define DEEDS_AT(member) FIELD_AT(struct rehearsal_deeds, member)
#define NEED_AT(member) FIELD_AT(struct rehearsal_need, member)
#define AT(member) FIELD_AT(struct rehearsal_parting, member)

/* clang-format off */
static const struct field deeds_fields[] = {
	{ "said", FIELD_ARRAY, 0, DEEDS_AT(said) },
	{ "node_id", FIELD_TEXT, FIELD_NULLABLE, DEEDS_AT(node_id),
	    .about = "Where it stood then." },
	{ "ending", FIELD_TEXT, FIELD_NULLABLE, DEEDS_AT(ending),
	    .about = "wait, end, hand_off or transfer." },
};

static const struct field need_fields[] = {
	{ "action", FIELD_TEXT, 0, NEED_AT(action),
	    .about = "ask_model, call_url or call_tool." },
	{ "purpose", FIELD_TEXT, FIELD_NULLABLE, NEED_AT(purpose),
	    .about = "What a model would be asked for: reply, choose or"
	             " extract." },
	{ "node_id", FIELD_TEXT, FIELD_NULLABLE, NEED_AT(node_id) },
	{ "name", FIELD_TEXT, FIELD_NULLABLE, NEED_AT(name),
	    .about = "Of the tool, or of the node with the request." },
	{ "reason", FIELD_TEXT, 0, NEED_AT(reason) },
};

static const struct schema deeds_schema =
    SCHEMA("ReplayDeeds", deeds_fields, struct rehearsal_deeds);
static const struct schema need_schema =
    SCHEMA("ReplayNeed", need_fields, struct rehearsal_need);

static const struct field parting_fields[] = {
	{ "turn", FIELD_INTEGER, 0, AT(turn),
	    .about = "Counted from 1, of the turns in this pathway." },
	{ "turn_id", FIELD_ID, 0, AT(turn_id) },
	{ "message", FIELD_TEXT, FIELD_NULLABLE, AT(message),
	    .about = "What the user had said." },
	{ "node_id", FIELD_TEXT, FIELD_NULLABLE, AT(node_id),
	    .about = "The last node that both came to." },
	{ "node_name", FIELD_TEXT, FIELD_NULLABLE, AT(node_name) },
	{ "then", FIELD_STRUCT, 0, AT(then), .schema = &deeds_schema,
	    .about = "What the turn did when it was recorded." },
	{ "now", FIELD_STRUCT, 0, AT(now), .schema = &deeds_schema,
	    .about = "What it would do, as far as is known." },
	{ "needs", FIELD_OBJECT, FIELD_NULLABLE, AT(needs),
	    .about = "What would be asked that was never asked: action,"
	             " purpose, node_id, name and reason." },
};
/* clang-format on */

const struct schema rehearsal_parting_schema =
    SCHEMA("ReplayParting", parting_fields, struct rehearsal_parting);

static void take_walk(struct rehearsal *rehearsal,
    const struct turn_record *record, struct recording *recording);

void
rehearsal_init(struct rehearsal *rehearsal, struct arena *arena,
    const struct rehearsal_stage *stage, struct list messages,
    const char *context)
{
	*rehearsal = (struct rehearsal){
		.arena = arena,
		.stage = stage,
		.messages = messages,
		.context = context,
		.recorded = json_own(arena, json_object_new_object()),
		.rehearsed = json_own(arena, json_object_new_object()),
	};
}

void
rehearsal_take(struct rehearsal *rehearsal, const struct turn_record *record)
{
	struct list walks = recording_read(rehearsal->arena, record->trace);
	struct recording *list = (struct recording *)walks.items;
	size_t i, taken = 0;

	for (i = 0; i < walks.count && rehearsal->outcome == REHEARSAL_SAME;
	     i++) {
		if (list[i].fault != NULL) {
			rehearsal->outcome = REHEARSAL_UNKNOWN;
			rehearsal->why = list[i].fault;
		} else if (list[i].pathway == NULL ||
			   !text_equal(
			       list[i].pathway, rehearsal->stage->pathway_id)) {
			rehearsal->stands = false;
		} else {
			take_walk(rehearsal, record, &list[i]);
			taken++;
		}
	}
	rehearsal->turns += taken > 0 && rehearsal->outcome == REHEARSAL_SAME;
}

/* --- What there is at the beginning. */

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && text_equal(a, b));
}

/* Those that were recorded, but for what was set and would not have been, or
 * otherwise. */
static struct json_object *
variables_of(const struct walk *walk)
{
	struct rehearsal *rehearsal = walk->rehearsal;
	struct json_object *variables = walk->recording->variables, *first;

	if (rehearsal->first == NULL) {
		(void)json_object_deep_copy(variables, &rehearsal->first, NULL);
		(void)json_own(rehearsal->arena, rehearsal->first);
	}
	json_object_object_foreach(rehearsal->recorded, name, ignored)
	{
		(void)ignored;
		if (json_object_object_get_ex(rehearsal->rehearsed, name, NULL))
			continue;
		if (json_object_object_get_ex(rehearsal->first, name, &first))
			(void)json_object_object_add(
			    variables, name, json_object_get(first));
		else
			json_object_object_del(variables, name);
	}
	variables_set(variables, rehearsal->rehearsed);
	return variables;
}

/* The messages that it saw. */
static struct list
history_of(const struct walk *walk)
{
	const struct message *list = walk->rehearsal->messages.items;
	size_t first = 0, end = 0, count = walk->rehearsal->messages.count;

	while (first < count && list[first].seq < walk->recording->first_seq)
		first++;
	for (end = first;
	     end < count && list[end].seq <= walk->recording->last_seq;)
		end++;
	return (struct list){ first < end ? &list[first] : NULL, end - first };
}

/* Those that there were, and those of the other version. */
static struct list
tools_of(const struct walk *walk)
{
	const struct list *recorded = &walk->recording->agent.tools;
	const struct list *now = &walk->rehearsal->stage->tools;
	struct agent_tool *list = arena_alloc(walk->rehearsal->arena,
	    (recorded->count + now->count + 1) * sizeof(*list));

	if (recorded->count > 0)
		(void)memcpy(
		    list, recorded->items, recorded->count * sizeof(*list));
	if (now->count > 0)
		(void)memcpy(&list[recorded->count], now->items,
		    now->count * sizeof(*list));
	return (struct list){ list, recorded->count + now->count };
}

/* Where the walk before ended, unless the client had put the conversation
 * elsewhere since. */
static void
begin(struct walk *walk)
{
	const struct rehearsal *rehearsal = walk->rehearsal;
	const struct turn_state *state = &walk->recording->state;

	walk->agent = walk->recording->agent;
	walk->agent.pathway = rehearsal->stage->pathway;
	walk->agent.context = rehearsal->context;
	walk->agent.tools = tools_of(walk);
	turn_init(&walk->turn, rehearsal->arena, &walk->agent,
	    variables_of(walk), history_of(walk));
	if (rehearsal->stands &&
	    same_text(state->node, rehearsal->state.node) &&
	    state->entered == rehearsal->state.entered)
		state = &rehearsal->state;
	turn_place(&walk->turn, state);
	walk->node = walk->turn.state.node;
}

/* --- What is asked. */

static const char *
text_of(struct arena *arena, struct json_object *value)
{
	return json_object_is_type(value, json_type_string)
		   ? json_object_get_string(value)
		   : json_text(arena, value);
}

/* One that is too long for a trace was recorded by its beginning. */
static bool
is_recorded(struct arena *arena, struct json_object *recorded, const char *text)
{
	if (recorded == NULL || text == NULL)
		return recorded == NULL && text == NULL;
	if (json_object_is_type(recorded, json_type_string))
		return text_starts(text, json_object_get_string(recorded));
	return text_equal(text, text_of(arena, recorded));
}

/* A model is asked the same when it is asked at the same node for the same;
 * others when the same is asked of them. */
static bool
fits(const struct walk *walk, const struct recording_ask *ask,
    const struct pending *pending)
{
	const struct turn_action *action = &pending->action;

	if (ask->used || ask->kind != action->kind ||
	    !same_text(ask->node, pending->node))
		return false;
	if (action->kind == ACTION_ASK_MODEL)
		return ask->purpose == action->purpose;
	return (action->kind == ACTION_CALL_URL ||
		   same_text(ask->name, action->name)) &&
	       is_recorded(
		   walk->rehearsal->arena, ask->arguments, action->arguments);
}

static struct recording_ask *
find_ask(const struct walk *walk, const struct pending *pending)
{
	struct recording *recording = walk->recording;
	size_t i;

	for (i = 0; i < recording->ask_count; i++)
		if (fits(walk, &recording->asks[i], pending))
			return &recording->asks[i];
	return NULL;
}

static bool
need(struct walk *walk, const struct pending *pending, const char *reason)
{
	const struct turn_action *action = &pending->action;

	walk->need = (struct rehearsal_need){
		.action = names_text(&turn_action_names, action->kind),
		.purpose = action->kind == ACTION_ASK_MODEL
			       ? names_text(&purpose_names, action->purpose)
			       : NULL,
		.node_id = pending->node,
		.name = action->name,
		.reason = reason,
	};
	return false;
}

/* What a choice stood for, among those of now: by label and node, else by one
 * of them.  None: NULL. */
static const char *
find_choice(const struct walk *walk, struct json_object *wanted)
{
	const struct turn_choice *list = walk->turn.choices.items;
	const char *label =
	    json_object_get_string(json_object_object_get(wanted, "label"));
	const char *node =
	    json_object_get_string(json_object_object_get(wanted, "node_id"));
	size_t i, best = 0;
	int score, highest = 0;

	for (i = 0; i < walk->turn.choices.count; i++) {
		score = 2 * same_text(list[i].label, label) +
			same_text(
			    list[i].target != NULL ? list[i].target->id : NULL,
			    node);
		if (score > highest) {
			highest = score;
			best = i;
		}
	}
	return highest > 0 ? prompt_choice_name(walk->rehearsal->arena, best)
			   : NULL;
}

/* The choice of this name that was recorded; NULL: it is none. */
static struct json_object *
recorded_choice(
    struct arena *arena, const struct recording_ask *ask, const char *name)
{
	size_t i, count = json_object_is_type(ask->choices, json_type_array)
			      ? json_object_array_length(ask->choices)
			      : 0;

	for (i = 0; name != NULL && i < count; i++)
		if (text_equal(prompt_choice_name(arena, i), name))
			return json_object_array_get_idx(ask->choices, i);
	return NULL;
}

/* The answer in the names that the ways have now.  INVALID: the way that was
 * chosen is gone. */
static enum outcome
translate(const struct walk *walk, const struct recording_ask *ask,
    struct turn_event *event)
{
	struct arena *arena = walk->rehearsal->arena;
	const char *begin = event->text != NULL ? strchr(event->text, '{') : "";
	struct json_object *answer, *wanted;
	struct json_fault ignored;
	const char *name;

	if (begin == NULL ||
	    json_parse(arena, begin, strlen(begin), &answer, &ignored) != OK)
		return OK;
	wanted = recorded_choice(arena, ask,
	    json_object_get_string(json_object_object_get(answer, "choice")));
	if (wanted == NULL)
		return OK;
	name = find_choice(walk, wanted);
	if (name == NULL)
		return INVALID;
	(void)json_object_object_add(answer, "choice", json_string(name));
	event->text = json_text(arena, answer);
	return OK;
}

/* Says whether there is an answer. */
static bool
answer(
    struct walk *walk, const struct pending *pending, struct turn_event *event)
{
	struct rehearsal *rehearsal = walk->rehearsal;
	const struct turn_action *action = &pending->action;
	struct recording_ask *ask = find_ask(walk, pending);

	if (ask == NULL)
		return need(walk, pending, "it was never asked there");
	ask->used = true;
	if (!ask->answered || !ask->is_whole)
		return need(walk, pending, "its answer was not recorded whole");
	*event = ask->event;
	event->ask = action->ask;
	if (action->kind != ACTION_ASK_MODEL)
		return true;
	rehearsal->reworded += !is_recorded(
	    rehearsal->arena, ask->messages, action->question.messages);
	if (action->purpose == PURPOSE_CHOOSE &&
	    translate(walk, ask, event) != OK)
		return need(walk, pending, "the way that was chosen is gone");
	return true;
}

/* --- The walk. */

static void
keep(struct walk *walk, const struct turn_action *action)
{
	if (action->kind == ACTION_MOVE)
		walk->node = action->name;
	if (action->kind == ACTION_SET_VARIABLES)
		variables_set(walk->set, action->variables);
	else if (recording_keeps(action->kind) && walk->deed_count < DEEDS_MOST)
		walk->deeds[walk->deed_count++] = (struct recording_deed){
			.kind = action->kind,
			.text = action->text,
			.name = action->name,
		};
}

static void
step(struct walk *walk, const struct turn_event *event)
{
	struct arena *arena = arena_new();
	struct turn_actions *actions = arena_alloc(arena, sizeof(*actions));
	size_t i;

	turn_step(&walk->turn, event, actions);
	for (i = 0; i < actions->count; i++)
		if (actions->list[i].ask == 0)
			keep(walk, &actions->list[i]);
		else if (walk->pending_count < PENDING_MOST)
			walk->pending[walk->pending_count++] =
			    (struct pending){ actions->list[i], walk->node };
	arena_free(arena);
}

static void
run(struct walk *walk)
{
	struct turn_event event = { .kind = walk->recording->event };
	bool answered = true;

	begin(walk);
	step(walk, &event);
	while (answered && walk->pending_count > 0) {
		answered = answer(walk, &walk->pending[0], &event);
		walk->pending_count--;
		(void)memmove(&walk->pending[0], &walk->pending[1],
		    walk->pending_count * sizeof(walk->pending[0]));
		if (answered)
			step(walk, &event);
	}
}

/* --- Where they part. */

static bool
same_deed(const struct recording_deed *a, const struct recording_deed *b)
{
	if (a->kind != b->kind)
		return false;
	if ((a->kind == ACTION_SAY || a->kind == ACTION_SEND) &&
	    !same_text(a->text, b->text))
		return false;
	return same_text(a->name, b->name);
}

/* How many deeds are the same, from the first one. */
static size_t
count_same(const struct walk *walk)
{
	const struct recording *recording = walk->recording;
	size_t i = 0;

	while (i < walk->deed_count && i < recording->deed_count &&
	       same_deed(&walk->deeds[i], &recording->deeds[i]))
		i++;
	return i;
}

/* Where `count` deeds lead to, from `node`. */
static const char *
node_after(const struct recording_deed *deeds, size_t count, const char *node)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (deeds[i].kind == ACTION_MOVE)
			node = deeds[i].name;
	return node;
}

static struct rehearsal_deeds
tell(struct arena *arena, const struct recording_deed *deeds, size_t count,
    const char *node)
{
	struct json_object *said = json_own(arena, json_object_new_array());
	struct rehearsal_deeds told = { .node_id =
					    node_after(deeds, count, node) };
	size_t i;

	for (i = 0; i < count; i++)
		if (deeds[i].kind == ACTION_SAY)
			(void)json_object_array_add(
			    said, json_string(deeds[i].text));
		else if (deeds[i].kind == ACTION_SEND)
			(void)json_object_array_add(
			    said, json_string(arena_format(arena, "to %s: %s",
				      deeds[i].name, deeds[i].text)));
		else if (deeds[i].kind != ACTION_MOVE)
			told.ending =
			    names_text(&turn_action_names, deeds[i].kind);
	told.said = json_text(arena, said);
	return told;
}

static void
part(const struct walk *walk, const struct turn_record *record, size_t same)
{
	struct rehearsal *rehearsal = walk->rehearsal;
	struct arena *arena = rehearsal->arena;
	const struct recording *recording = walk->recording;
	const char *began = recording->state.node;
	struct rehearsal_parting parting = {
		.turn = rehearsal->turns + 1,
		.turn_id = record->id,
		.message = walk->turn.said,
		.node_id = node_after(walk->deeds, same, began),
		.then =
		    tell(arena, recording->deeds, recording->deed_count, began),
		.now = tell(arena, walk->deeds, walk->deed_count, began),
	};
	const struct node *node =
	    parting.node_id != NULL
		? pathway_find(rehearsal->stage->pathway, parting.node_id)
		: NULL;

	if (node != NULL)
		parting.node_name = node->name;
	if (walk->need.action != NULL)
		parting.needs =
		    field_write_text(arena, &need_schema, &walk->need);
	rehearsal->outcome = REHEARSAL_PARTED;
	rehearsal->parting = parting;
}

static void
take_walk(struct rehearsal *rehearsal, const struct turn_record *record,
    struct recording *recording)
{
	struct arena *arena = rehearsal->arena;
	struct walk *walk = arena_alloc(arena, sizeof(*walk));
	size_t same;

	if (rehearsal->version == NULL)
		rehearsal->version = recording->version;
	walk->rehearsal = rehearsal;
	walk->recording = recording;
	walk->set = json_own(arena, json_object_new_object());
	run(walk);
	same = count_same(walk);
	if (walk->need.action != NULL || same < walk->deed_count ||
	    same < recording->deed_count) {
		part(walk, record, same);
		return;
	}
	rehearsal->stands = true;
	rehearsal->state = walk->turn.state;
	variables_set(rehearsal->recorded, recording->set);
	variables_set(rehearsal->rehearsed, walk->set);
}
