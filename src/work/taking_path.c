/*
 * Which pathway drives the agent, and where in it the conversation stands.
 */
#include "base/base.h"

#include "work/taking.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/when.h"
#include "store/pathway.h"
#include "store/pathway_cache.h"
#include "store/pathway_version.h"
#include "work/kinds.h"

#include <string.h>

/* What was deleted since is passed over, and the trace says so. */
static enum outcome
pass_over(struct taking *taking, const char *id, enum outcome rc)
{
	if (rc != NOT_FOUND && rc != INVALID)
		return rc;
	trace_note(&taking->trace, when_now(),
	    arena_format(taking->job->arena,
		"without the pathway %s, or its version: it is not there, or"
		" cannot be read",
		id));
	return OK;
}

static enum outcome
enter(struct taking *taking, struct db *db, const struct position *position,
    int64_t number)
{
	struct arena *arena = taking->job->arena;
	const struct pathway *pathway;
	enum outcome rc = pathway_load(db, arena, &taking->job->work.account_id,
	    position->pathway_id, number, &pathway);

	if (rc != OK)
		return pass_over(taking, position->pathway_id, rc);
	taking->pathway = pathway;
	taking->position = (struct position){
		.pathway_id = position->pathway_id,
		.pathway_version =
		    arena_format(arena, "%lld", (long long)number),
		.node_id = position->node_id,
	};
	return OK;
}

enum outcome
taking_enter(
    struct taking *taking, struct db *db, const struct position *position)
{
	struct arena *arena = taking->job->arena;
	const struct id *account = &taking->job->work.account_id;
	struct pathway_head head;
	int64_t number;
	enum outcome rc =
	    pathway_head_find(db, arena, account, position->pathway_id, &head);

	if (rc == OK)
		rc = pathway_version_resolve(db, arena, account, &head,
		    position->pathway_version, &number);
	if (rc != OK)
		return pass_over(taking, position->pathway_id, rc);
	return enter(taking, db, position, number);
}

/* A conversation that was put at a node goes on there: the user's text is the
 * answer to it. */
static void
place(struct taking *taking)
{
	const struct conversation *conversation = &taking->conversation;
	const char *node = taking->position.node_id;
	bool texted = strcmp(taking->event, "texted") == 0;

	if (conversation->turn_state != NULL &&
	    turn_state_read(taking->job->arena, conversation->turn_state,
		&taking->state) == OK &&
	    taking->state.node != NULL && node != NULL &&
	    strcmp(taking->state.node, node) == 0)
		return;
	taking->state = (struct turn_state){
		.node = node,
		.entered = node != NULL && texted,
	};
}

/* The conversation's own before its number's.  Of its own it keeps the
 * version that it began with, also when that was archived since. */
enum outcome
taking_find_pathway(struct taking *taking, struct db *db)
{
	const struct number_config *config = &taking->config;
	struct position position = taking->conversation.position;
	bool is_own = position.pathway_id != NULL;
	int64_t number = 0;
	enum outcome rc;

	if (!is_own)
		position = (struct position){ config->pathway_id,
			config->pathway_version, config->start_node_id };
	if (position.pathway_id == NULL)
		return OK;
	if (is_own && position.pathway_version != NULL &&
	    text_to_integer(position.pathway_version, &number) == OK &&
	    number > 0)
		rc = enter(taking, db, &position, number);
	else
		rc = taking_enter(taking, db, &position);
	if (rc == OK && taking->pathway != NULL)
		place(taking);
	return rc;
}
