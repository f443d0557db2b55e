/*
 * A call is placed.
 *
 * As a message is sent (work/send.h): the call is marked before the carrier
 * is called, and a mark without a record means that the carrier may have it,
 * so it is looked up there before it is placed again.  An account has no
 * more calls at once than [telephone] calls: the others wait, which is no
 * try.  What becomes of the call the carrier reports
 * (store/calling.h); one that was never placed has failed.
 */
#ifndef PARLEY_WORK_DIAL_H
#define PARLEY_WORK_DIAL_H

#include "base/base.h"

struct db;
struct job;

enum outcome dial_perform(struct job *job) MUSTCHECK;

/* The conversation of a call that is given up has failed. */
enum outcome dial_give_up(struct db *db, struct job *job) MUSTCHECK;

#endif
