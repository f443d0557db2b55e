/*
 * One step of a turn, in its parts:
 *
 *   turn.c          what each event does, and the actions
 *   turn_walk.c     coming to a node, speaking there, going on
 *   turn_route.c    where to go on to, and what the user's text holds
 *   turn_request.c  nodes that call a URL or a tool
 *   turn_reply.c    the model's words, and its calls of tools
 *
 * Nothing here goes to a node by itself: who knows where to says it by
 * `turn->next`, and turn_step goes there once the event is done with.
 */
#ifndef PARLEY_MODEL_TURN_STEP_H
#define PARLEY_MODEL_TURN_STEP_H

#include "model/turn.h"

/* One step on its way. */
struct step {
	struct turn *turn;
	const struct turn_event *event;
	struct turn_actions *actions;
};

/* Actions.  After step_finish the turn is over, and nothing may follow. */
struct turn_action *step_act(
    const struct step *step, enum turn_action_kind kind, const char *reason);
struct turn_action *step_ask(const struct step *step, int purpose,
    struct turn_question question, const char *reason);
void step_say(const struct step *step, const char *text, const char *reason);
void step_send(const struct step *step, const char *number, const char *text,
    const char *reason);
struct turn_action *step_finish(
    const struct step *step, enum turn_action_kind kind, const char *reason);

/* Sets all but facts: who talks cannot be changed by an answer. */
void step_set_variables(
    const struct step *step, struct json_object *variables, const char *reason);

/* What the prompts of this turn are made from. */
struct prompt step_prompt(const struct step *step);

/* The walk. */
void step_set_helpers(const struct step *step);
void step_arrive(const struct step *step);
void step_respond(const struct step *step);
void step_speak(const struct step *step, const char *reason);
void step_spoken(const struct step *step, const char *reason);
void step_leave(const struct step *step, const char *reason);
void step_go(const struct step *step);

/* Where to. */
void step_route(const struct step *step);
void step_settle(const struct step *step);
void step_take_choice(const struct step *step);
void step_ask_extract(const struct step *step);
void step_take_extract(const struct step *step);

/* Requests of nodes. */
bool node_requests(const struct node *node);
bool turn_has_slots(const struct turn *turn);
bool turn_is_slot(const struct turn *turn, struct json_object *chosen);
void step_request(const struct step *step);
void step_request_settle(const struct step *step);
void step_take_url(const struct step *step);
void step_take_node_tool(const struct step *step);

/* The model's words. */
void step_ask_reply(const struct step *step, const char *reason);
void step_take_reply(const struct step *step);
void step_take_tool(const struct step *step);

#endif
