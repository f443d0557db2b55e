/*
 * The walk over a pathway, by golden files: each in t/golden is one case.
 *
 *   {
 *     "pathway": {"nodes": [...], "edges": [...]},
 *     "variables": {...}, "state": {...},      what there is at the beginning
 *     "tools": ["look_up"],                    of the account
 *     "faults": ["Node a: ..."],               of pathway_check; or left out
 *     "turns": [
 *       {
 *         "user": "Hi",                  or nothing: the agent opens
 *         "event": "resumed",            another event than those two
 *         "reply": ["Hello!", ...],      what the model answers, in order and
 *         "choose": ["choice_1", ...],   by purpose; a choice may be a word,
 *         "extract": [{...}, ...],       and {"fault": "..."} is no answer
 *         "url": [{"status": 200, "body": ...}, {"fault": "..."}],
 *         "tool": [{"text": "...", "variables": {...}}],
 *         "order": "last",               the last that is open answers first
 *
 *         "says": [...], "node": "a", "ends": "wait",
 *         "moves": [...], "tags": [...], "set": {...},
 *         "asks": [...],                 "choose", "extract", "url", ...
 *         "requests": [...],             what was asked of URLs and tools
 *         "seen": [...], "unseen": [...] texts that the questions hold
 *       }
 *     ]
 *   }
 *
 * What a turn does not name is not looked at, but for says, which are none
 * where there is no member, and answers, all of which must be asked for.  The
 * state is written and read again between turns.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/text.h"
#include "base/when.h"
#include "model/agent.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/turn.h"

#include <dirent.h>
#include <json-c/json.h>
#include <stdlib.h>

#include "tap.h"

#define FILE_MOST ((size_t)1 << 20)
#define MESSAGES_MOST 400
#define OPEN_MOST 128
#define BENCH_NODES 300
#define BENCH_STEPS 2000

struct game {
	struct arena *arena;
	const char *name;
	struct agent agent;
	struct json_object *variables;
	struct turn_state state;
	struct message messages[MESSAGES_MOST];
	size_t count;

	/* Of the turn that is taken. */
	struct json_object *script;
	struct turn turn;
	struct turn_action open[OPEN_MOST];
	size_t open_count;
	size_t used[PURPOSE_N + 2];
	struct json_object *says, *moves, *tags, *set, *asks, *requests;
	struct buf seen;
	const char *ending;
};

enum { USED_URL = PURPOSE_N, USED_TOOL };

static struct json_object *
parse(struct arena *arena, const char *text)
{
	struct json_object *tree = NULL;
	struct json_fault fault;

	if (json_parse(arena, text, strlen(text), &tree, &fault) != OK)
		printf("# line %zu: %s\n", fault.line, fault.what);
	return tree;
}

static struct json_object *
member(struct json_object *object, const char *name)
{
	return json_object_object_get(object, name);
}

static const char *
text_member(struct json_object *object, const char *name)
{
	return json_object_get_string(member(object, name));
}

static struct json_object *
new_array(struct arena *arena)
{
	return json_own(arena, json_object_new_array());
}

static void
push(struct json_object *array, const char *text)
{
	(void)json_object_array_add(array, json_string(text));
}

/* The next of those that a turn has for a question. */
static struct json_object *
next_answer(struct game *game, const char *name, size_t slot)
{
	struct json_object *list = member(game->script, name);
	size_t i = game->used[slot]++;

	if (!json_object_is_type(list, json_type_array) ||
	    i >= json_object_array_length(list))
		return NULL;
	return json_object_array_get_idx(list, i);
}

static const char *
as_text(struct game *game, struct json_object *answer)
{
	return json_object_is_type(answer, json_type_string)
		   ? json_object_get_string(answer)
		   : json_text(game->arena, answer);
}

static void
answer_model(struct game *game, const struct turn_action *action,
    struct turn_event *event)
{
	const char *purpose = names_text(&purpose_names, action->purpose);
	struct json_object *answer =
	    next_answer(game, purpose, (size_t)action->purpose);

	event->kind = EVENT_MODEL_ANSWERED;
	event->fault = text_member(answer, "fault");
	if (json_object_is_type(answer, json_type_null))
		event->fault = "no answer was recorded";
	event->tool_calls =
	    member(answer, "tool_calls") != NULL
		? json_text(game->arena, member(answer, "tool_calls"))
		: NULL;
	event->text = as_text(game, answer);
	if (action->purpose == PURPOSE_CHOOSE &&
	    json_object_is_type(answer, json_type_string))
		event->text = arena_format(game->arena, "{\"choice\":\"%s\"}",
		    json_object_get_string(answer));
	if (event->tool_calls != NULL)
		event->text = text_member(answer, "text");
}

static struct turn_event
answer(struct game *game, const struct turn_action *action)
{
	struct turn_event event = { .ask = action->ask };
	struct json_object *given;

	if (action->kind == ACTION_ASK_MODEL) {
		answer_model(game, action, &event);
		return event;
	}
	event.kind = action->kind == ACTION_CALL_URL ? EVENT_URL_ANSWERED
						     : EVENT_TOOL_ANSWERED;
	given = action->kind == ACTION_CALL_URL
		    ? next_answer(game, "url", USED_URL)
		    : next_answer(game, "tool", USED_TOOL);
	event.fault = given != NULL ? text_member(given, "fault")
				    : "no answer was recorded";
	event.status = json_object_get_int64(member(given, "status"));
	event.variables = member(given, "variables");
	event.text = as_text(game, action->kind == ACTION_CALL_URL
				       ? member(given, "body")
				       : member(given, "text"));
	return event;
}

static void
note_set(struct game *game, struct json_object *variables)
{
	json_object_object_foreach(variables, name, value)
	{
		(void)json_object_object_add(
		    game->set, name, json_object_get(value));
		(void)json_object_object_add(
		    game->variables, name, json_object_get(value));
	}
}

static void
note(struct game *game, const struct turn_action *action)
{
	switch (action->kind) {
	case ACTION_SAY:
		push(game->says, action->text);
		game->messages[game->count++] =
		    (struct message){ .sender = SENDER_AGENT,
			    .text = action->text };
		break;
	case ACTION_MOVE:
		push(game->moves, action->name);
		break;
	case ACTION_TAG:
		push(game->tags, action->name);
		break;
	case ACTION_SET_VARIABLES:
		note_set(game, action->variables);
		break;
	default:
		game->ending = arena_format(game->arena, "%s%s%s",
		    names_text(&turn_action_names, action->kind),
		    action->name != NULL ? " " : "",
		    action->name != NULL ? action->name : "");
		break;
	}
}

static void
note_asked(struct game *game, const struct turn_action *action)
{
	if (action->kind == ACTION_ASK_MODEL) {
		push(game->asks, names_text(&purpose_names, action->purpose));
		buf_add_text(&game->seen, action->question.messages);
		if (action->question.schema != NULL)
			buf_add_text(&game->seen, action->question.schema);
		if (action->question.tools != NULL)
			buf_add_text(&game->seen, action->question.tools);
		return;
	}
	push(game->asks, action->kind == ACTION_CALL_URL ? "url" : "tool");
	(void)json_object_array_add(game->requests,
	    json_object_get(parse(game->arena, action->arguments)));
}

/* Says whether every action had a reason. */
static bool
take(struct game *game, const struct turn_event *event)
{
	struct turn_actions *actions =
	    arena_alloc(game->arena, sizeof(*actions));
	bool has_reasons = true;
	size_t i;

	turn_step(&game->turn, event, actions);
	for (i = 0; i < actions->count; i++) {
		const struct turn_action *action = &actions->list[i];

		has_reasons = has_reasons && action->reason != NULL &&
			      !text_is_blank(action->reason);
		if (action->ask == 0) {
			note(game, action);
		} else {
			note_asked(game, action);
			game->open[game->open_count++ % OPEN_MOST] = *action;
		}
	}
	return has_reasons;
}

static struct turn_action
take_open(struct game *game)
{
	const char *order = text_member(game->script, "order");
	size_t at = order != NULL ? game->open_count - 1 : 0;
	struct turn_action action = game->open[at];

	memmove(&game->open[at], &game->open[at + 1],
	    (--game->open_count - at) * sizeof(action));
	return action;
}

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
check_turn(struct game *game, bool has_reasons)
{
	const char *ends = text_member(game->script, "ends");
	size_t i;

	if (member(game->script, "says") == NULL)
		is_text(json_text(game->arena, game->says), "[]",
		    "%s: nothing is said", game->name);
	check_member(game, "says", game->says);
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
	ok(has_reasons, "%s: every action has its reason", game->name);
	ok(game->turn.over, "%s: the turn is over", game->name);
}

static struct turn_event
begin(struct game *game)
{
	const char *user = text_member(game->script, "user");
	const char *word = text_member(game->script, "event");
	struct turn_event event = { .kind = user != NULL ? EVENT_TEXTED
							 : EVENT_OPENED };

	if (user != NULL)
		game->messages[game->count++] =
		    (struct message){ .sender = SENDER_USER, .text = user };
	if (word != NULL && names_find(&turn_event_names, word, &event.kind))
		printf("# there is no event %s\n", word);
	game->says = new_array(game->arena);
	game->moves = new_array(game->arena);
	game->tags = new_array(game->arena);
	game->asks = new_array(game->arena);
	game->requests = new_array(game->arena);
	game->set = json_own(game->arena, json_object_new_object());
	game->ending = NULL;
	game->open_count = 0;
	memset(game->used, 0, sizeof(game->used));
	buf_init(&game->seen, game->arena, FILE_MOST);
	turn_init(&game->turn, game->arena, &game->agent, game->variables,
	    (struct list){ game->messages, game->count });
	turn_place(&game->turn, &game->state);
	return event;
}

static void
play_turn(struct game *game, struct json_object *script)
{
	struct turn_event event;
	struct turn_action action;
	bool has_reasons;

	game->script = script;
	event = begin(game);
	has_reasons = take(game, &event);
	while (game->open_count > 0) {
		action = take_open(game);
		event = answer(game, &action);
		has_reasons = take(game, &event) && has_reasons;
	}
	if (turn_state_read(game->arena,
		turn_state_write(game->arena, &game->turn.state),
		&game->state) != OK)
		ok(false, "%s: the state is read again", game->name);
	check_turn(game, has_reasons);
}

static void
check_faults(struct game *game, struct json_object *wanted)
{
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

static struct list
read_tools(struct arena *arena, struct json_object *names)
{
	size_t i, count = names != NULL ? json_object_array_length(names) : 0;
	struct agent_tool *list =
	    arena_alloc(arena, (count + 1) * sizeof(*list));

	for (i = 0; i < count; i++) {
		list[i].name =
		    json_object_get_string(json_object_array_get_idx(names, i));
		list[i].function =
		    arena_format(arena, "{\"name\":\"%s\"}", list[i].name);
	}
	return (struct list){ list, count };
}

static void
play(struct game *game, struct json_object *golden)
{
	struct json_object *turns = member(golden, "turns");
	struct pathway *pathway;
	size_t i;

	if (pathway_read(game->arena, member(golden, "pathway"), &pathway) !=
	    OK) {
		ok(false, "%s: is no pathway", game->name);
		return;
	}
	game->agent = agent_of_objective(game->arena, "", 0.5);
	game->agent.pathway = pathway;
	game->agent.tools = read_tools(game->arena, member(golden, "tools"));
	game->variables = member(golden, "variables");
	if (game->variables == NULL)
		game->variables =
		    json_own(game->arena, json_object_new_object());
	check_faults(game, member(golden, "faults"));
	if (member(golden, "state") != NULL &&
	    turn_state_read(game->arena,
		json_text(game->arena, member(golden, "state")),
		&game->state) != OK)
		ok(false, "%s: has no state", game->name);
	for (i = 0; turns != NULL && i < json_object_array_length(turns); i++)
		play_turn(game, json_object_array_get_idx(turns, i));
}

static void
play_file(const char *directory, const char *name)
{
	struct arena *arena = arena_new();
	struct game *game = arena_alloc(arena, sizeof(*game));
	FILE *file = fopen(arena_format(arena, "%s/%s", directory, name), "r");
	char *text = arena_alloc(arena, FILE_MOST);
	struct json_object *golden = NULL;

	game->arena = arena;
	game->name = name;
	if (file != NULL && fread(text, 1, FILE_MOST - 1, file) > 0)
		golden = parse(arena, text);
	if (file != NULL)
		(void)fclose(file);
	if (golden != NULL)
		play(game, golden);
	else
		ok(false, "%s cannot be read", name);
	arena_free(arena);
}

static int
is_golden(const struct dirent *entry)
{
	return text_ends(entry->d_name, ".json");
}

static void
test_golden(const char *directory)
{
	struct dirent **list;
	int count = scandir(directory, &list, is_golden, alphasort), i;

	ok(count >= 60, "there are at least 60 cases");
	for (i = 0; i < count; i++) {
		play_file(directory, list[i]->d_name);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
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
	struct arena *arena = arena_new();
	const char *source = getenv("SRCDIR");

	test_golden(
	    arena_format(arena, "%s/t/golden", source != NULL ? source : "."));
	arena_free(arena);
	test_speed();
	return done();
}
