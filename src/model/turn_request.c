/*
 * Nodes that call a URL or a tool: the request goes out while the node's
 * words are said, and what came back decides where to go.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/json_path.h"
#include "model/pathway.h"
#include "model/template.h"
#include "model/tool.h"
#include "model/tool_request.h"
#include "model/turn_step.h"

#include <json-c/json.h>
#include <string.h>

#define STATUS_VARIABLE "BlandStatusCode"

static void call_url(const struct step *step);
static void call_tool(const struct step *step);
static void fail(const struct step *step, const char *reason);
static void set_outputs(const struct step *step, struct json_object *document);

bool
node_requests(const struct node *node)
{
	return node->kind == NODE_WEBHOOK || node->kind == NODE_TOOL;
}

/* What the calendar had; NULL: nothing. */
static struct json_object *
find_slots(const struct turn *turn)
{
	struct json_object *slots =
	    json_object_object_get(turn->variables, PATHWAY_SLOTS);

	return json_object_is_type(slots, json_type_array) &&
		       json_object_array_length(slots) > 0
		   ? slots
		   : NULL;
}

bool
turn_has_slots(const struct turn *turn)
{
	return find_slots(turn) != NULL;
}

bool
turn_is_slot(const struct turn *turn, struct json_object *chosen)
{
	struct json_object *slots = find_slots(turn);
	size_t i, count = slots != NULL ? json_object_array_length(slots) : 0;

	for (i = 0; i < count; i++)
		if (json_object_is_type(chosen, json_type_string) &&
		    json_object_equal(
			json_object_array_get_idx(slots, i), chosen))
			return true;
	return false;
}

/* From now on, if the conversation has no other moment. */
static void
begin_schedule(struct turn *turn)
{
	struct json_object *now;

	if (!json_object_object_get_ex(turn->variables, PATHWAY_FROM, NULL) &&
	    json_object_object_get_ex(turn->variables, "now", &now))
		(void)json_object_object_add(
		    turn->variables, PATHWAY_FROM, json_object_get(now));
}

/* Nobody waits for an answer that nothing is made of. */
static bool
is_waited_for(const struct node *node)
{
	return node->kind != NODE_WEBHOOK || node->call->outputs.count > 0 ||
	       node->routes.count > 0;
}

void
step_request(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct node *node = turn->node;

	turn->completed = false;
	turn->response = "nobody waits for the request's answer";
	if (node->kind == NODE_SCHEDULING)
		begin_schedule(turn);
	else if (node->text != NULL)
		step_say(step,
		    template_fill(
			turn->arena, node->text, turn->variables, NULL),
		    "the node's text");
	else if (node->prompt != NULL)
		step_ask_reply(step, "to be said while the request is made");
	if (turn->over)
		return;
	if (node->kind == NODE_TOOL)
		call_tool(step);
	else
		call_url(step);
	step_request_settle(step);
}

/* A copy: the caller may make the request when they have changed. */
static struct json_object *
copy_variables(const struct turn *turn)
{
	struct json_object *copy = NULL;

	(void)json_object_deep_copy(turn->variables, &copy, NULL);
	return json_own(turn->arena, copy);
}

static void
call_url(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct node *node = turn->node;
	struct tool_request request;
	struct turn_action *action;
	const char *fault;

	if (node->call == NULL ||
	    tool_request_make(turn->arena, node->call, NULL, turn->variables,
		NULL, &request, &fault) != OK) {
		fail(step, node->call == NULL ? "the node has no url" : fault);
		return;
	}
	action = step_act(step, ACTION_CALL_URL, "the node's request");
	action->ask = ++turn->asked;
	action->name = node->name;
	action->arguments = tool_request_text(turn->arena, &request);
	action->request = node->call;
	action->variables = copy_variables(turn);
	turn->completed = true;
	if (is_waited_for(node))
		turn->request = action->ask;
}

/* The texts within are templates. */
static struct json_object *
fill_tree(const struct turn *turn, struct json_object *tree)
{
	struct json_object *made = json_object_new_object();
	const char *text;

	json_object_object_foreach(tree, name, value)
	{
		if (json_object_is_type(value, json_type_object)) {
			(void)json_object_object_add(
			    made, name, fill_tree(turn, value));
		} else if (json_object_is_type(value, json_type_string)) {
			text = template_fill(turn->arena,
			    json_object_get_string(value), turn->variables,
			    NULL);
			(void)json_object_object_add(
			    made, name, json_string(text));
		} else
			(void)json_object_object_add(
			    made, name, json_object_get(value));
	}
	return made;
}

static void
call_tool(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct node *node = turn->node;
	struct json_object *arguments;
	struct turn_action *action;
	struct json_fault ignored;

	if (node->tool == NULL ||
	    agent_find_tool(turn->agent, node->tool) == NULL ||
	    json_parse(turn->arena, node->arguments, strlen(node->arguments),
		&arguments, &ignored) != OK) {
		fail(step, "the agent has no tool of the node's name");
		return;
	}
	arguments = json_own(turn->arena, fill_tree(turn, arguments));
	action = step_act(step, ACTION_CALL_TOOL, "the node's tool");
	action->ask = turn->request = ++turn->asked;
	action->name = node->tool;
	action->arguments = json_text(turn->arena, arguments);
}

/* No request, or no answer: all that it would have set is null. */
static void
fail(const struct step *step, const char *reason)
{
	step->turn->completed = false;
	step->turn->response =
	    arena_format(step->turn->arena, "the request failed: %s", reason);
	set_outputs(step, NULL);
}

static void
set_outputs(const struct step *step, struct json_object *document)
{
	struct turn *turn = step->turn;
	const struct tool *call = turn->node->call;
	const struct tool_output *outputs;
	struct json_object *set, *found;
	int64_t status = step->event->status;
	size_t i;

	if (call == NULL)
		return;
	set = json_own(turn->arena, json_object_new_object());
	(void)json_object_object_add(set, STATUS_VARIABLE,
	    status > 0 && document != NULL ? json_object_new_int64(status)
					   : NULL);
	outputs = call->outputs.items;
	for (i = 0; i < call->outputs.count; i++) {
		if (document == NULL || json_path_find(turn->arena, document,
					    outputs[i].data, &found) != OK)
			found = NULL;
		(void)json_object_object_add(
		    set, outputs[i].name, json_object_get(found));
	}
	if (turn->node->kind == NODE_SCHEDULING)
		(void)json_object_object_add(set, PATHWAY_CHOSEN, NULL);
	step_set_variables(step, set, turn->response);
}

/* The answer as JSON, or as the text that it is. */
static struct json_object *
read_document(struct arena *arena, const char *text)
{
	struct json_object *document;
	struct json_fault ignored;

	if (text == NULL)
		text = "";
	if (json_parse(arena, text, strlen(text), &document, &ignored) == OK &&
	    document != NULL)
		return document;
	return json_own(arena, json_string(text));
}

void
step_take_url(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct turn_event *event = step->event;

	turn->request = 0;
	if (event->fault != NULL) {
		fail(step, event->fault);
	} else {
		turn->completed = event->status >= 200 && event->status < 300;
		turn->response = arena_format(turn->arena,
		    "the request was answered by %lld",
		    (long long)event->status);
		set_outputs(step, read_document(turn->arena, event->text));
	}
	step_request_settle(step);
}

void
step_take_node_tool(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct turn_event *event = step->event;

	turn->request = 0;
	turn->completed = event->fault == NULL;
	turn->response = event->fault == NULL
			     ? "the tool answered"
			     : arena_format(turn->arena, "the tool failed: %s",
				   event->fault);
	if (event->fault == NULL && event->variables != NULL)
		step_set_variables(step, event->variables, turn->response);
	step_request_settle(step);
}

/* The last that holds wins, but for the one that says that all went well,
 * which wins over every other. */
static const struct route *
find_route(const struct turn *turn)
{
	const struct node *node = turn->node;
	const struct route *routes = node->routes.items, *found = NULL;
	const struct rule_facts facts = { turn->variables, NULL,
		turn->completed };
	size_t i;

	for (i = 0; i < node->routes.count; i++) {
		if (!rule_holds(turn->arena, &routes[i].rule, &facts))
			continue;
		if (routes[i].rule.kind == RULE_COMPLETED)
			return &routes[i];
		found = &routes[i];
	}
	return found;
}

/* On, once the words are said and the request is answered; with a calendar's
 * answer it is spoken about. */
void
step_request_settle(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct route *route;

	if (turn->over || turn->next != NULL || turn->reply.ask != 0 ||
	    turn->request != 0 || turn->call_count > 0)
		return;
	route = find_route(turn);
	if (route == NULL && turn->node->kind == NODE_SCHEDULING) {
		step_speak(step, turn->response);
		return;
	}
	if (route == NULL) {
		step_leave(step, turn->response);
		return;
	}
	turn->answering = false;
	turn->choice = (struct turn_choice){ .target = route->target };
	turn->reason = arena_format(
	    turn->arena, "route: %s", rule_text(turn->arena, &route->rule));
	step_go(step);
}
