/*
 * Requests of nodes: what the caller is given to make them.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/tool.h"
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
    "{\"nodes\":[{\"id\":\"w\",\"type\":\"Webhook\",\"data\":{"
    "\"isStart\":true,\"url\":\"https://x\",\"timeoutValue\":5,"
    "\"responseData\":[{\"name\":\"n\",\"data\":\"$.n\"}]}},"
    "{\"id\":\"b\",\"data\":{\"text\":\"B {{n}}\"}}],\"edges\":["
    "{\"source\":\"w\",\"target\":\"b\"}]}";

static void
test_url(struct arena *arena)
{
	struct turn turn = new_turn(arena, graph, NULL);
	struct turn_actions actions = take(&turn, EVENT_OPENED, 0, NULL);
	const struct turn_action *call = &actions.list[1];

	is_int(call->kind, ACTION_CALL_URL, "a URL is called");
	is_int(call->ask, 1, "by a number");
	is_int(call->request->timeout, 5000, "with the node's timeout");
	ok(call->variables != turn.variables, "and variables of its own");
	actions = take(&turn, EVENT_TOOL_ANSWERED, 9, "{}");
	is_int((int64_t)actions.count, 0, "another answer does not count");
	actions = take(&turn, EVENT_URL_ANSWERED, 1, "{\"n\":[1]}");
	is_int(actions.list[0].kind, ACTION_SET_VARIABLES, "it sets");
	is_text(actions.list[2].text, "B [1]", "what is said next");
	ok(turn.over, "and the turn ends");
}

static void
test_timeout(struct arena *arena)
{
	struct turn turn = new_turn(arena, graph, NULL);
	struct turn_actions actions;

	(void)take(&turn, EVENT_OPENED, 0, NULL);
	actions = take(&turn, EVENT_TIMED_OUT, 0, NULL);
	is_int(actions.list[0].kind, ACTION_WAIT, "no time, no waiting");
	actions = take(&turn, EVENT_URL_ANSWERED, 1, "{}");
	is_int((int64_t)actions.count, 0, "and what comes late is nothing");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_url(arena);
	test_timeout(arena);
	arena_free(arena);
	return done();
}
