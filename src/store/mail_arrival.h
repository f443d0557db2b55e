/*
 * A mail that was read joins a conversation, or begins one.
 *
 * Threads go by Message-ID alone, and only for who is of the conversation:
 * an id that somebody else learnt opens nothing.  A mail that must not be
 * answered is kept all the same, with the reason.  Within one transaction,
 * the conversation locked, as with texts (store/arrival.h).
 */
#ifndef PARLEY_STORE_MAIL_ARRIVAL_H
#define PARLEY_STORE_MAIL_ARRIVAL_H

#include "model/mail.h"
#include "store/conduct.h"
#include "store/mail.h"
#include "store/thread.h"

enum mail_fate {
	MAIL_ANSWERED, /* the agent takes its turn */
	MAIL_KEPT,     /* nobody answers: see `reason` */
	MAIL_REPORTED, /* it told what became of a mail of ours */
	MAIL_REPEATED, /* the conversation has it */
	MAIL_LEFT,     /* it is nobody's: see `reason` */
	MAIL_FATE_N
};

struct mail_arrival {
	struct id account;
	const struct mail *mail;
	const char *recipient; /* for whom it was taken; NULL: unknown */

	/* Set by mail_arrival_store. */
	enum mail_fate fate;
	const char *reason;
	struct thread thread;
	struct mail_thread between;
	struct conduct conduct;
	bool only_cc;     /* the agent was sent a copy */
	const char *user; /* whom the answer goes to, in small letters */
	const char *text; /* what is new in it */
	struct message message;
};

/* May be run again within another transaction. */
enum outcome mail_arrival_store(
    struct db *db, struct arena *arena, struct mail_arrival *arrival) MUSTCHECK;

#endif
