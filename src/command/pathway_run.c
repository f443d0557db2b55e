/*
 * The loop of the worker in a terminal: nothing is stored, nothing is sent.
 */
#include "base/base.h"

#include "command/pathway_run.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "command/run.h"
#include "model/agent.h"
#include "model/builtin.h"
#include "model/channel.h"
#include "model/message.h"
#include "model/turn.h"
#include "model/variables.h"
#include "upstream/asking.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MOST 8192    /* bytes */
#define MESSAGES_MOST 500 /* of one chat */

struct talk {
	struct run *run;
	struct asking asking;
	struct agent agent;
	struct turn turn;
	struct json_object *variables;
	struct message *messages;
	size_t count;
	bool is_over;
};

static void
add_message(struct talk *talk, enum sender sender, const char *text)
{
	if (talk->count == MESSAGES_MOST)
		return;
	talk->messages[talk->count] = (struct message){
		.seq = (int64_t)talk->count + 1,
		.sender = sender,
		.text = text,
	};
	talk->count++;
}

static void
keep(struct talk *talk, const struct turn_action *action)
{
	switch (action->kind) {
	case ACTION_SAY:
		(void)printf("%s\n", action->text);
		add_message(talk, SENDER_AGENT, action->text);
		break;
	case ACTION_SET_VARIABLES:
		variables_set(talk->variables, action->variables);
		break;
	case ACTION_TRANSFER:
		(void)run_tell("it goes on in the pathway %s", action->name);
		talk->is_over = true;
		break;
	case ACTION_HAND_OFF:
		(void)run_tell("a person takes over");
		talk->is_over = true;
		break;
	case ACTION_END:
		talk->is_over = true;
		break;
	default:
		break;
	}
}

static void
step(struct talk *talk, const struct turn_event *event,
    struct turn_actions *asked)
{
	struct turn_actions *actions =
	    arena_alloc(talk->run->arena, sizeof(*actions));
	size_t i;

	turn_step(&talk->turn, event, actions);
	for (i = 0; i < actions->count; i++)
		if (actions->list[i].ask == 0)
			keep(talk, &actions->list[i]);
		else if (asked->count < TURN_ACTIONS)
			asked->list[asked->count++] = actions->list[i];
}

/* `state` is where it stands, before and after. */
static enum outcome
take_turn(struct talk *talk, int kind, struct turn_state *state)
{
	struct arena *arena = talk->run->arena;
	const struct facts facts = {
		.channel = CHANNEL_SMS,
		.user = "",
		.agent = "",
		.id = "",
		.now = when_now(),
	};
	struct turn_actions *asked = arena_alloc(arena, sizeof(*asked));
	struct turn_event event = { .kind = kind };
	struct asked told = { .reason = NULL };
	enum outcome rc = OK;

	asked->count = 0;
	turn_init(&talk->turn, arena, &talk->agent,
	    builtin_variables(arena, &facts, talk->variables),
	    (struct list){ talk->messages, talk->count });
	turn_place(&talk->turn, state);
	step(talk, &event, asked);
	while (rc == OK && asked->count > 0) {
		rc = asking_do(&talk->asking, &asked->list[0],
		    talk->turn.variables, &event, &told);
		asked->count--;
		(void)memmove(&asked->list[0], &asked->list[1],
		    asked->count * sizeof(asked->list[0]));
		if (rc == OK)
			step(talk, &event, asked);
	}
	*state = talk->turn.state;
	(void)fflush(stdout);
	return rc == OK ? OK : run_tell("%s", told.reason);
}

/* The next line that says something; NULL: there is none. */
static const char *
read_text(struct talk *talk)
{
	char line[LINE_MOST];
	const char *text;

	for (;;) {
		if (isatty(STDIN_FILENO) == 1)
			(void)fputs("> ", stderr);
		if (fgets(line, sizeof(line), stdin) == NULL)
			return NULL;
		text = text_trim(talk->run->arena, line);
		if (!text_is_clean(text, strlen(text)))
			(void)run_tell("this is no text in UTF-8");
		else if (text[0] != '\0')
			return text;
	}
}

static enum outcome
read_variables(struct run *run, struct json_object **variables)
{
	const char *given = run_value(run, "variables");
	struct json_object *ignored;
	struct json_fault fault;

	if (given != NULL && (json_parse(run->arena, given, strlen(given),
				  &ignored, &fault) != OK ||
				 given[strspn(given, " \t\n")] != '{'))
		return run_tell("--variables must be a JSON object");
	*variables = variables_read(run->arena, NULL, given);
	return OK;
}

enum outcome
pathway_talk(struct run *run, const struct pathway *pathway)
{
	const struct config *config = &run->config;
	struct talk talk = {
		.run = run,
		.asking = { .arena = run->arena, .config = config },
		.agent = agent_of_objective(run->arena, "", 0),
		.messages = arena_alloc(
		    run->arena, MESSAGES_MOST * sizeof(struct message)),
	};
	struct turn_state state = { .node = NULL };
	const char *text;
	enum outcome rc = read_variables(run, &talk.variables);

	talk.agent.pathway = pathway;
	talk.asking.line = (struct completion_line){
		.url = config->llm_url,
		.key = config->llm_key,
		.model = config->llm_model,
		.trusted = true,
	};
	if (rc == OK)
		rc = take_turn(&talk, EVENT_OPENED, &state);
	while (rc == OK && !talk.is_over && talk.count < MESSAGES_MOST &&
	       (text = read_text(&talk)) != NULL) {
		add_message(&talk, SENDER_USER, text);
		rc = take_turn(&talk, EVENT_TEXTED, &state);
	}
	return rc;
}
