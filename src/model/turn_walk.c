#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/pathway.h"
#include "model/template.h"
#include "model/turn_step.h"

#include <json-c/json.h>

static void push_return(struct turn *turn, const char *id);
static const struct node *pop_return(struct turn *turn);
static bool go_back(const struct step *step, bool speaks, const char *reason);

static const char *
fill(const struct turn *turn, const char *text)
{
	return template_fill(turn->arena, text, turn->variables, NULL);
}

static bool
has_words(const struct node *node)
{
	return node->text != NULL || node->prompt != NULL ||
	       node->knowledge != NULL;
}

/* What the node before was to say, and what the user said last. */
void
step_set_helpers(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct node *before =
	    turn->state.previous != NULL
		? pathway_find(turn->agent->pathway, turn->state.previous)
		: NULL;
	const char *words = NULL;

	if (turn->node->is_free)
		return;
	if (before != NULL)
		words = before->text != NULL ? before->text : before->prompt;
	(void)json_object_object_add(turn->variables, "prevNodePrompt",
	    json_string(words != NULL ? fill(turn, words) : ""));
	(void)json_object_object_add(turn->variables, "lastUserMessage",
	    json_string(turn->said != NULL ? turn->said : ""));
}

static void
place(const struct step *step, const struct node *node, const char *reason)
{
	struct turn *turn = step->turn;
	struct turn_action *action;

	if (turn->node != node)
		turn->state.previous = turn->node->id;
	turn->node = node;
	turn->state.node = node->id;
	turn->state.entered = true;
	step_set_helpers(step);
	if (node->is_free)
		return;
	action = step_act(step, ACTION_MOVE, reason);
	action->name = node->id;
	action->text = node->name;
	if (node->tag == NULL)
		return;
	action = step_act(step, ACTION_TAG, "the node's tag");
	action->name = node->tag;
	action->text = node->tag_color;
}

/* What a request is made of is taken from the user's words before. */
static void
request(const struct step *step)
{
	const struct node *node = step->turn->node;

	if (node_requests(node) && node->extracts.count > 0)
		step_ask_extract(step);
	else
		step_request(step);
}

/* At the node that is next. */
void
step_arrive(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct node *node = turn->next;
	bool waits_already =
	    turn->moves == 0 && turn->said != NULL && !turn->state.entered;

	turn->next = NULL;
	if (++turn->moves > TURN_STEPS) {
		(void)step_finish(step, ACTION_WAIT,
		    "the turn came to too many nodes and was ended");
		return;
	}
	place(step, node, turn->reason);
	turn->reply = turn->choose = turn->extract =
	    (struct turn_asking){ 0, false };
	turn->decided = false;
	if (node_rules[node->kind].refused != NULL)
		(void)step_finish(
		    step, ACTION_WAIT, node_rules[node->kind].refused);
	else if (node_requests(node) || node->kind == NODE_SCHEDULING)
		request(step);
	else if (waits_already && !has_words(node) &&
		 (node->kind == NODE_DEFAULT || node->kind == NODE_WAIT))
		step_respond(step);
	else
		step_speak(step, turn->reason);
}

/* The user's text is an answer to the node where it stands.  A node that does
 * not wait was left with no way that was open, and tries again; so does one
 * whose calendar had nothing. */
void
step_respond(const struct step *step)
{
	struct turn *turn = step->turn;

	if (node_rules[turn->node->kind].passes &&
	    turn->node->edges.count + turn->node->routes.count > 0) {
		turn->next = turn->node;
		return;
	}
	if (turn->node->kind == NODE_SCHEDULING && !turn_has_slots(turn)) {
		turn->next = turn->node;
		return;
	}
	turn->answering = true;
	turn->decided = false;
	turn->routes_late = false;
	if (turn->node->extracts.count > 0)
		step_ask_extract(step);
	if (!turn->routes_late)
		step_route(step);
	step_settle(step);
}

/* What the node has to say: static text before generated one. */
void
step_speak(const struct step *step, const char *reason)
{
	struct turn *turn = step->turn;
	const struct node *node = turn->node;

	if (node->text != NULL && node_sends(node)) {
		step_send(step, node->recipient, fill(turn, node->text),
		    "the node's text");
		step_spoken(step, "for the user's answer");
	} else if (node->text != NULL) {
		step_say(step, fill(turn, node->text), "the node's text");
		step_spoken(step, "for the user's answer");
	} else if (has_words(node) || node->is_free)
		step_ask_reply(step, reason);
	else
		step_spoken(step, "for the user: the node says nothing");
}

static void
transfer(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct node *node = turn->node;
	struct json_object *made =
	    json_own(turn->arena, json_object_new_object());
	struct turn_action *action =
	    step_finish(step, ACTION_TRANSFER, "the node leads to a pathway");

	(void)json_object_object_add(
	    made, "pathway_id", json_string(node->transfer_pathway));
	(void)json_object_object_add(
	    made, "version", json_string(node->transfer_version));
	(void)json_object_object_add(
	    made, "node_id", json_string(node->transfer_node));
	action->name = node->transfer_pathway;
	action->arguments = json_text(turn->arena, made);
}

static void
hand_off(const struct step *step)
{
	struct turn *turn = step->turn;
	struct turn_action *action =
	    step_finish(step, ACTION_HAND_OFF, "the node leads to a person");

	action->text = arena_format(
	    turn->arena, "the pathway came to %s", turn->node->name);
	if (turn->node->transfer_number != NULL)
		action->name = fill(turn, turn->node->transfer_number);
}

/* What follows a node's words; where nothing does, the turn waits for
 * `reason`. */
void
step_spoken(const struct step *step, const char *reason)
{
	struct turn *turn = step->turn;
	const struct node *node = turn->node;

	if (turn->over)
		return;
	if (node->kind == NODE_END)
		step_finish(step, ACTION_END, "the node ends the conversation")
		    ->text = arena_format(
		    turn->arena, "the pathway came to %s", node->name);
	else if (node->kind == NODE_HAND_OFF ||
		 node->kind == NODE_TRANSFER_CALL)
		hand_off(step);
	else if (node->kind == NODE_TRANSFER_PATHWAY)
		transfer(step);
	else if (node_requests(node))
		step_request_settle(step);
	else if (node_passes(node))
		step_leave(step, "the node does not wait for the user");
	else if (node->condition != NULL || node->kind == NODE_SCHEDULING ||
		 !go_back(step, false, reason))
		(void)step_finish(step, ACTION_WAIT, reason);
}

/* On without the user's answer. */
void
step_leave(const struct step *step, const char *reason)
{
	struct turn *turn = step->turn;

	turn->answering = false;
	turn->decided = false;
	turn->reason = reason;
	step_route(step);
	step_settle(step);
}

/* As it was decided. */
void
step_go(const struct step *step)
{
	struct turn *turn = step->turn;
	const struct turn_choice choice = turn->choice;

	turn->decided = false;
	if (choice.is_return) {
		if (!go_back(step, true, turn->reason))
			(void)step_finish(step, ACTION_WAIT,
			    "there is nothing to go back to");
	} else if (choice.target != NULL) {
		if (choice.is_global)
			push_return(turn, turn->node->id);
		else if (turn->node->is_global)
			(void)pop_return(turn);
		turn->next = choice.target;
	} else if (turn->answering)
		step_speak(step, turn->reason);
	else if (!go_back(step, false, turn->reason))
		(void)step_finish(step, ACTION_WAIT, turn->reason);
}

/* The oldest is forgotten where there are too many, and none is there twice.
 */
static void
push_return(struct turn *turn, const char *id)
{
	struct turn_state *state = &turn->state;
	size_t i, kept = 0;

	for (i = 0; i < state->return_count; i++)
		if (pathway_find(turn->agent->pathway, state->returns[i]) !=
		    turn->node)
			state->returns[kept++] = state->returns[i];
	if (kept == TURN_RETURNS)
		for (i = 1, kept--; i < TURN_RETURNS; i++)
			state->returns[i - 1] = state->returns[i];
	state->returns[kept++] = id;
	state->return_count = kept;
}

static const struct node *
pop_return(struct turn *turn)
{
	struct turn_state *state = &turn->state;

	if (state->return_count == 0)
		return NULL;
	return pathway_find(
	    turn->agent->pathway, state->returns[--state->return_count]);
}

/* From a global node to where it came from.  There it either says its words
 * again, or waits at once for what the user had not answered yet. */
static bool
go_back(const struct step *step, bool speaks, const char *reason)
{
	struct turn *turn = step->turn;
	const struct node *node;

	if (!turn->node->is_global || !turn->node->returns)
		return false;
	node = pop_return(turn);
	if (node == NULL)
		return false;
	turn->reason = arena_format(
	    turn->arena, "back from the global node %s", turn->node->name);
	if (speaks) {
		turn->next = node;
		return true;
	}
	place(step, node, turn->reason);
	(void)step_finish(step, ACTION_WAIT, reason);
	return true;
}
