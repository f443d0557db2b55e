/*
 * Choices that are asked for: two questions at once, in any order.
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
    "{\"nodes\":[{\"id\":\"a\",\"data\":{\"isStart\":true,\"text\":\"A\","
    "\"extractVars\":[[\"n\",\"integer\",\"\"]]}},"
    "{\"id\":\"b\",\"data\":{\"text\":\"B {{n}}\"}},"
    "{\"id\":\"c\",\"data\":{\"text\":\"C\"}}],\"edges\":["
    "{\"source\":\"a\",\"target\":\"b\"},"
    "{\"source\":\"a\",\"target\":\"c\"}]}";

static void
test_both(struct arena *arena)
{
	struct turn turn = new_turn(arena, graph, "a");
	struct turn_actions actions = take(&turn, EVENT_TEXTED, 0, NULL);

	is_int((int64_t)actions.count, 2, "two things are asked at once");
	is_int(actions.list[0].purpose, PURPOSE_EXTRACT, "the variables");
	is_int(actions.list[1].purpose, PURPOSE_CHOOSE, "and the way");
	ok(actions.list[0].question.schema != NULL &&
		actions.list[1].question.schema != NULL,
	    "each with its schema");
	actions = take(&turn, EVENT_MODEL_ANSWERED, 2,
	    "```json\n{\"choice\":\"choice_1\",\"reason\":\"said so\"}\n```");
	is_int((int64_t)actions.count, 0, "the choice waits");
	actions = take(&turn, EVENT_MODEL_ANSWERED, 2, "{}");
	is_int((int64_t)actions.count, 0, "an answer counts once");
	actions = take(&turn, EVENT_MODEL_ANSWERED, 1, "{\"n\":2}");
	is_int((int64_t)actions.count, 4, "until both are there");
	is_text(actions.list[1].reason, "edge 'b' chosen by the model: said so",
	    "the reason is told");
	is_text(actions.list[2].text, "B 2", "with what was found");
}

int
main(void)
{
	struct arena *arena = arena_new();

	test_both(arena);
	arena_free(arena);
	return done();
}
