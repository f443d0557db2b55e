/*
 * Mails in the store: addresses, threads, the ladder of delivery, the
 * ledger, and mails as they arrive.
 */
#include "base/base.h"

#include "base/when.h"
#include "model/carrier.h"
#include "model/channel.h"
#include "model/mail_delivery.h"
#include "store/carrier.h"
#include "store/email_address.h"
#include "store/mail.h"
#include "store/mail_inbound.h"
#include "store/suppression.h"

#include "database.h"
#include "tap.h"

#define HELP "help@example.org"
#define ADA "ada@example.com"

static struct id
make_carrier(struct database *d, const struct id *account)
{
	struct carrier carrier = {
		.id = id_new(),
		.kind = CARRIER_SMTP,
		.name = "Mail",
		.username = "parley",
		.sealed = "sealed",
		.signing_sealed = "sealed too",
		.base_url = "smtp://mail.example.org:587",
	};

	must(carrier_insert(d->db, account, &carrier));
	return carrier.id;
}

static void
test_addresses(struct database *d)
{
	struct id carrier = make_carrier(d, &d->account), owner;
	struct id theirs = make_carrier(d, &d->stranger);
	struct email_address address = {
		.address = HELP, .carrier_id = carrier, .label = "Help"
	};
	struct email_address other = { .address = HELP, .carrier_id = theirs };
	struct email_address found;
	struct carrier by;
	struct rows rows;

	is_outcome(email_address_only(d->db, d->arena, &d->account, &found),
	    NOT_FOUND, "an account has no address at first");
	is_outcome(email_address_insert(d->db, &d->account, &address), OK,
	    "one is added");
	is_outcome(email_address_insert(d->db, &d->account, &address), CONFLICT,
	    "once");
	is_outcome(email_address_insert(d->db, &d->stranger, &other), OK,
	    "another account may claim it");
	must(email_address_owners(d->db, d->arena, HELP, &rows));
	is_int((int64_t)rows.count, 2, "and both are asked");
	must(email_address_only(d->db, d->arena, &d->account, &found));
	is_text(found.label, "Help", "the only one is found");
	ok(id_is_none(&found.inbound_agent_version_id), "no agent answers");
	must(email_address_carrier(d->db, d->arena, &d->account, HELP, &by));
	ok(id_equal(&by.id, &carrier), "with its carrier");
	is_text(by.username, "parley", "and that with its user");
	must(carrier_find_hook(d->db, d->arena, &theirs, &owner, &by));
	ok(id_equal(&owner, &d->stranger), "a carrier is found by its id");
	is_text(by.signing_sealed, "sealed too", "with what it signs by");
	is_outcome(carrier_delete(d->db, d->arena, &d->account, &carrier),
	    CONFLICT, "one that an address uses is not deleted");
	address.inbound_agent_version_id = id_new();
	must(email_address_update(d->db, &d->account, &address));
	must(email_address_find(d->db, d->arena, &d->account, HELP, &found));
	ok(id_equal(&found.inbound_agent_version_id,
	       &address.inbound_agent_version_id),
	    "an agent is set to answer");
	must(email_address_delete(d->db, &d->account, HELP));
	is_outcome(email_address_delete(d->db, &d->account, HELP), NOT_FOUND,
	    "an address is deleted once");
	must(carrier_delete(d->db, d->arena, &d->account, &carrier));
}

static void
test_ledger(struct database *d)
{
	struct suppression found;
	struct rows rows;

	must(suppression_add(
	    d->db, &d->account, CHANNEL_EMAIL, ADA, SUPPRESSION_STOP_KEYWORD));
	must(suppression_add(
	    d->db, &d->account, CHANNEL_EMAIL, ADA, SUPPRESSION_BOUNCE));
	must(suppression_find(
	    d->db, d->arena, &d->account, CHANNEL_EMAIL, ADA, &found));
	is_int(
	    found.reason, SUPPRESSION_STOP_KEYWORD, "the first reason stays");
	is_outcome(suppression_find(
		       d->db, d->arena, &d->account, CHANNEL_SMS, ADA, &found),
	    NOT_FOUND, "a channel has its own");
	is_outcome(suppression_find(d->db, d->arena, &d->stranger,
		       CHANNEL_EMAIL, ADA, &found),
	    NOT_FOUND, "so has an account");
	must(suppression_list(
	    d->db, d->arena, &d->account, CHANNEL_EMAIL, &rows));
	is_int((int64_t)rows.count, 1, "the ledger is listed");
	must(suppression_remove(d->db, &d->account, CHANNEL_EMAIL, ADA));
	is_outcome(suppression_remove(d->db, &d->account, CHANNEL_EMAIL, ADA),
	    NOT_FOUND, "what is not in it is not taken out");
}

static void
test_threads(struct database *d)
{
	struct mail_thread thread = { id_new(), HELP, ADA, "[]" };
	struct mail_row row = { .conversation_id = thread.conversation_id,
		.seq = 1,
		.message_id = "1@example.com",
		.sender = ADA,
		.recipients = "[]",
		.cc = "[]",
		.subject = "Grüße" };
	struct mail_row found;
	const struct mail_parent *parents;
	struct rows rows;

	must(mail_thread_insert(d->db, &d->account, &thread));
	is_outcome(mail_thread_insert(d->db, &d->account, &thread), CONFLICT,
	    "a conversation has one thread");
	must(mail_insert(d->db, &d->account, &row));
	row.seq = 2;
	is_outcome(
	    mail_insert(d->db, &d->account, &row), CONFLICT, "and a mail once");
	row.message_id = "2@example.org";
	row.delivery = DELIVERY_QUEUED;
	must(mail_insert(d->db, &d->account, &row));
	row = (struct mail_row){ .conversation_id = thread.conversation_id,
		.seq = 3,
		.sender = ADA,
		.recipients = "[]",
		.cc = "[]",
		.subject = "" };
	must(mail_insert(d->db, &d->account, &row));
	must(mail_last(
	    d->db, d->arena, &d->account, &thread.conversation_id, 9, &found));
	is_text(found.message_id, "2@example.org",
	    "the last mail with an id is found");
	must(mail_parents_find(
	    d->db, d->arena, &d->account, "1@example.com", &rows));
	parents = rows.list;
	is_int((int64_t)rows.count, 1, "a mail is found by its id");
	is_text(parents[0].thread.user_address, ADA, "with its thread");
	must(mail_parents_find(
	    d->db, d->arena, &d->stranger, "1@example.com", &rows));
	is_int((int64_t)rows.count, 0, "by its account alone");
	must(mail_thread_copy(d->db, &d->account, &thread.conversation_id,
	    "[\"bob@example.com\"]"));
	must(mail_thread_find(
	    d->db, d->arena, &d->account, &thread.conversation_id, &thread));
	is_text(thread.cc, "[\"bob@example.com\"]", "others are copied");
	must(mail_delete_all(d->db, &d->stranger, &thread.conversation_id));
	must(mail_courses(
	    d->db, d->arena, &d->account, &thread.conversation_id, &rows));
	is_int((int64_t)rows.count, 3, "a stranger deletes nothing of it");
	must(mail_delete_all(d->db, &d->account, &thread.conversation_id));
	must(mail_courses(
	    d->db, d->arena, &d->account, &thread.conversation_id, &rows));
	is_int((int64_t)rows.count, 0, "its mails are deleted");
	is_outcome(mail_thread_find(d->db, d->arena, &d->account,
		       &thread.conversation_id, &thread),
	    NOT_FOUND, "and whom it was between");
}

static int
delivery_of(struct database *d, const struct id *conversation)
{
	struct mail_row row;

	must(mail_find(d->db, d->arena, &d->account, conversation, 1, &row));
	return row.delivery;
}

static void
test_ladder(struct database *d)
{
	struct mail_thread thread = { id_new(), HELP, "bob@example.com", "[]" };
	struct mail_row row = { .conversation_id = thread.conversation_id,
		.seq = 1,
		.message_id = "ladder@example.org",
		.sender = HELP,
		.recipients = "[]",
		.cc = "[]",
		.subject = "",
		.delivery = DELIVERY_QUEUED };
	struct mail_report report = { .message_id = row.message_id };
	static const int steps[][2] = {
		{ DELIVERY_DELIVERED, DELIVERY_DELIVERED },
		{ DELIVERY_SENT, DELIVERY_DELIVERED },
		{ DELIVERY_CLICKED, DELIVERY_CLICKED },
		{ DELIVERY_OPENED, DELIVERY_CLICKED },
		{ DELIVERY_BOUNCED, DELIVERY_BOUNCED },
		{ DELIVERY_COMPLAINT, DELIVERY_BOUNCED },
		{ DELIVERY_DELIVERED, DELIVERY_BOUNCED },
	};
	struct suppression found;
	size_t i;

	must(mail_thread_insert(d->db, &d->account, &thread));
	must(mail_insert(d->db, &d->account, &row));
	for (i = 0; i < COUNT(steps); i++) {
		report.delivery = steps[i][0];
		must(mail_report_apply(d->db, d->arena, &d->account, &report));
		is_int(delivery_of(d, &thread.conversation_id), steps[i][1],
		    "step %zu of a delivery", i);
	}
	must(suppression_find(d->db, d->arena, &d->account, CHANNEL_EMAIL,
	    "bob@example.com", &found));
	is_int(found.reason, SUPPRESSION_BOUNCE,
	    "an address that bounced is in the ledger");
	report.message_id = "nobody@example.org";
	is_outcome(mail_report_apply(d->db, d->arena, &d->account, &report),
	    NOT_FOUND, "a mail that is not ours is not found");
}

static void
test_inbound(struct database *d)
{
	size_t length = 3 << 20, i;
	char *bytes = arena_alloc(d->arena, length);
	struct mail_inbound mail = { .recipient = HELP,
		.envelope_from = "",
		.bytes = bytes,
		.length = length };
	struct mail_inbound found;

	for (i = 0; i < length; i++)
		bytes[i] = (char)(i * 7 + i / 1000);
	must(mail_inbound_store(d->db, d->arena, &d->account, "m@x", &mail));
	ok(!mail.repeated, "a mail is stored");
	must(mail_inbound_load(d->db, d->arena, &d->account, &mail.id, &found));
	ok(found.length == length && memcmp(found.bytes, bytes, length) == 0,
	    "and loaded as it came, whatever its bytes");
	is_text(found.recipient, HELP, "with its recipient");
	is_text(found.envelope_from, "", "and that nobody sent it");
	is_int(database_number(d->db, "SELECT COUNT(*) FROM work"
				      " WHERE kind = 'receive'"),
	    1, "somebody is to read it");
	found.bytes = "other";
	found.length = 5;
	must(mail_inbound_store(d->db, d->arena, &d->account, "m@x", &found));
	ok(found.repeated, "the same id to the same recipient is the same");
	found.recipient = "sales@example.org";
	must(mail_inbound_store(d->db, d->arena, &d->account, "m@x", &found));
	ok(!found.repeated, "to another it is not");
	must(mail_inbound_forget(d->db, &d->account, &mail.id));
	is_int(database_number(d->db, "SELECT COUNT(*) FROM mail_piece"), 1,
	    "what was read goes");
	is_outcome(
	    mail_inbound_load(d->db, d->arena, &d->stranger, &mail.id, &found),
	    NOT_FOUND, "another account does not find it");
	must(hook_token_take(d->db, &d->account, "token"));
	is_outcome(hook_token_take(d->db, &d->account, "token"), CONFLICT,
	    "a token counts once");
	is_outcome(hook_token_take(d->db, &d->stranger, "token"), OK,
	    "for an account");
	database_do(d->db, "UPDATE hook_token SET created_at ="
			   " created_at - INTERVAL 2 DAY");
	is_outcome(hook_token_take(d->db, &d->account, "token"), OK,
	    "and is forgotten in time");
}

int
main(void)
{
	struct database d;

	database_open(&d);
	test_addresses(&d);
	test_ledger(&d);
	test_threads(&d);
	test_ladder(&d);
	test_inbound(&d);
	database_close(&d);
	return done();
}
