/*
 * Carriers: the outside systems that take a message, or a call, to a
 * telephone.
 *
 * Each is a row of a table of functions.  What matters of a try is whether
 * the carrier has the message or the call now: only what it surely does not
 * have may be tried again, and what it may have is looked up first.  To
 * add a carrier, add a word to enum carrier_kind, write its file and add
 * its row in carrier.c.
 */
#ifndef PARLEY_UPSTREAM_CARRIER_H
#define PARLEY_UPSTREAM_CARRIER_H

#include "base/base.h"
#include "base/id.h"
#include "model/carrier.h"
#include "model/receipt.h"
#include "model/send.h"

#define CARRIER_FOUND_MOST 32

struct arena;
struct config;
struct db_pool;

/* With whom we speak. */
struct carrier_line {
	struct arena *arena;
	const struct config *config;
	struct db_pool *pool; /* for one that lives in our own store */
	struct id account_id;
	const struct carrier *carrier; /* its auth_token is opened */
};

struct carrier_message {
	struct id id; /* ours */
	int channel;  /* enum channel */
	const char *from, *to, *text;
	struct send_template template;
	const char *messaging_service_sid; /* NULL: `from` sends */
	const char *status_callback;       /* NULL: nobody can call us */
	int64_t since; /* it cannot be at the carrier from before */
};

/* A call that is to be placed. */
struct carrier_call {
	struct id id; /* ours */
	const char *from, *to;
	const char *url;             /* is asked what to say; NULL: nobody can
	                              * call us */
	const char *status_callback; /* the same */
	int64_t ring_most;           /* seconds until nobody answered */
	int64_t talk_most;           /* seconds; it is ended then */
	int64_t since; /* it cannot be at the carrier from before */
};

/* What came of a try. */
enum carrier_fate {
	CARRIER_ACCEPTED, /* the carrier has it */
	CARRIER_LATER,    /* it surely has not, and may take it later */
	CARRIER_UNKNOWN,  /* it may have it: look it up */
	CARRIER_REFUSED   /* it will never take it */
};

struct carrier_answer {
	enum carrier_fate fate;
	struct receipt receipt; /* ACCEPTED: all of it; REFUSED: error_code */
	const char *reason;     /* in words, unless it was ACCEPTED */
	int64_t retry_after;    /* LATER: seconds that it asks for, or 0 */
};

/* What it has that may be our message, oldest first. */
struct carrier_found {
	size_t count;
	struct receipt list[CARRIER_FOUND_MOST];
};

struct carrier_driver {
	/* Hands it over. */
	void (*send)(const struct carrier_line *line,
	    const struct carrier_message *message,
	    struct carrier_answer *answer);

	/* Looks for messages of these words between these two since then.
	 * AGAIN: it cannot be known now; `reason` says why. */
	enum outcome (*look_up)(const struct carrier_line *line,
	    const struct carrier_message *message, struct carrier_found *found,
	    const char **reason) MUSTCHECK;

	/* Places a call, and looks for those between these two since then; in
	 * receipts the message's id is the call's. */
	void (*dial)(const struct carrier_line *line,
	    const struct carrier_call *call, struct carrier_answer *answer);
	enum outcome (*find_call)(const struct carrier_line *line,
	    const struct carrier_call *call, struct carrier_found *found,
	    const char **reason) MUSTCHECK;
};

/* Indexed by enum carrier_kind; empty for one without numbers, by which no
 * message leaves. */
extern const struct carrier_driver carrier_drivers[CARRIER_KIND_N];

#endif
