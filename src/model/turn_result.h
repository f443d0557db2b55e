/*
 * What came of a turn, as the result of its work: whoever waits for it is
 * given its words with it, where no carrier takes them (model/channel.h).
 */
#ifndef PARLEY_MODEL_TURN_RESULT_H
#define PARLEY_MODEL_TURN_RESULT_H

#include "base/id.h"
#include "model/field.h"

struct arena;

struct turn_result {
	struct id turn_id;
	const char *said;    /* JSON array of texts */
	const char *widgets; /* JSON array of {type, data}; NULL: none */
	int64_t tool_calls;  /* how many the turn made */
	int ending;          /* enum turn_action_kind: wait, end, hand_off,
	                     * transfer */
	const char *number;  /* of the person that it hands over to; or NULL */
};

/* JSON object, compact. */
const char *turn_result_write(
    struct arena *arena, const struct turn_result *result);

/* INVALID: it is none; the turn was stopped before it began. */
enum outcome turn_result_read(struct arena *arena, const char *text,
    struct turn_result *result) MUSTCHECK;

/* The texts as a JSON array. */
const char *turn_result_sayings(
    struct arena *arena, const char *const *texts, size_t count);

/* All that was said as one text, an empty line between messages; "" where
 * nothing was. */
const char *turn_result_text(
    struct arena *arena, const struct turn_result *result);

#endif
