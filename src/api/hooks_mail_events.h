/*
 * POST /v1/hooks/mail-events/{carrier_id}: what became of mails of ours, as
 * Mailgun or SendGrid tell it.  Each event moves a mail's delivery where it
 * outranks what is known; a bounce and a complaint go into the ledger.
 */
#ifndef PARLEY_API_HOOKS_MAIL_EVENTS_H
#define PARLEY_API_HOOKS_MAIL_EVENTS_H

#include "base/base.h"

struct call;

enum outcome hooks_mail_events(struct call *call);

#endif
