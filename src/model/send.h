/*
 * The payload of work of kind `send`: the message that leaves.
 */
#ifndef PARLEY_MODEL_SEND_H
#define PARLEY_MODEL_SEND_H

#include "base/base.h"
#include "base/id.h"

struct arena;
struct schema;
struct work;

/* A text that the carrier has, and what it fills in. */
struct send_template {
	const char *sid;       /* NULL: the message's own words are sent */
	const char *variables; /* JSON object of texts, or NULL */
};

struct send_order {
	struct id message_id;
	int64_t seq;       /* of the message in its conversation */
	bool starts_clock; /* of the user's silence, once it has left */
	bool is_notice;    /* the answer to STOP, START or HELP: it leaves
	                    * at any hour, and to who opted out */
	struct send_template template;
};

extern const struct schema send_order_schema;

/* The SID of a content template of Twilio's: HX and 32 hexadecimal digits? */
bool send_template_is_sid(const char *text);

/* Reads a payload.  INVALID. */
enum outcome send_order_read(struct arena *arena, const char *payload,
    struct send_order *order) MUSTCHECK;

/* The same of work of any kind.  NOT_FOUND: it sends no message. */
enum outcome send_order_of(struct arena *arena, const struct work *work,
    struct send_order *order) MUSTCHECK;

#endif
