/*
 * The payload of work of kind `send`: the message that leaves.
 */
#ifndef PARLEY_MODEL_SEND_H
#define PARLEY_MODEL_SEND_H

#include "base/base.h"
#include "base/id.h"

struct arena;
struct schema;

struct send_order {
	struct id message_id;
	int64_t seq;       /* of the message in its conversation */
	bool starts_clock; /* of the user's silence, once it has left */
	bool is_notice;    /* the answer to STOP, START or HELP: it leaves
	                    * at any hour, and to who opted out */
};

extern const struct schema send_order_schema;

/* Reads a payload.  INVALID. */
enum outcome send_order_read(struct arena *arena, const char *payload,
    struct send_order *order) MUSTCHECK;

#endif
