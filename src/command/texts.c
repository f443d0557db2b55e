#include "base/base.h"

#include "command/texts.h"

#include "base/wake.h"
#include "command/run.h"
#include "db/tx.h"
#include "model/carrier.h"
#include "model/channel.h"
#include "model/field.h"
#include "store/carrier.h"
#include "store/message.h"
#include "store/number.h"
#include "store/thread.h"

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

struct arrival {
	struct run *run;
	struct id account;
	struct text text;
	struct thread thread;
	struct message message;
};

/* CONFLICT: the number belongs to a provider, whose texts are its own. */
static enum outcome
check_carrier(struct db *db, struct arrival *arrival)
{
	struct arena *arena = arrival->run->arena;
	struct phone_number number;
	struct carrier carrier;
	enum outcome rc = number_find(
	    db, arena, &arrival->account, arrival->text.to, &number);

	if (rc == OK)
		rc = carrier_find(
		    db, arena, &arrival->account, &number.carrier_id, &carrier);
	if (rc == OK && carrier.kind != CARRIER_LOOPBACK)
		rc = CONFLICT;
	return rc;
}

static enum outcome
receive(struct db *db, void *context)
{
	struct arrival *arrival = context;
	struct arena *arena = arrival->run->arena;
	const struct text *text = &arrival->text;
	const struct pair pair = { CHANNEL_SMS, text->from, text->to };
	struct silence silence;
	enum outcome rc = check_carrier(db, arrival);

	if (rc == OK)
		rc = number_silence_find(db, arena, &arrival->account, text->to,
		    CHANNEL_SMS, &silence);
	if (rc == OK)
		rc = thread_open(db, arena, &arrival->account, &pair, false,
		    &arrival->thread);
	if (rc != OK)
		return rc;
	arrival->message = (struct message){
		.sender = SENDER_USER,
		.status = MESSAGE_STORED,
		.text = text->message,
	};
	return thread_append(
	    db, arena, &arrival->thread, &silence, &arrival->message);
}

static enum outcome
is_there(struct db *db, void *context)
{
	struct arrival *arrival = context;

	return message_exists(
	    db, arrival->run->arena, &arrival->account, &arrival->message);
}

enum outcome
texts_receive(struct run *run)
{
	struct arrival arrival = { .run = run };
	const struct tx tx = { receive, is_there, &arrival };
	const char *const pairs[] = { "FROM", run->operands[0], "TO",
		run->operands[1], "MESSAGE", run->operands[2], NULL };
	enum outcome rc = run_open(run);

	if (rc == OK)
		rc = run_read(run, &schema, pairs, &arrival.text);
	if (rc == OK)
		rc = run_account(run, &arrival.account);
	if (rc != OK)
		return rc;
	rc = run_commit(run, &tx);
	if (rc == NOT_FOUND)
		return run_tell("the account has no number %s on the channel"
				" sms; see `parley number list`",
		    arrival.text.to);
	if (rc == CONFLICT)
		return run_tell("%s does not belong to a loopback carrier; its"
				" texts come from its provider",
		    arrival.text.to);
	if (rc != OK)
		return rc;
	wake_send(run->config.worker_wake);
	(void)printf(
	    "%s\n", id_text(run->arena, &arrival.thread.conversation.id));
	return OK;
}
