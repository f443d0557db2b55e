/*
 * A conversation that was recorded, taken again over another version of its
 * pathway: what would an edit have changed?
 *
 * Turn by turn the walks in the pathway are taken with what was recorded:
 * the texts of the user, the variables there were, and the answers.  Who was
 * asked the same thing at the same node answers the same; nobody else is
 * asked, nothing is sent and nothing is changed.  The first turn that does
 * something else, or that would ask what was never asked, is where the
 * conversation parts from its record, and there it ends: what the user would
 * have said then is not known.
 *
 * What a model was asked may be worded otherwise in the other version.  Its
 * answer is taken all the same, for nobody knows another, and counted: it may
 * be another one.  A choice is taken by what it stood for, however the ways
 * are numbered now.
 *
 * Variables that the other version sets otherwise go on into the turns that
 * follow.
 */
#ifndef PARLEY_MODEL_REHEARSAL_H
#define PARLEY_MODEL_REHEARSAL_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "model/field.h"
#include "model/turn_state.h"

struct arena;
struct json_object;
struct pathway;
struct turn_record;

enum rehearsal_outcome {
	REHEARSAL_SAME,
	REHEARSAL_PARTED,
	REHEARSAL_UNKNOWN, /* it was not recorded whole */
	REHEARSAL_OUTCOME_N
};

extern const struct names rehearsal_outcome_names;

/* What a turn did. */
struct rehearsal_deeds {
	const char *said;    /* JSON array of texts */
	const char *node_id; /* where it stood then; NULL: nowhere */
	const char *ending;  /* "wait"; NULL: it did not come to its end */
};

/* What was never asked. */
struct rehearsal_need {
	const char *action; /* "ask_model"; NULL: nothing */
	const char *purpose;
	const char *node_id;
	const char *name; /* of a tool */
	const char *reason;
};

struct rehearsal_parting {
	int64_t turn; /* of those that were taken again, counted from 1 */
	struct id turn_id;
	const char *message; /* the user's; NULL: none */
	const char *node_id; /* the last node that both came to; NULL: none */
	const char *node_name;
	struct rehearsal_deeds then, now;
	const char *needs; /* JSON, struct rehearsal_need; NULL: nothing */
};

/* What is rehearsed on: the other version. */
struct rehearsal_stage {
	const char *pathway_id;
	const struct pathway *pathway;
	struct list tools; /* struct agent_tool, that its nodes call */
};

struct rehearsal {
	struct arena *arena;
	const struct rehearsal_stage *stage;
	struct list messages;
	const char *context; /* of the agent, by the client; NULL: none */

	/* After the walks so far. */
	bool stands; /* the last one was in this pathway */
	struct turn_state state;
	struct json_object *first;    /* the variables in the beginning */
	struct json_object *recorded; /* those that were set since */
	struct json_object *rehearsed;

	const char *version; /* of the first walk; NULL: there was none */
	int outcome;         /* enum rehearsal_outcome */
	const char *why;     /* it is unknown */
	int64_t turns;       /* that were the same */
	int64_t reworded;    /* answers to what is worded otherwise now */
	struct rehearsal_parting parting;
};

extern const struct schema rehearsal_parting_schema;

/* `messages` are the conversation's, struct message, in order.  It borrows
 * all that is given. */
void rehearsal_init(struct rehearsal *rehearsal, struct arena *arena,
    const struct rehearsal_stage *stage, struct list messages,
    const char *context);

/* Takes the next turn again: of those that were kept, oldest first.  After
 * one that was not the same, it takes no more. */
void rehearsal_take(
    struct rehearsal *rehearsal, const struct turn_record *record);

#endif
