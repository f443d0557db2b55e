/*
 * What happens to a conversation by telephone within one transaction: its
 * call is placed, the carrier reports how far it has come, nobody answers
 * and it is placed once more.
 *
 * The carrier may report late, twice, in another order, and before we know
 * its id for the call.  So a report names our own id of the call, the
 * conversation is locked before the call is looked at, and progress
 * (model/progress.h) only ever goes forward.  A report about a call that was
 * followed by another changes nothing of the conversation.
 */
#ifndef PARLEY_STORE_CALLING_H
#define PARLEY_STORE_CALLING_H

#include "model/conversation.h"
#include "store/phone_call.h"

struct arena;
struct db;

struct calling {
	struct phone_call call;
	struct conversation conversation; /* locked */
};

/* What the carrier says of a call. */
struct calling_report {
	const char *carrier_call_id;
	int progress;     /* enum progress */
	int64_t duration; /* seconds; below 0: it does not say */
};

/* Locks the conversation of a call, by our id of the call or where that is
 * none by the carrier's.  NOT_FOUND. */
enum outcome calling_lock(struct db *db, struct arena *arena,
    const struct id *account, const struct id *id, const char *carrier_call_id,
    struct calling *calling) MUSTCHECK;

/* Is it this call of the carrier's?  One of which no id is known may be. */
bool calling_is(const struct calling *calling, const char *carrier_call_id);

/* Takes the report in: what is new in it is written.  One about another call
 * of the carrier's is passed over. */
enum outcome calling_report(struct db *db, struct arena *arena,
    struct calling *calling, const struct calling_report *report) MUSTCHECK;

/* Writes a call that is to be placed at `due`, and the work that places it
 * (kind `dial`), under the call's id; the rest of it is set. */
enum outcome calling_dial(
    struct db *db, struct phone_call *call, int64_t due) MUSTCHECK;

/* Writes the work (kind `dial`, with the call's id as its `watch`) that looks
 * after a call once it must be over. */
enum outcome calling_watch(struct db *db, struct arena *arena,
    const struct calling *calling) MUSTCHECK;

/* When it is over for sure, whatever the carrier reports: it has rung, or
 * lasted, for as long as it may, and a while more. */
int64_t calling_over_at(const struct calling *calling);

/* Ends the conversation, which is open, as `progress` or, where it cannot
 * come to that, as completed.  `duration` as in a report. */
enum outcome calling_end(struct db *db, struct arena *arena,
    struct conversation *conversation, int progress, int64_t duration,
    const char *reason) MUSTCHECK;

#endif
