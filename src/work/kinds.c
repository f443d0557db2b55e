#include "base/base.h"

#include "work/kinds.h"

#include "base/when.h"
#include "work/analyse.h"
#include "work/chat.h"
#include "work/close.h"
#include "work/deliver.h"
#include "work/dial.h"
#include "work/mail.h"
#include "work/receive.h"
#include "work/send.h"
#include "work/silence.h"
#include "work/turn.h"

#include <stdlib.h>

#define JITTER 10 /* a tenth */

/* Seconds before each further try. */
static const int64_t soon[] = { 1, 5, 30, 120, 600, 3600 };
/* While the client waits for it. */
static const int64_t at_once[] = { 1, 5 };
static const int64_t carriers[] = { 5, 30, 120, 600, 3600, 21600 };
/* Nobody expects a call an hour later. */
static const int64_t calls[] = { 2, 10, 30, 60, 120 };
/* Then every five minutes: the cause may be gone by then. */
static const int64_t models[] = { 1, 5, 30, 60, 300 };
/* Standard Webhooks: three days. */
static const int64_t webhooks[] = { 5, 300, 1800, 7200, 18000, 36000, 50400,
	72000, 86400 };

/* To add a kind, write its file and add its row.  One without a row stays
 * where it is. */
/* clang-format off */
const struct kind kinds[WORK_KIND_N] = {
	[WORK_TURN]    = { turn_perform,    models,   COUNT(models),
	    true, NULL },
	[WORK_SEND]    = { send_perform,    carriers, COUNT(carriers),
	    false, send_give_up },
	[WORK_MAIL]    = { mail_perform,    carriers, COUNT(carriers),
	    false, mail_give_up },
	[WORK_RECEIVE] = { receive_perform, soon,     COUNT(soon),
	    false, NULL },
	[WORK_SILENCE] = { silence_perform, soon,     COUNT(soon),
	    false, NULL },
	[WORK_CLOSE]   = { close_perform,   soon,     COUNT(soon),
	    false, NULL },
	[WORK_DELIVER] = { deliver_perform, webhooks, COUNT(webhooks),
	    false, NULL },
	[WORK_DIAL]    = { dial_perform,    calls,    COUNT(calls),
	    false, dial_give_up },
	[WORK_ANALYSE] = { analyse_perform, at_once,  COUNT(at_once),
	    false, NULL },
	[WORK_CHAT]    = { chat_perform,    at_once,  COUNT(at_once),
	    false, NULL },
};
/* clang-format on */

int64_t
kind_next_try(const struct kind *kind, int64_t attempt, int64_t now)
{
	int64_t pause;

	if (kind->endless && attempt > (int64_t)kind->tries)
		attempt = (int64_t)kind->tries;
	if (attempt < 1 || attempt > (int64_t)kind->tries)
		return 0;
	pause = kind->schedule[attempt - 1] * WHEN_SECOND;
	return now + pause +
	       (int64_t)arc4random_uniform(
		   (uint32_t)(pause / JITTER / 1000 + 1)) *
		   1000;
}
