/*
 * Replies at the nodes of a pathway: which functions they have.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/turn.h"

#include "tap.h"

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &tree, &fault) != OK)
		printf("# %s: %s\n", fault.what, text);
	return tree;
}

static const struct message said = { .sender = SENDER_USER, .text = "yes" };

static struct turn
new_turn(struct arena *arena, const char *graph, const char *node)
{
	struct agent *agent = arena_alloc(arena, sizeof(*agent));
	struct turn_state state = { .node = node, .entered = node != NULL };
	struct pathway *pathway = NULL;
	struct turn turn;

	if (pathway_read(arena, parse(arena, graph), &pathway) != OK)
		printf("# it is no pathway\n");
	*agent = agent_of_objective(arena, "", 0.5);
	agent->pathway = pathway;
	turn_init(&turn, arena, agent, NULL, (struct list){ &said, 1 });
	turn_place(&turn, &state);
	return turn;
}

static struct turn_actions
take(struct turn *turn, int kind, int64_t ask, const char *text)
{
	const struct turn_event event = {
		.kind = kind, .ask = ask, .text = text, .status = 200
	};
	struct turn_actions actions;

	turn_step(turn, &event, &actions);
	return actions;
}

static const char graph[] =
    "{\"nodes\":[{\"id\":\"a\",\"data\":{\"isStart\":true,"
    "\"prompt\":\"Sell.\",\"modelOptions\":{\"modelName\":\"m\","
    "\"temperature\":0.1}}}],\"edges\":[]}";

static void
test_functions(struct arena *arena)
{
	struct turn turn = new_turn(arena, graph, NULL);
	struct turn_actions actions = take(&turn, EVENT_OPENED, 0, NULL);
	const struct turn_question *question = &actions.list[1].question;
	struct turn_event event = { .kind = EVENT_MODEL_ANSWERED,
		.ask = 1,
		.text = "Bye",
		.tool_calls = "[{\"function\":{\"name\":"
			      "\"end_conversation\"}}]" };

	ok(question->tools == NULL,
	    "the graph decides when it ends, not the model");
	is_text(question->model, "m", "a node may name its model");
	ok(question->temperature < 0.11, "and has its temperature");
	turn_step(&turn, &event, &actions);
	is_int(actions.list[0].kind, ACTION_ASK_MODEL,
	    "what it calls all the same is refused");
	actions = take(&turn, EVENT_MODEL_ANSWERED, 2, "Hi");
	is_text(actions.list[0].text, "Hi", "until it says something");
	is_int(actions.list[1].kind, ACTION_WAIT, "to wait for the user");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_functions(arena);
	arena_free(arena);
	return done();
}
