#include "base/base.h"

#include "work/receive.h"

#include "base/arena.h"
#include "base/json.h"
#include "db/pool.h"
#include "model/field.h"
#include "store/mail_arrival.h"
#include "store/mail_inbound.h"
#include "upstream/mime.h"
#include "work/kinds.h"
#include "work/order.h"

struct order {
	struct id mail_id;
};

static const struct field order_fields[] = {
	{ "mail_id", FIELD_ID, FIELD_REQUIRED,
	    FIELD_AT(struct order, mail_id) },
};

static const struct schema order_schema =
    SCHEMA("ReceiveOrder", order_fields, struct order);

/* What the work says of it, besides the reason. */
static const char *const fates[] = {
	[MAIL_ANSWERED] = "answered",
	[MAIL_KEPT] = "kept",
	[MAIL_REPORTED] = "reported",
	[MAIL_REPEATED] = "repeated",
	[MAIL_LEFT] = "left",
};
static_assert(COUNT(fates) == MAIL_FATE_N, "a word for every fate");

struct reading {
	struct mail_inbound inbound;
	struct mail mail;
	struct mail_arrival arrival;
};

static enum outcome
record(struct db *db, struct job *job)
{
	struct reading *reading = job->context;
	struct mail_arrival *arrival = &reading->arrival;
	enum outcome rc = mail_arrival_store(db, job->arena, arrival);

	/* A report of what is none of ours. */
	if (rc == NOT_FOUND)
		rc = OK;
	if (rc == OK)
		rc = mail_inbound_forget(
		    db, &job->work.account_id, &reading->inbound.id);
	job->result =
	    arena_format(job->arena, "{\"%s\":%s}", fates[arrival->fate],
		json_text(job->arena,
		    json_own(job->arena, json_string(arrival->reason))));
	return rc;
}

enum outcome
receive_perform(struct job *job)
{
	struct reading *reading = arena_alloc(job->arena, sizeof(*reading));
	struct order order;
	struct db *db;
	enum outcome rc = order_read(job, &order_schema, &order);

	if (rc != OK)
		return rc;
	db = db_pool_borrow(job->pool);
	rc = mail_inbound_load(db, job->arena, &job->work.account_id,
	    &order.mail_id, &reading->inbound);
	db_pool_return(job->pool, db);
	if (rc == NOT_FOUND) {
		job->result = "{\"nothing\":\"it has been read\"}";
		return OK;
	}
	if (rc != OK) {
		job->reason = "the store could not be read";
		return AGAIN;
	}
	mime_read(job->arena, reading->inbound.bytes, reading->inbound.length,
	    &reading->mail);
	if (reading->inbound.envelope_from != NULL)
		reading->mail.envelope_from = reading->inbound.envelope_from;
	reading->arrival = (struct mail_arrival){
		.account = job->work.account_id,
		.mail = &reading->mail,
		.recipient = reading->inbound.recipient,
	};
	job->context = reading;
	job->record = record;
	return OK;
}
