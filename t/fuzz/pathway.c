/*
 * Fuzzing: any document is read and judged, and a turn on what came of it
 * ends, whatever the model answers; and taken again from its trace it is the
 * same turn.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/rehearsal.h"
#include "model/trace.h"
#include "model/turn.h"
#include "model/turn_record.h"

#include <stdlib.h>
#include <string.h>

#define ANSWERS 300
#define PENDING 32

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const words[] = {
	"{\"choice\":\"choice_1\",\"reason\":\"x\"}",
	"{\"choice\":\"stay\"}",
	"{\"choice\":\"choice_2\"}",
	"{\"n\":1,\"a\":\"b\"}",
	"Hello",
	"",
};

static void
play(struct arena *arena, const struct pathway *pathway, int kind)
{
	static const struct message said = { .sender = SENDER_USER,
		.text = "yes 1" };
	struct agent agent = agent_of_objective(arena, "", 0.5);
	struct turn_actions *actions = arena_alloc(arena, sizeof(*actions));
	struct turn_event event = { .kind = kind };
	struct turn_state state;
	struct turn turn;
	int64_t ask;

	agent.pathway = pathway;
	turn_init(&turn, arena, &agent, NULL, (struct list){ &said, 1 });
	turn_step(&turn, &event, actions);
	for (ask = 1; ask <= ANSWERS && !turn.over; ask++) {
		size_t word = (size_t)ask % COUNT(words);

		for (event.kind = EVENT_MODEL_ANSWERED;
		     event.kind <= EVENT_URL_ANSWERED; event.kind++) {
			event.ask = ask;
			event.status = 200;
			event.text = words[word];
			turn_step(&turn, &event, actions);
		}
	}
	if (!turn.over || turn_state_read(arena,
			      turn_state_write(arena, &turn.state), &state))
		abort();
}

static struct trace
begin_trace(const struct turn *turn)
{
	const struct trace_beginning beginning = {
		.pathway = "p",
		.version = "1",
		.state = &turn->state,
		.variables = turn->variables,
		.first_seq = 1,
		.last_seq = 1,
		.agent = turn->agent,
	};
	struct trace trace;

	trace_init(&trace, turn->arena);
	trace_begin(&trace, 1, &beginning);
	return trace;
}

/* Adds what is asked to a queue, as long as it has room. */
static size_t
step(struct turn *turn, const struct turn_event *event, struct trace *trace,
    struct turn_action *queue, size_t count)
{
	struct turn_actions *actions =
	    arena_alloc(turn->arena, sizeof(*actions));
	size_t i;

	trace_event(trace, 1, event, NULL);
	turn_step(turn, event, actions);
	for (i = 0; i < actions->count; i++) {
		trace_action(trace, 1, &actions->list[i]);
		if (actions->list[i].ask != 0 && count < PENDING)
			queue[count++] = actions->list[i];
	}
	return count;
}

static struct turn_event
answer(const struct turn_action *action, size_t word)
{
	return (struct turn_event){
		.kind = action->kind == ACTION_ASK_MODEL  ? EVENT_MODEL_ANSWERED
			: action->kind == ACTION_CALL_URL ? EVENT_URL_ANSWERED
							  : EVENT_TOOL_ANSWERED,
		.ask = action->ask,
		.status = 200,
		.text = words[word % COUNT(words)],
	};
}

static void
replay(struct arena *arena, const struct pathway *pathway, int kind)
{
	static const struct message said = {
		.seq = 1, .sender = SENDER_USER, .text = "yes 1"
	};
	const struct list history = { &said, 1 };
	const struct rehearsal_stage stage = { "p", pathway, { NULL, 0 } };
	struct turn_action *queue =
	    arena_alloc(arena, PENDING * sizeof(*queue));
	struct agent agent = agent_of_objective(arena, "", 0.5);
	struct turn_event event = { .kind = kind };
	struct turn_record record = { .trace = NULL };
	struct rehearsal rehearsal;
	struct trace trace;
	struct turn turn;
	size_t count, word = 0;

	agent.pathway = pathway;
	turn_init(&turn, arena, &agent, NULL, history);
	trace = begin_trace(&turn);
	count = step(&turn, &event, &trace, queue, 0);
	while (count > 0) {
		event = answer(&queue[0], word++);
		(void)memmove(&queue[0], &queue[1], --count * sizeof(queue[0]));
		count = step(&turn, &event, &trace, queue, count);
	}
	record.trace = trace_text(&trace);
	rehearsal_init(&rehearsal, arena, &stage, history, NULL);
	rehearsal_take(&rehearsal, &record);
	if ((rehearsal.outcome == REHEARSAL_PARTED || rehearsal.reworded > 0) &&
	    trace.left_out == 0 &&
	    strstr(record.trace, "\"shortened\"") == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena *arena = arena_new();
	struct json_object *document;
	struct pathway *pathway;
	struct json_fault ignored;
	struct faults faults;

	faults_init(&faults, arena);
	if (json_parse(arena, (const char *)bytes, length, &document,
		&ignored) == OK &&
	    pathway_read(arena, document, &pathway) == OK) {
		pathway_check(pathway, &faults);
		play(arena, pathway, EVENT_OPENED);
		play(arena, pathway, EVENT_TEXTED);
		replay(arena, pathway, EVENT_OPENED);
		replay(arena, pathway, EVENT_TEXTED);
	}
	arena_free(arena);
	return 0;
}
