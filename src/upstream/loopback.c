#include "base/base.h"

#include "upstream/loopback.h"

#include "base/arena.h"
#include "base/secret.h"
#include "db/pool.h"
#include "model/message.h"
#include "store/loopback.h"
#include "upstream/carrier.h"

#define ID_RANDOM 16 /* bytes */

/* Most are new, so they are looked for only where that turns out wrong. */
static enum outcome
keep(struct db *db, const struct carrier_line *line,
    const struct carrier_message *message, const char **id)
{
	struct loopback_message row = {
		.id = arena_format(
		    line->arena, "LB%s", secret_token(line->arena, ID_RANDOM)),
		.from = message->from,
		.to = message->to,
		.text = message->text,
		.message_id = message->id,
	};
	enum outcome rc = loopback_insert(db, &line->account_id, &row);

	if (rc == CONFLICT)
		rc = loopback_find(
		    db, line->arena, &line->account_id, &message->id, &row);
	if (rc == OK)
		*id = row.id;
	return rc;
}

static void
give(const struct carrier_line *line, const struct carrier_message *message,
    enum message_status status, struct carrier_answer *answer)
{
	struct db *db = db_pool_borrow(line->pool);
	const char *id;
	enum outcome rc = keep(db, line, message, &id);

	db_pool_return(line->pool, db);
	*answer = (struct carrier_answer){ .fate = CARRIER_UNKNOWN };
	if (rc != OK) {
		answer->reason = "the store could not keep it";
		return;
	}
	answer->fate = CARRIER_ACCEPTED;
	answer->receipt.carrier_message_id = id;
	answer->receipt.status = status;
}

void
loopback_send(const struct carrier_line *line,
    const struct carrier_message *message, struct carrier_answer *answer)
{
	give(line, message, MESSAGE_DELIVERED, answer);
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

	give(line, &message, MESSAGE_SENT, answer);
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
		found->list[0] =
		    (struct receipt){ row.id, MESSAGE_DELIVERED, NULL };
	return OK;
}
