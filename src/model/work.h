/*
 * A piece of work: something that must happen later, written in the same
 * transaction as its cause.  Clients know it as a workflow.
 */
#ifndef PARLEY_MODEL_WORK_H
#define PARLEY_MODEL_WORK_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "model/field.h"

enum work_kind {
	WORK_TURN,    /* the agent speaks */
	WORK_SEND,    /* a message leaves */
	WORK_SILENCE, /* the clock of a user's silence strikes */
	WORK_CLOSE,   /* what follows a conversation's end */
	WORK_DELIVER, /* a webhook */
	WORK_DIAL,    /* a call is placed */
	WORK_PURGE,   /* what is old goes */
	WORK_ANALYSE, /* a client asks what a conversation says */
	WORK_CHAT,    /* a client tries a pathway */
	WORK_MAIL,    /* an agent's email leaves */
	WORK_RECEIVE, /* an email that came in is read */
	WORK_KIND_N
};

enum work_state {
	WORK_WAITING, /* until it is due */
	WORK_RUNNING,
	WORK_DONE,
	WORK_DEAD, /* given up; kept for a person */
	WORK_STATE_N
};

extern const struct names work_kind_names;
extern const struct names work_state_names;

/* How a try ended that was not done. */
struct work_attempt {
	int64_t attempt;     /* counted from 1 */
	const char *outcome; /* "again" or "dead" */
	const char *reason;
	int64_t finished_at;
};

struct work {
	struct id id;
	struct id account_id;
	struct id subject_id; /* the conversation */
	int kind;             /* enum work_kind */
	int state;            /* enum work_state */
	const char *merge_key;
	int64_t due;
	int64_t attempt;
	const char *payload; /* JSON object */
	const char *result;  /* JSON object, or NULL */
	const char *reason;  /* why it is tried again, or dead; or NULL */
	int64_t created_at, updated_at;

	/* Only in answers. */
	struct list attempt_log; /* of struct work_attempt, oldest first */
};

extern const struct schema workflow_schema;

#endif
