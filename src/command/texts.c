#include "base/base.h"

#include "command/texts.h"

#include "base/wake.h"
#include "command/run.h"
#include "db/tx.h"
#include "model/carrier.h"
#include "model/channel.h"
#include "model/field.h"
#include "store/arrival.h"
#include "store/carrier.h"
#include "store/message.h"
#include "store/number.h"

#include <stdio.h>

struct text {
	const char *from, *to, *message;
};

static const struct field fields[] = {
	{ "FROM", FIELD_PHONE, FIELD_REQUIRED, FIELD_AT(struct text, from) },
	{ "TO", FIELD_PHONE, FIELD_REQUIRED, FIELD_AT(struct text, to) },
	{ "MESSAGE", FIELD_TEXT, FIELD_REQUIRED | FIELD_NOT_BLANK,
	    FIELD_AT(struct text, message), 1, MESSAGE_MOST },
};
static const struct schema schema = SCHEMA("Text", fields, struct text);

struct receiving {
	struct run *run;
	struct text text;
	struct arrival arrival;
};

/* CONFLICT: the number belongs to a provider, whose texts are its own. */
static enum outcome
check_carrier(struct db *db, struct receiving *receiving)
{
	struct arena *arena = receiving->run->arena;
	const struct id *account = &receiving->arrival.account;
	struct phone_number number;
	struct carrier carrier;
	enum outcome rc =
	    number_find(db, arena, account, receiving->text.to, &number);

	if (rc == OK)
		rc = carrier_find(
		    db, arena, account, &number.carrier_id, &carrier);
	if (rc == OK && carrier.kind != CARRIER_LOOPBACK)
		rc = CONFLICT;
	return rc;
}

static enum outcome
receive(struct db *db, void *context)
{
	struct receiving *receiving = context;
	struct arrival *arrival = &receiving->arrival;
	enum outcome rc = check_carrier(db, receiving);

	arrival->pair = (struct pair){ CHANNEL_SMS, receiving->text.from,
		receiving->text.to };
	arrival->text = receiving->text.message;
	if (rc == OK)
		rc = number_config_find_for(db, receiving->run->arena,
		    &arrival->account, &arrival->pair, &arrival->config,
		    &arrival->opted_out);
	if (rc == OK)
		rc = arrival_store(db, receiving->run->arena, arrival);
	return rc;
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct receiving *receiving = context;

	return message_exists(db, receiving->run->arena,
	    &receiving->arrival.account, &receiving->arrival.message);
}

enum outcome
texts_receive(struct run *run)
{
	struct receiving receiving = { .run = run };
	const struct tx tx = { receive, is_there, &receiving };
	const char *const pairs[] = { "FROM", run->operands[0], "TO",
		run->operands[1], "MESSAGE", run->operands[2], NULL };
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_read(run, &schema, pairs, &receiving.text);
	if (rc == OK)
		rc = run_account(run, &receiving.arrival.account);
	if (rc != OK)
		return rc;
	rc = run_commit(run, &tx);
	if (rc == NOT_FOUND)
		return run_tell("the account has no number %s on the channel"
				" sms; see `parley number list`",
		    receiving.text.to);
	if (rc == CONFLICT)
		return run_tell("%s does not belong to a loopback carrier; its"
				" texts come from its provider",
		    receiving.text.to);
	if (rc != OK)
		return rc;
	wake_send(run->config.worker_wake);
	(void)printf("%s\n",
	    id_text(run->arena, &receiving.arrival.thread.conversation.id));
	return OK;
}
