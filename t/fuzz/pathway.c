/*
 * Fuzzing: any document is read and judged, and a turn on what came of it
 * ends, whatever the model answers.
 */
#include "base/base.h"

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "model/agent.h"
#include "model/message.h"
#include "model/pathway.h"
#include "model/turn.h"

#include <stdlib.h>

#define ANSWERS 300

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
	}
	arena_free(arena);
	return 0;
}
