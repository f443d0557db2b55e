/*
 * A text that arrives from a user, whatever carrier brought it.
 *
 * It opens a conversation, joins the open one, or is kept silently in one
 * that has ended; words of command (STOP, START, HELP) are obeyed before
 * anything else; and where the agent is to answer, its turn is asked for: a
 * while after the last text of a burst, and never later than a longer while
 * after the first.
 *
 * What happened is decided within one transaction in which the conversation
 * is locked, so of many texts at once each is stored once and in order.
 */
#ifndef PARLEY_STORE_ARRIVAL_H
#define PARLEY_STORE_ARRIVAL_H

#include "model/number.h"
#include "store/thread.h"

enum arrival_fate {
	ARRIVAL_ANSWERED, /* the agent takes its turn */
	ARRIVAL_STORED,   /* nobody answers: see `reason` */
	ARRIVAL_OBEYED,   /* it was a word of command */
	ARRIVAL_REPEATED, /* the carrier brought it before; nothing changed */
	ARRIVAL_N
};

struct arrival {
	struct id account;
	struct pair pair;
	const char *text;
	const char *carrier_message_id; /* NULL: it has none */
	const char *media; /* JSON array of {url, content_type}, or NULL */

	/* As number_config_find_for has them for the pair. */
	struct number_config config;
	bool opted_out;

	/* Set by arrival_store. */
	enum arrival_fate fate;
	const char *reason; /* in words, of what was only stored */
	struct thread thread;
	struct message message;
	bool conflicts; /* another has the id: set when it is run again */
};

/* Within the caller's transaction, which it may be run in several times.
 * Four round trips for a text that the agent is to answer, one more where it
 * opens a conversation, one more where another has ended, two more for a
 * webhook. */
enum outcome arrival_store(
    struct db *db, struct arena *arena, struct arrival *arrival) MUSTCHECK;

#endif
