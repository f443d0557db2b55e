/*
 * An agent's email leaves.
 *
 * Its row in `mail`, with everything that it says, is written together with
 * the mark that it is about to leave; so a try that is repeated sends the
 * same bytes.  A mail server cannot be asked what it took: where the answer
 * to a try was lost, the mail is sent again under the same Message-ID, by
 * which mailboxes know it for the same.  The ledger is looked at in the
 * transaction of that mark: who is in it is written nothing from then on.
 */
#ifndef PARLEY_WORK_MAIL_H
#define PARLEY_WORK_MAIL_H

#include "base/base.h"

struct db;
struct job;

enum outcome mail_perform(struct job *job) MUSTCHECK;

/* The mail of one that is given up, for whatever reason, has failed. */
enum outcome mail_give_up(struct db *db, struct job *job) MUSTCHECK;

#endif
