#include "base/base.h"

#include "upstream/loopback.h"

#include "base/arena.h"
#include "base/secret.h"
#include "db/pool.h"
#include "db/tx.h"
#include "model/message.h"
#include "store/carrier_status.h"
#include "store/loopback.h"
#include "upstream/carrier.h"

#define ID_RANDOM 16 /* bytes */

struct given {
	const struct carrier_line *line;
	const struct carrier_message *message;
	bool is_silent; /* it is not reported */
	const char *id; /* the carrier's, whether it is new or not */
};

/* The report comes the way that a provider's comes, and before the sender
 * has recorded the id, as a provider's may. */
static enum outcome
keep_within(struct db *db, void *context)
{
	struct given *given = context;
	const struct carrier_line *line = given->line;
	const struct carrier_message *message = given->message;
	struct loopback_message row = {
		.id = arena_format(
		    line->arena, "LB%s", secret_token(line->arena, ID_RANDOM)),
		.from = message->from,
		.to = message->to,
		.text = message->text,
		.message_id = message->id,
	};
	struct receipt report;
	enum outcome rc = loopback_find(
	    db, line->arena, &line->account_id, &message->id, &row);

	if (rc == NOT_FOUND)
		rc = loopback_insert(db, &line->account_id, &row);
	/* Somebody else gave it in the meantime. */
	if (rc == CONFLICT)
		return AGAIN;
	if (rc != OK)
		return rc;
	given->id = row.id;
	if (given->is_silent)
		return OK;
	report = (struct receipt){ row.id, MESSAGE_DELIVERED, NULL };
	return carrier_status_apply(
	    db, line->arena, &line->account_id, &report);
}

static void
give(const struct carrier_line *line, const struct carrier_message *message,
    bool is_silent, struct carrier_answer *answer)
{
	struct given given = { line, message, is_silent, NULL };
	struct tx tx = { keep_within, tx_repeat, &given };
	struct db *db = db_pool_borrow(line->pool);
	enum outcome rc = tx_run(db, &tx);

	db_pool_return(line->pool, db);
	*answer = (struct carrier_answer){ .fate = CARRIER_UNKNOWN };
	if (rc != OK) {
		answer->reason = "the store could not keep it";
		return;
	}
	answer->fate = CARRIER_ACCEPTED;
	answer->receipt.carrier_message_id = given.id;
	answer->receipt.status = MESSAGE_SENT;
}

void
loopback_send(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_answer *answer)
{
	give(line, message, false, answer);
}

/* What would be asked stands in the place of the words. */
static struct carrier_message
message_of(const struct carrier_call *call)
{
	return (struct carrier_message){
		.id = call->id,
		.from = call->from,
		.to = call->to,
		.text = call->url != NULL ? call->url : "",
	};
}

void
loopback_dial(const struct carrier_line *line, const struct carrier_call *call,
    struct carrier_answer *answer)
{
	const struct carrier_message message = message_of(call);

	give(line, &message, true, answer);
}

enum outcome
loopback_find_call(const struct carrier_line *line,
    const struct carrier_call *call, struct carrier_found *found,
    const char **reason)
{
	const struct carrier_message message = message_of(call);

	return loopback_look_up(line, &message, found, reason);
}

enum outcome
loopback_look_up(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_found *found,
    const char **reason)
{
	struct loopback_message row;
	struct db *db = db_pool_borrow(line->pool);
	enum outcome rc = loopback_find(
	    db, line->arena, &line->account_id, &message->id, &row);

	db_pool_return(line->pool, db);
	if (rc != OK && rc != NOT_FOUND) {
		*reason = "the store could not be asked";
		return AGAIN;
	}
	found->count = rc == OK;
	if (rc == OK)
		found->list[0] = (struct receipt){ row.id, MESSAGE_SENT, NULL };
	return OK;
}
