#include "base/base.h"

#include "store/mail.h"

#include "base/secret.h"
#include "base/when.h"
#include "db/stmt.h"
#include "model/channel.h"
#include "model/mail_delivery.h"
#include "model/mail_scan.h"
#include "model/message.h"
#include "model/receipt.h"
#include "model/send.h"
#include "store/carrier_status.h"
#include "store/suppression.h"

struct order_row {
	const char *payload;
};

static const struct column thread_columns[] = {
	COLUMN(ID, struct mail_thread, conversation_id),
	COLUMN(TEXT, struct mail_thread, agent_address),
	COLUMN(TEXT, struct mail_thread, user_address),
	COLUMN(TEXT, struct mail_thread, cc),
};

static const struct column parent_columns[] = {
	COLUMN(ID, struct mail_parent, thread.conversation_id),
	COLUMN(TEXT, struct mail_parent, thread.agent_address),
	COLUMN(TEXT, struct mail_parent, thread.user_address),
	COLUMN(TEXT, struct mail_parent, thread.cc),
	COLUMN(INTEGER, struct mail_parent, seq),
};

static const struct column columns[] = {
	COLUMN(ID, struct mail_row, conversation_id),
	COLUMN(INTEGER, struct mail_row, seq),
	COLUMN(TEXT, struct mail_row, message_id),
	COLUMN(TEXT, struct mail_row, chain),
	COLUMN(TEXT, struct mail_row, sender),
	COLUMN(TEXT, struct mail_row, recipients),
	COLUMN(TEXT, struct mail_row, cc),
	COLUMN(TEXT, struct mail_row, subject),
	COLUMN(TEXT, struct mail_row, text),
	COLUMN(TEXT, struct mail_row, html),
	COLUMN(TEXT, struct mail_row, suppressed_reason),
	COLUMN_OF(&mail_delivery_names, struct mail_row, delivery),
	COLUMN(TEXT, struct mail_row, error_code),
	COLUMN(WHEN, struct mail_row, created_at),
};

#define SELECT_MAIL                                                            \
	"SELECT conversation_id, seq, message_id, chain, sender, recipients,"  \
	" cc, subject, text, html, suppressed_reason, delivery_status,"        \
	" delivery_error_code, created_at FROM mail"

static const struct stmt insert_thread = {
	.sql = "INSERT INTO mail_thread (account_id, conversation_id,"
	       " agent_address, user_address, cc)"
	       " VALUES (?, ?, ?, ?, ?)",
};

static const struct stmt find_thread = {
	.sql = "SELECT conversation_id, agent_address, user_address, cc"
	       " FROM mail_thread"
	       " WHERE account_id = ? AND conversation_id = ?",
	ROWS(thread_columns, struct mail_thread),
};

static const struct stmt find_suppressed = {
	.sql = "SELECT t.conversation_id, t.agent_address, t.user_address,"
	       " t.cc"
	       " FROM mail_thread t"
	       " JOIN suppression s ON s.account_id = t.account_id"
	       "  AND s.channel = 'email' AND s.address = t.user_address"
	       " WHERE t.account_id = ? AND t.conversation_id = ?",
	ROWS(thread_columns, struct mail_thread),
};

static const struct stmt copy_thread = {
	.sql = "UPDATE mail_thread"
	       " SET cc = ?"
	       " WHERE account_id = ? AND conversation_id = ?",
};

static const struct stmt insert = {
	.sql = "INSERT INTO mail (account_id, conversation_id, seq, message_id,"
	       " id_digest, chain, sender, recipients, cc, subject, text, html,"
	       " suppressed_reason, delivery_status, delivery_error_code,"
	       " created_at)"
	       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

static const struct stmt find = {
	.sql = SELECT_MAIL " WHERE account_id = ? AND conversation_id = ?"
			   " AND seq = ?",
	ROWS(columns, struct mail_row),
};

static const struct column course_columns[] = {
	COLUMN(INTEGER, struct mail_course, seq),
	COLUMN(TEXT, struct mail_course, subject),
	COLUMN_OF(&mail_delivery_names, struct mail_course, delivery),
	COLUMN(TEXT, struct mail_course, error_code),
	COLUMN(WHEN, struct mail_course, sent_at),
	COLUMN(WHEN, struct mail_course, delivered_at),
	COLUMN(WHEN, struct mail_course, opened_at),
	COLUMN(WHEN, struct mail_course, clicked_at),
	COLUMN(TEXT, struct mail_course, clicked_link),
	COLUMN(TEXT, struct mail_course, suppressed_reason),
};

static const struct stmt courses = {
	.sql = "SELECT seq, subject, delivery_status, delivery_error_code,"
	       " sent_at, delivered_at, opened_at, clicked_at, clicked_link,"
	       " suppressed_reason"
	       " FROM mail"
	       " WHERE account_id = ? AND conversation_id = ?"
	       " ORDER BY seq",
	ROWS(course_columns, struct mail_course),
};

static const struct stmt lock = {
	.sql = SELECT_MAIL " WHERE account_id = ? AND conversation_id = ?"
			   " AND seq = ?"
			   " FOR UPDATE",
	ROWS(columns, struct mail_row),
};

static const struct stmt last = {
	.sql = SELECT_MAIL " WHERE account_id = ? AND conversation_id = ?"
			   " AND seq < ? AND message_id IS NOT NULL"
			   " ORDER BY seq DESC"
			   " LIMIT 1",
	ROWS(columns, struct mail_row),
};

static const struct stmt parents = {
	.sql = "SELECT t.conversation_id, t.agent_address, t.user_address,"
	       " t.cc, m.seq"
	       " FROM mail m"
	       " JOIN mail_thread t ON t.account_id = m.account_id"
	       "  AND t.conversation_id = m.conversation_id"
	       " WHERE m.account_id = ? AND m.id_digest = ?"
	       " ORDER BY m.conversation_id DESC, m.seq DESC"
	       " LIMIT 16",
	ROWS(parent_columns, struct mail_parent),
};

/* Which of the times is set depends on the status that is put. */
static const struct stmt put = {
	.sql = "UPDATE mail"
	       " SET sent_at = IF(? = 'sent', ?, sent_at),"
	       " delivered_at = IF(? = 'delivered', ?, delivered_at),"
	       " opened_at = IF(? = 'opened', ?, opened_at),"
	       " clicked_at = IF(? = 'clicked', ?, clicked_at),"
	       " ended_at = IF(? IN ('bounced', 'complaint', 'failed'), ?,"
	       "  ended_at),"
	       " clicked_link = COALESCE(?, clicked_link),"
	       " delivery_error_code = COALESCE(?, delivery_error_code),"
	       " delivery_status = ?"
	       " WHERE account_id = ? AND conversation_id = ? AND seq = ?",
};

static const struct stmt delete_mails = {
	.sql = "DELETE FROM mail"
	       " WHERE account_id = ? AND conversation_id = ?",
};

static const struct stmt delete_thread = {
	.sql = "DELETE FROM mail_thread"
	       " WHERE account_id = ? AND conversation_id = ?",
};

static const struct column order_columns[] = {
	COLUMN(TEXT, struct order_row, payload),
};

static const struct stmt orders = {
	.sql = "SELECT payload"
	       " FROM work FORCE INDEX (work_subject)"
	       " WHERE account_id = ? AND subject_id = ? AND kind = 'mail'"
	       " AND state IN ('waiting', 'running')",
	ROWS(order_columns, struct order_row),
};

enum outcome
mail_thread_insert(
    struct db *db, const struct id *account, const struct mail_thread *thread)
{
	return stmt_run(db, &insert_thread,
	    VALUES(value_id(account), value_id(&thread->conversation_id),
		value_text(thread->agent_address),
		value_text(thread->user_address), value_text(thread->cc)),
	    NULL);
}

enum outcome
mail_thread_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, struct mail_thread *thread)
{
	return stmt_one(db, arena, &find_thread,
	    VALUES(value_id(account), value_id(conversation)), thread);
}

enum outcome
mail_thread_suppressed(struct db *db, struct arena *arena,
    const struct id *account, const struct id *conversation)
{
	struct mail_thread ignored;

	return stmt_one(db, arena, &find_suppressed,
	    VALUES(value_id(account), value_id(conversation)), &ignored);
}

enum outcome
mail_thread_copy(struct db *db, const struct id *account,
    const struct id *conversation, const char *cc)
{
	return stmt_run(db, &copy_thread,
	    VALUES(value_text(cc), value_id(account), value_id(conversation)),
	    NULL);
}

enum outcome
mail_insert(struct db *db, const struct id *account, struct mail_row *row)
{
	unsigned char digest[SECRET_DIGEST];
	struct value id_digest = value_null();

	if (row->message_id != NULL) {
		mail_scan_id_digest(row->message_id, digest);
		id_digest = value_bytes(digest, sizeof(digest));
	}
	row->created_at = when_now();
	return stmt_run(db, &insert,
	    VALUES(value_id(account), value_id(&row->conversation_id),
		value_integer(row->seq), value_text(row->message_id), id_digest,
		value_text(row->chain), value_text(row->sender),
		value_text(row->recipients), value_text(row->cc),
		value_text(row->subject), value_text(row->text),
		value_text(row->html), value_text(row->suppressed_reason),
		value_name(&mail_delivery_names, row->delivery),
		value_text(row->error_code), value_when(row->created_at)),
	    NULL);
}

enum outcome
mail_find(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, int64_t seq, struct mail_row *row)
{
	return stmt_one(db, arena, &find,
	    VALUES(
		value_id(account), value_id(conversation), value_integer(seq)),
	    row);
}

enum outcome
mail_courses(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, struct rows *rows)
{
	return stmt_all(db, arena, &courses,
	    VALUES(value_id(account), value_id(conversation)), rows);
}

enum outcome
mail_parents_find(struct db *db, struct arena *arena, const struct id *account,
    const char *message_id, struct rows *rows)
{
	unsigned char digest[SECRET_DIGEST];

	mail_scan_id_digest(message_id, digest);
	return stmt_all(db, arena, &parents,
	    VALUES(value_id(account), value_bytes(digest, sizeof(digest))),
	    rows);
}

enum outcome
mail_last(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, int64_t seq, struct mail_row *row)
{
	return stmt_one(db, arena, &last,
	    VALUES(
		value_id(account), value_id(conversation), value_integer(seq)),
	    row);
}

enum outcome
mail_turn(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, int64_t seq)
{
	const struct order_row *list;
	struct send_order order;
	struct rows rows;
	size_t i;
	enum outcome rc = stmt_all(db, arena, &orders,
	    VALUES(value_id(account), value_id(conversation)), &rows);

	if (rc != OK)
		return rc;
	list = rows.list;
	for (i = 0; i < rows.count; i++)
		if (send_order_read(arena, list[i].payload, &order) == OK &&
		    order.seq < seq)
			return CONFLICT;
	return OK;
}

enum outcome
mail_set_delivery(struct db *db, struct arena *arena, const struct id *account,
    const struct id *conversation, int64_t seq,
    const struct mail_report *report)
{
	struct value status =
	    value_name(&mail_delivery_names, report->delivery);
	struct value at = value_when(report->at != 0 ? report->at : when_now());
	struct mail_row row;
	enum outcome rc = stmt_one(db, arena, &lock,
	    VALUES(
		value_id(account), value_id(conversation), value_integer(seq)),
	    &row);

	if (rc != OK || !mail_delivery_rises(row.delivery, report->delivery))
		return rc;
	return stmt_run(db, &put,
	    VALUES(status, at, status, at, status, at, status, at, status, at,
		value_text(report->link), value_text(report->error_code),
		status, value_id(account), value_id(conversation),
		value_integer(seq)),
	    NULL);
}

/* Complaints and bounces of an address are of every mail to it. */
static enum outcome
suppress(
    struct db *db, const struct id *account, const char *address, int delivery)
{
	if (delivery == DELIVERY_BOUNCED)
		return suppression_add(
		    db, account, CHANNEL_EMAIL, address, SUPPRESSION_BOUNCE);
	if (delivery == DELIVERY_COMPLAINT)
		return suppression_add(
		    db, account, CHANNEL_EMAIL, address, SUPPRESSION_COMPLAINT);
	return OK;
}

static enum outcome
tell_message(struct db *db, struct arena *arena, const struct id *account,
    const struct mail_report *report)
{
	/* What is before the "@" of our ids names the message. */
	const char *name = mail_scan_local(arena, report->message_id);
	const struct receipt receipt = {
		.carrier_message_id = name,
		.status = mail_delivery_status(report->delivery),
		.error_code = report->error_code,
	};

	if (report->delivery == DELIVERY_COMPLAINT)
		return OK;
	return carrier_status_apply(db, arena, account, &receipt);
}

enum outcome
mail_report_apply(struct db *db, struct arena *arena, const struct id *account,
    const struct mail_report *report)
{
	const struct mail_parent *list;
	struct rows rows;
	size_t i;
	bool ours = false;
	struct mail_row row;
	enum outcome rc =
	    mail_parents_find(db, arena, account, report->message_id, &rows);

	list = rows.list;
	for (i = 0; rc == OK && i < rows.count && !ours; i++) {
		rc = mail_find(db, arena, account,
		    &list[i].thread.conversation_id, list[i].seq, &row);
		if (rc != OK || row.delivery == DELIVERY_NONE)
			continue;
		ours = true;
		rc = mail_set_delivery(
		    db, arena, account, &row.conversation_id, row.seq, report);
		if (rc == OK)
			rc = suppress(db, account, list[i].thread.user_address,
			    report->delivery);
		if (rc == OK)
			rc = tell_message(db, arena, account, report);
	}
	return rc == OK && !ours ? NOT_FOUND : rc;
}

enum outcome
mail_delete_all(
    struct db *db, const struct id *account, const struct id *conversation)
{
	enum outcome rc = stmt_run(db, &delete_mails,
	    VALUES(value_id(account), value_id(conversation)), NULL);

	if (rc == OK)
		rc = stmt_run(db, &delete_thread,
		    VALUES(value_id(account), value_id(conversation)), NULL);
	return rc;
}
