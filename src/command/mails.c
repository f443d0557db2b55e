#include "base/base.h"

#include "command/mails.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/wake.h"
#include "command/run.h"
#include "db/stmt.h"
#include "db/tx.h"
#include "model/mail.h"
#include "model/mail_address.h"
#include "model/mail_scan.h"
#include "store/email_address.h"
#include "store/mail_inbound.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define FIRST_ROOM 65536

struct storing {
	struct run *run;
	struct id account;
	struct mail_inbound mail;
	const char *message_id;
};

/* Tells what is wrong, and ends with this status. */
static enum outcome
end(struct run *run, int status, const char *what)
{
	run->status = status;
	return run_tell("%s", what);
}

/* The whole of standard input, in an arena of growing rooms. */
static enum outcome
read_all(struct run *run, struct mail_inbound *mail)
{
	size_t room = FIRST_ROOM, length = 0;
	char *bytes = arena_alloc(run->arena, room), *larger;
	ssize_t got;

	while ((got = read(STDIN_FILENO, bytes + length, room - length)) > 0) {
		length += (size_t)got;
		if (length > MAIL_MOST)
			return end(run, EX_UNAVAILABLE,
			    "the mail is larger than 30 MiB");
		if (length < room)
			continue;
		larger = arena_alloc(run->arena, 2 * room);
		(void)memcpy(larger, bytes, length);
		bytes = larger;
		room *= 2;
	}
	if (got < 0)
		return end(run, EX_TEMPFAIL, "standard input cannot be read");
	if (length == 0)
		return end(run, EX_DATAERR, "standard input has no mail");
	mail->bytes = bytes;
	mail->length = length;
	return OK;
}

/* As the arguments say, else as local(8) of Postfix and others say it in the
 * environment; NULL: nobody said. */
static const char *
given(struct run *run, const char *option, const char *variable)
{
	const char *value = run_value(run, option);

	return value != NULL ? value : getenv(variable);
}

static enum outcome
read_envelope(struct run *run, struct mail_inbound *mail)
{
	const char *recipient = given(run, "recipient", "ORIGINAL_RECIPIENT");
	const char *sender = given(run, "sender", "SENDER");

	if (recipient == NULL)
		recipient = getenv("RECIPIENT");
	if (recipient == NULL || !mail_address_is_valid(recipient))
		return end(run, EX_USAGE,
		    "the recipient is not known: say --recipient ADDRESS, or"
		    " set RECIPIENT as a mail server does");
	mail->recipient = mail_address_key(run->arena, recipient);
	/* pipe(8) of Postfix calls nobody so. */
	if (sender != NULL && text_equal_nocase(sender, "MAILER-DAEMON"))
		sender = "";
	if (sender != NULL && sender[0] != '\0' &&
	    !mail_address_is_valid(sender))
		sender = NULL;
	mail->envelope_from = sender;
	return OK;
}

/* The account that has the address, with or without its detail. */
static enum outcome
find_owner(struct run *run, const char *address, struct id *account)
{
	struct email_address ignored;
	const struct email_owner *list;
	struct rows rows;
	enum outcome rc;

	if (run_value(run, "account") != NULL)
		return email_address_find(
		    run->db, run->arena, account, address, &ignored);
	rc = email_address_owners(run->db, run->arena, address, &rows);
	if (rc != OK)
		return rc;
	list = rows.list;
	if (rows.count == 1)
		*account = list[0].account_id;
	return rows.count == 0 ? NOT_FOUND : rows.count == 1 ? OK : CONFLICT;
}

static enum outcome
find_account(struct run *run, const char *address, struct id *account)
{
	const char *base = mail_address_base(run->arena, address);
	enum outcome rc = OK;

	if (run_value(run, "account") != NULL)
		rc = run_account(run, account);
	if (rc == INVALID)
		run->status = EX_CONFIG;
	if (rc != OK)
		return rc;
	rc = find_owner(run, address, account);
	if (rc == NOT_FOUND && base != address)
		rc = find_owner(run, base, account);
	if (rc == NOT_FOUND)
		return end(run, EX_NOUSER, "no account has this address");
	if (rc == CONFLICT)
		return end(run, EX_CONFIG,
		    "several accounts have this address: say --account");
	return rc;
}

static enum outcome
store(struct db *db, void *context)
{
	struct storing *storing = context;

	return mail_inbound_store(db, storing->run->arena, &storing->account,
	    storing->message_id, &storing->mail);
}

/* Whatever keeps us from the store is over some time: the mail server keeps
 * the mail until then. */
enum outcome
mails_receive(struct run *run)
{
	struct storing storing = { .run = run };
	struct mail_inbound *mail = &storing.mail;
	const struct tx tx = { store, tx_repeat, &storing };
	enum outcome rc = read_envelope(run, mail);

	if (rc == OK)
		rc = read_all(run, mail);
	if (rc != OK)
		return rc;
	storing.message_id = mail_scan_header(
	    run->arena, mail->bytes, mail->length, "Message-ID");
	run->status = EX_TEMPFAIL;
	rc = run_open(run);
	if (rc == OK)
		rc = find_account(run, mail->recipient, &storing.account);
	if (rc == OK)
		rc = run_commit(run, &tx);
	if (rc == OK)
		wake_send(run->config.worker_wake);
	return rc;
}
