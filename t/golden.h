/*
 * Cases of the walk over a pathway, as files: each in t/golden is one.
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
 *         "moves": [...], "tags": [...], "set": {...}, "sends": [...],
 *         "asks": [...],                 "choose", "extract", "url", ...
 *         "requests": [...],             what was asked of URLs and tools
 *         "seen": [...], "unseen": [...] texts that the questions hold
 *       }
 *     ],
 *     "over": {"nodes": [...], "edges": [...]},  another version, and what
 *     "replay": {"outcome": "parted", ...}       its replay tells
 *   }
 *
 * What a turn does not name is not looked at, but for says, which are none
 * where there is no member, and answers, all of which must be asked for.  The
 * state is written and read again between turns.
 */
#ifndef PARLEY_GOLDEN_H
#define PARLEY_GOLDEN_H

#include "base/base.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "model/agent.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/trace.h"
#include "model/turn.h"

#include <dirent.h>
#include <json-c/json.h>
#include <stdlib.h>

#include "tap.h"

#define FILE_MOST ((size_t)1 << 20)
#define MESSAGES_MOST 400
#define OPEN_MOST 128
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
	struct json_object *says, *sends, *moves, *tags, *set, *asks, *requests;
	struct buf seen;
	const char *ending;
	bool has_reasons; /* every action did */
	struct trace trace;
};

/* What a test makes of a case: before its first turn, after each, and at the
 * end; NULL: nothing. */
struct golden_hooks {
	void (*before)(struct game *game, struct json_object *golden);
	void (*after_turn)(struct game *game);
	void (*after)(struct game *game, struct json_object *golden);
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
add_message(struct game *game, enum sender sender, const char *text)
{
	struct message *message = &game->messages[game->count++];

	*message = (struct message){
		.seq = (int64_t)game->count,
		.sender = sender,
		.text = text,
	};
}

static void
note(struct game *game, const struct turn_action *action)
{
	switch (action->kind) {
	case ACTION_SAY:
		push(game->says, action->text);
		add_message(game, SENDER_AGENT, action->text);
		break;
	case ACTION_SEND:
		push(game->sends, arena_format(game->arena, "%s %s",
				      action->name, action->text));
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

static void
take(struct game *game, const struct turn_event *event)
{
	struct turn_actions *actions =
	    arena_alloc(game->arena, sizeof(*actions));
	size_t i;

	trace_event(&game->trace, 0, event, NULL);
	turn_step(&game->turn, event, actions);
	for (i = 0; i < actions->count; i++) {
		const struct turn_action *action = &actions->list[i];

		trace_action(&game->trace, 0, action);
		game->has_reasons = game->has_reasons &&
				    action->reason != NULL &&
				    !text_is_blank(action->reason);
		if (action->ask == 0) {
			note(game, action);
		} else {
			note_asked(game, action);
			game->open[game->open_count++ % OPEN_MOST] = *action;
		}
	}
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
trace(struct game *game)
{
	const struct trace_beginning beginning = {
		.pathway = game->name,
		.version = "1",
		.state = &game->turn.state,
		.variables = game->turn.variables,
		.first_seq = 1,
		.last_seq = (int64_t)game->count,
		.agent = &game->agent,
	};

	trace_init(&game->trace, game->arena);
	trace_begin(&game->trace, 0, &beginning);
}

static struct turn_event
begin(struct game *game)
{
	const char *user = text_member(game->script, "user");
	const char *word = text_member(game->script, "event");
	struct turn_event event = { .kind = user != NULL ? EVENT_TEXTED
							 : EVENT_OPENED };

	if (user != NULL)
		add_message(game, SENDER_USER, user);
	if (word != NULL && names_find(&turn_event_names, word, &event.kind))
		printf("# there is no event %s\n", word);
	game->says = new_array(game->arena);
	game->sends = new_array(game->arena);
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
	trace(game);
	return event;
}

static void
play_turn(struct game *game, struct json_object *script)
{
	struct turn_event event;
	struct turn_action action;

	game->script = script;
	game->has_reasons = true;
	event = begin(game);
	take(game, &event);
	while (game->open_count > 0) {
		action = take_open(game);
		event = answer(game, &action);
		take(game, &event);
	}
	if (turn_state_read(game->arena,
		turn_state_write(game->arena, &game->turn.state),
		&game->state) != OK)
		ok(false, "%s: the state is read again", game->name);
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
play(struct game *game, struct json_object *golden,
    const struct golden_hooks *hooks)
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
	game->agent.context = "Who this is about.";
	game->agent.tool_calls = 3;
	game->agent.tools = read_tools(game->arena, member(golden, "tools"));
	game->variables = member(golden, "variables");
	if (game->variables == NULL)
		game->variables =
		    json_own(game->arena, json_object_new_object());
	if (member(golden, "state") != NULL &&
	    turn_state_read(game->arena,
		json_text(game->arena, member(golden, "state")),
		&game->state) != OK)
		ok(false, "%s: has no state", game->name);
	if (hooks->before != NULL)
		hooks->before(game, golden);
	for (i = 0; turns != NULL && i < json_object_array_length(turns); i++) {
		play_turn(game, json_object_array_get_idx(turns, i));
		hooks->after_turn(game);
	}
	if (hooks->after != NULL)
		hooks->after(game, golden);
}

static void
play_file(
    const char *directory, const char *name, const struct golden_hooks *hooks)
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
		play(game, golden, hooks);
	else
		ok(false, "%s cannot be read", name);
	arena_free(arena);
}

static int
is_golden(const struct dirent *entry)
{
	return text_ends(entry->d_name, ".json");
}

/* All of them. */
static void
golden_play(const struct golden_hooks *hooks)
{
	struct arena *arena = arena_new();
	const char *source = getenv("SRCDIR");
	const char *directory =
	    arena_format(arena, "%s/t/golden", source != NULL ? source : ".");
	struct dirent **list;
	int count = scandir(directory, &list, is_golden, alphasort), i;

	ok(count >= 60, "there are at least 60 cases");
	for (i = 0; i < count; i++) {
		play_file(directory, list[i]->d_name, hooks);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
	arena_free(arena);
}

#endif
