/*
 * A message on its way to the carrier.
 *
 * Before a try the message is marked as queued, with the moment; one that
 * leaves as soon as it is said is inserted so.  The mark
 * is taken away when the carrier surely does not have the message, and by
 * the record of its id.  So whoever finds a mark knows that a try may have
 * reached the carrier, and looks there before another.
 */
#ifndef PARLEY_STORE_LEAVING_H
#define PARLEY_STORE_LEAVING_H

#include "model/message.h"

struct arena;
struct conversation;
struct db;
struct send_order;
struct work;

struct leaving {
	struct message message;
	int64_t since; /* of the mark; 0: there is none */
};

/* The message of an order, locked.  NOT_FOUND. */
enum outcome leaving_lock(struct db *db, struct arena *arena,
    const struct conversation *conversation, const struct send_order *order,
    struct leaving *leaving) MUSTCHECK;

/* Is it this order's turn?  Of one conversation messages leave by seq; and
 * a pair's other conversations are waited for, since at the carrier nobody
 * could tell their texts apart.  CONFLICT: an earlier one is on its way. */
enum outcome leaving_turn(struct db *db, struct arena *arena,
    const struct conversation *conversation, const struct work *work,
    const struct send_order *order) MUSTCHECK;

/* Marks a message that is pending or queued.  NOT_FOUND: it is neither. */
enum outcome leaving_mark(struct db *db, const struct id *account,
    const struct message *message, int64_t moment) MUSTCHECK;

/* Takes the mark away: the carrier surely does not have it. */
enum outcome leaving_unmark(struct db *db, const struct id *account,
    const struct message *message) MUSTCHECK;

/* One that was given up is to leave after all: it is marked as tried at
 * `moment`, so that the carrier is asked for it first.  Does nothing to one
 * that was not given up. */
enum outcome leaving_revive(struct db *db, const struct id *account,
    const struct message *message, int64_t moment) MUSTCHECK;

/* The same for the message of a piece of work that will not be tried again,
 * where its payload names one. */
enum outcome leaving_give_up(struct db *db, struct arena *arena,
    const struct work *work, const char *error_code) MUSTCHECK;

/* It is given up; what has left meanwhile stays as it is. */
enum outcome leaving_fail(struct db *db, const struct id *account,
    const struct message *message, const char *error_code) MUSTCHECK;

#endif
