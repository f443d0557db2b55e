/*
 * A turn on its way, from what is read for it to what is to be recorded:
 * work/turn.c in three parts, this struct between them.
 */
#ifndef PARLEY_WORK_TAKING_H
#define PARLEY_WORK_TAKING_H

#include "db/stmt.h"
#include "model/agent.h"
#include "model/conversation.h"
#include "model/number.h"
#include "model/trace.h"
#include "model/turn.h"
#include "model/turn_record.h"
#include "upstream/completion.h"

#define SAYINGS_MOST 8

struct job;
struct json_object;

/* A turn as it is taken. */
struct taking {
	struct job *job;
	const char *event; /* of turn_event_names: what it answers */
	struct conversation conversation; /* as it was read */
	struct number_config config;
	struct rows messages;
	struct list tools; /* struct tool */
	struct json_object *secrets;
	struct completion_line line;
	const char *stopped; /* why there is no turn to take, as JSON */

	struct agent agent;
	struct turn turn;
	struct trace trace;
	struct turn_record record;

	/* What is to be recorded. */
	const char *sayings[SAYINGS_MOST];
	size_t count;
	struct json_object *variables; /* that were set */
	int ending;                    /* ACTION_WAIT, _END or _HAND_OFF */
	const char *why;
};

/* Reads all that the turn needs, on one connection that is given back.
 * NOT_FOUND: there is no turn to take; `stopped` says why. */
enum outcome taking_load(struct taking *taking) MUSTCHECK;

/* Takes it: asks the model and the tools, in no transaction.  AGAIN: it
 * cannot be taken now; the job's reason says why, and `retry_after` has the
 * seconds that the model asks for, or 0. */
enum outcome taking_take(struct taking *taking, int64_t *retry_after) MUSTCHECK;

/* Why the agent is to be silent in this conversation, as JSON; NULL: it may
 * speak. */
const char *taking_silence(
    const struct taking *taking, const struct conversation *conversation);

#endif
