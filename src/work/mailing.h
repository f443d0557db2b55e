/*
 * An email on its way, from what is read for it to what is recorded:
 * work/mail.c and work/mail_compose.c, this struct between them.
 */
#ifndef PARLEY_WORK_MAILING_H
#define PARLEY_WORK_MAILING_H

#include "model/carrier.h"
#include "model/conversation.h"
#include "model/mail_letter.h"
#include "model/send.h"
#include "net/smtp.h"
#include "store/conduct.h"
#include "store/leaving.h"
#include "store/mail.h"

struct job;

/* What is to be done with it. */
enum mailing_step {
	MAILING_NONE,   /* it has left, was given up, or is gone */
	MAILING_WAIT,   /* it is not its time */
	MAILING_REFUSE, /* it cannot be sent; `code` and `reason` say why */
	MAILING_SEND
};

struct mailing {
	struct job *job;
	struct send_order order;
	struct conversation conversation;
	struct leaving leaving;
	struct conduct conduct;
	struct mail_thread thread;
	struct carrier carrier;
	struct mail_row row; /* of the mail, as it is stored */
	enum mailing_step step;
	const char *code; /* of an error */
	const char *reason;
	bool bounced; /* the address does not exist */
	struct mail_letter letter;
	struct smtp_answer answer;
};

/* Writes the mail's row as it is to leave, or reads that of an earlier try;
 * within a transaction, the conversation locked.  NOT_FOUND: its thread,
 * its address or its carrier is gone. */
enum outcome mail_compose(struct db *db, struct mailing *mailing) MUSTCHECK;

/* The letter of the row. */
void mail_address_letter(struct mailing *mailing);

#endif
