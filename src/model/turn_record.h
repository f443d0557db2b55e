/*
 * What is kept of a turn, and shown: why the agent said what it said.
 */
#ifndef PARLEY_MODEL_TURN_RECORD_H
#define PARLEY_MODEL_TURN_RECORD_H

#include "base/base.h"
#include "base/id.h"
#include "base/names.h"
#include "model/field.h"

enum turn_outcome {
	TURN_DONE,
	TURN_DISCARDED, /* something happened meanwhile */
	TURN_FAILED,    /* it is tried again */
	TURN_OUTCOME_N
};

extern const struct names turn_outcome_names;

struct turn_record {
	struct id id;
	struct id account_id;
	struct id conversation_id;
	struct id work_id;
	const char *event; /* "texted" */
	int outcome;       /* enum turn_outcome */
	const char *reason;
	int64_t user_seq;  /* the last message of the user that it saw */
	const char *trace; /* JSON array, of model/trace */
	int64_t started_at, ended_at;
};

extern const struct schema turn_record_schema;

#endif
