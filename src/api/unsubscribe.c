#include "base/base.h"

#include "api/unsubscribe.h"

#include "api/answer.h"
#include "api/call.h"
#include "db/tx.h"
#include "model/channel.h"
#include "model/mail_delivery.h"
#include "model/mail_token.h"
#include "store/mail.h"
#include "store/suppression.h"

#define HEAD                                                                   \
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"                        \
	"<meta charset=\"utf-8\">\n"                                           \
	"<meta name=\"robots\" content=\"noindex\">\n"                         \
	"<title>Unsubscribe</title>\n</head>\n<body>\n"
#define FOOT "</body>\n</html>\n"

static const char question[] =
    HEAD "<form method=\"post\">\n<p>Shall we write you no more mail?</p>\n"
	 "<p><button>Unsubscribe</button></p>\n</form>\n" FOOT;
static const char done[] =
    HEAD "<p>You will get no more mail from us.</p>\n" FOOT;

static enum outcome
find(struct call *call, struct id *account, struct mail_thread *thread)
{
	const unsigned char *key = call->server->secret_key;
	struct id conversation;
	enum outcome rc = NOT_FOUND;

	if (key != NULL &&
	    mail_token_read(key, call->values[0], account, &conversation) == OK)
		rc = mail_thread_find(
		    call->db, call->arena, account, &conversation, thread);
	return call_missing(call, rc, RESOURCE_NOT_FOUND, NULL, "subscription");
}

enum outcome
unsubscribe_show(struct call *call)
{
	struct answer_message *answer = call->answer;
	struct mail_thread thread;
	struct id account;

	answer->message = question;
	return find(call, &account, &thread);
}

enum outcome
unsubscribe(struct call *call)
{
	struct answer_message *answer = call->answer;
	struct mail_thread thread;
	struct id account;
	enum outcome rc = find(call, &account, &thread);

	call->settled = tx_repeat;
	answer->message = done;
	if (rc == OK)
		rc = suppression_add(call->db, &account, CHANNEL_EMAIL,
		    thread.user_address, SUPPRESSION_STOP_KEYWORD);
	return rc;
}

void
unsubscribe_later(struct call *call)
{
	struct answer_message *answer = call->answer;

	answer->message = done;
}
