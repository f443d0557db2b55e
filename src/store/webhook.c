#include "base/base.h"

#include "store/webhook.h"

#include "base/arena.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/conversation.h"
#include "model/page.h"
#include "model/work.h"
#include "store/work.h"

static const struct field order_fields[] = {
	{ "delivery_id", FIELD_ID, FIELD_REQUIRED,
	    FIELD_AT(struct deliver_order, delivery_id) },
};

const struct schema deliver_order_schema =
    SCHEMA("DeliverOrder", order_fields, struct deliver_order);

static const char replaced[] = "{\"stopped\":\"it is sent again\"}";

static const struct column columns[] = {
	COLUMN(ID, struct delivery, id),
	COLUMN(ID, struct delivery, account_id),
	COLUMN(ID, struct delivery, conversation_id),
	COLUMN(TEXT, struct delivery, url),
	COLUMN_OF(&webhook_kind_names, struct delivery, kind),
	COLUMN(TEXT, struct delivery, document),
	COLUMN(ID, struct delivery, work_id),
	COLUMN_OF(&send_type_names, struct delivery, send_type),
	COLUMN(INTEGER, struct delivery, count),
	COLUMN(WHEN, struct delivery, created_at),
	COLUMN(WHEN, struct delivery, delivered_at),
	COLUMN_OF(&delivery_state_names, struct delivery, state),
	COLUMN(INTEGER, struct delivery, message_seq),
};

/* The state is what became of the work: it cannot differ from it. */
#define SELECT_DELIVERY                                                        \
	"SELECT d.id, d.account_id, d.conversation_id, d.url, d.kind,"         \
	" d.document, d.work_id, d.send_type, d.attempts, d.created_at,"       \
	" d.delivered_at,"                                                     \
	" CASE WHEN d.delivered_at IS NOT NULL THEN 'delivered'"               \
	"  WHEN w.state IN ('waiting', 'running') THEN 'pending'"              \
	"  ELSE 'failed' END, d.message_seq"                                   \
	" FROM delivery d"                                                     \
	" LEFT JOIN work w ON w.id = d.work_id"

static const struct column attempt_columns[] = {
	COLUMN(ID, struct delivery_attempt, delivery_id),
	COLUMN(INTEGER, struct delivery_attempt, attempt),
	COLUMN_OF(&send_type_names, struct delivery_attempt, send_type),
	COLUMN(WHEN, struct delivery_attempt, sent_at),
	COLUMN(INTEGER, struct delivery_attempt, response_code),
	COLUMN(INTEGER, struct delivery_attempt, response_time),
	COLUMN(TEXT, struct delivery_attempt, error_message),
};

#define SELECT_ATTEMPT                                                         \
	"SELECT a.delivery_id, a.attempt, a.send_type, a.sent_at,"             \
	" a.response_code, a.response_time, a.error_message"

static const struct column lock_columns[] = {
	COLUMN(ID, struct delivery, id),
	COLUMN(ID, struct delivery, account_id),
	COLUMN(ID, struct delivery, conversation_id),
	COLUMN(ID, struct delivery, work_id),
};

struct total {
	int64_t count;
};

static const struct column total_columns[] = {
	COLUMN(INTEGER, struct total, count),
};

static const struct stmt insert = {
	.sql = "INSERT INTO delivery (account_id, id, conversation_id, url,"
	       " kind, document, message_seq, work_id, send_type, attempts,"
	       " created_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
};

static const struct stmt compose = {
	.sql = "UPDATE delivery"
	       " SET document = ?"
	       " WHERE account_id = ? AND id = ? AND document IS NULL",
};

static const struct stmt find = {
	.sql = SELECT_DELIVERY " WHERE d.account_id = ? AND d.id = ?",
	ROWS(columns, struct delivery),
};

static const struct stmt find_latest = {
	.sql = SELECT_DELIVERY " WHERE d.account_id = ?"
			       " AND d.conversation_id = ?"
			       " ORDER BY d.id DESC"
			       " LIMIT 1",
	ROWS(columns, struct delivery),
};

/* Ids ascend, so the newest is the last of the key. */
static const struct stmt list = {
	.sql = SELECT_DELIVERY " WHERE d.account_id = ?"
			       " ORDER BY d.id DESC"
			       " LIMIT ? OFFSET ?",
	ROWS(columns, struct delivery),
};

static const struct stmt list_conversation = {
	.sql = SELECT_DELIVERY " WHERE d.account_id = ?"
			       " AND d.conversation_id = ?"
			       " ORDER BY d.id DESC"
			       " LIMIT ? OFFSET ?",
	ROWS(columns, struct delivery),
};

static const struct stmt count = {
	.sql = "SELECT COUNT(*)"
	       " FROM delivery"
	       " WHERE account_id = ?",
	ROWS(total_columns, struct total),
};

static const struct stmt count_conversation = {
	.sql = "SELECT COUNT(*)"
	       " FROM delivery"
	       " WHERE account_id = ? AND conversation_id = ?",
	ROWS(total_columns, struct total),
};

/* Of a page: all that lie between its ends are on it. */
static const struct stmt list_attempts = {
	.sql = SELECT_ATTEMPT " FROM delivery_attempt a"
			      " WHERE a.account_id = ?"
			      " AND a.delivery_id BETWEEN ? AND ?"
			      " ORDER BY a.delivery_id, a.attempt",
	ROWS(attempt_columns, struct delivery_attempt),
};

static const struct stmt list_attempts_conversation = {
	.sql = SELECT_ATTEMPT
	" FROM delivery d"
	" JOIN delivery_attempt a ON a.account_id = d.account_id"
	"  AND a.delivery_id = d.id"
	" WHERE d.account_id = ? AND d.conversation_id = ?"
	" AND d.id BETWEEN ? AND ?"
	" ORDER BY a.delivery_id, a.attempt",
	ROWS(attempt_columns, struct delivery_attempt),
};

/* Without the work: its row is not to be locked as well. */
static const struct stmt lock = {
	.sql = "SELECT id, account_id, conversation_id, work_id"
	       " FROM delivery"
	       " WHERE account_id = ? AND id = ?"
	       " FOR UPDATE",
	ROWS(lock_columns, struct delivery),
};

static const struct stmt set_work = {
	.sql = "UPDATE delivery"
	       " SET work_id = ?, send_type = ?, delivered_at = NULL"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt count_attempt = {
	.sql = "UPDATE delivery"
	       " SET attempts = attempts + 1,"
	       " delivered_at = COALESCE(?, delivered_at)"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt insert_attempt = {
	.sql = "INSERT INTO delivery_attempt (account_id, delivery_id,"
	       " attempt, send_type, sent_at, response_code, response_time,"
	       " error_message)"
	       " SELECT account_id, id, attempts, ?, ?, ?, ?, ?"
	       " FROM delivery"
	       " WHERE account_id = ? AND id = ?",
};

static const struct stmt delete_attempts = {
	.sql = "DELETE a"
	       " FROM delivery_attempt a"
	       " JOIN delivery d ON d.account_id = a.account_id"
	       "  AND d.id = a.delivery_id"
	       " WHERE d.account_id = ? AND d.conversation_id = ?",
};

static const struct stmt delete_all = {
	.sql = "DELETE FROM delivery"
	       " WHERE account_id = ? AND conversation_id = ?",
};

static enum outcome
insert_work(struct db *db, struct arena *arena, const struct delivery *delivery,
    int64_t due)
{
	struct deliver_order order = { delivery->id };
	struct work work = {
		.id = delivery->work_id,
		.account_id = delivery->account_id,
		.subject_id = delivery->conversation_id,
		.kind = WORK_DELIVER,
		.state = WORK_WAITING,
		.due = due,
		.payload =
		    field_write_text(arena, &deliver_order_schema, &order),
	};

	return work_insert(db, &work);
}

/* Gives it its ids. */
static enum outcome
enqueue(struct db *db, struct arena *arena,
    const struct conversation *conversation, struct delivery *made, int64_t due)
{
	enum outcome rc;

	made->id = id_new();
	made->account_id = conversation->account_id;
	made->conversation_id = conversation->id;
	made->work_id = id_new();
	rc = stmt_run(db, &insert,
	    VALUES(value_id(&made->account_id), value_id(&made->id),
		value_id(&made->conversation_id), value_text(made->url),
		value_name(&webhook_kind_names, made->kind),
		value_text(made->document),
		made->message_seq != 0 ? value_integer(made->message_seq)
				       : value_null(),
		value_id(&made->work_id),
		value_name(&send_type_names, SEND_SPAWN),
		value_when(when_now())),
	    NULL);
	return rc == OK ? insert_work(db, arena, made, due) : rc;
}

enum outcome
webhook_enqueue(struct db *db, struct arena *arena,
    const struct conversation *conversation, const char *url,
    const char *document, struct id *delivery)
{
	struct delivery made = {
		.url = url,
		.kind = (int)webhook_kind_of(document),
		.document = document,
	};
	enum outcome rc = OK;

	if (url != NULL)
		rc = enqueue(db, arena, conversation, &made, when_now());
	if (rc == OK)
		*delivery = made.id;
	return rc;
}

enum outcome
webhook_enqueue_message(struct db *db, struct arena *arena,
    const struct conversation *conversation, const char *url, int64_t seq,
    int64_t due, struct id *work)
{
	struct delivery made = {
		.url = url,
		.kind = WEBHOOK_MESSAGE,
		.message_seq = seq,
	};
	enum outcome rc = enqueue(db, arena, conversation, &made, due);

	if (rc == OK)
		*work = made.work_id;
	return rc;
}

enum outcome
webhook_compose(struct db *db, const struct id *account, const struct id *id,
    const char *document)
{
	int64_t found;
	enum outcome rc = stmt_run(db, &compose,
	    VALUES(value_text(document), value_id(account), value_id(id)),
	    &found);

	return rc == OK && found == 0 ? NOT_FOUND : rc;
}

enum outcome
webhook_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct delivery *delivery)
{
	return stmt_one(db, arena, &find,
	    VALUES(value_id(account), value_id(id)), delivery);
}

/* Those of this delivery stand one behind another. */
static void
take_attempts(
    struct arena *arena, const struct rows *rows, struct delivery *delivery)
{
	struct delivery_attempt *attempts = rows->list;
	size_t i, first = 0, end;

	while (first < rows->count &&
	       !id_equal(&attempts[first].delivery_id, &delivery->id))
		first++;
	for (end = first; end < rows->count &&
			  id_equal(&attempts[end].delivery_id, &delivery->id);
	     end++)
		continue;
	for (i = first; i < end; i++)
		attempts[i].took = arena_format(
		    arena, "%lldms", (long long)attempts[i].response_time);
	delivery->attempts.items = first < end ? &attempts[first] : NULL;
	delivery->attempts.count = end - first;
}

/* Reads the attempts of deliveries, which stand newest first. */
static enum outcome
add_attempts(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, const struct rows *deliveries)
{
	struct delivery *made = deliveries->list;
	struct rows rows;
	size_t i, last = deliveries->count - 1;
	enum outcome rc;

	if (deliveries->count == 0)
		return OK;
	if (id_is_none(conversation))
		rc = stmt_all(db, arena, &list_attempts,
		    VALUES(value_id(account), value_id(&made[last].id),
			value_id(&made[0].id)),
		    &rows);
	else
		rc = stmt_all(db, arena, &list_attempts_conversation,
		    VALUES(value_id(account), value_id(conversation),
			value_id(&made[last].id), value_id(&made[0].id)),
		    &rows);
	for (i = 0; rc == OK && i < deliveries->count; i++)
		take_attempts(arena, &rows, &made[i]);
	return rc;
}

enum outcome
webhook_find_latest(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation,
    struct delivery *delivery)
{
	struct delivery found;
	struct rows one = { &found, 1 };
	enum outcome rc = stmt_one(db, arena, &find_latest,
	    VALUES(value_id(account), value_id(conversation)), &found);

	if (rc == OK)
		rc = add_attempts(db, arena, account, conversation, &one);
	if (rc == OK)
		*delivery = found;
	return rc;
}

static enum outcome
list_rows(struct db *db, struct arena *arena, const struct id *account,
    const struct delivery_query *query, struct rows *rows)
{
	struct value size = value_integer(query->size);
	struct value offset = value_integer((query->page - 1) * query->size);

	if (id_is_none(&query->conversation_id))
		return stmt_all(db, arena, &list,
		    VALUES(value_id(account), size, offset), rows);
	return stmt_all(db, arena, &list_conversation,
	    VALUES(value_id(account), value_id(&query->conversation_id), size,
		offset),
	    rows);
}

static enum outcome
count_rows(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, struct total *total)
{
	if (id_is_none(conversation))
		return stmt_one(
		    db, arena, &count, VALUES(value_id(account)), total);
	return stmt_one(db, arena, &count_conversation,
	    VALUES(value_id(account), value_id(conversation)), total);
}

enum outcome
webhook_list(struct db *db, struct arena *arena, const struct id *account,
    const struct delivery_query *query, struct page *page)
{
	const struct id *conversation = &query->conversation_id;
	struct total total;
	struct rows rows = { 0 };
	enum outcome rc = count_rows(db, arena, account, conversation, &total);

	if (rc == OK)
		rc = list_rows(db, arena, account, query, &rows);
	if (rc == OK)
		rc = add_attempts(db, arena, account, conversation, &rows);
	if (rc != OK)
		return rc;
	page->list = (struct list){ rows.list, rows.count };
	page->pagination = (struct pagination){
		.items = total.count,
		.pages = (total.count + query->size - 1) / query->size,
		.page = query->page,
		.size = query->size,
	};
	return OK;
}

enum outcome
webhook_resend(struct db *db, struct arena *arena, const struct id *account,
    const struct id *id, struct id *work)
{
	struct delivery delivery;
	enum outcome rc = stmt_one(db, arena, &lock,
	    VALUES(value_id(account), value_id(id)), &delivery);

	if (rc == OK)
		rc = work_stop(db, &delivery.work_id, replaced);
	delivery.work_id = id_new();
	if (rc == OK)
		rc = stmt_run(db, &set_work,
		    VALUES(value_id(&delivery.work_id),
			value_name(&send_type_names, SEND_RESEND),
			value_id(account), value_id(id)),
		    NULL);
	if (rc == OK)
		rc = insert_work(db, arena, &delivery, when_now());
	if (rc == OK)
		*work = delivery.work_id;
	return rc;
}

enum outcome
webhook_record(struct db *db, const struct id *account,
    const struct delivery_attempt *attempt, bool delivered)
{
	struct value code = attempt->response_code != 0
				? value_integer(attempt->response_code)
				: value_null();
	int64_t found;
	enum outcome rc = stmt_run(db, &count_attempt,
	    VALUES(value_when(delivered ? when_now() : 0), value_id(account),
		value_id(&attempt->delivery_id)),
	    &found);

	if (rc == OK && found == 0)
		return NOT_FOUND;
	if (rc == OK)
		rc = stmt_run(db, &insert_attempt,
		    VALUES(value_name(&send_type_names, attempt->send_type),
			value_when(attempt->sent_at), code,
			value_integer(attempt->response_time),
			value_text(attempt->error_message), value_id(account),
			value_id(&attempt->delivery_id)),
		    NULL);
	return rc;
}

enum outcome
webhook_delete_all(
    struct db *db, const struct id *account, const struct id *conversation)
{
	enum outcome rc = stmt_run(db, &delete_attempts,
	    VALUES(value_id(account), value_id(conversation)), NULL);

	if (rc == OK)
		rc = stmt_run(db, &delete_all,
		    VALUES(value_id(account), value_id(conversation)), NULL);
	return rc;
}
