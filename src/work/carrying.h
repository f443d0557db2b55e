/*
 * What every piece of work does that hands something to a carrier, be it a
 * message or a call: it opens the line, and when the carrier did not take
 * the thing it is tried again by the schedule, but not before it can be
 * known what came of the last try.
 */
#ifndef PARLEY_WORK_CARRYING_H
#define PARLEY_WORK_CARRYING_H

#include "base/base.h"
#include "base/when.h"

/* A request whose answer was lost has landed after so long. */
#define CARRYING_PAUSE (15 * WHEN_SECOND)

struct arena;
struct carrier;
struct carrier_answer;
struct carrier_found;
struct carrier_line;
struct db;
struct id;
struct job;

/* Opens the carrier's token, if it has one.  false: it cannot be. */
bool carrying_unseal(const struct job *job, struct carrier *carrier);

/* The line to this carrier, whose token is opened.  false: it cannot be. */
bool carrying_open(
    const struct job *job, struct carrier *carrier, struct carrier_line *line);

/* Does anything of the account's have this id of the carrier's?  OK,
 * NOT_FOUND. */
typedef enum outcome carrying_known(struct db *db, struct arena *arena,
    const struct id *account, const char *carrier_id);

/* Of what a look-up found the first that is nothing else of ours; `rc` is
 * what it ended with, `reason` why it failed.  OK: the carrier has none that
 * could be it.  NOT_FOUND: it has, in `answer`.  AGAIN: it cannot be known
 * now, which `answer` says. */
enum outcome carrying_choose(struct job *job, enum outcome rc,
    const char *reason, const struct carrier_found *found,
    carrying_known *known, struct carrier_answer *answer) MUSTCHECK;

/* Past the schedule only the last try's end is looked up. */
bool carrying_is_over(const struct job *job);

/* The carrier did not take it, or nobody knows.  AGAIN: at job->due.
 * INVALID: it was tried often enough. */
enum outcome carrying_again(
    struct job *job, const struct carrier_answer *answer) MUSTCHECK;

#endif
