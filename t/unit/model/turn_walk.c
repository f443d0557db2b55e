/*
 * The walk over a pathway, by golden files (t/golden.h), and how long a step
 * takes.
 *
 * What a turn of a file does not name is not looked at, but for says, which
 * are none where there is no member, and answers, all of which must be asked
 * for.
 */
#include "base/base.h"

#include "base/fault.h"
#include "base/when.h"

#include "golden.h"

#define BENCH_NODES 300
#define BENCH_STEPS 2000

static void
check_member(struct game *game, const char *name, struct json_object *got)
{
	struct json_object *wanted = member(game->script, name);

	if (wanted != NULL)
		is_text(json_text(game->arena, got),
		    json_text(game->arena, wanted), "%s: %s", game->name, name);
}

static void
check_texts(struct game *game, const char *name, bool wanted)
{
	struct json_object *list = member(game->script, name);
	size_t i;

	if (list == NULL)
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		const char *text =
		    json_object_get_string(json_object_array_get_idx(list, i));

		ok((strstr(buf_text(&game->seen), text) != NULL) == wanted,
		    "%s: %s: %s", game->name, name, text);
	}
}

static void
check_used(struct game *game, const char *name, size_t slot)
{
	struct json_object *list = member(game->script, name);

	is_int((int64_t)game->used[slot],
	    list != NULL ? (int64_t)json_object_array_length(list) : 0,
	    "%s: as many of %s are asked for as there are answers", game->name,
	    name);
}

static void
check_turn(struct game *game)
{
	const char *ends = text_member(game->script, "ends");
	size_t i;

	if (member(game->script, "says") == NULL)
		is_text(json_text(game->arena, game->says), "[]",
		    "%s: nothing is said", game->name);
	check_member(game, "says", game->says);
	check_member(game, "sends", game->sends);
	check_member(game, "moves", game->moves);
	check_member(game, "tags", game->tags);
	check_member(game, "set", game->set);
	check_member(game, "asks", game->asks);
	check_member(game, "requests", game->requests);
	if (member(game->script, "node") != NULL)
		is_text(game->state.node, text_member(game->script, "node"),
		    "%s: node", game->name);
	is_text(
	    game->ending, ends != NULL ? ends : "wait", "%s: ends", game->name);
	check_texts(game, "seen", true);
	check_texts(game, "unseen", false);
	for (i = 0; i < PURPOSE_N; i++)
		check_used(game, names_text(&purpose_names, (int)i), i);
	check_used(game, "url", USED_URL);
	check_used(game, "tool", USED_TOOL);
	ok(game->has_reasons, "%s: every action has its reason", game->name);
	ok(game->turn.over, "%s: the turn is over", game->name);
}

static void
check_faults(struct game *game, struct json_object *golden)
{
	struct json_object *wanted = member(golden, "faults");
	struct json_object *got = new_array(game->arena);
	struct faults faults;
	size_t i;

	faults_init(&faults, game->arena);
	pathway_check(game->agent.pathway, &faults);
	for (i = 0; i < faults.count; i++)
		push(got, arena_format(game->arena, "%s %s",
			      faults.list[i].field, faults.list[i].message));
	is_text(json_text(game->arena, got),
	    wanted != NULL ? json_text(game->arena, wanted) : "[]",
	    "%s: faults", game->name);
}

/* A ring of nodes, each with an edge to the next by a keyword. */
static struct pathway *
make_ring(struct arena *arena)
{
	struct pathway *pathway = NULL;
	struct buf buf;
	size_t i;

	buf_init(&buf, arena, FILE_MOST);
	buf_add_text(&buf, "{\"nodes\":[");
	for (i = 0; i < BENCH_NODES; i++)
		buf_add_format(&buf,
		    "%s{\"id\":\"n%zu\",\"type\":\"Default\",\"data\":{"
		    "\"text\":\"Hello {{name}}\",\"isStart\":%s}}",
		    i > 0 ? "," : "", i, i > 0 ? "false" : "true");
	buf_add_text(&buf, "],\"edges\":[");
	for (i = 0; i < BENCH_NODES; i++)
		buf_add_format(&buf,
		    "%s{\"id\":\"e%zu\",\"source\":\"n%zu\",\"target\":\"n%zu\""
		    ",\"data\":{\"conditions\":[{\"keywords\":[\"next\"]}]}}",
		    i > 0 ? "," : "", i, i, (i + 1) % BENCH_NODES);
	buf_add_text(&buf, "]}");
	if (pathway_read(arena, parse(arena, buf_text(&buf)), &pathway) != OK)
		ok(false, "the ring is read");
	return pathway;
}

static void
test_speed(void)
{
	static const struct message said = { .sender = SENDER_USER,
		.text = "next please" };
	static const struct turn_event texted = { .kind = EVENT_TEXTED };
	struct arena *arena = arena_new(), *own = arena_new();
	struct agent agent = agent_of_objective(own, "", 0.5);
	struct turn_state state = { .node = "n0", .entered = true };
	struct turn_actions actions;
	struct turn turn;
	int64_t start;
	double took;
	size_t i;

	agent.pathway = make_ring(own);
	start = when_elapsed();
	for (i = 0; i < BENCH_STEPS; i++) {
		turn_init(
		    &turn, arena, &agent, NULL, (struct list){ &said, 1 });
		turn_place(&turn, &state);
		turn_step(&turn, &texted, &actions);
		state = turn.state;
		arena_clear(arena);
	}
	took = (double)(when_elapsed() - start) / BENCH_STEPS;
	is_text(state.node, arena_format(own, "n%d", BENCH_STEPS % BENCH_NODES),
	    "the walk went around");
	printf("# a step among %d nodes takes %.1f microseconds\n", BENCH_NODES,
	    took);
	arena_free(arena);
	arena_free(own);
}

int
main(void)
{
	static const struct golden_hooks hooks = {
		.before = check_faults,
		.after_turn = check_turn,
	};

	golden_play(&hooks);
	test_speed();
	return done();
}
