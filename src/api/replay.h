/*
 * Idempotency-Key: the same request twice is done once.
 *
 * The key's row is the first thing that the request's transaction writes;
 * whoever comes second waits for its lock and then finds the answer, which
 * is given again byte for byte.  A request that was refused leaves no
 * trace, so it may be mended and sent again under its key.  An answer that
 * shows a secret is kept sealed.  One that waits for the worker is not known
 * in the transaction: the ids of its work are kept, and who repeats the
 * request waits for the same work.
 */
#ifndef PARLEY_API_REPLAY_H
#define PARLEY_API_REPLAY_H

#include "base/base.h"

struct call;
struct db;

/* Does this call carry a key that its route honours? */
bool replay_is_asked(const struct call *call);

/* Is the key well formed: quoted or bare, 1 to 255 visible characters?  And
 * can the answer be kept?  INVALID. */
enum outcome replay_check(struct call *call) MUSTCHECK;

/* Claims the key.  OK: it is new; or it was used, and then the response is
 * the stored one, and there is nothing left to do, or call->resumed is the
 * work that the first request wrote.  INVALID: another body
 * came under this key, or the first request is still under way. */
enum outcome replay_claim(struct call *call) MUSTCHECK;

/* Keeps the response under the key, or the work that it waits for. */
enum outcome replay_keep(struct call *call) MUSTCHECK;

/* Lets go of a claimed key: nothing was done under it yet. */
enum outcome replay_forget(struct call *call) MUSTCHECK;

/* For tx_run: was the transaction of this call committed?  It was when its
 * key is there with an answer. */
enum outcome replay_settled(struct db *db, void *call) MUSTCHECK;

#endif
