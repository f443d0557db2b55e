/*
 * Where to go on to.  What needs no model comes first: an edge that is always
 * picked, one whose rules hold, the only one that there is.  Only what is
 * left is asked of the model, beside the variables that the user's text
 * holds.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "model/agent.h"
#include "model/pathway.h"
#include "model/prompt_choice.h"
#include "model/turn_step.h"

#include <json-c/json.h>
#include <string.h>

/* What is found at a node. */
struct finding {
	const struct edge *sure; /* always picked, or its rules hold */
	struct list open;        /* struct turn_choice: edges without rules */
};

static bool
holds(const struct step *step, const struct edge *edge)
{
	struct turn *turn = step->turn;
	const struct rule *rules = edge->rules.items;
	const struct rule_facts facts = {
		.variables = turn->variables,
		.said = turn->answering ? turn->said : NULL,
		.completed = turn->completed,
	};
	size_t i;

	for (i = 0; i < edge->rules.count; i++)
		if (!rule_holds(turn->arena, &rules[i], &facts))
			return false;
	return true;
}

/* An edge beside a route says the same as the route, which did not hold. */
static bool
is_routed(const struct node *node, const struct edge *edge)
{
	const struct route *routes = node->routes.items;
	size_t i;

	for (i = 0; i < node->routes.count; i++)
		if (routes[i].target == edge->target)
			return true;
	return false;
}

static struct turn_choice
choice_of(const struct edge *edge)
{
	return (struct turn_choice){
		.target = edge->target,
		.label =
		    edge->label[0] != '\0' ? edge->label : edge->target->name,
		.about = edge->about,
	};
}

static struct finding
look(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct node *node = turn->node;
	const struct edge *edges = node->edges.items;
	size_t i,
	    most = node->edges.count + turn->agent->pathway->globals.count + 1;
	struct turn_choice *list =
	    arena_alloc(turn->arena, most * sizeof(*list));
	struct finding finding = { NULL, { list, 0 } };

	for (i = 0; i < node->edges.count; i++) {
		if (is_routed(node, &edges[i]))
			continue;
		if (edges[i].rules.count == 0 && !edges[i].always)
			list[finding.open.count++] = choice_of(&edges[i]);
		else if (finding.sure == NULL && holds(step, &edges[i]))
			finding.sure = &edges[i];
	}
	return finding;
}

/* The list of a finding has room for them. */
static void
add_globals(const struct turn *turn, struct list *choices)
{
	const struct node *const *globals = turn->agent->pathway->globals.items;
	struct turn_choice *list = (struct turn_choice *)choices->items;
	size_t i;

	for (i = 0; i < turn->agent->pathway->globals.count; i++)
		if (globals[i] != turn->node)
			list[choices->count++] = (struct turn_choice){
				.target = globals[i],
				.label = globals[i]->global_label != NULL
					     ? globals[i]->global_label
					     : globals[i]->name,
				.about = globals[i]->global_about,
				.is_global = true,
			};
}

static void
decide(const struct step *step, struct turn_choice choice, const char *reason)
{
	step->turn->decided = true;
	step->turn->choice = choice;
	step->turn->reason = reason;
}

static const char *
sure_reason(const struct turn *turn, const struct edge *edge)
{
	const struct rule *rules = edge->rules.items;

	if (edge->rules.count == 0)
		return arena_format(
		    turn->arena, "edge '%s' is always picked", edge->label);
	return arena_format(turn->arena, "edge '%s': %s%s", edge->label,
	    rule_text(turn->arena, &rules[0]),
	    edge->rules.count > 1 ? " and all its other rules" : "");
}

static void
ask_choice(const struct step *step, const char *fault, const char *reason)
{
	struct turn *turn = step->turn;
	const struct prompt prompt = step_prompt(step);
	struct arena *arena = arena_new();
	const struct turn_question question = {
		.messages = prompt_choose(
		    arena, &prompt, &turn->choices, turn->answering, fault),
		.schema = prompt_choose_schema(arena, &turn->choices),
		.choices = prompt_choices(arena, &turn->choices),
	};

	turn->choose.ask =
	    step_ask(step, PURPOSE_CHOOSE, question, reason)->ask;
	arena_free(arena);
}

/* The condition of a node holds back all edges, so with one the model is asked
 * whatever edge it is that is waiting.  Says whether it is to be asked. */
static bool
hold_back(const struct turn *turn, struct finding *finding)
{
	const struct node *node = turn->node;
	struct turn_choice *list = (struct turn_choice *)finding->open.items;

	if (!turn->answering || node->condition == NULL)
		return false;
	if (finding->sure != NULL) {
		list[0] = choice_of(finding->sure);
		finding->open.count = 1;
		finding->sure = NULL;
	} else if (finding->open.count == 0 && node->is_global &&
		   node->returns) {
		list[finding->open.count++] =
		    (struct turn_choice){ .label = "go on", .is_return = true };
	}
	return finding->open.count > 0;
}

/* Nothing leads on from a Scheduling node before a slot is confirmed, but for
 * what is possible at any time.  Says whether that is so. */
static bool
hold_schedule(const struct turn *turn, struct finding *finding)
{
	struct turn_choice *list = (struct turn_choice *)finding->open.items;

	if (!turn->answering || turn->node->kind != NODE_SCHEDULING)
		return false;
	if (!turn_is_slot(turn,
		json_object_object_get(turn->variables, PATHWAY_CHOSEN))) {
		finding->sure = NULL;
		finding->open.count = 0;
		return true;
	}
	if (finding->sure == NULL && finding->open.count == 0 &&
	    turn->node->is_global && turn->node->returns)
		list[finding->open.count++] =
		    (struct turn_choice){ .label = "go on", .is_return = true };
	return false;
}

void
step_route(const struct step *step)
{
	struct turn *turn = step->turn;
	struct finding finding = look(step);
	const struct turn_choice *list = finding.open.items;
	bool unsettled = hold_schedule(turn, &finding);
	bool is_held = !unsettled && hold_back(turn, &finding);

	if (finding.sure != NULL) {
		decide(step, choice_of(finding.sure),
		    sure_reason(turn, finding.sure));
		return;
	}
	if (turn->answering)
		add_globals(turn, &finding.open);
	if (finding.open.count == 0) {
		decide(step, (struct turn_choice){ .target = NULL },
		    unsettled ? "stayed: no slot is confirmed yet"
		    : turn->node->edges.count > 0
			? "stayed: no edge's rules hold"
			: "the node has no way on");
	} else if (finding.open.count == 1 && !is_held && !list[0].is_global) {
		decide(step, list[0],
		    arena_format(turn->arena, "edge '%s' is the only one",
			list[0].label));
	} else {
		turn->choices = finding.open;
		ask_choice(step, NULL, "which way to go on");
	}
}

void
step_settle(const struct step *step)
{
	if (step->turn->decided && step->turn->extract.ask == 0)
		step_go(step);
}

/* --- What the model chose. */

static struct json_object *
parse_answer(const struct step *step)
{
	const char *text = step->event->text;
	struct json_object *answer;
	struct json_fault ignored;
	const char *begin = text != NULL ? strchr(text, '{') : NULL;
	const char *end = begin != NULL ? strrchr(begin, '}') : NULL;

	if (step->event->fault != NULL || end == NULL ||
	    json_parse(step->turn->arena, begin, (size_t)(end - begin) + 1,
		&answer, &ignored) != OK)
		return NULL;
	return answer;
}

/* Which one; the count itself is staying, beyond it is none of them. */
static size_t
read_choice(const struct turn *turn, struct json_object *answer)
{
	struct json_object *choice = json_object_object_get(answer, "choice");
	const char *word = json_object_get_string(choice);
	size_t i;

	if (word == NULL || text_equal(word, PROMPT_STAY))
		return turn->choices.count + (word == NULL);
	for (i = 0; i < turn->choices.count; i++)
		if (text_equal(prompt_choice_name(turn->arena, i), word))
			return i;
	return turn->choices.count + 1;
}

static const char *
model_reason(const struct turn *turn, struct json_object *answer)
{
	const char *words =
	    json_object_get_string(json_object_object_get(answer, "reason"));

	if (words == NULL || text_is_blank(words))
		return "";
	return arena_format(turn->arena, ": %.500s", words);
}

void
step_take_choice(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct turn_choice *list = turn->choices.items;
	struct json_object *answer = parse_answer(step);
	size_t i = read_choice(turn, answer);

	turn->choose.ask = 0;
	if (i < turn->choices.count)
		decide(step, list[i],
		    arena_format(turn->arena, "%s '%s' chosen by the model%s",
			list[i].is_global ? "global node" : "edge",
			list[i].label, model_reason(turn, answer)));
	else if (i == turn->choices.count)
		decide(step, (struct turn_choice){ .target = NULL },
		    arena_format(turn->arena, "stayed: the model chose to%s",
			model_reason(turn, answer)));
	else if (step->event->fault == NULL && !turn->choose.again) {
		turn->choose.again = true;
		ask_choice(step, "it is none of the choices",
		    "the model's choice was none: once more");
	} else
		decide(step, (struct turn_choice){ .target = NULL },
		    "stayed: the model made no choice");
	step_settle(step);
}

/* --- What the user's text holds. */

static bool
is_extracted(const struct node *node, const char *variable)
{
	const struct extract *list = node->extracts.items;
	size_t i, length;

	for (i = 0; i < node->extracts.count; i++) {
		length = strlen(list[i].name);
		if (text_starts_nocase(variable, list[i].name) &&
		    (variable[length] == '\0' || variable[length] == '.'))
			return true;
	}
	return false;
}

/* Rules about a variable that is just being taken wait for it. */
static bool
needs_extracts(const struct node *node)
{
	const struct edge *edges = node->edges.items;
	const struct rule *rules;
	size_t i, j;

	for (i = 0; i < node->edges.count; i++) {
		rules = edges[i].rules.items;
		for (j = 0; j < edges[i].rules.count; j++)
			if (is_extracted(node, rules[j].variable))
				return true;
	}
	return false;
}

static void
ask_extract(const struct step *step, const char *fault, const char *reason)
{
	struct turn *turn = step->turn;
	const struct prompt prompt = step_prompt(step);
	struct arena *arena = arena_new();
	const struct turn_question question = {
		.messages = prompt_extract(arena, &prompt, fault),
		.schema = prompt_extract_schema(arena, turn->node),
	};

	turn->extract.ask =
	    step_ask(step, PURPOSE_EXTRACT, question, reason)->ask;
	arena_free(arena);
}

void
step_ask_extract(const struct step *step)
{
	struct turn *turn = step->turn;

	turn->routes_late =
	    turn->node->kind == NODE_SCHEDULING || needs_extracts(turn->node);
	ask_extract(step, NULL, "the variables of the node");
}

/* Only what the calendar has can be chosen. */
static void
check_chosen(
    const struct turn *turn, struct json_object *found, const char **fault)
{
	struct json_object *chosen;

	if (turn->node->kind != NODE_SCHEDULING ||
	    !json_object_object_get_ex(found, PATHWAY_CHOSEN, &chosen) ||
	    turn_is_slot(turn, chosen))
		return;
	json_object_object_del(found, PATHWAY_CHOSEN);
	*fault = PATHWAY_CHOSEN " must be one of " PATHWAY_SLOTS
				", exactly as it stands there";
}

void
step_take_extract(const struct step *step)
{
	struct turn *turn = step->turn;
	struct json_object *answer = parse_answer(step), *found;
	const char *fault = NULL;

	turn->extract.ask = 0;
	found = prompt_extract_read(turn->arena, turn->node, answer, &fault);
	check_chosen(turn, found, &fault);
	if (fault != NULL && step->event->fault == NULL &&
	    !turn->extract.again) {
		turn->extract.again = true;
		ask_extract(step, fault,
		    "the variables were not as asked for: once more");
		return;
	}
	step_set_variables(step, found, "found in what the user said");
	if (node_requests(turn->node)) {
		step_request(step);
		return;
	}
	if (turn->routes_late) {
		turn->routes_late = false;
		step_route(step);
	}
	step_settle(step);
}
