/*
 * A message leaves.
 *
 * The message is marked before the carrier is called, and what the carrier
 * said is recorded after it.  A mark without a record means that the
 * carrier may have the message: it is looked up there before it is given
 * again, and not before a request that was still under way has landed.  So
 * a message reaches the carrier once, whatever dies in between.
 */
#ifndef PARLEY_WORK_SEND_H
#define PARLEY_WORK_SEND_H

#include "base/base.h"

struct db;
struct job;
struct message;
struct saying;
struct thread;

enum outcome send_perform(struct job *job) MUSTCHECK;

/*
 * Lets the agent say something by a carrier, as thread_say does, within the
 * transaction that records `job`.  Where nothing holds the message back (an
 * earlier one, STOP, quiet hours, the number's pace) it is marked there, and
 * to send it is job->next; else it waits as any other.
 */
enum outcome send_say(struct db *db, struct job *job, struct thread *thread,
    const struct saying *saying, struct message *message) MUSTCHECK;

/* The message of one that is given up, for whatever reason, has failed. */
enum outcome send_give_up(struct db *db, struct job *job) MUSTCHECK;

#endif
