/*
 * A turn on its way, from what is read for it to what is to be recorded:
 * work/turn.c in three parts, this struct between them.
 */
#ifndef PARLEY_WORK_TAKING_H
#define PARLEY_WORK_TAKING_H

#include "db/stmt.h"
#include "model/agent.h"
#include "model/agent_config.h"
#include "model/conversation.h"
#include "model/number.h"
#include "model/trace.h"
#include "model/turn.h"
#include "model/turn_record.h"
#include "upstream/asking.h"

struct db;
struct job;
struct json_object;
struct pathway;
struct thread;

/* A turn as it is taken. */
struct taking {
	struct job *job;
	const char *event; /* of turn_event_names: what it answers */
	bool is_rich;      /* whoever waits for it can show widgets */
	struct conversation conversation;        /* as it was read */
	struct number_config config;             /* as conduct has it */
	const struct agent_config *agent_config; /* the same */
	struct rows messages;
	struct asking asking; /* with what the model and others are asked */
	bool is_equipped;     /* taking_equip was there */
	size_t tools_offered; /* to the model; the rest is for nodes */
	const struct pathway *pathway; /* NULL: it has an objective */
	struct position position;      /* in it; the version by its number */
	struct turn_state state;       /* where the turn begins */
	const char *stopped; /* why there is no turn to take, as JSON */

	struct agent agent;
	struct turn turn;
	struct trace trace;
	struct turn_record record;

	/* What is to be recorded, and in what. */
	struct thread *thread; /* made when the turn was taken */
	const char *sayings[TURN_SAYINGS];
	size_t count;
	struct sending_out {
		const char *number, *text;
	} others[TURN_SAYINGS]; /* that are texted as well */
	size_t other_count;
	struct json_object *variables; /* that were set */
	const char *tags;              /* of the conversation, as JSON */
	int ending; /* ACTION_WAIT, _END, _HAND_OFF or _TRANSFER */
	struct position transfer; /* where it is to go on */
	const char *why;
	const char *widgets; /* that are shown, as JSON; NULL: none */
	const char *number;  /* of the person that it hands over to; or NULL */
};

/* Reads all that the turn needs, on one connection that is given back.
 * NOT_FOUND: there is no turn to take; `stopped` says why. */
enum outcome taking_load(struct taking *taking) MUSTCHECK;

/* Has this user heard as much today as daily_messages allows? */
enum outcome taking_is_sated(const struct taking *taking, struct db *db,
    const struct pair *pair, bool *sated) MUSTCHECK;

/* Adds the tools that only the nodes of its pathway call, behind the
 * others. */
enum outcome taking_add_tools(struct taking *taking, struct db *db) MUSTCHECK;

/* Reads what only those turns need that ask somebody, once.  AGAIN: the store
 * could not be read; the job's reason says so. */
enum outcome taking_equip(struct taking *taking) MUSTCHECK;

/* Finds the pathway that drives the agent, if one does, and its place in
 * it. */
enum outcome taking_find_pathway(
    struct taking *taking, struct db *db) MUSTCHECK;

/* Goes on in this pathway, if it is there. */
enum outcome taking_enter(struct taking *taking, struct db *db,
    const struct position *position) MUSTCHECK;

/* Takes it: asks the model and the tools, in no transaction.  AGAIN: it
 * cannot be taken now; the job's reason says why, and `retry_after` has the
 * seconds that the model asks for, or 0. */
enum outcome taking_take(struct taking *taking, int64_t *retry_after) MUSTCHECK;

/* Why the agent is to be silent in this conversation, as JSON; NULL: it may
 * speak. */
const char *taking_silence(
    const struct taking *taking, const struct conversation *conversation);

#endif
