/*
 * Conversations taken again: every golden file (t/golden.h) over its own
 * pathway is the same, and those with another version part where they say.
 */
#include "base/base.h"

#include "model/rehearsal.h"
#include "model/turn_record.h"

#include "golden.h"

static struct turn_record records[MESSAGES_MOST];
static size_t record_count;

static void
forget(struct game *game, struct json_object *golden)
{
	(void)game;
	(void)golden;
	record_count = 0;
}

static void
keep(struct game *game)
{
	records[record_count++] =
	    (struct turn_record){ .trace = trace_text(&game->trace) };
}

static struct rehearsal
rehearse(struct game *game, const struct pathway *pathway)
{
	const struct rehearsal_stage stage = { .pathway_id = game->name,
		.pathway = pathway };
	struct rehearsal rehearsal;
	size_t i;

	rehearsal_init(&rehearsal, game->arena, &stage,
	    (struct list){ game->messages, game->count }, game->agent.context);
	for (i = 0; i < record_count; i++)
		rehearsal_take(&rehearsal, &records[i]);
	return rehearsal;
}

static struct json_object *
tell(struct game *game, const struct rehearsal *rehearsal)
{
	struct json_object *told =
	    json_own(game->arena, json_object_new_object());
	struct json_object *parting = NULL;

	if (rehearsal->outcome == REHEARSAL_PARTED) {
		parting = field_write(game->arena, &rehearsal_parting_schema,
		    &rehearsal->parting);
		json_object_object_del(parting, "turn_id");
	}
	(void)json_object_object_add(told, "outcome",
	    json_string(
		names_text(&rehearsal_outcome_names, rehearsal->outcome)));
	(void)json_object_object_add(
	    told, "turns", json_object_new_int64(rehearsal->turns));
	(void)json_object_object_add(
	    told, "reworded", json_object_new_int64(rehearsal->reworded));
	if (parting != NULL)
		(void)json_object_object_add(told, "parts_at", parting);
	return told;
}

static void
check(struct game *game, struct json_object *golden)
{
	struct rehearsal rehearsal = rehearse(game, game->agent.pathway);
	struct json_object *over = member(golden, "over");
	struct pathway *pathway;

	is_text(json_text(game->arena, tell(game, &rehearsal)),
	    arena_format(game->arena,
		"{\"outcome\":\"same\",\"turns\":%zu,\"reworded\":0}",
		record_count),
	    "%s: is the same over its own pathway", game->name);
	if (over == NULL)
		return;
	if (pathway_read(game->arena, over, &pathway) != OK) {
		ok(false, "%s: over is a pathway", game->name);
		return;
	}
	rehearsal = rehearse(game, pathway);
	is_text(json_text(game->arena, tell(game, &rehearsal)),
	    json_text(game->arena, member(golden, "replay")), "%s: replay",
	    game->name);
}

int
main(void)
{
	static const struct golden_hooks hooks = {
		.before = forget,
		.after_turn = keep,
		.after = check,
	};

	golden_play(&hooks);
	return done();
}
