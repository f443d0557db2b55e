/*
 * A turn's trace, read again: the walks of the turn, one behind another where
 * a pathway led to another, each with where it began, what it asked and was
 * answered, and what it did.
 */
#ifndef PARLEY_MODEL_RECORDING_H
#define PARLEY_MODEL_RECORDING_H

#include "base/base.h"
#include "model/agent.h"
#include "model/field.h"
#include "model/turn.h"

struct arena;
struct json_object;

/* What somebody was asked. */
struct recording_ask {
	int kind;         /* enum turn_action_kind */
	const char *node; /* where; NULL: nowhere yet */
	int purpose;      /* of a model */
	const char *name; /* of a tool */

	/* As they were recorded; NULL: there was none. */
	struct json_object *arguments, *messages, *choices;

	int64_t ask;
	bool answered;           /* or else nobody did */
	bool is_whole;           /* nothing of the answer was cut */
	struct turn_event event; /* the answer */
	bool used;               /* for who takes the walk again */
};

/* What a walk did that others see: it said something, wrote to another number,
 * came to a node, or came to its end. */
struct recording_deed {
	int kind;         /* enum turn_action_kind */
	const char *text; /* that was said */
	const char *name; /* of a move: the node's id; of a transfer: the
	                   * pathway's; of what is sent: the number */
};

struct recording {
	const char *pathway; /* its id; NULL: an objective */
	const char *version;
	int event; /* enum turn_event_kind */
	struct turn_state state;
	struct json_object *variables;
	int64_t first_seq, last_seq;
	struct agent agent; /* without its pathway and its context */

	struct recording_ask *asks;
	size_t ask_count;
	struct recording_deed *deeds;
	size_t deed_count;
	struct json_object *set; /* the variables that it set */
	const char *fault; /* why it cannot be taken again; NULL: it can */
};

/* Is an action of this kind, which asks for nothing, a deed? */
bool recording_keeps(int kind);

/* The walks of a trace: list of struct recording.  Of a trace that was made
 * before beginnings were recorded, one with its fault. */
struct list recording_read(struct arena *arena, const char *trace);

#endif
